"""Who leaves, now or on a day ahead, is no longer at risk; who stays after all is again."""

from datetime import timedelta

import pytest

from customers.models import RiskFlag, Standing
from customers.services.cancellations import (
    CancellationDetails,
    record_cancellation,
    withdraw_cancellation,
)
from tests.factories import make_customer, make_flag, make_subscription, stand, today

pytestmark = pytest.mark.django_db


def cancel(customer, effective_on, **details):
    return record_cancellation(customer, CancellationDetails(effective_on, **details), by=None)


def test_a_customer_who_has_left_leaves_the_list_of_those_at_risk():
    customer = make_customer()
    make_subscription(customer)
    make_flag(customer, severity=4)
    stand(customer)
    assert Standing.objects.get(pk=customer.pk).risk == 4

    cancel(customer, today())

    flag = RiskFlag.objects.get()
    assert (flag.state, flag.closed_on) == ("churned", today())
    standing = Standing.objects.get(pk=customer.pk)
    assert (standing.state, standing.risk) == ("lost", 0)


def test_who_stays_after_all_is_at_risk_again():
    customer = make_customer()
    make_subscription(customer)
    make_flag(customer, severity=4)
    cancellation = cancel(customer, today())

    withdraw_cancellation(cancellation, by=None)

    assert RiskFlag.objects.get().state == "open"
    assert Standing.objects.get(pk=customer.pk).risk == 4


def test_who_gave_notice_is_no_longer_at_risk_though_it_still_pays():
    customer = make_customer()
    make_subscription(customer)
    make_flag(customer, severity=4, state="acknowledged")

    day = today() + timedelta(days=30)
    cancellation = cancel(customer, day)

    flag = RiskFlag.objects.get()
    assert (flag.state, flag.closed_on) == ("churned", today())
    standing = Standing.objects.get(pk=customer.pk)
    assert (standing.state, standing.next_end_on, standing.risk) == ("active", day, 0)

    withdraw_cancellation(cancellation, by=None)

    assert RiskFlag.objects.get().state == "open"
    assert Standing.objects.get(pk=customer.pk).risk == 4


def test_the_last_of_several_cancellations_closes_the_warnings():
    customer = make_customer()
    first, second = make_subscription(customer), make_subscription(customer)
    make_flag(customer)

    cancel(customer, today() + timedelta(days=10), subscription=first)
    assert RiskFlag.objects.get().state == "open"

    last = cancel(customer, today() + timedelta(days=20), subscription=second)
    assert RiskFlag.objects.get().state == "churned"

    withdraw_cancellation(last, by=None)
    assert RiskFlag.objects.get().state == "open"


def test_withdrawing_one_of_two_keeps_the_warnings_of_who_still_leaves_closed():
    customer = make_customer()
    subscription = make_subscription(customer)
    make_flag(customer)
    whole = cancel(customer, today() + timedelta(days=40))
    cancel(customer, today() + timedelta(days=10), subscription=subscription)

    withdraw_cancellation(whole, by=None)

    assert RiskFlag.objects.get().state == "churned"
