"""Take back what was recorded on a subscription: its last change, or a term that is still ahead.

Nothing is deleted: what was believed before is recorded anew, and the history keeps both.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from churnapp.common import formats
from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import Cancellation, Interaction, Subscription, Term
from customers.services.changes import Doing, carry_out, facts_of, hold, told
from customers.services.ledger import Ledger, changed_meanwhile
from customers.services.pauses import resumed
from customers.services.prices import at_known_rate, brought_back
from customers.services.schedule import (
    Schedule,
    in_order,
    running_on,
    stretch_of,
    with_instead,
)
from customers.services.subscriptions import withdraw_subscription
from customers.services.traces import Deed, leave_trace

CHANGES = (
    "subscription_changed",
    "subscription_paused",
    "subscription_resumed",
    "subscription_ended",
    "term_corrected",
)
AGREED = ("starts_on", "plan", "quantity", "kind", "arr_native_minor", "currency")
PAID, PAUSED = Term.Kind.PAID, Term.Kind.PAUSED


@dataclass(frozen=True)
class Change:
    """The last that was recorded on a subscription's terms: when, and the line that tells it."""

    at: datetime
    line: Interaction


def last_recorded_at(subscription: Subscription) -> datetime | None:
    """When its terms last became other than they were."""
    moment = Greatest(Max("recorded_at"), Max("superseded_at"))
    found: datetime | None = subscription.terms.aggregate(moment=moment)["moment"]
    return found


@transaction.atomic
def take_back_change(
    subscription: Subscription, *, recorded_at: datetime | None = None, by: User | None
) -> Term:
    """Believe again what was believed before the last change, correction or end of it.

    `recorded_at` says which change is meant. Raises RuleError where that is not the last that was
    recorded on the subscription, or where it was something else.
    """
    ledger, subscription, schedule = hold(subscription)
    change = _last_change(subscription, recorded_at)
    was = brought_back(ledger.believed_before(change.at)[subscription.pk], schedule, ledger)
    ledger.become({subscription.pk: was})
    on = date.fromisoformat(change.line.facts["on"])
    about = running_on(was, on) or was[-1]
    facts = facts_of(subscription, about, ledger)
    facts |= {"on": on.isoformat(), "what": change.line.verb}
    deed = Deed("subscription_restored", by, ledger.at, facts)
    leave_trace(deed, subscription.customer_id, subscription, _terms(schedule, was))
    return next(term for term in ledger.terms(subscription.pk) if stretch_of(term) == about)


@transaction.atomic
def take_back_term(term: Term, *, by: User | None) -> None:
    """Take back a term that is still ahead: what it took the place of goes on instead.

    That is what was planned for its days before it, or what runs up to it. A pause goes with all
    that waits for it, and a subscription that has nothing else never starts. Raises RuleError for a
    term that has begun, that waits in a longer pause, or that others follow from the very start.
    """
    ledger, subscription, schedule = hold(term.subscription)
    believed = ledger.terms(subscription.pk)
    if term.pk not in {one.pk for one in believed}:
        raise changed_meanwhile()
    if term.starts_on <= ledger.today:
        raise RuleError(
            _("It began on %(day)s. Correct it instead, or change it from a day on.")
            % {"day": formats.day(term.starts_on)},
            field="term",
        )
    if len(believed) == 1:
        withdraw_subscription(subscription, by=by)
        return
    _check_alone(term, believed)
    if term.kind == PAUSED:
        new = resumed(ledger, schedule, term, term.starts_on)
    else:
        new = _without(term, schedule, ledger)
    doing = Doing("term_taken_back", by, term.starts_on, stretch_of(term))
    carry_out(ledger, subscription, new, doing)


def ahead(terms: Iterable[Term], today: date) -> set[int]:
    """Ids of one subscription's believed terms, in order, that can be taken back by themselves."""
    terms = list(terms)
    if len(terms) == 1:
        return {term.pk for term in terms if term.starts_on > today}
    return {
        term.pk
        for earlier, term in pairwise(terms)
        if term.starts_on > today and not _waits(earlier, term)
    }


