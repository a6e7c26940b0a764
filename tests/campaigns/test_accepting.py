"""Accepting offers: what is paid before and after, for who pays and for who had left."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine

from campaigns.granting import grant as make_offers
from campaigns.models import Grant
from campaigns.services.accepting import accept
from churnapp.models import AuditEvent
from customers.models import Interaction, Standing, Subscription, Term
from customers.services.subscriptions import Price, change_subscription, end_subscription
from tests.campaign_factories import make_sales_offer
from tests.campaigns.payers import (
    JUNE,
    MAY,
    NOW,
    START,
    TODAY,
    accepted,
    believed,
    leaver,
    made,
    march,
    payer,
    plan_on,
)
from tests.factories import (
    make_contact,
    make_rate,
    make_subscription,
)

__all__ = ["march"]
pytestmark = pytest.mark.django_db

ACTIVE = [
    ("percent", {}, [("paid", 96_000, TODAY, JUNE), ("paid", 120_000, JUNE, None)], 6_000),
    ("amount", {}, [("paid", 108_000, TODAY, JUNE), ("paid", 120_000, JUNE, None)], 3_000),
    ("free", {}, [("paused", 0, TODAY, MAY), ("paid", 120_000, MAY, None)], 20_000),
    ("pause", {}, [("paused", 0, TODAY, MAY), ("paid", 120_000, MAY, None)], 20_000),
    ("downgrade", {}, [("paid", 60_000, TODAY, None)], 60_000),
    ("plan", {}, [("paid", 180_000, TODAY, None)], 0),
    ("percent", {"percent": 100}, [("paused", 0, TODAY, JUNE), ("paid", 120_000, JUNE, None)],
     30_000),
]  # fmt: skip


@pytest.mark.parametrize("kind, fields, then, cost", ACTIVE)
def test_who_pays_pays_less_from_today_and_the_full_price_after_it(kind, fields, then, cost):
    customer = payer()

    grant = accepted(kind, customer, **fields)

    subscription = customer.subscriptions.get()
    assert believed(subscription) == [("paid", 120_000, START, TODAY), *then]
    assert (grant.state, grant.cost_minor, grant.subscription) == ("accepted", cost, subscription)
    assert Standing.objects.get(customer=customer).arr_minor == then[0][1]
    assert Standing.objects.get(customer=customer).state in {"active", "paused"}


LEFT = [
    ("percent", [("paid", 96_000, TODAY, JUNE), ("paid", 120_000, JUNE, None)], 6_000, "active"),
    ("amount", [("paid", 108_000, TODAY, JUNE), ("paid", 120_000, JUNE, None)], 3_000, "active"),
    ("free", [("free", 0, TODAY, MAY), ("paid", 120_000, MAY, None)], 20_000, None),
    ("downgrade", [("paid", 60_000, TODAY, None)], 0, "active"),
    ("plan", [("paid", 180_000, TODAY, None)], 0, "active"),
]


@pytest.mark.parametrize("kind, then, cost, state", LEFT)
def test_who_had_left_is_back_at_the_offered_price(kind, then, cost, state):
    customer = leaver()
    before = customer.subscriptions.get()

    grant = accepted(kind, customer)

    new = customer.subscriptions.exclude(pk=before.pk).get()
    assert believed(new) == then
    assert believed(before) == [("paid", 120_000, START, date(2025, 2, 1))]
    assert (grant.subscription, grant.cost_minor) == (new, cost)
    if state:
        assert Standing.objects.get(customer=customer).state == state
    plans = {"downgrade": "small", "plan": "large"}
    assert plan_on(new, TODAY) == plans.get(kind, "pro")


def test_the_mrr_of_each_month_is_the_offered_one():
    customer = payer()
    accepted("percent", customer)

    def mrr(day):
        terms = Term.objects.standing().running_on(day)
        return sum(terms.values_list("arr_minor", flat=True)) / 12

    assert [mrr(date(2025, month, 28)) for month in (2, 3, 5, 6)] == [10_000, 8_000, 8_000, 10_000]


def test_odd_prices_and_units_come_out_exactly():
    customer = leaver(arr=Decimal("1000.01"), quantity=Decimal(7))

    accepted("percent", customer, percent=33)

    terms = Term.objects.standing().filter(subscription__customer=customer, starts_on__gte=TODAY)
    assert list(terms.order_by("starts_on").values_list("arr_native_minor", "quantity")) == [
        (67_001, Decimal(7)),  # two thirds of 100,001, half to even
        (100_001, Decimal(7)),
    ]


def test_prices_in_another_currency_stay_there_and_costs_are_in_ours():
    make_rate("SEK", "0.1")
    customer = payer(arr=12_000, currency="SEK", fx_rate=Decimal("0.1"))

    grant = accepted("percent", customer)

    lowered = Term.objects.standing().running_on(TODAY).get()
    assert (lowered.arr_native_minor, lowered.currency) == (960_000, "SEK")
    assert lowered.arr_minor == 96_000
    assert grant.cost_minor == 6_000


def test_a_plan_is_changed_for_as_many_units_as_before():
    customer = payer(quantity=Decimal(3))

    accepted("downgrade", customer)

    term = Term.objects.standing().running_on(TODAY).get()
    assert (term.arr_minor, term.quantity, term.plan.code) == (180_000, Decimal(3), "small")


def test_what_is_planned_for_later_stays_and_is_lowered_as_far_as_it_falls_in_the_months():
    customer = payer()
    subscription = customer.subscriptions.get()
    april = date(2025, 4, 1)
    change_subscription(subscription, on=april, price=Price(Decimal(200), "month", "EUR"), by=None)
    end_subscription(subscription, on=date(2025, 12, 1), by=None)

    accepted("percent", customer)

    assert believed(subscription)[1:] == [
        ("paid", 96_000, TODAY, april),
        ("paid", 192_000, april, JUNE),
        ("paid", 240_000, JUNE, date(2025, 12, 1)),
    ]


def test_a_pause_of_what_ends_before_is_not_resumed():
    customer = payer()
    subscription = customer.subscriptions.get()
    end_subscription(subscription, on=date(2025, 4, 1), by=None)

    accepted("pause", customer)

    assert believed(subscription)[1:] == [("paused", 0, TODAY, date(2025, 4, 1))]


def test_a_month_after_the_last_of_january_is_the_last_of_february():
    customer = payer()
    with time_machine.travel(datetime(2025, 1, 31, 12, tzinfo=UTC)):
        now = datetime(2025, 1, 31, 12, tzinfo=UTC)
        accept(made(make_sales_offer("free", months=1), customer, now), now=now)

    assert believed(customer.subscriptions.get())[1:] == [
        ("paused", 0, date(2025, 1, 31), date(2025, 2, 28)),
        ("paid", 120_000, date(2025, 2, 28), None),
    ]


def test_of_several_subscriptions_the_largest_is_meant():
    customer = payer(arr=1200)
    large = make_subscription(customer, arr=2400)

    grant = accepted("percent", customer)

    assert (grant.subscription, grant.cost_minor) == (large, 12_000)


@pytest.mark.parametrize(
    "ends_on, then", [(date(2025, 12, 31), date(2026, 6, 30)), (None, date(2025, 9, 10))]
)
def test_a_longer_contract_ends_later_and_no_price_changes(ends_on, then):
    customer = payer(contract_ends_on=ends_on, notice_by=ends_on and date(2025, 9, 30))

    grant = accepted("term", customer)

    subscription = Subscription.objects.get()
    assert subscription.contract_ends_on == then
    assert subscription.notice_by == (date(2026, 3, 30) if ends_on else None)
    assert believed(subscription) == [("paid", 120_000, START, None)]
    assert grant.cost_minor == 0


def test_content_changes_nothing_and_costs_what_it_costs():
    customer = payer()

    grant = accepted("content", customer, fixed_cost_minor=250)

    assert (grant.state, grant.cost_minor, grant.subscription, grant.task) == (
        "accepted", 250, None, None,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["loyalty", "call"])
def test_a_reward_or_a_call_is_a_task_for_the_owner(kind):
    customer = payer()

    grant = accepted(kind, customer, name="Thanks")

    assert (grant.task.customer, grant.task.assignee) == (customer, customer.owner)
    assert grant.task.due_on == date(2025, 3, 12)
    assert "Thanks" in grant.task.what


def test_where_billing_is_elsewhere_it_is_a_task_with_all_facts():
    customer = payer()

    grant = accepted("percent", customer, fulfilment="task", name="Stay")

    assert believed(customer.subscriptions.get()) == [("paid", 120_000, START, None)]
    assert grant.task.what == (
        "Accepted, to be carried out: Stay (20% off for 3 months): "
        "€80 a month until 10 Jun 2025, then €100 a month"
    )
    assert grant.subscription is None


def test_it_is_on_the_timeline_in_the_audit_trail_and_readable_ever_after():
    customer = payer()
    contact = make_contact(customer)
    offer = make_sales_offer(name="Stay with us")
    make_offers(offer, [(customer.pk, contact.pk)], key="k", now=NOW)

    grant = accept(Grant.objects.get(), now=NOW)

    line = Interaction.objects.get(verb="offer_accepted")
    assert (line.facts["offer"], line.contact) == ("Stay with us", contact)
    assert AuditEvent.objects.get(verb="offer_accepted").changes == {"state": ["open", "accepted"]}
    assert grant.agreed["before"] == {"arr_minor": 120_000, "currency": "EUR"}
    assert [step["arr_minor"] for step in grant.agreed["after"]] == [96_000, 120_000]
