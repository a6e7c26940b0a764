"""Cancellations of the same terms, withdrawn one after the other."""

from datetime import date

import pytest

from customers.models import Subscription
from customers.services.cancellations import (
    CancellationDetails,
    record_cancellation,
    withdraw_cancellation,
)
from tests.factories import make_customer, make_subscription

pytestmark = pytest.mark.django_db

JAN, MAR, APR = (date(2025, month, 1) for month in (1, 3, 4))


def cancel(customer, effective_on, **details):
    return record_cancellation(customer, CancellationDetails(effective_on, **details), by=None)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_withdrawn_in_any_order_leave_no_end(order):
    subscription = make_subscription(make_customer(), starts_on=JAN)
    make_subscription(subscription.customer, starts_on=JAN)
    both = [
        cancel(subscription.customer, APR, subscription=subscription),
        cancel(subscription.customer, MAR),
    ]
    for number in order:
        withdraw_cancellation(both[number], by=None)
    ends = [list(s.terms.standing().values_list("ends_on")) for s in Subscription.objects.all()]
    assert ends == [[(None,)], [(None,)]]


@pytest.mark.parametrize("number", [0, 1])
def test_one_of_two_withdrawn_leaves_the_end_of_the_other(number):
    subscription = make_subscription(make_customer(), starts_on=JAN)
    both = [
        cancel(subscription.customer, APR, subscription=subscription),
        cancel(subscription.customer, MAR),
    ]
    withdraw_cancellation(both[number], by=None)
    assert subscription.terms.standing().get().ends_on == (MAR, APR)[number]
