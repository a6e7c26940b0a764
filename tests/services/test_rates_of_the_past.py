"""What comes back from the history comes back at the rates that are known by now."""

from datetime import timedelta
from decimal import Decimal

import pytest

from customers.models import FxRate
from customers.services.cancellations import (
    CancellationDetails,
    record_cancellation,
    withdraw_cancellation,
)
from customers.services.rerating import rerate_terms
from customers.services.subscriptions import (
    Price,
    change_subscription,
    pause_subscription,
    resume_subscription,
)
from customers.services.taking_back import take_back_change, take_back_term
from tests.factories import make_rate, make_subscription, today

pytestmark = pytest.mark.django_db

SOON = timedelta(days=30)


def in_dollars():
    """One that pays in dollars, and will pay double."""
    make_rate("USD", "1")
    start = today() - timedelta(days=60)
    subscription = make_subscription(arr=100, currency="USD", starts_on=start)
    change_subscription(
        subscription, on=today() + SOON, price=Price(Decimal(200), "year", "USD"), by=None
    )
    return subscription


def halve_the_dollar():
    FxRate.objects.filter(currency="USD").update(rate=Decimal("0.5"))
    rerate_terms()


def nothing_is_left_to_rerate(subscription) -> bool:
    rates = set(subscription.terms.standing().values_list("fx_rate", flat=True))
    return rates == {Decimal("0.5")} and rerate_terms() == 0


def test_what_a_pause_made_wait():
    subscription = in_dollars()
    pause_subscription(subscription, on=today() - timedelta(days=5), by=None)
    halve_the_dollar()
    resume_subscription(subscription, on=today() - timedelta(days=1), by=None)
    assert subscription.terms.standing().latest("starts_on").arr_minor == 10_000
    assert nothing_is_left_to_rerate(subscription)


def test_what_a_cancellation_took_away():
    subscription = in_dollars()
    details = CancellationDetails(today())
    cancellation = record_cancellation(subscription.customer, details, by=None)
    halve_the_dollar()
    withdraw_cancellation(cancellation, by=None)
    assert subscription.terms.standing().count() == 2
    assert nothing_is_left_to_rerate(subscription)


def test_what_a_plan_took_the_place_of():
    subscription = in_dollars()
    price = Price(Decimal(300), "year", "USD")
    change_subscription(subscription, on=today() + SOON, price=price, by=None)
    halve_the_dollar()
    take_back_term(subscription.terms.standing().latest("starts_on"), by=None)
    assert subscription.terms.standing().latest("starts_on").arr_minor == 10_000
    assert nothing_is_left_to_rerate(subscription)


def test_a_rate_that_is_corrected_later_changes_nothing_that_stands_by_itself():
    subscription = in_dollars()
    change_subscription(
        subscription, on=today() + SOON, price=Price(Decimal(300), "year", "USD"), by=None
    )
    FxRate.objects.filter(currency="USD").update(rate=Decimal("0.5"))
    take_back_change(subscription, by=None)
    first, second = subscription.terms.standing().order_by("starts_on")
    assert (first.fx_rate, second.fx_rate) == (1, Decimal("0.5"))
