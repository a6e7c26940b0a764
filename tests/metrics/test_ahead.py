"""What is known of the time ahead: notices of several subscriptions, contracts of chains."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from django.utils import timezone

from churnapp.common.periods import Interval
from churnapp.models import Organisation
from customers.metrics.question import ask
from customers.metrics.reports import metrics_report
from customers.models import Subscription, Term
from customers.services.connections import connect_subscriptions
from tests.factories import (
    make_customer,
    make_organisation,
    make_subscription,
    make_term,
    make_usage,
    today,
)
from tests.metrics.asking import fact, month, pause

pytestmark = pytest.mark.django_db(transaction=True)

JANUARY, FEBRUARY, MARCH, APRIL = (date(2025, number, 1) for number in (1, 2, 3, 4))


def moment(day: int, month: int, year: int = 2025) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def figures(start: date) -> dict[str, object]:
    question = ask(Organisation.current(), start, start, known_at=timezone.now())
    return dict(metrics_report(question).periods[0].values)


def under_notice(start: date) -> object:
    return figures(start)["customers_under_notice"]


def record(subscription: Subscription, at: datetime, **fields: object) -> Term:
    """Believe another term instead from a moment on."""
    standing = Term.objects.standing().filter(subscription=subscription)
    standing.update(superseded_at=at)
    return make_term(subscription, recorded_at=at, **fields)


def test_a_customer_is_under_notice_when_the_end_of_all_it_pays_is_known() -> None:
    make_organisation()
    customer = make_customer()
    first, second = make_subscription(customer), make_subscription(customer)
    record(second, moment(10, 1), ends_on=APRIL)
    record(first, moment(20, 2), ends_on=date(2025, 3, 10))
    assert under_notice(JANUARY) == 0
    assert under_notice(FEBRUARY) == 1
    assert under_notice(MARCH) == 1
    assert figures(FEBRUARY)["mrr_under_notice"] == Decimal("200.00")
    assert figures(MARCH)["mrr_under_notice"] == Decimal("100.00")


def test_a_correction_of_the_price_leaves_the_end_known() -> None:
    make_organisation()
    subscription = make_subscription()
    record(subscription, moment(10, 1), ends_on=APRIL)
    record(subscription, moment(20, 3), ends_on=APRIL, arr=2400)
    assert under_notice(JANUARY) == 1
    assert under_notice(FEBRUARY) == 1


def test_an_end_that_was_given_up_counts_from_its_second_recording() -> None:
    make_organisation()
    subscription = make_subscription()
    record(subscription, moment(10, 1), ends_on=APRIL)
    record(subscription, moment(20, 1), ends_on=None)
    record(subscription, moment(10, 2), ends_on=APRIL)
    assert under_notice(JANUARY) == 0
    assert under_notice(FEBRUARY) == 1


def test_a_planned_other_subscription_does_not_hide_the_one_that_runs_on() -> None:
    facts = [
        fact(1, 1200, JANUARY, MARCH, subscription=1, recorded=moment(20, 2)),
        fact(1, 1200, MARCH, APRIL, subscription=2, recorded=moment(5, 1)),
    ]
    assert month(facts, "2025-01")["customers_under_notice"] == 0
    assert month(facts, "2025-02")["customers_under_notice"] == 1


def contract_keys(start: date) -> tuple[object, ...]:
    values = figures(start)
    names = ("renewal_rate", "undecided_renewals", "early_termination_rate")
    return tuple(values[name] for name in names)


def test_what_continues_a_subscription_belongs_to_its_contract() -> None:
    make_organisation()
    customer = make_customer()
    earlier = make_subscription(
        customer, starts_on=date(2024, 7, 1), ends_on=FEBRUARY, contract_ends_on=MARCH
    )
    later = make_subscription(customer, starts_on=FEBRUARY)
    assert contract_keys(FEBRUARY)[2] == 1.0  # ended a month before its contract
    connect_subscriptions(earlier, later, by=None)
    assert contract_keys(FEBRUARY) == (None, 0, 0.0)
    assert contract_keys(MARCH) == (None, 1, 0.0)  # it runs on without a word


def test_a_contract_that_another_replaced_is_not_due() -> None:
    make_organisation()
    customer = make_customer()
    earlier = make_subscription(
        customer, starts_on=date(2024, 7, 1), ends_on=FEBRUARY, contract_ends_on=MARCH
    )
    later = make_subscription(
        customer, starts_on=FEBRUARY, ends_on=APRIL, contract_ends_on=date(2026, 2, 1)
    )
    connect_subscriptions(earlier, later, by=None)
    assert contract_keys(JANUARY) == (None, 0, 0.0)
    assert contract_keys(MARCH) == (None, 0, 0.0)
    assert contract_keys(APRIL) == (None, 0, 1.0)


def test_a_pause_is_no_early_termination() -> None:
    make_organisation()
    subscription = make_subscription(
        starts_on=date(2024, 7, 1), ends_on=FEBRUARY, contract_ends_on=date(2025, 12, 1)
    )
    make_term(subscription, kind="paused", starts_on=FEBRUARY)
    assert contract_keys(FEBRUARY) == (None, 0, 0.0)
    Term.objects.filter(kind="paused").update(ends_on=F("starts_on") + 30)
    assert contract_keys(MARCH) == (None, 0, 1.0)


def test_a_pause_ahead_is_no_notice() -> None:
    facts = [fact(1, 1200, JANUARY, MARCH, recorded=moment(2, 1)), pause(1, MARCH)]
    assert month(facts, "2025-01")["customers_under_notice"] == 0


@pytest.mark.parametrize("interval", ["week", "month", "quarter"])
def test_silence_is_counted_from_every_day_of_use(interval: Interval) -> None:
    """Against a count by hand, over customers who use it now and then."""
    make_organisation(silent_days=20)
    draw = random.Random(7)
    used: dict[int, set[date]] = {}
    for _customer in range(8):
        customer = make_customer()
        make_subscription(customer)
        days = {JANUARY + timedelta(days=draw.randrange(180)) for _ in range(draw.randrange(7))}
        used[customer.pk] = days
        for day in days:
            make_usage(customer, day)
            make_usage(customer, day, feature="other")
    question = ask(
        Organisation.current(),
        JANUARY,
        date(2025, 7, 31),
        interval=interval,
        known_at=timezone.now(),
    )
    first_on = min(day for days in used.values() for day in days)
    for period in metrics_report(question).periods:
        end = period.period.last_on
        silent = sum(
            not any(end - timedelta(days=20) < day <= end for day in days) for days in used.values()
        )
        expected = silent if end >= first_on else None
        assert period.values["silent_customers_end"] == expected, end


def test_a_price_that_changes_ahead_of_a_known_end_is_no_end() -> None:
    make_organisation()
    subscription = make_subscription()
    record(subscription, moment(10, 1), ends_on=date(2025, 9, 1))
    record(subscription, moment(2, 6), ends_on=date(2025, 6, 2))
    make_term(
        subscription,
        arr=2400,
        starts_on=date(2025, 6, 2),
        ends_on=date(2025, 9, 1),
        recorded_at=moment(2, 6),
    )
    asked = [under_notice(date(2025, number, 1)) for number in (1, 3, 5, 6, 8)]
    assert asked == [1, 1, 1, 1, 1]


def test_a_price_planned_ahead_ends_no_contract() -> None:
    make_organisation()
    today_ = today()
    soon = today_ + timedelta(days=1)
    subscription = make_subscription(ends_on=soon, contract_ends_on=today_ + timedelta(days=300))
    make_term(subscription, arr=2400, starts_on=soon)
    assert contract_keys(today_)[2] == 0.0


def test_a_pause_past_its_limit_is_no_renewal() -> None:
    make_organisation()
    subscription = make_subscription(
        starts_on=date(2024, 1, 1),
        ends_on=date(2024, 3, 1),
        contract_ends_on=date(2025, 1, 31),
        auto_renews=True,
    )
    make_term(subscription, kind="paused", starts_on=date(2024, 3, 1))
    assert contract_keys(JANUARY)[0] == 0.0


def test_a_pause_in_two_parts_past_its_limit_is_no_renewal() -> None:
    make_organisation()
    subscription = make_subscription(
        ends_on=date(2024, 11, 1), contract_ends_on=date(2025, 1, 31), auto_renews=True
    )
    make_term(subscription, kind="paused", starts_on=date(2024, 11, 1), ends_on=date(2025, 1, 1))
    make_term(subscription, kind="paused", starts_on=date(2025, 1, 1))
    assert figures(JANUARY)["churned_customers"] == 1
    assert contract_keys(JANUARY)[0] == 0.0


def test_a_pause_beside_what_is_paid_ends_no_contract() -> None:
    make_organisation()
    customer = make_customer()
    make_subscription(customer)
    paused = make_subscription(
        customer, ends_on=date(2024, 11, 1), contract_ends_on=date(2025, 12, 1)
    )
    make_term(paused, kind="paused", starts_on=date(2024, 11, 1))
    assert contract_keys(JANUARY)[2] == 0.0


def test_a_planned_return_hides_no_early_end() -> None:
    make_organisation()
    subscription = make_subscription(ends_on=date(2025, 2, 10), contract_ends_on=date(2025, 12, 1))
    make_term(subscription, starts_on=today() + timedelta(days=60))
    assert contract_keys(FEBRUARY)[2] == 1.0
