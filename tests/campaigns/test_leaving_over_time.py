"""Links to leave through as time goes by: what was decided is shown, what is over is not."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from campaigns.leaving.links import path_of
from customers.models import Cancellation, OutgoingEmail
from customers.services.cancellations import withdraw_cancellation
from tests.campaign_factories import make_answer, make_flow, make_sales_offer
from tests.campaigns.leavers import buttons, fresh, press, subscriber, visit_of, walk
from tests.factories import make_organisation
from tests.feedback.visitors import client

__all__ = ["client"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


def test_a_decision_is_shown_for_a_year(client, now):
    make_flow()
    visit = visit_of(subscriber(), now=now)
    walk(client, visit, "reason", "leave")

    with time_machine.travel(now + timedelta(days=364)):
        assert client.get(path_of(visit)).status_code == 200
    with time_machine.travel(now + timedelta(days=366)):
        assert client.get(path_of(visit)).status_code == 404


def test_an_offer_stopped_meanwhile_is_shown_no_more(client, now):
    offer = make_sales_offer()
    make_answer(make_flow(), "offer", offer=offer)
    visit = visit_of(subscriber(), now=now)
    page = walk(client, visit, "reason")
    offer.stopped_at = now
    offer.save()

    answer = press(client, visit, "accept", page)

    assert answer.status_code == 422
    assert buttons(answer.content.decode()) == ["leave", "stay"]


def test_after_its_days_a_link_that_saved_somebody_only_shows_it(client, now):
    make_flow(days_open=1)
    visit = visit_of(subscriber(), now=now)
    page = walk(client, visit, "reason", "stay")
    assert buttons(page) == ["leave"]

    with time_machine.travel(now + timedelta(days=2)):
        later = client.get(path_of(visit)).content.decode()
        answer = press(client, visit, "leave", page)

    assert buttons(later) == []
    assert answer.status_code == 422
    assert fresh(visit).state == "saved"


def test_a_cancellation_that_was_taken_back_is_cancelled_no_more(client, now):
    make_flow()
    customer = subscriber()
    visit = visit_of(customer, now=now)
    assert "It is cancelled" in walk(client, visit, "reason", "leave")

    withdraw_cancellation(Cancellation.objects.get(), by=None)

    page = client.get(path_of(visit)).content.decode()
    assert "Your cancellation was taken back" in page
    assert "It is cancelled" not in page
    assert buttons(page) == []


@time_machine.travel("2026-07-01 22:30:00+00:00", tick=False)
def test_it_tells_the_moment_in_the_zone_of_the_organisation(client):
    make_organisation(timezone="Europe/Oslo")
    make_flow()
    visit = visit_of(subscriber(), now=timezone.now())

    page = walk(client, visit, "reason", "leave")

    assert "2 Jul 2026, 00:30" in page
    assert "on 2 Jul 2026, 00:30" in OutgoingEmail.objects.get().text
