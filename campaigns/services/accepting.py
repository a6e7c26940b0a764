"""A customer accepts an offer, declines it, or thinks again; or we take it back.

Each is one transaction that locks the customer's row, then the offer's, then the one made. Done
twice it is done once. Each raises RuleError, in words for whoever asks.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.costs import NEW_PLAN, PRICED, Pays, applies, cost_of
from campaigns.granting import ALL_GONE, local_day, purse_of
from campaigns.models import Grant, Offer
from campaigns.paying import paying
from campaigns.services.fulfilling import Case, fulfil
from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import Customer, Subscription
from customers.services.ledger import changed_meanwhile
from customers.services.traces import Deed, leave_trace

State = Grant.State
SECOND_THOUGHTS = timedelta(hours=24)


@transaction.atomic
def accept(grant: Grant, *, now: datetime, by: User | None = None) -> Grant:
    """Accept it, and carry out what it says from today on; `by` is nobody for the customer.

    What was declined can be accepted for a day. Raises RuleError where it is stopped, over, taken
    back, used up, or fits no longer what the customer pays.
    """
    held = hold(grant)
    if held.state == State.ACCEPTED:
        return held
    check_open(held, now)
    case = case_of(held, now, by)
    cost = check_fit(case, now)
    outcome = fulfil(case)
    held.subscription, held.task, held.agreed = outcome.subscription, outcome.task, outcome.agreed
    held.cost_minor = cost
    settle(held, State.ACCEPTED, now=now, by=by)
    return held


@transaction.atomic
def decline(grant: Grant, *, now: datetime, by: User | None = None) -> Grant:
    """Say no to it. Raises RuleError where it was accepted, or is not open any more."""
    held = hold(grant)
    if held.state == State.DECLINED:
        return held
    if held.state == State.ACCEPTED:
        raise RuleError(_("You have accepted it already. Write to us to change that."))
    check_open(held, now)
    settle(held, State.DECLINED, now=now, by=by)
    return held


@transaction.atomic
def take_back(grant: Grant, *, now: datetime, by: User | None) -> Grant:
    """Take back an offer that nobody has accepted: its link opens nothing any more."""
    held = hold(grant)
    if held.state == State.TAKEN_BACK:
        return held
    if held.state == State.ACCEPTED:
        raise RuleError(_("It was accepted already. Undo what it agreed instead."))
    if not held.is_open(now):
        raise RuleError(_("It is not open any more, so there is nothing to take back."))
    settle(held, State.TAKEN_BACK, now=now, by=by)
    return held


@transaction.atomic
def give_again(grant: Grant, *, now: datetime, by: User | None) -> Grant:
    """Undo a taking back: it is open as before, until the same moment."""
    held = hold(grant)
    if held.state == State.OPEN:
        return held
    if held.state != State.TAKEN_BACK or held.expires_at <= now:
        raise RuleError(_("It can't be opened again. Make another offer."))
    check_room(held, held.cost_minor, now)
    settle(held, State.OPEN, now=now, by=by)
    return held


def may_change_mind(grant: Grant, now: datetime) -> bool:
    """Whether somebody who has declined may still accept."""
    if grant.state != State.DECLINED or grant.settled_at is None:
        return False
    return grant.settled_at > now - SECOND_THOUGHTS and grant.expires_at > now


def hold(grant: Grant) -> Grant:
    """The row as it is once the locks are ours, with its offer and customer."""
    locked = Customer.objects.select_for_update(no_key=True).filter(pk=grant.customer_id).first()
    Offer.objects.select_for_update(no_key=True).get(pk=grant.offer_id)
    rows = Grant.objects.select_related("offer__plan", "customer__owner", "contact")
    held = rows.select_for_update(of=("self",), no_key=True).filter(pk=grant.pk).first()
    if locked is None or held is None or held.customer_id != locked.pk:
        raise changed_meanwhile()
    return held


def check_open(grant: Grant, now: datetime) -> None:
    if grant.state == State.TAKEN_BACK:
        raise RuleError(_("This offer is no longer open."))
    if grant.expires_at <= now or grant.state == State.EXPIRED:
        raise RuleError(_("The time to accept this offer is over."))
    if not grant.offer.is_on:
        raise RuleError(_("This offer has ended."))
    if grant.state == State.DECLINED and not may_change_mind(grant, now):
        raise RuleError(_("You have declined this offer. Write to us if you want it after all."))


def case_of(grant: Grant, now: datetime, by: User | None) -> Case:
    today = local_day(now)
    known = paying([grant.customer_id], today).get(grant.customer_id)
    pays, key = known or (Pays(), None)
    subscription = Subscription.objects.filter(pk=key).first() if key else None
    return Case(grant, pays, subscription, today, by)


def check_fit(case: Case, now: datetime) -> int:
    """What it costs now. Raises RuleError where it fits no longer, or the offer is used up."""
    if not applies(case.offer, case.pays):
        raise RuleError(_("This offer no longer fits what you have with us. Write to us about it."))
    if case.offer.kind in (*PRICED, *NEW_PLAN) and has_another_discount(case):
        raise RuleError(_("Another offer of ours still lowers your price. Use this one after it."))
    cost = cost_of(case.offer, case.pays)
    check_room(case.grant, cost, now)
    return cost


def check_room(grant: Grant, cost: int, now: datetime) -> None:
    """Raise RuleError where what is left of the offer does not suffice."""
    no = purse_of(grant.offer, now, without=grant.pk).take(grant.customer_id, cost)
    if no == ALL_GONE:
        raise RuleError(_("As many as we could give have accepted this offer already."))
    if no is not None:
        raise RuleError(_("What we could give away with this offer is used up."))


def has_another_discount(case: Case) -> bool:
    """Whether an offer accepted before lowers the price of the same subscription today."""
    if case.subscription is None:
        return False
    others = Grant.objects.filter(
        subscription=case.subscription, state=State.ACCEPTED, undone_at=None, offer__kind__in=PRICED
    )
    today = case.today.isoformat()
    return any(
        step["on"] > today
        for agreed in others.values_list("agreed", flat=True)
        for step in agreed.get("after", ())
    )


VERBS: Mapping[str, str] = {
    State.ACCEPTED: "offer_accepted",
    State.DECLINED: "offer_declined",
    State.TAKEN_BACK: "offer_taken_back",
    State.OPEN: "offer_open_again",
}


def settle(grant: Grant, state: str, *, now: datetime, by: User | None) -> None:
    """Write down what became of it, with a line on the timeline and an audit event."""
    before = grant.state
    grant.state = state
    grant.settled_at, grant.settled_by = (None, None) if state == State.OPEN else (now, by)
    grant.save(
        update_fields=[
            "state", "settled_at", "settled_by", "cost_minor", "subscription", "task", "agreed",
        ]
    )  # fmt: skip
    trace(grant, VERBS[state], {"state": [before, state]}, now=now, by=by)


def trace(
    grant: Grant, verb: str, changes: dict[str, Any], *, now: datetime, by: User | None
) -> None:
    facts = {"offer": grant.offer.name, "grant": grant.pk, "kind": grant.offer.kind}
    deed = Deed(verb, by, now, facts)
    line = leave_trace(deed, grant.customer_id, grant, changes)
    if by is None and grant.contact_id:
        line.contact_id = grant.contact_id
        line.save(update_fields=["contact"])
