"""The customers behind every figure, and what one customer paid since when."""

from datetime import UTC, date, datetime

import pytest

from churnapp.common.errors import RuleError
from churnapp.common.periods import Period
from customers.metrics.definitions import DEFINITIONS
from customers.metrics.lists import balance_steps, customers_behind, external_ids, movements
from customers.metrics.question import Basis, Question
from customers.metrics.reports import metrics_report
from tests.factories import (
    make_cancellation,
    make_customer,
    make_subscription,
    make_term,
    make_usage,
)
from tests.metrics.asking import LATER, as_table, fact, pause

JANUARY, MARCH, MIDDLE = date(2025, 1, 1), date(2025, 3, 1), date(2025, 3, 15)
IN_MARCH = Question((Period(MARCH, date(2025, 4, 1)),), LATER, Basis())

# Six customers: 1 grows, 2 shrinks, 3 leaves, 4 pauses, 5 joins, 6 comes back.
TERMS = as_table(
    [
        fact(1, 12_000, JANUARY, MIDDLE),
        fact(1, 24_000, MIDDLE),
        fact(2, 24_000, JANUARY, MIDDLE),
        fact(2, 12_000, MIDDLE),
        fact(3, 36_000, JANUARY, MIDDLE),
        fact(4, 48_000, JANUARY, MIDDLE),
        pause(4, MIDDLE),
        fact(5, 6_000, MIDDLE),
        fact(6, 9_000, JANUARY, date(2025, 2, 1)),
        fact(6, 9_000, MIDDLE),
    ]
)


@pytest.mark.parametrize(
    "key, customers",
    [
        ("customers_start", [4, 3, 2, 1]),
        ("customers_end", [1, 2, 6, 5, 4]),
        ("paused_customers_end", [4]),
        ("new_customers", [5]),
        ("reactivated_customers", [6]),
        ("churned_customers", [3]),
        ("lost_customers", [3]),
        ("unexplained_churn_rate", [3]),
        ("mrr_expansion", [1]),
        ("mrr_contraction", [2]),
        ("mrr_pause", [4]),
        ("grr", [4, 3, 2]),
        ("mrr_top10_share", [1, 2, 6, 5]),
        ("quick_ratio", []),
    ],
)
def test_each_figure_leads_to_its_customers(key: str, customers: list[int]) -> None:
    found = customers_behind(key, IN_MARCH, TERMS)
    assert [each.customer_id for each in found] == customers


def test_the_amounts_behind_a_sum_add_up_to_it() -> None:
    found = customers_behind("mrr_churn", IN_MARCH, TERMS)
    assert [(each.arr_minor, each.on) for each in found] == [(-36_000, MIDDLE)]
    shrunk = customers_behind("gross_mrr_churn_rate", IN_MARCH, TERMS)
    assert sum(each.arr_minor for each in shrunk) == -(48_000 + 36_000 + 12_000)


def test_an_unknown_kind_or_key_is_refused() -> None:
    with pytest.raises(RuleError, match="contraction"):
        movements(IN_MARCH, "shrinking", TERMS)
    with pytest.raises(KeyError):
        customers_behind("churn", IN_MARCH, TERMS)


def test_what_a_customer_paid_since_when() -> None:
    steps = balance_steps(IN_MARCH, TERMS)
    assert [(each.on, each.arr_minor, each.state) for each in steps[4]] == [
        (JANUARY, 48_000, "active"),
        (MIDDLE, 0, "paused"),
    ]
    assert [each.arr_minor for each in steps[6]] == [9_000, 0, 9_000]


@pytest.mark.django_db(transaction=True)
def test_every_figure_that_leads_somewhere_has_an_answer() -> None:
    """Each list of the registry can be asked, and those that count agree with the count."""
    make_everything()
    known_at = datetime(2025, 4, 20, tzinfo=UTC)
    question = Question(IN_MARCH.periods, known_at, Basis())
    values = metrics_report(question).periods[0].values
    counted = {key for key in DEFINITIONS if DEFINITIONS[key].unit == "count"}
    for key in DEFINITIONS:
        found = customers_behind(key, question)
        if key in counted:
            assert len(found) == values[key], key
    assert values["customers_under_notice"] == values["undecided_renewals"] == 1


def make_everything() -> None:
    """A customer of each fate."""
    contract = {"contract_ends_on": MIDDLE}
    lost, leaving = make_customer(), make_customer()
    make_subscription(lost, starts_on=JANUARY, ends_on=MIDDLE, **contract)
    make_cancellation(lost, effective_on=MIDDLE, involuntary=True)
    make_subscription(leaving, starts_on=JANUARY, ends_on=date(2025, 5, 1))
    make_subscription(make_customer(), starts_on=JANUARY, **contract)
    early = make_subscription(
        make_customer(), starts_on=JANUARY, ends_on=MIDDLE, contract_ends_on=date(2025, 9, 1)
    )
    paused = make_subscription(make_customer(), starts_on=JANUARY, ends_on=MIDDLE)
    make_term(paused, kind="paused", starts_on=MIDDLE)
    make_subscription(make_customer(), starts_on=MIDDLE)
    make_usage(early.customer, MARCH)
    make_usage(leaving, date(2025, 3, 20))


@pytest.mark.django_db
def test_our_keys_become_the_ids_that_others_know() -> None:
    customer = make_customer(external_id="ACME-1")
    assert external_ids([customer.pk, customer.pk]) == {customer.pk: "ACME-1"}
