"""The page of contact pressure: the budget, who is at it, and what was held back by what."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import SendingRate
from tests.factories import make_contact, make_mail, make_topic_wish, make_user, make_wishes

pytestmark = pytest.mark.django_db
PAGE = "customers:mail_pressure"


@pytest.fixture
def manager(client):
    client.force_login(make_user("manager"))
    return client


def sent_to(contact, number=1):
    for _ in range(number):
        make_mail(contact=contact, state="delivered", begun_at=timezone.now())


def held(**fields):
    return make_mail(state="suppressed", **fields)


def test_an_empty_page_says_that_nothing_was_held_back(manager):
    assert "Nothing was held back" in manager.get(reverse(PAGE)).text


def test_reasons_are_counted_by_source(manager):
    for purpose in ("survey", "campaign", "campaign"):
        held(purpose=purpose, error_code="unwanted_topic")
    held(error_code="contact_budget")
    old = held(error_code="left")
    type(old).objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=8))
    rows = manager.get(reverse(PAGE)).context["held"]
    assert [(row.why[:20], row.numbers) for row in rows] == [
        ("The person does not ", (1, 2, 0)),
        ("The person or the cu", (1, 0, 0)),
    ]


def test_who_is_at_the_limit_or_wishes_for_less_is_counted(manager):
    SendingRate.objects.update(most_a_contact=2, contact_days=7)
    full, half = make_contact(), make_contact()
    sent_to(full, 2)
    sent_to(half)
    make_topic_wish(half, "news")
    make_wishes(half, paused_until=timezone.now() + timedelta(days=1), days_between=None)
    make_wishes(full)
    context = manager.get(reverse(PAGE)).context
    assert context["at_limit"] == 1
    assert context["wishes"] == {"paused": 1, "rarely": 1}
    assert {topic.code: count for topic, count in context["topics"] if count} == {"news": 1}


def test_it_costs_the_same_for_one_and_for_many(manager, django_assert_max_num_queries):
    for _ in range(8):
        held(error_code="left")
    with django_assert_max_num_queries(20):
        manager.get(reverse(PAGE))
