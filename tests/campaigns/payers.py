"""Customers who pay 100.00 a month, or did, and offers made to them, all on one day of March."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from campaigns.granting import grant as make_offers
from campaigns.models import Grant
from campaigns.services.accepting import accept
from tests.campaign_factories import make_sales_offer
from tests.factories import make_customer, make_subscription, make_user, stand

NOW = datetime(2025, 3, 10, 12, tzinfo=UTC)
TODAY, JUNE, MAY = date(2025, 3, 10), date(2025, 6, 10), date(2025, 5, 10)
START = date(2024, 1, 1)


@pytest.fixture(autouse=True)
def march():
    with time_machine.travel(NOW, tick=True):
        yield


def payer(**fields):
    customer = make_customer(owner=make_user(name="Olga"))
    make_subscription(customer, arr=fields.pop("arr", 1200), **fields)
    stand(customer)
    return customer


def leaver(**fields):
    return payer(ends_on=date(2025, 2, 1), **fields)


def made(offer, customer, now=NOW):
    refused_ones = make_offers(offer, [(customer.pk, None)], key=f"t:{offer.pk}", now=now)
    assert refused_ones == {}
    return Grant.objects.get(offer=offer, customer=customer)


def accepted(kind, customer, **fields):
    return accept(made(make_sales_offer(kind, **fields), customer), now=NOW)


def believed(subscription):
    terms = subscription.terms.standing().order_by("starts_on")
    return [(t.kind, t.arr_minor, t.starts_on, t.ends_on) for t in terms]


def plan_on(subscription, day):
    return subscription.terms.standing().running_on(day).get().plan.code
