"""How a customer stands follows from its terms, usage and flags, on the day that is asked."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from customers.models import Standing
from customers.standings import refresh_standings
from tests.factories import (
    make_customer,
    make_flag,
    make_organisation,
    make_subscription,
    make_term,
    make_usage,
    stand,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2025, 6, 15, 12, tzinfo=UTC)
TODAY = date(2025, 6, 15)


def standing(customer, now=NOON):
    stand(customer, now=now)
    return Standing.objects.get(pk=customer.pk)


def test_a_paying_customer_stands_with_the_sum_and_the_largest_plan():
    customer = make_customer()
    make_subscription(customer, arr=100, plan="basic", starts_on=date(2024, 3, 1))
    make_subscription(customer, arr=900, plan="pro", starts_on=date(2024, 5, 1))

    found = standing(customer)

    assert (found.state, found.arr_minor, found.plan.code) == ("active", 100_000, "pro")
    assert (found.first_paid_on, found.lost_on) == (date(2024, 3, 1), None)


@pytest.mark.parametrize(
    "terms, state, lost_on",
    [
        ([], "never", None),
        ([("trial", "2025-06-01", "2025-07-01")], "trial", None),
        ([("trial", "2025-05-01", "2025-06-01")], "never", None),
        ([("free", "2025-05-01", None)], "never", None),
        ([("paid", "2025-07-01", None)], "never", None),
        ([("paid", "2025-01-01", "2025-06-16")], "active", None),
        ([("paid", "2025-01-01", "2025-06-15")], "lost", "2025-06-15"),
        (
            [("paid", "2025-01-01", "2025-03-01"), ("trial", "2025-06-01", None)],
            "lost",
            "2025-03-01",
        ),
        # paused without a break since the balance fell to zero
        ([("paid", "2025-01-01", "2025-06-01"), ("paused", "2025-06-01", None)], "paused", None),
        # the 90th day of the pause
        ([("paid", "2025-01-01", "2025-03-18"), ("paused", "2025-03-18", None)], "paused", None),
        (
            [("paid", "2025-01-01", "2025-03-17"), ("paused", "2025-03-17", None)],
            "lost",
            "2025-06-15",
        ),
        # the pause ended without a return
        (
            [("paid", "2025-01-01", "2025-05-01"), ("paused", "2025-05-01", "2025-06-01")],
            "lost",
            "2025-06-01",
        ),
        # a pause after a gap is none
        (
            [("paid", "2025-01-01", "2025-05-01"), ("paused", "2025-05-02", None)],
            "lost",
            "2025-05-01",
        ),
        # nor is one before any payment
        ([("paused", "2025-05-02", None)], "never", None),
        # two pauses in a row are one
        (
            [
                ("paid", "2025-01-01", "2025-05-01"),
                ("paused", "2025-05-01", "2025-05-20"),
                ("paused", "2025-05-20", None),
            ],
            "paused",
            None,
        ),
    ],
)
def test_the_state_follows_from_the_terms(terms, state, lost_on):
    customer = make_customer()
    for kind, starts_on, ends_on in terms:
        make_subscription(
            customer,
            kind=kind,
            starts_on=date.fromisoformat(starts_on),
            ends_on=ends_on and date.fromisoformat(ends_on),
        )

    found = standing(customer)

    assert (found.state, found.lost_on) == (state, lost_on and date.fromisoformat(lost_on))


def test_free_of_charge_is_no_payment():
    customer = make_customer()
    make_subscription(customer, arr=0)

    assert standing(customer).state == "never"


def test_superseded_terms_say_nothing():
    customer = make_customer()
    make_subscription(customer, superseded_at=datetime(2021, 1, 1, tzinfo=UTC))

    assert standing(customer).state == "never"


def test_a_lost_customer_keeps_its_last_plan():
    customer = make_customer()
    subscription = make_subscription(customer, plan="basic", ends_on=date(2024, 6, 1))
    make_term(subscription, plan="pro", starts_on=date(2024, 6, 1), ends_on=date(2025, 1, 1))

    assert standing(customer).plan.code == "pro"


def test_a_plan_may_be_missing():
    customer = make_customer()
    make_subscription(customer, plan=None)

    assert standing(customer).plan is None


def test_a_trial_that_runs_shows_its_plan():
    customer = make_customer()
    make_subscription(customer, kind="trial", plan="max")

    assert standing(customer).plan.code == "max"


def test_a_known_end_counts_unless_something_follows():
    customer = make_customer()
    ending = make_subscription(customer, ends_on=date(2025, 7, 1))
    make_subscription(customer, ends_on=date(2025, 9, 1))
    assert standing(customer).next_end_on == date(2025, 7, 1)

    make_term(ending, arr=2400, starts_on=date(2025, 7, 1))

    assert standing(customer).next_end_on == date(2025, 9, 1)


def test_contract_and_notice_are_the_soonest_ahead_else_the_last_that_ran_out():
    customer = make_customer()
    make_subscription(customer, contract_ends_on=date(2025, 1, 1), notice_by=date(2024, 12, 1))
    found = standing(customer)
    assert (found.contract_ends_on, found.notice_by) == (date(2025, 1, 1), date(2024, 12, 1))

    make_subscription(customer, contract_ends_on=date(2025, 12, 31), notice_by=date(2025, 9, 30))

    found = standing(customer)
    assert (found.contract_ends_on, found.notice_by) == (date(2025, 12, 31), date(2025, 9, 30))


def test_use_and_open_flags_are_known():
    customer = make_customer()
    make_usage(customer, date(2025, 5, 1))
    make_usage(customer, date(2025, 5, 9))
    make_usage(customer, date(2025, 6, 1), count=0)
    make_flag(customer, severity=3)
    make_flag(customer, severity=4, subject="b", state="acknowledged")
    make_flag(customer, severity=5, subject="c", state="resolved")

    found = standing(customer)

    assert (found.last_used_on, found.risk) == (date(2025, 5, 9), 7)


def test_the_day_is_the_organisations():
    make_organisation(timezone="Europe/Oslo")
    customer = make_customer()
    make_subscription(customer, ends_on=date(2025, 4, 1))

    assert standing(customer, datetime(2025, 3, 31, 22, 30, tzinfo=UTC)).state == "lost"


def test_twice_writes_nothing_the_second_time():
    for number in range(3):
        make_subscription(make_customer(f"Customer {number}"))
    make_customer("Never")

    assert refresh_standings(None, now=NOON) == 4
    before = list(Standing.objects.order_by("pk").values())
    assert refresh_standings(None, now=NOON + timedelta(days=1)) == 0
    assert list(Standing.objects.order_by("pk").values()) == before


def test_only_what_changed_is_written():
    alice, bob = make_customer("Alice"), make_customer("Bob")
    for customer in (alice, bob):
        make_subscription(customer)
    refresh_standings(None, now=NOON)
    untouched = Standing.objects.filter(pk=bob.pk).values().get()

    make_subscription(alice, arr=Decimal("10.50"))

    assert refresh_standings([alice.pk, bob.pk], now=NOON) == 1
    assert Standing.objects.get(pk=alice.pk).arr_minor == 121_050
    assert Standing.objects.filter(pk=bob.pk).values().get() == untouched


@pytest.mark.parametrize("customers", [1, 30])
def test_the_number_of_customers_does_not_matter(customers, django_assert_num_queries):
    ids = [make_subscription().customer_id for _ in range(customers)]
    with django_assert_num_queries(3):  # organisation, lock, question
        refresh_standings(ids, now=NOON)
