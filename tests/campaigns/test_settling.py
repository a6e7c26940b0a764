"""What becomes of an offer: once, refused in words, declined, taken back, undone, merged."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine

from campaigns.granting import grant as make_offers
from campaigns.models import Grant, Offer
from campaigns.services.accepting import accept, decline, give_again, may_change_mind, take_back
from campaigns.services.undoing import undo_acceptance
from churnapp.common.errors import RuleError
from customers.models import Interaction, Subscription, Term
from customers.services.connections import merge_customers
from customers.services.subscriptions import Price, change_subscription, end_subscription
from tests.campaign_factories import make_sales_offer
from tests.campaigns.payers import (
    JUNE,
    NOW,
    TODAY,
    accepted,
    believed,
    leaver,
    made,
    march,
    payer,
)
from tests.factories import (
    make_contact,
    make_user,
)
from tests.services.threads import at_once, refused

__all__ = ["march"]
pytestmark = pytest.mark.django_db


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
def test_offers_are_made_accepted_and_prices_changed_at_once_without_a_deadlock():
    offer = make_sales_offer(budget_minor=10**9)
    people = [payer() for _ in range(6)]
    grants = [made(offer, customer) for customer in people]
    everybody = [(customer.pk, None) for customer in people]
    other = make_sales_offer("content")

    def raise_price(customer):
        price = Price(Decimal(150), "month", "EUR")
        change_subscription(customer.subscriptions.get(), on=JUNE, price=price, by=None)

    told = at_once(
        *(lambda grant=grant: accept(grant, now=NOW) for grant in grants[:4]),
        lambda: make_offers(offer, everybody, key="again", now=NOW),
        lambda: make_offers(other, everybody, key="other", now=NOW),
        lambda: raise_price(people[0]),
        lambda: raise_price(people[4]),
    )

    assert refused(told) == []
    assert Grant.objects.filter(state="accepted").count() == 4
    assert Grant.objects.filter(offer=other).count() == 6


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


def test_what_nobody_decided_on_is_settled_when_its_days_are_over():
    over, waiting = (made(make_sales_offer(days_to_accept=days), payer()) for days in (2, 3))

    assert Grant.objects.expire(NOW + timedelta(days=2)) == 1
    assert Grant.objects.expire(NOW + timedelta(days=2)) == 0

    over.refresh_from_db()
    waiting.refresh_from_db()
    assert (over.state, over.settled_at) == ("expired", over.expires_at)
    assert waiting.state == "open"


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
