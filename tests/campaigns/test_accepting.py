"""Accepting offers: what is paid before and after, for who pays and for who had left."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from campaigns.granting import grant as make_offers
from campaigns.models import Grant, Offer
from campaigns.services.accepting import accept, decline, give_again, may_change_mind, take_back
from campaigns.services.undoing import undo_acceptance
from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from customers.models import Interaction, Standing, Subscription, Term
from customers.services.connections import merge_customers
from customers.services.subscriptions import Price, change_subscription, end_subscription
from tests.campaign_factories import make_sales_offer
from tests.factories import (
    make_contact,
    make_customer,
    make_rate,
    make_subscription,
    make_user,
    stand,
)
from tests.services.threads import at_once, refused

pytestmark = pytest.mark.django_db

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


def test_accepted_twice_is_once():
    customer = payer()
    first = accepted("percent", customer)

    again = accept(first, now=NOW + timedelta(minutes=1))

    assert again.settled_at == first.settled_at
    assert Interaction.objects.filter(verb="offer_accepted").count() == 1
    assert len(believed(customer.subscriptions.get())) == 3


@pytest.mark.django_db(transaction=True)
def test_accepted_by_eight_at_once_is_once():
    customer = payer()
    grant = made(make_sales_offer(), customer)

    told = at_once(*(lambda: accept(Grant.objects.get(pk=grant.pk), now=NOW) for _ in range(8)))

    assert refused(told) == []
    assert Interaction.objects.filter(verb="offer_accepted").count() == 1
    assert len(believed(customer.subscriptions.get())) == 3


@pytest.mark.django_db(transaction=True)
def test_accepted_and_declined_at_once_is_one_of_both():
    customer = payer()
    grant = made(make_sales_offer(), customer)

    at_once(
        lambda: accept(Grant.objects.get(pk=grant.pk), now=NOW),
        lambda: decline(Grant.objects.get(pk=grant.pk), now=NOW),
    )

    grant.refresh_from_db()
    changed = len(believed(customer.subscriptions.get())) == 3
    assert changed == (grant.state == "accepted")


@pytest.mark.django_db(transaction=True)
def test_a_budget_that_only_suffices_for_some_who_think_again_is_not_overdrawn():
    offer = make_sales_offer(budget_minor=18_000)
    grants = [made(offer, payer()) for _ in range(3)]
    for grant in grants:
        decline(grant, now=NOW)
    Offer.objects.filter(pk=offer.pk).update(budget_minor=12_000)

    told = at_once(*(lambda grant=grant: accept(grant, now=NOW) for grant in grants))

    assert [str(no) for no in refused(told)] == [
        "What we could give away with this offer is used up."
    ]
    assert Grant.objects.filter(state="accepted").count() == 2


def test_a_customer_who_pays_more_by_now_is_refused_where_the_budget_does_not_suffice():
    customer = payer()
    grant = made(make_sales_offer(budget_minor=6_000), customer)
    change_subscription(
        customer.subscriptions.get(), on=TODAY, price=Price(Decimal(200), "month", "EUR"), by=None
    )

    with pytest.raises(RuleError, match="used up"):
        accept(grant, now=NOW)


@pytest.mark.parametrize(
    "fields, words",
    [
        ({"stopped_at": NOW}, "has ended"),
        ({"archived_at": NOW}, "has ended"),
        ({"budget_minor": 5_999}, "used up"),
        ({"most_in_total": 0}, "As many as we could give"),
    ],
)
def test_what_ended_meanwhile_is_refused_and_changes_nothing(fields, words):
    customer = payer()
    grant = made(make_sales_offer(), customer)
    Offer.objects.update(**fields)

    with pytest.raises(RuleError, match=words):
        accept(grant, now=NOW)

    grant.refresh_from_db()
    assert grant.state == "open"
    assert len(believed(customer.subscriptions.get())) == 1


def test_after_its_days_it_is_over():
    grant = made(make_sales_offer(days_to_accept=2), payer())

    with pytest.raises(RuleError, match="time to accept this offer is over"):
        accept(grant, now=NOW + timedelta(days=2))


def test_what_fits_no_longer_is_refused():
    customer = payer()
    grant = made(make_sales_offer("pause"), customer)
    end_subscription(customer.subscriptions.get(), on=TODAY, by=None)

    with pytest.raises(RuleError, match="no longer fits"):
        accept(grant, now=NOW)


@pytest.mark.parametrize("second", ["percent", "amount", "plan"])
def test_two_offers_never_lower_one_price_at_a_time(second):
    customer = payer()
    accepted("percent", customer)
    grant = made(make_sales_offer(second), customer)

    with pytest.raises(RuleError, match="Another offer"):
        accept(grant, now=NOW)


def test_who_declines_may_think_again_for_a_day():
    customer = payer()
    grant = decline(made(make_sales_offer(), customer), now=NOW)
    assert decline(grant, now=NOW).state == "declined"
    assert may_change_mind(grant, NOW + timedelta(hours=23))

    with pytest.raises(RuleError, match="declined"):
        accept(grant, now=NOW + timedelta(hours=24))
    assert accept(grant, now=NOW + timedelta(hours=23)).state == "accepted"
    with pytest.raises(RuleError, match="accepted it already"):
        decline(grant, now=NOW)


def test_what_is_taken_back_opens_nothing_until_it_is_given_again():
    grant, by = made(make_sales_offer(), payer()), make_user()

    assert take_back(grant, now=NOW, by=by).settled_by == by
    with pytest.raises(RuleError, match="no longer open"):
        accept(grant, now=NOW)
    assert give_again(grant, now=NOW, by=by).state == "open"
    assert accept(grant, now=NOW).state == "accepted"
    with pytest.raises(RuleError, match="accepted already"):
        take_back(grant, now=NOW, by=by)


@pytest.mark.parametrize("kind", ["percent", "free", "pause", "downgrade"])
def test_undone_later_it_is_as_before_from_then_on_and_stays_visible(kind):
    customer, by = payer(), make_user()
    grant = accepted(kind, customer, fixed_cost_minor=100)
    later = NOW + timedelta(days=10)

    undone = undo_acceptance(grant, now=later, by=by)

    subscription = customer.subscriptions.get()
    assert believed(subscription)[-1] == ("paid", 120_000, date(2025, 3, 20), None)
    assert believed(subscription)[1][2:] == (TODAY, date(2025, 3, 20))
    assert (undone.state, undone.undone_by) == ("accepted", by)
    assert 100 < undone.cost_minor < grant.cost_minor
    assert undo_acceptance(grant, now=later, by=by).undone_at == later
    assert Interaction.objects.filter(verb="offer_undone").count() == 1


@pytest.mark.parametrize("days, left", [(0, 0), (5, 1)])
def test_undone_for_who_came_back_they_are_gone_again(days, left):
    customer = leaver()
    grant = accepted("percent", customer)

    undo_acceptance(grant, now=NOW + timedelta(days=days), by=None)

    assert len(believed(grant.subscription)) == left
    assert not Term.objects.standing().running_on(JUNE).exists()


def test_undone_a_contract_ends_as_before_and_a_task_is_settled():
    customer = payer(contract_ends_on=date(2025, 12, 31))
    undo_acceptance(accepted("term", customer), now=NOW, by=None)
    call = undo_acceptance(accepted("call", customer), now=NOW, by=None)

    assert Subscription.objects.get().contract_ends_on == date(2025, 12, 31)
    call.task.refresh_from_db()
    assert call.task.done_at is not None


def test_what_was_changed_since_is_not_undone():
    customer = payer()
    grant = accepted("downgrade", customer)
    with time_machine.travel(NOW + timedelta(days=1)):
        change_subscription(
            customer.subscriptions.get(),
            on=date(2025, 3, 11),
            price=Price(Decimal(70), "month", "EUR"),
            by=None,
        )

    with pytest.raises(RuleError, match="changed since"):
        undo_acceptance(grant, now=NOW + timedelta(days=2), by=None)


def test_merged_customers_keep_their_offers():
    kept, merged = payer(), leaver()
    contact = make_contact(merged)
    offer = make_sales_offer("content")
    make_offers(offer, [(merged.pk, contact.pk)], key="k", now=NOW)

    merge_customers(kept, merged, by=None)

    assert Grant.objects.get().customer == kept
    assert make_offers(offer, [(kept.pk, None)], key="k", now=NOW) == {}
    assert Grant.objects.count() == 1
