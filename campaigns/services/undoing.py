"""Undo what an accepted offer agreed: from today on it is as it was before."""

from datetime import date, datetime
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.granting import local_day
from campaigns.models import Grant, OfferKind
from campaigns.services.accepting import hold, trace
from campaigns.services.fulfilling import moment_text
from churnapp.common.errors import RuleError
from churnapp.common.money import round_half_even
from churnapp.common.periods import same_day_after
from churnapp.models import User
from customers.services import changes
from customers.services.changes import Doing, carry_out
from customers.services.schedule import before, last_day_known, running_on, since
from customers.services.subscriptions import (
    Contract,
    change_contract,
    end_subscription,
    withdraw_subscription,
)
from customers.services.taking_back import last_recorded_at
from customers.services.tasks import settle_task

A_YEAR = 12


@transaction.atomic
def undo_acceptance(grant: Grant, *, now: datetime, by: User | None) -> Grant:
    """Undo it from today on: it stays accepted and marked so; what was given stays as its cost.

    Raises RuleError where it was never accepted, and where somebody has changed the subscription
    since: then only a person knows what is meant.
    """
    held = hold(grant)
    if held.undone_at is not None:
        return held
    if held.state != Grant.State.ACCEPTED or held.settled_at is None:
        raise RuleError(_("It was not accepted, so there is nothing to undo."))
    if held.subscription is not None:
        restore(held, local_day(now), by)
    if held.task is not None:
        settle_task(held.task, because="undone", by=by)
    cost = held.cost_minor
    held.cost_minor = given_until(held, local_day(now))
    held.undone_at, held.undone_by = now, by
    held.save(update_fields=["undone_at", "undone_by", "cost_minor"])
    trace(held, "offer_undone", {"cost_minor": [cost, held.cost_minor]}, now=now, by=by)
    return held


def restore(grant: Grant, today: date, by: User | None) -> None:
    """Let the subscription go on as if the offer had not been accepted."""
    subscription = grant.subscription
    if subscription is None or moment_text(last_recorded_at(subscription)) != grant.agreed.get(
        "changed_at"
    ):
        raise RuleError(
            _("The subscription was changed since. Change it by hand to what is meant now.")
        )
    if grant.offer.kind == OfferKind.TERM:
        ends_on, notice_by = (
            each and date.fromisoformat(each) for each in grant.agreed["contract"]
        )
        contract = Contract(ends_on, notice_by, subscription.auto_renews)
        change_contract(subscription, contract=contract, by=by)
        return
    ledger, subscription, schedule = changes.hold(subscription)
    accepted = datetime.fromisoformat(grant.agreed["recorded_at"])
    original = ledger.believed_before(accepted).get(subscription.pk, ())
    if not original and schedule[0].starts_on >= today:
        withdraw_subscription(subscription, by=by)
    elif not original:
        end_subscription(subscription, on=today, by=by)
    elif last_day_known(original) is None or running_on(original, today):
        again = (*before(schedule, today), *since(original, today))
        doing = Doing("subscription_changed", by, today, running_on(schedule, today))
        carry_out(ledger, subscription, again, doing)


def given_until(grant: Grant, today: date) -> int:
    """What it has cost by today: the fixed cost, and the days that are over of the rest."""
    if grant.settled_at is None:
        return 0
    began, fixed = local_day(grant.settled_at), min(grant.offer.fixed_cost_minor, grant.cost_minor)
    ends = same_day_after(began, grant.offer.months or A_YEAR)
    over = min(Fraction((today - began).days, (ends - began).days), Fraction(1))
    return fixed + round_half_even((grant.cost_minor - fixed) * over)
