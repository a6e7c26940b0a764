"""What departing customers chose: how often, with its range, and what it cost."""

from datetime import date

import pytest

from feedback.models import Answer, Response
from feedback.services.surveys import create_survey
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_reason,
    make_subscription,
    make_user,
)
from tests.feedback_factories import make_response

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey():
    make_reason("price", labels={"en": "Price too high"})
    make_reason("support", labels={"en": "Quality of support"})
    return create_survey("exit", "Why they leave", by=None)


def leaver(survey, reason, arr, **fields):
    """Somebody who took `arr` a year with them, and said why."""
    customer = make_customer()
    make_subscription(customer, arr=arr, ends_on=date(2025, 3, 1))
    cancellation = make_cancellation(customer)
    contact = make_contact(customer)
    response = make_response(survey, contact=contact, cancellation=cancellation, **fields)
    response.answers.all().delete()
    Answer.objects.create(response=response, question="reason", kind="single", choices=[reason])
    return response


@pytest.fixture
def page(client, survey):
    client.force_login(make_user("viewer"))
    leaver(survey, "price", 1_200)
    leaver(survey, "price", 2_400)
    leaver(survey, "support", 12_000)
    return lambda **query: client.get(f"/surveys/{survey.pk}/results/", query).context


def test_reasons_stand_by_count_with_share_and_what_they_cost(page):
    (table, *_others) = page()["choice_tables"]
    told = [(row.label, row.count, row.share.text, row.lost_arr_minor) for row in table.rows]
    assert table.answered == 3
    assert told == [
        ("Price too high", 2, "67%", 360_000),
        ("Quality of support", 1, "33%", 1_200_000),
    ]
    assert table.rows[0].share.between


def test_a_choice_leads_to_just_its_answers(page):
    (table, *_others) = page()["choice_tables"]
    for row in table.rows:
        name, _equals, value = row.href.removeprefix("?").split("#")[0].partition("=")
        assert len(page(**{name: value.replace("%3A", ":")})["page"].rows) == row.count


def test_a_reason_that_is_retired_keeps_its_words(page, survey):
    reason = make_reason("merger", labels={"en": "Merged"}, category="customer")
    leaver(survey, "merger", 100)
    type(reason).objects.filter(pk=reason.pk).update(retired_at="2025-01-01T00:00Z")
    labels = [row.label for row in page()["choice_tables"][0].rows]
    assert "Merged" in labels


def test_answers_set_aside_are_left_out_unless_asked_for(page, survey):
    leaver(survey, "support", 100, quarantined_at="2025-01-01T00:00Z")
    assert page()["choice_tables"][0].answered == 3
    assert page(aside="1")["choice_tables"][0].answered == 4


@pytest.mark.parametrize("answers", [1, 30])
def test_the_page_costs_the_same(answers, client, survey, django_assert_max_num_queries):
    client.force_login(make_user("viewer"))
    for _number in range(answers):
        leaver(survey, "price", 100)
    assert Response.objects.count() == answers
    with django_assert_max_num_queries(25):
        client.get(f"/surveys/{survey.pk}/results/")
