"""What a pause made wait, and how it goes on: read from what was believed before it was recorded.

What a pause took the place of is found by when the pause was recorded, whatever of it was recorded
anew since: moved by another end, gone with a cancellation and back without it.
"""

from dataclasses import replace
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from customers.models import Subscription, Term
from customers.services.ledger import Ledger
from customers.services.prices import at_known_rate, rerated
from customers.services.schedule import Schedule, Stretch, before, stretch_of, with_instead

PAID, PAUSED = Term.Kind.PAID, Term.Kind.PAUSED


def term_on(ledger: Ledger, subscription: Subscription, day: date) -> Term | None:
    """The believed term that holds `day`."""
    return next((t for t in ledger.terms(subscription.pk) if stretch_of(t).runs_on(day)), None)


def resumed(ledger: Ledger, schedule: Schedule, term: Term, on: date) -> Schedule:
    """The schedule with what the paused `term` holds up paid again from `on`.

    On the pause's first day as if the pause had never been.
    """
    paused, paid = stretch_of(term), _paid_before(schedule, term)
    if paid in schedule and paid.ends_on == on:
        rest = with_instead(schedule, paused)
        new = with_instead(rest, paid, replace(paid, ends_on=paused.ends_on))
    else:
        again = rerated(replace(paid, starts_on=on, ends_on=paused.ends_on), ledger)
        new = with_instead(schedule, paused, *before((paused,), on), again)
    return woken(ledger, new, term)


def woken(ledger: Ledger, schedule: Schedule, paused: Term) -> Schedule:
    """The schedule with what the same pause made wait for later planned again."""
    at, reached = _paused_at(paused), paused.ends_on
    for later in ledger.terms(paused.subscription_id):
        if later.kind != PAUSED or later.starts_on <= paused.starts_on:
            continue
        came_back = later.starts_on == reached and _came_back_as(later) is not None
        if not came_back and _paused_at(later) != at:
            continue
        reached = later.ends_on
        planned = _planned(later)
        if planned is not None and stretch_of(later) in schedule:
            schedule = with_instead(schedule, stretch_of(later), at_known_rate(planned, ledger))
    return schedule


def _paid_before(schedule: Schedule, paused: Term) -> Stretch:
    """What a pause took the place of: planned from its first day, or paid up to it."""
    planned = _planned(paused)
    if planned is not None:
        return planned
    earlier = [s for s in before(schedule, paused.starts_on) if s.kind == PAID]
    return earlier[-1] if earlier else _paid_at_first(paused)


def _planned(paused: Term) -> Stretch | None:
    """What a pause took the place of from its very first day."""
    replaced = _from_the_same_day(paused).filter(kind=PAID, superseded_at=_paused_at(paused))
    was = replaced.first() or _came_back_as(paused)
    return replace(stretch_of(was), ends_on=paused.ends_on) if was else None


def _came_back_as(paused: Term) -> Term | None:
    """What was planned from its first day until an end took it away, and came back to wait."""
    at = _paused_at(paused)
    gone = _from_the_same_day(paused).filter(superseded_at__lt=at).order_by("-superseded_at")
    last = gone.first()
    if last is None or last.kind != PAID or last.superseded_at is None:
        return None
    return None if _was_believed(paused, last.superseded_at, at) else last


def _paused_at(paused: Term) -> datetime:
    """When the pause was recorded, whatever of it was recorded anew since, or gone for a while."""
    at = paused.recorded_at
    earlier = _from_the_same_day(paused).filter(kind=PAUSED).exclude(superseded_at=None)
    for term in earlier.order_by("-superseded_at"):
        until = term.superseded_at
        if until and (until == at or (until < at and not _was_believed(paused, until, at))):
            at = term.recorded_at
    return at


def _from_the_same_day(paused: Term) -> QuerySet[Term]:
    """Every term of its subscription that was ever believed to start on its first day."""
    return Term.objects.filter(subscription=paused.subscription_id, starts_on=paused.starts_on)


def _was_believed(paused: Term, since: datetime, until: datetime) -> bool:
    """Whether anything was believed of its first day at some moment between the two."""
    known = Term.objects.running_on(paused.starts_on).filter(
        Q(superseded_at=None) | Q(superseded_at__gt=since),
        subscription=paused.subscription_id,
        recorded_at__lt=until,
    )
    return known.exists()


def _paid_at_first(paused: Term) -> Stretch:
    """What was paid before a pause took the place of all of it."""
    was = Term.objects.filter(
        subscription=paused.subscription_id, kind=PAID, starts_on__lte=paused.starts_on
    ).exclude(superseded_at=None)
    term = was.order_by("-superseded_at", "-starts_on").first()
    if term is None:
        raise RuleError(_("It was never paid: change it to a price instead."))
    return stretch_of(term)
