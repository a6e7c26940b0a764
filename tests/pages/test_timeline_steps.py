"""Changes of revenue on the timeline: each told once, and none before its day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from customers.models import Customer, Subscription
from customers.services.cancellations import CancellationDetails, record_cancellation
from customers.services.prices import Price
from customers.services.subscriptions import change_subscription, end_subscription
from tests.factories import make_customer, make_import, make_subscription, today_here

pytestmark = pytest.mark.django_db
TODAY = today_here()
STARTED = TODAY - timedelta(days=300)


def make_imported(customer: Customer, ends_on: date | None = None) -> Subscription:
    source = make_import("subscriptions")
    return make_subscription(customer, starts_on=STARTED, ends_on=ends_on, source=source)


def titles(client, customer: Customer) -> list[str]:
    page = client.get(reverse("customers:timeline", args=[customer.pk])).context["timeline"]
    return [entry.title for entry in page.entries]


def test_an_end_ahead_is_not_told_as_if_it_had_come(alices_client):
    acme = make_customer("Acme")
    make_imported(acme, ends_on=TODAY + timedelta(days=1))
    assert titles(alices_client, acme) == ["Started paying: €100.00 a month."]


def test_an_end_today_is_told(alices_client):
    acme = make_customer("Acme")
    make_imported(acme, ends_on=TODAY)
    assert titles(alices_client, acme)[0] == "Stopped paying: €100.00 a month."


def test_what_was_changed_by_hand_is_told_once(alices_client):
    acme = make_customer("Acme")
    subscription = make_imported(acme)
    price = Price(Decimal(200), "month", "EUR", Decimal(1))
    change_subscription(subscription, on=TODAY - timedelta(days=50), price=price, by=None)
    end_subscription(subscription, on=TODAY - timedelta(days=10), by=None)
    told = titles(alices_client, acme)
    assert len(told) == 3
    assert not any("Stopped paying" in title or "more" in title for title in told)
    assert told[-1] == "Started paying: €100.00 a month."


def test_a_cancellation_recorded_here_is_told_once(alices_client):
    acme = make_customer("Acme")
    make_imported(acme)
    record_cancellation(acme, CancellationDetails(TODAY - timedelta(days=5)), by=None)
    assert not any("Stopped paying" in title for title in titles(alices_client, acme))
    assert len(titles(alices_client, acme)) == 2
