"""Start, change, pause, resume, end and correct a subscription.

Each is one transaction: rule check, believed terms superseded and recorded anew, a line on the
timeline, an audit event, the customer's standing. `on` is the first day of what is new. Each raises
RuleError with the field that it belongs to.
"""

import secrets
from dataclasses import replace
from datetime import date
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common import formats
from churnapp.common.errors import RuleError
from churnapp.common.periods import check_year
from churnapp.models import User
from customers.models import Customer, Plan, Subscription, Term
from customers.services.changes import Doing, carry_out, facts_of, hold, nothing_runs, told
from customers.services.corrections import TermChanges, correct_term
from customers.services.ledger import Ledger
from customers.services.pauses import resumed, term_on, woken
from customers.services.prices import Contract, Offer, Price, check_contract, priced, rerated
from customers.services.schedule import (
    Schedule,
    Stretch,
    before,
    last_day_known,
    prolonged,
    running_on,
    since,
    stretch_of,
    waiting,
    with_instead,
)
from customers.services.traces import Deed, leave_trace

__all__ = [
    "Contract",
    "Price",
    "TermChanges",
    "change_contract",
    "change_subscription",
    "correct_term",
    "end_subscription",
    "pause_subscription",
    "resume_subscription",
    "start_subscription",
    "withdraw_subscription",
]

PAID, TRIAL, FREE, PAUSED = Term.Kind.PAID, Term.Kind.TRIAL, Term.Kind.FREE, Term.Kind.PAUSED


class StartOptions(TypedDict, total=False):
    """`kind` is paid (the default), trial or free; `contract` says how long both are bound."""

    kind: str
    contract: Contract | None


@transaction.atomic
def start_subscription(
    customer: Customer,
    *,
    plan: Plan,
    price: Price,
    starts_on: date,
    by: User | None,
    **options: Unpack[StartOptions],
) -> Subscription:
    """Start a subscription on `starts_on`, open-ended. Only a paid one has revenue."""
    kind = options.get("kind", PAID)
    contract = options.get("contract") or Contract(ends_on=None)
    if kind not in {PAID, TRIAL, FREE}:
        raise RuleError(_("A subscription starts as paid, trial or free."), field="kind")
    check_contract(contract, starts_on)
    ledger = Ledger([customer.pk])
    stretch = priced(Offer(plan.pk, price, kind), starts_on, None, ledger)
    subscription = Subscription.objects.create(
        customer=customer,
        external_id=f"S-{secrets.token_hex(8)}",
        contract_ends_on=contract.ends_on,
        notice_by=contract.notice_by,
        auto_renews=contract.auto_renews,
    )
    doing = Doing("subscription_started", by, starts_on)
    carry_out(ledger, subscription, (stretch,), doing)
    return subscription


@transaction.atomic
def change_subscription(
    subscription: Subscription,
    *,
    on: date,
    plan: Plan | None = None,
    price: Price | None = None,
    by: User | None,
) -> Term:
    """Another plan, another price, or both, from `on`; a known end and later plans stay.

    A price makes paid what was on trial, free or paused, also on the day that a trial ends.
    """
    ledger, subscription, schedule = hold(subscription)
    running = running_on(schedule, on)
    earlier = running or _trial_until(schedule, on)
    if earlier is None:
        raise nothing_runs(on)
    ends_on = running.ends_on if running else _next_start(schedule, on)
    changed = _agreed(replace(earlier, starts_on=on, ends_on=ends_on), plan, price, ledger)
    if changed.agreement == earlier.agreement:
        raise RuleError(_("That is what it is already. Change the plan or the price."))
    new = with_instead(schedule, earlier, *before((earlier,), on), changed)
    paused = term_on(ledger, subscription, on)
    if paused and paused.kind == PAUSED and changed.kind == PAID:
        new = woken(ledger, new, paused)
    doing = Doing("subscription_changed", by, on, earlier)
    return carry_out(ledger, subscription, new, doing)


@transaction.atomic
def pause_subscription(subscription: Subscription, *, on: date, by: User | None) -> Term:
    """Nothing is paid from `on` until it is resumed, or ends when it would have ended.

    What was planned for later waits too: resumed, it takes effect on its day.
    """
    ledger, subscription, schedule = hold(subscription)
    running = running_on(schedule, on)
    if running is None:
        raise nothing_runs(on)
    if running.kind == PAUSED:
        raise RuleError(_("It is paused already."), field="on")
    if running.kind != PAID:
        raise RuleError(_("Only what is paid can be paused."), field="on")
    waits = tuple(waiting(stretch) for stretch in since(schedule, on))
    doing = Doing("subscription_paused", by, on, running)
    return carry_out(ledger, subscription, (*before(schedule, on), *waits), doing)