def _waits(earlier: Term, term: Term) -> bool:
    """Whether a term only goes on with a pause."""
    return term.kind == earlier.kind == PAUSED and earlier.ends_on == term.starts_on


def _check_alone(term: Term, believed: list[Term]) -> None:
    earlier = next((one for one in reversed(believed) if one.starts_on < term.starts_on), None)
    if earlier is None:
        raise RuleError(
            _("The subscription starts with this term. Take back what follows it first."),
            field="term",
        )
    if _waits(earlier, term):
        raise RuleError(
            _("It waits in a pause that begins earlier. Resume that one from %(day)s instead.")
            % {"day": formats.day(term.starts_on)},
            field="term",
        )


def _without(term: Term, schedule: Schedule, ledger: Ledger) -> Schedule:
    """The schedule with what a term took the place of on its days."""
    gone, known = stretch_of(term), _known_before(term, ledger)
    rest = [stretch for stretch in schedule if stretch != gone]
    was = running_on(known, gone.starts_on)
    if was and was.starts_on == gone.starts_on:
        back = at_known_rate(replace(was, ends_on=gone.ends_on), ledger)
        return in_order([*rest, back])
    earlier = next((stretch for stretch in rest if stretch.ends_on == gone.starts_on), None)
    came_along = not known and earlier is not None and earlier.kind in {PAID, PAUSED}
    if earlier and (was or came_along):
        return with_instead(tuple(rest), earlier, replace(earlier, ends_on=gone.ends_on))
    return tuple(rest)


def _known_before(term: Term, ledger: Ledger) -> Schedule:
    """What was believed of the subscription before a term was planned as it is.

    It may have gone and come back since, also out of a pause. Nothing where a file brought it along
    with all the rest.
    """
    alike = {name: getattr(term, name) for name in AGREED}
    ours = Term.objects.filter(subscription=term.subscription_id, recorded_at__lte=term.recorded_at)
    others = ours.running_on(term.starts_on).exclude(**alike).exclude(kind=PAUSED)
    planned_at = term.recorded_at
    for earlier in ours.filter(**alike).exclude(pk=term.pk).order_by("-recorded_at"):
        if others.filter(
            recorded_at__lt=planned_at, superseded_at__gt=earlier.superseded_at
        ).exists():
            break
        planned_at = earlier.recorded_at
    return ledger.believed_before(planned_at).get(term.subscription_id, ())


def _last_change(subscription: Subscription, recorded_at: datetime | None) -> Change:
    at = last_recorded_at(subscription)
    since = _("Something else was recorded since, so this can't be taken back any more.")
    remedy = _("Look at the terms again, and change or correct them.")
    if at is None or recorded_at not in {None, at} or _is_built_upon(subscription, at):
        raise RuleError(f"{since} {remedy}")
    lines = Interaction.objects.filter(
        customer=subscription.customer_id, facts__subscription=subscription.external_id
    )
    line = lines.filter(occurred_at=at, verb__in=CHANGES).first()
    if line is None:
        raise RuleError(
            _(
                "The last that was recorded here is no change, pause, end or correction. "
                "Withdraw a start or a cancellation, and undo an import, where they stand."
            )
        )
    return Change(at, line)


def _is_built_upon(subscription: Subscription, at: datetime) -> bool:
    """Whether a cancellation or a connection recorded after `at` relies on the terms."""
    ours = Q(subscription=subscription) | Q(subscription=None)
    cancelled = Cancellation.objects.in_force().filter(
        ours, customer=subscription.customer_id, recorded_at__gt=at
    )
    name = subscription.external_id
    connected = Interaction.objects.filter(
        Q(facts__earlier=name) | Q(facts__later=name),
        customer=subscription.customer_id,
        verb="subscriptions_connected",
        occurred_at__gt=at,
    )
    return cancelled.exists() or connected.exists()


def _terms(was: Schedule, now: Schedule) -> dict[str, Any]:
    return {"terms": [told(was), told(now)]}
