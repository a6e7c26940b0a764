"""Starting, changing, pausing, resuming, ending and correcting a subscription."""

from datetime import date
from decimal import Decimal

import pytest

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from customers.models import Interaction, Standing, Term
from customers.services.subscriptions import (
    Contract,
    Price,
    change_contract,
    change_subscription,
    end_subscription,
    pause_subscription,
    resume_subscription,
    start_subscription,
    withdraw_subscription,
)
from tests.factories import (
    make_customer,
    make_organisation,
    make_plan,
    make_rate,
    make_subscription,
    make_term,
)

pytestmark = pytest.mark.django_db

JAN, FEB, MAR, APR = (date(2025, month, 1) for month in (1, 2, 3, 4))
MONTHLY = Price(Decimal(100), "month", "EUR")


def believed(subscription):
    """Kind, ARR in major units, from, until: as we believe now."""
    terms = subscription.terms.standing().order_by("starts_on")
    return [(t.kind, t.arr_minor // 100, t.starts_on, t.ends_on) for t in terms]


def start(**fields):
    given = {"plan": make_plan(), "price": MONTHLY, "starts_on": JAN, "by": None} | fields
    return start_subscription(fields.pop("customer", None) or make_customer(), **given)


def test_starting_records_an_annualised_term(alice):
    customer = make_customer()
    contract = Contract(ends_on=date(2026, 1, 1), notice_by=date(2025, 10, 1), auto_renews=True)
    price = Price(Decimal("9.90"), "month", "EUR", quantity=Decimal(3))

    subscription = start_subscription(
        customer, plan=make_plan("pro"), price=price, starts_on=JAN, contract=contract, by=alice
    )

    term = subscription.terms.get()
    assert (term.arr_native_minor, term.arr_minor, term.ends_on) == (35_640, 35_640, None)
    assert (subscription.contract_ends_on, subscription.auto_renews) == (date(2026, 1, 1), True)
    line = customer.interactions.get()
    assert (line.kind, line.verb, line.author) == ("event", "subscription_started", alice)
    assert line.facts == {
        "subscription": subscription.external_id,
        "plan": "Pro",
        "kind": "paid",
        "arr_minor": 35_640,
        "currency": "EUR",
        "on": "2025-01-01",
    }
    event = AuditEvent.objects.get(object_kind="subscription", object_id=subscription.pk)
    assert (event.actor, event.verb) == (alice, "subscription_started")
    assert event.changes["terms"][0] == []
    assert Standing.objects.get(pk=customer.pk).state == "active"


@pytest.mark.parametrize("kind", ["trial", "free"])
def test_what_is_not_paid_has_no_revenue(kind):
    assert believed(start(kind=kind)) == [(kind, 0, JAN, None)]


def test_the_rate_is_that_of_the_first_day():
    make_organisation(currency="EUR")
    make_rate("NOK", "0.10", date(2024, 1, 1))
    make_rate("NOK", "0.08", date(2025, 2, 1))

    term = start(price=Price(Decimal(100), "year", "NOK")).terms.get()

    assert (term.fx_rate, term.arr_native_minor, term.arr_minor) == (Decimal("0.1"), 10_000, 1_000)


@pytest.mark.parametrize(
    "fields, field",
    [
        ({"price": Price(Decimal(-1), "month", "EUR")}, "amount"),
        ({"price": Price(Decimal("NaN"), "month", "EUR")}, "amount"),
        ({"price": Price(Decimal("1e18"), "month", "EUR")}, "amount"),
        ({"price": Price(Decimal(1), "fortnight", "EUR")}, "interval"),
        ({"price": Price(Decimal(1), "month", "EURO")}, "currency"),
        ({"price": Price(Decimal(1), "month", "NOK")}, "currency"),
        ({"price": Price(Decimal(1), "month", "EUR", quantity=Decimal(0))}, "quantity"),
        ({"kind": "paused"}, "kind"),
        ({"contract": Contract(ends_on=JAN)}, "contract_ends_on"),
        ({"contract": Contract(ends_on=None, notice_by=FEB)}, "notice_by"),
        ({"contract": Contract(ends_on=FEB, notice_by=MAR)}, "notice_by"),
    ],
)
def test_what_can_not_be_is_refused_at_its_field(fields, field):
    with pytest.raises(RuleError) as refusal:
        start(**fields)

    assert refusal.value.field == field
    assert not Term.objects.exists()
    assert not Interaction.objects.exists()


def test_a_change_cuts_what_runs_and_goes_on_until_its_known_end():
    subscription = make_subscription(arr=1200, starts_on=JAN, ends_on=APR)

    term = change_subscription(subscription, on=FEB, plan=make_plan("max"), price=MONTHLY, by=None)

    assert believed(subscription) == [("paid", 1200, JAN, FEB), ("paid", 1200, FEB, APR)]
    assert term.plan.code == "max"
    facts = Interaction.objects.get().facts
    assert (facts["plan_before"], facts["plan"], facts["on"]) == ("Pro", "Max", "2025-02-01")


def test_nothing_is_edited_the_old_belief_stays_on_record():
    subscription = make_subscription(starts_on=JAN)
    was = subscription.terms.get()

    change_subscription(subscription, on=FEB, price=Price(Decimal(50), "month", "EUR"), by=None)

    old, *new = subscription.terms.order_by("recorded_at", "starts_on")
    assert (old.pk, old.starts_on, old.ends_on, old.arr_minor) == (was.pk, JAN, None, 120_000)
    assert {term.recorded_at for term in new} == {old.superseded_at}
    assert list(subscription.terms.believed_at(old.recorded_at)) == [old]


def test_a_change_on_the_first_day_replaces():
    subscription = make_subscription(starts_on=JAN)

    change_subscription(subscription, on=JAN, price=Price(Decimal(50), "month", "EUR"), by=None)

    assert believed(subscription) == [("paid", 600, JAN, None)]


def test_a_change_leaves_what_is_planned_later():
    subscription = make_subscription(arr=100, starts_on=JAN, ends_on=APR)
    make_term(subscription, arr=300, starts_on=APR)

    change_subscription(subscription, on=MAR, price=Price(Decimal(200), "year", "EUR"), by=None)

    assert believed(subscription) == [
        ("paid", 100, JAN, MAR),
        ("paid", 200, MAR, APR),
        ("paid", 300, APR, None),
    ]


def test_a_plan_change_takes_the_rate_of_its_day():
    make_rate("NOK", "0.10", JAN)
    make_rate("NOK", "0.08", FEB)
    subscription = start(price=Price(Decimal(100), "year", "NOK"))

    change_subscription(subscription, on=FEB, plan=make_plan("max"), by=None)

    assert [term[1] for term in believed(subscription)] == [10, 8]


@pytest.mark.parametrize("on", [FEB, MAR])
def test_a_price_makes_a_trial_paid_also_on_the_day_it_ends(on):
    subscription = make_subscription(kind="trial", starts_on=JAN, ends_on=MAR)

    change_subscription(subscription, on=on, price=MONTHLY, by=None)

    assert believed(subscription)[-1] == ("paid", 1200, on, MAR if on == FEB else None)
    assert believed(subscription)[0] == ("trial", 0, JAN, on)


def test_a_change_needs_something_that_runs_and_something_new():
    subscription = make_subscription(starts_on=FEB, ends_on=MAR)

    for on, price in ((JAN, MONTHLY), (MAR, MONTHLY), (FEB, MONTHLY), (FEB, None)):
        with pytest.raises(RuleError):
            change_subscription(subscription, on=on, price=price, by=None)

    assert believed(subscription) == [("paid", 1200, FEB, MAR)]


def test_a_pause_runs_until_the_last_known_end():
    subscription = make_subscription(arr=100, starts_on=JAN, ends_on=MAR)
    make_term(subscription, arr=300, starts_on=MAR, ends_on=APR)

    pause_subscription(subscription, on=FEB, by=None)

    assert believed(subscription) == [
        ("paid", 100, JAN, FEB),
        ("paused", 0, FEB, MAR),
        ("paused", 0, MAR, APR),
    ]


@pytest.mark.parametrize("resumed_on", [FEB, date(2025, 2, 10), MAR, date(2025, 3, 10)])
def test_what_was_planned_outlives_a_pause(resumed_on):
    subscription = make_subscription(arr=100, starts_on=JAN, ends_on=MAR)
    make_term(subscription, arr=300, starts_on=MAR, ends_on=APR)
    make_term(subscription, arr=500, starts_on=APR)
    pause_subscription(subscription, on=FEB, by=None)

    resume_subscription(subscription, on=resumed_on, by=None)

    paid = [row for row in believed(subscription) if row[0] == "paid" and row[2] >= FEB]
    if resumed_on < MAR:
        assert paid[-2:] == [("paid", 300, MAR, APR), ("paid", 500, APR, None)]
    else:
        assert [row[1:] for row in paid] == [(300, resumed_on, APR), (500, APR, None)]


def test_a_pause_from_the_day_of_a_planned_change_gives_way_to_that_change():
    subscription = make_subscription(arr=100, starts_on=JAN, ends_on=MAR)
    make_term(subscription, arr=300, starts_on=MAR)
    pause_subscription(subscription, on=MAR, by=None)

    resume_subscription(subscription, on=APR, by=None)

    assert believed(subscription)[-1] == ("paid", 300, APR, None)


def test_a_later_pause_of_its_own_is_not_woken():
    subscription = make_subscription(arr=100, starts_on=JAN, ends_on=MAR)
    make_term(subscription, arr=300, starts_on=MAR)
    pause_subscription(subscription, on=MAR, by=None)
    before = believed(subscription)
    pause_subscription(subscription, on=FEB, by=None)

    resume_subscription(subscription, on=FEB, by=None)

    assert believed(subscription) == before


@pytest.mark.parametrize("resumed_on", [date(2025, 2, 10), date(2025, 3, 10)])
def test_an_end_recorded_in_a_pause_leaves_what_was_planned_before_it(resumed_on):
    subscription = make_subscription(arr=100, starts_on=JAN, ends_on=MAR)
    make_term(subscription, arr=300, starts_on=MAR)
    pause_subscription(subscription, on=FEB, by=None)
    end_subscription(subscription, on=date(2025, 12, 1), by=None)

    resume_subscription(subscription, on=resumed_on, by=None)

    last = believed(subscription)[-1]
    assert last == ("paid", 300, max(resumed_on, MAR), date(2025, 12, 1))


def test_a_price_in_a_pause_wakes_what_was_planned():
    subscription = make_subscription(arr=100, starts_on=JAN, ends_on=MAR)
    make_term(subscription, arr=300, starts_on=MAR)
    pause_subscription(subscription, on=FEB, by=None)

    on = date(2025, 2, 10)
    change_subscription(subscription, on=on, price=MONTHLY, by=None)

    assert believed(subscription)[-2:] == [("paid", 1200, on, MAR), ("paid", 300, MAR, None)]


def test_resuming_brings_back_what_was_paid():
    subscription = make_subscription(arr=100, starts_on=JAN)
    pause_subscription(subscription, on=FEB, by=None)

    resume_subscription(subscription, on=MAR, by=None)

    assert believed(subscription) == [
        ("paid", 100, JAN, FEB),
        ("paused", 0, FEB, MAR),
        ("paid", 100, MAR, None),
    ]


def test_resuming_on_the_first_day_takes_the_pause_back():
    subscription = make_subscription(arr=100, starts_on=JAN)
    pause_subscription(subscription, on=FEB, by=None)

    resume_subscription(subscription, on=FEB, by=None)

    assert believed(subscription) == [("paid", 100, JAN, None)]


def test_a_pause_from_the_very_start_can_be_resumed():
    subscription = make_subscription(arr=100, starts_on=JAN)
    pause_subscription(subscription, on=JAN, by=None)

    resume_subscription(subscription, on=FEB, by=None)

    assert believed(subscription) == [("paused", 0, JAN, FEB), ("paid", 100, FEB, None)]


@pytest.mark.parametrize(
    "kind, on", [("paid", date(2024, 12, 31)), ("paused", FEB), ("trial", FEB)]
)
def test_only_what_is_paid_and_runs_can_be_paused(kind, on):
    subscription = make_subscription(kind=kind, starts_on=JAN)

    with pytest.raises(RuleError) as refusal:
        pause_subscription(subscription, on=on, by=None)

    assert refusal.value.field == "on"


def test_only_what_is_paused_can_be_resumed():
    with pytest.raises(RuleError):
        resume_subscription(make_subscription(starts_on=JAN), on=FEB, by=None)
    with pytest.raises(RuleError):
        resume_subscription(make_subscription(kind="paused", starts_on=JAN), on=FEB, by=None)


def test_an_end_cuts_what_runs_and_drops_what_is_planned():
    subscription = make_subscription(arr=100, starts_on=JAN, ends_on=MAR)
    make_term(subscription, arr=300, starts_on=MAR)

    ended = end_subscription(subscription, on=FEB, by=None)

    assert ended.ends_on == FEB
    assert believed(subscription) == [("paid", 100, JAN, FEB)]
    assert Standing.objects.get(pk=subscription.customer_id).state == "lost"


def test_ending_twice_is_refused():
    subscription = make_subscription(starts_on=JAN)
    end_subscription(subscription, on=FEB, by=None)

    with pytest.raises(RuleError) as refusal:
        end_subscription(subscription, on=FEB, by=None)

    assert refusal.value.field == "on"


def test_a_past_end_can_move_back_but_not_ahead():
    subscription = make_subscription(starts_on=JAN, ends_on=MAR)

    with pytest.raises(RuleError):
        end_subscription(subscription, on=APR, by=None)
    end_subscription(subscription, on=FEB, by=None)

    assert believed(subscription) == [("paid", 1200, JAN, FEB)]


@pytest.mark.parametrize("on", [date(2100, 1, 1), date(2098, 1, 1)])
def test_a_known_end_ahead_can_move(on):
    subscription = make_subscription(starts_on=JAN, ends_on=date(2099, 1, 1))

    end_subscription(subscription, on=on, by=None)

    assert believed(subscription) == [("paid", 1200, JAN, on)]


@pytest.mark.parametrize("on", [date(2024, 12, 1), JAN])
def test_an_end_before_the_start_is_refused(on):
    with pytest.raises(RuleError) as refusal:
        end_subscription(make_subscription(starts_on=JAN), on=on, by=None)

    assert refusal.value.field == "on"


def test_a_withdrawn_subscription_never_was():
    subscription = make_subscription()

    withdraw_subscription(subscription, by=None)

    assert believed(subscription) == []
    assert Standing.objects.get(pk=subscription.customer_id).state == "never"
    with pytest.raises(RuleError):
        withdraw_subscription(subscription, by=None)
    with pytest.raises(RuleError):
        end_subscription(subscription, on=FEB, by=None)


def test_a_contract_changes_without_a_term(alice):
    subscription = make_subscription(starts_on=JAN, contract_ends_on=MAR)

    change_contract(subscription, contract=Contract(APR, FEB, auto_renews=False), by=alice)

    subscription.refresh_from_db()
    assert (subscription.contract_ends_on, subscription.notice_by) == (APR, FEB)
    assert subscription.terms.count() == 1
    event = AuditEvent.objects.get()
    assert event.changes["contract_ends_on"] == ["2025-03-01", "2025-04-01"]


@pytest.mark.parametrize("others", [0, 20])
def test_a_change_costs_the_same_however_many_subscriptions(others, django_assert_num_queries):
    customer, plan = make_customer(), make_plan("max")
    subscription = make_subscription(customer, starts_on=JAN)
    for _ in range(others):
        make_subscription(customer)

    with django_assert_num_queries(18):
        change_subscription(subscription, on=FEB, plan=plan, by=None)
