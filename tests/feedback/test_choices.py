"""What departing customers chose: how often, with its range, and what it cost."""

from datetime import date

import pytest
from django.utils import timezone

from customers.models import CancellationReason
from customers.services.reasons import merge_reasons, separate_reason
from feedback.models import Answer, Response, SurveyVersion
from feedback.services.surveys import create_survey
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_reason,
    make_subscription,
    make_user,
)
from tests.feedback_factories import make_response, make_survey

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


def test_two_answers_about_one_departure_count_what_it_cost_once(page, survey):
    merged = make_reason("too-dear")
    told = leaver(survey, "price", 600)
    merge_reasons(CancellationReason.objects.get(key="price"), merged, by=None)
    for reason in ("price", "too-dear"):
        contact, gone = make_contact(told.customer), told.cancellation
        again = make_response(survey, score=None, contact=contact, cancellation=gone)
        again.answers.all().delete()
        Answer.objects.create(response=again, question="reason", kind="single", choices=[reason])
    row = page()["choice_tables"][0].rows[0]
    assert (row.count, row.lost_arr_minor) == (5, 420_000)


def test_a_choice_leads_to_just_its_answers(page):
    (table, *_others) = page()["choice_tables"]
    for row in table.rows:
        name, _equals, value = row.href.removeprefix("?").split("#")[0].partition("=")
        assert len(page(**{name: value.replace("%3A", ":")})["page"].rows) == row.count


def test_a_reason_that_is_retired_keeps_its_words(page, survey):
    reason = make_reason("merger", labels={"en": "Merged"}, category="customer")
    leaver(survey, "merger", 100)
    type(reason).objects.filter(pk=reason.pk).update(retired_at="2025-01-01T00:00Z")
    offered = {row.label: row.is_offered for row in page()["choice_tables"][0].rows}
    assert offered["Merged"] is False
    assert offered["Price too high"]


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


def kept_question(*choices, kept="May we keep you?", **words):
    """A version that asks what would keep them, in these words."""
    texts = {"q.kept": kept} | {f"c.kept.{key}": words.get(key, key.title()) for key in choices}
    asked = {"key": "kept", "kind": "single", "choices": [{"key": key} for key in choices]}
    return {"questions": [asked] if choices else [], "texts": {"en": texts}}


def publish(survey, content):
    number = survey.versions.count() + 1
    return SurveyVersion.objects.create(
        survey=survey, number=number, content=content, published_at=timezone.now()
    )


def choose(survey, version, choice):
    response = make_response(survey, score=None, version=version)
    response.answers.all().delete()
    Answer.objects.create(response=response, question="kept", kind="single", choices=[choice])


@pytest.fixture
def changed(client):
    """A survey whose first version was answered "pause" and "price" to what would keep them."""
    client.force_login(make_user("viewer"))
    survey = make_survey("product", content=kept_question("pause", "price"))
    for choice in ("pause", "price", "price"):
        choose(survey, survey.versions.get(), choice)
    return survey


def tables_of(client, survey):
    return client.get(f"/surveys/{survey.pk}/results/").context["choice_tables"]


def test_a_question_that_is_no_longer_asked_keeps_its_answers(client, changed):
    publish(changed, kept_question())
    (table,) = tables_of(client, changed)
    assert (table.title, table.is_asked, table.answered) == ("May we keep you?", False, 3)
    assert [(row.label, row.count, row.is_offered) for row in table.rows] == [
        ("Price", 2, True),
        ("Pause", 1, True),
    ]
    page = client.get(f"/surveys/{changed.pk}/results/").content.decode()
    assert "no longer asked" in page


def test_a_choice_that_is_no_longer_offered_keeps_its_words(client, changed):
    second = publish(changed, kept_question("price", "people"))
    choose(changed, second, "people")
    (table,) = tables_of(client, changed)
    assert table.is_asked
    assert [(row.label, row.count, row.is_offered) for row in table.rows] == [
        ("Price", 2, True),
        ("Pause", 1, False),
        ("People", 1, True),
    ]


def test_what_is_worded_otherwise_now_tells_the_words_that_were_answered(client, changed):
    second = publish(changed, kept_question("pause", "price", kept="Stay?", price="Cheaper"))
    choose(changed, second, "pause")
    publish(changed, kept_question("pause", "price", kept="Stay, please?", price="Less"))
    (table,) = tables_of(client, changed)
    assert (table.title, table.also) == ("Stay, please?", ["Stay?", "May we keep you?"])
    told = {row.label: row.also for row in table.rows}
    assert told == {"Less": ["Price"], "Pause": []}, "nobody chose it in the words of the second"


def test_a_draft_gives_no_words(client, changed):
    SurveyVersion.objects.create(survey=changed, number=2, content=kept_question(kept="Draft"))
    (table,) = tables_of(client, changed)
    assert (table.title, table.is_asked) == ("May we keep you?", True)


@pytest.mark.parametrize("versions", [1, 12])
def test_many_versions_cost_the_same(client, changed, versions, django_assert_max_num_queries):
    for _number in range(versions):
        choose(changed, publish(changed, kept_question("pause", "people")), "people")
    with django_assert_max_num_queries(25):
        tables_of(client, changed)


def test_merged_reasons_stand_in_one_row_with_what_they_cost(page, survey):
    kept, merged = CancellationReason.objects.get(key="price"), make_reason("too-dear")
    leaver(survey, "too-dear", 600)
    merge_reasons(kept, merged, by=None)
    (table, *_others) = page()["choice_tables"]
    row = table.rows[0]
    assert (row.label, row.count, row.lost_arr_minor) == ("Price too high", 3, 420_000)
    assert row.also == ["Too dear"]
    assert len(page(choice="reason:price")["page"].rows) == 3
    assert len(page(choice="reason:too-dear")["page"].rows) == 3, "as an address that was kept says"


def test_separated_reasons_stand_apart_again(page, survey):
    kept, merged = CancellationReason.objects.get(key="price"), make_reason("too-dear")
    leaver(survey, "too-dear", 600)
    merge_reasons(kept, merged, by=None)
    merged.refresh_from_db()
    separate_reason(merged, by=None)
    (table, *_others) = page()["choice_tables"]
    told = {row.label: (row.count, row.lost_arr_minor) for row in table.rows}
    assert told["Price too high"] == (2, 360_000)
    assert told["Too dear"] == (1, 60_000)
    assert len(page(choice="reason:too-dear")["page"].rows) == 1


def test_choices_of_its_own_are_never_merged_as_reasons(client, changed):
    merge_reasons(make_reason("people"), make_reason("price"), by=None)
    (table,) = tables_of(client, changed)
    assert {row.label: row.count for row in table.rows} == {"Price": 2, "Pause": 1}


def test_an_answer_is_told_in_the_words_that_were_chosen(page, survey, client):
    kept, merged = CancellationReason.objects.get(key="price"), make_reason("too-dear")
    leaver(survey, "too-dear", 600)
    merge_reasons(kept, merged, by=None)
    found = client.get(f"/surveys/{survey.pk}/results/?choice=reason:price").content.decode()
    assert "<q>Too dear</q>" in found