@transaction.atomic
def resume_subscription(subscription: Subscription, *, on: date, by: User | None) -> Term:
    """What was paid before the pause is paid again from `on`.

    On the pause's first day this takes the pause back, as if it had never been.
    """
    ledger, subscription, schedule = hold(subscription)
    term = term_on(ledger, subscription, on)
    if term is None or term.kind != PAUSED:
        raise RuleError(_("It is not paused on this day, so it can't be resumed."), field="on")
    new = resumed(ledger, schedule, term, on)
    doing = Doing("subscription_resumed", by, on, stretch_of(term))
    return carry_out(ledger, subscription, new, doing)


@transaction.atomic
def end_subscription(subscription: Subscription, *, on: date, by: User | None) -> Term:
    """End a subscription: `on` is the first day not paid for. A known end ahead moves there.

    What was planned from `on` on is dropped.
    """
    check_year(on, field="on")
    ledger, subscription, schedule = hold(subscription)
    check_end(schedule, on)
    running = running_on(schedule, on - date.resolution)
    end = last_day_known(schedule)
    if running is None and (end is None or not ledger.today < end < on):
        raise nothing_runs(on - date.resolution)
    new = before(schedule, on) if running else prolonged(schedule, on)
    doing = Doing("subscription_ended", by, on, running or schedule[-1])
    return carry_out(ledger, subscription, new, doing)


@transaction.atomic
def withdraw_subscription(subscription: Subscription, *, by: User | None) -> None:
    """Say that a subscription never was: none of its terms is believed any more."""
    ledger, subscription, schedule = hold(subscription)
    if not schedule:
        raise RuleError(_("It has been withdrawn already."))
    ledger.become({subscription.pk: ()})
    facts = facts_of(subscription, schedule[-1], ledger)
    deed = Deed("subscription_withdrawn", by, ledger.at, facts)
    leave_trace(deed, subscription.customer_id, subscription, {"terms": [told(schedule), []]})


@transaction.atomic
def change_contract(
    subscription: Subscription, *, contract: Contract, by: User | None
) -> Subscription:
    """Say how long both are bound; no term changes by it."""
    ledger, subscription, schedule = hold(subscription)
    check_contract(contract, schedule[0].starts_on if schedule else None)
    values = {
        "contract_ends_on": contract.ends_on,
        "notice_by": contract.notice_by,
        "auto_renews": contract.auto_renews,
    }
    changes = {
        name: [_plain(getattr(subscription, name)), _plain(value)] for name, value in values.items()
    }
    for name, value in values.items():
        setattr(subscription, name, value)
    subscription.save(update_fields=list(values))
    facts = {name: after for name, (_before, after) in changes.items()}
    facts["subscription"] = subscription.external_id
    deed = Deed("contract_changed", by, ledger.at, facts)
    leave_trace(deed, subscription.customer_id, subscription, changes)
    return subscription


def check_end(schedule: Schedule, on: date) -> None:
    """Raise RuleError where an end on `on` makes no sense."""
    if not schedule:
        raise nothing_runs(on)
    if on <= schedule[0].starts_on:
        raise RuleError(
            _("It starts on %(day)s, so it can end on the day after at the earliest.")
            % {"day": formats.day(schedule[0].starts_on)},
            field="on",
        )
    if last_day_known(schedule) == on:
        raise RuleError(_("It ends on this day already."), field="on")


def _agreed(stretch: Stretch, plan: Plan | None, price: Price | None, ledger: Ledger) -> Stretch:
    """The stretch with another plan, price or both, at the rate of its first day."""
    plan_id = plan.pk if plan else stretch.plan_id
    if price is None:
        return rerated(replace(stretch, plan_id=plan_id), ledger)
    return priced(Offer(plan_id, price), stretch.starts_on, stretch.ends_on, ledger)


def _trial_until(schedule: Schedule, day: date) -> Stretch | None:
    """The trial, or free stretch, whose known end is `day`."""
    return next((s for s in schedule if s.ends_on == day and s.kind in {TRIAL, FREE}), None)


def _next_start(schedule: Schedule, day: date) -> date | None:
    return next((stretch.starts_on for stretch in schedule if stretch.starts_on > day), None)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
