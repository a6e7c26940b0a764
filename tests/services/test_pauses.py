"""What waits in a pause takes effect once it is over, whatever came and went meanwhile."""

from datetime import date
from decimal import Decimal

import pytest

from customers.services.cancellations import (
    CancellationDetails,
    amend_cancellation,
    record_cancellation,
    withdraw_cancellation,
)
from customers.services.subscriptions import (
    Price,
    change_subscription,
    end_subscription,
    pause_subscription,
    resume_subscription,
)
from customers.services.taking_back import take_back_change
from tests.factories import make_subscription, make_term

pytestmark = pytest.mark.django_db

JAN, FEB, MAR, APR, MAY, JUN = (date(2025, month, 1) for month in (1, 2, 3, 4, 5, 6))
DEAR = Price(Decimal(500), "year", "EUR")


def believed(subscription):
    terms = subscription.terms.standing().order_by("starts_on")
    return [(t.kind, t.arr_minor // 100, t.starts_on, t.ends_on) for t in terms]


@pytest.fixture
def growing():
    """A subscription whose price is planned to rise in April, and again in June."""
    subscription = make_subscription(arr=100, starts_on=JAN, ends_on=APR)
    make_term(subscription, arr=300, starts_on=APR, ends_on=JUN)
    make_term(subscription, arr=400, starts_on=JUN)
    return subscription


def cancel(subscription, day):
    return record_cancellation(subscription.customer, CancellationDetails(day), by=None)


def wakes(subscription, on):
    if on == date(2025, 2, 10):
        change_subscription(subscription, on=on, price=DEAR, by=None)
    else:
        resume_subscription(subscription, on=on, by=None)
    return [row for row in believed(subscription) if row[0] != "paused" and row[2] >= FEB]


PLANNED = [("paid", 300, APR, JUN), ("paid", 400, JUN, None)]
WOKEN = [
    (FEB, PLANNED),
    (MAR, [("paid", 100, MAR, APR), *PLANNED]),
    (date(2025, 2, 10), [("paid", 500, date(2025, 2, 10), APR), *PLANNED]),
    (MAY, [("paid", 300, MAY, JUN), ("paid", 400, JUN, None)]),
    (date(2025, 7, 1), [("paid", 400, date(2025, 7, 1), None)]),
]


@pytest.mark.parametrize("on, expected", WOKEN)
@pytest.mark.parametrize("cut", [MAR, APR, MAY])
def test_what_a_cancellation_took_waits_once_it_is_withdrawn(growing, cut, on, expected):
    cancellation = cancel(growing, cut)
    pause_subscription(growing, on=FEB, by=None)

    withdraw_cancellation(cancellation, by=None)

    assert {row[0] for row in believed(growing)[1:]} == {"paused"}
    assert wakes(growing, on) == expected


@pytest.mark.parametrize("on, expected", WOKEN)
@pytest.mark.parametrize("cut", [MAR, APR, MAY])
def test_an_end_in_the_pause_that_is_taken_back_leaves_all_waiting(growing, cut, on, expected):
    pause_subscription(growing, on=FEB, by=None)
    end_subscription(growing, on=cut, by=None)
    take_back_change(growing, by=None)

    assert wakes(growing, on) == expected


@pytest.mark.parametrize("cut", [MAR, APR, MAY])
def test_a_cancellation_in_the_pause_that_is_withdrawn_leaves_all_waiting(growing, cut):
    pause_subscription(growing, on=FEB, by=None)
    withdraw_cancellation(cancel(growing, cut), by=None)

    assert wakes(growing, MAR) == WOKEN[1][1]


@pytest.mark.parametrize("cut", [MAR, APR])
def test_a_pause_that_was_to_end_by_itself_still_does(cut):
    subscription = make_subscription(kind="paused", starts_on=JAN, ends_on=APR)
    make_term(subscription, arr=300, starts_on=APR)
    was = believed(subscription)

    withdraw_cancellation(cancel(subscription, cut), by=None)

    assert believed(subscription) == was


def test_a_later_day_of_leaving_lets_what_comes_before_it_wait(growing):
    cancellation = cancel(growing, MAR)
    pause_subscription(growing, on=FEB, by=None)

    amend_cancellation(cancellation, CancellationDetails(MAY), by=None)

    assert wakes(growing, MAR) == [("paid", 100, MAR, APR), ("paid", 300, APR, MAY)]


def test_withdrawn_and_ended_again_and_back_once_more(growing):
    cancellation = cancel(growing, MAR)
    pause_subscription(growing, on=FEB, by=None)
    withdraw_cancellation(cancellation, by=None)
    end_subscription(growing, on=APR, by=None)
    take_back_change(growing, by=None)

    assert wakes(growing, MAR) == WOKEN[1][1]


def test_what_came_back_waits_for_the_pause_before_it_alone(growing):
    """Two pauses with something paid between: the first leaves what waits for the second."""
    cancellation = cancel(growing, date(2025, 3, 20))
    pause_subscription(growing, on=MAR, by=None)
    pause_subscription(growing, on=FEB, by=None)
    change_subscription(growing, on=date(2025, 2, 20), price=DEAR, by=None)
    withdraw_cancellation(cancellation, by=None)

    resume_subscription(growing, on=date(2025, 2, 10), by=None)

    assert [row[0] for row in believed(growing)[-3:]] == ["paused", "paused", "paused"]
    resume_subscription(growing, on=MAR, by=None)
    assert believed(growing)[-2:] == PLANNED


def test_a_pause_of_its_own_is_none_that_came_back(growing):
    cancellation = cancel(growing, MAY)
    pause_subscription(growing, on=APR, by=None)
    pause_subscription(growing, on=FEB, by=None)
    withdraw_cancellation(cancellation, by=None)

    resume_subscription(growing, on=FEB, by=None)

    assert [row[0] for row in believed(growing)] == ["paid", "paused", "paused"]
