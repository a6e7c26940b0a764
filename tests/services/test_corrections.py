"""Saying that a term was otherwise than we believed."""

from datetime import date
from decimal import Decimal

import pytest

from churnapp.common.errors import RuleError
from customers.services.subscriptions import (
    Price,
    TermChanges,
    correct_term,
    end_subscription,
    start_subscription,
)
from tests.factories import make_customer, make_plan, make_rate, make_subscription, make_term

pytestmark = pytest.mark.django_db

JAN, FEB, MAR, APR = (date(2025, month, 1) for month in (1, 2, 3, 4))


def believed(subscription):
    """Kind, ARR in major units, from, until: as we believe now."""
    terms = subscription.terms.standing().order_by("starts_on")
    return [(t.kind, t.arr_minor // 100, t.starts_on, t.ends_on) for t in terms]


def start(price):
    given = {"plan": make_plan(), "price": price, "starts_on": JAN, "by": None}
    return start_subscription(make_customer(), **given)


@pytest.mark.parametrize(
    "changes, expected",
    [
        (TermChanges(starts_on=FEB), ("paid", 1200, FEB, APR)),
        (TermChanges(ends_on=MAR), ("paid", 1200, JAN, MAR)),
        (TermChanges(open_ended=True), ("paid", 1200, JAN, None)),
        (TermChanges(price=Price(Decimal(10), "week", "EUR")), ("paid", 520, JAN, APR)),
        (TermChanges(kind="free"), ("free", 0, JAN, APR)),
    ],
)
def test_a_correction_supersedes_and_records_anew(changes, expected):
    subscription = make_subscription(starts_on=JAN, ends_on=APR)
    term = subscription.terms.get()

    correct_term(term, changes=changes, by=None)

    term.refresh_from_db()
    assert believed(subscription) == [expected]
    assert term.superseded_at is not None
    assert (term.arr_minor, term.starts_on, term.ends_on) == (120_000, JAN, APR)


def test_a_correction_keeps_the_rate_unless_day_or_currency_were_wrong():
    make_rate("NOK", "0.10", JAN)
    subscription = start(Price(Decimal(100), "year", "NOK"))
    make_rate("NOK", "0.05", FEB)
    term = correct_term(subscription.terms.get(), changes=TermChanges(ends_on=APR), by=None)
    assert term.fx_rate == Decimal("0.1")

    term = correct_term(term, changes=TermChanges(starts_on=FEB), by=None)

    assert (term.fx_rate, term.arr_minor) == (Decimal("0.05"), 500)


@pytest.mark.parametrize(
    "changes, field",
    [
        (TermChanges(ends_on=APR), "ends_on"),
        (TermChanges(starts_on=MAR), "ends_on"),
        (TermChanges(kind="gift"), "kind"),
        (TermChanges(price=Price(Decimal(-1), "week", "EUR")), "amount"),
        (TermChanges(), None),
    ],
)
def test_a_correction_that_can_not_be_is_refused(changes, field):
    subscription = make_subscription(starts_on=JAN, ends_on=MAR)
    make_term(subscription, starts_on=MAR)

    with pytest.raises(RuleError) as refusal:
        correct_term(subscription.terms.earliest("starts_on"), changes=changes, by=None)

    assert refusal.value.field == field


def test_what_is_no_longer_believed_can_not_be_corrected():
    subscription = make_subscription(starts_on=JAN)
    stale = subscription.terms.get()
    end_subscription(subscription, on=FEB, by=None)

    with pytest.raises(RuleError):
        correct_term(stale, changes=TermChanges(ends_on=MAR), by=None)


def test_unpaid_becomes_paid_only_with_a_price():
    term = make_subscription(kind="trial", starts_on=JAN).terms.get()

    with pytest.raises(RuleError) as refusal:
        correct_term(term, changes=TermChanges(kind="paid"), by=None)

    assert refusal.value.field == "amount"
