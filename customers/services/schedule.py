"""The believed terms of one subscription as plain values, and what can be done to them.

Pure: no database, no clock. A schedule is a tuple of stretches in order, none overlapping. Days are
half-open: `day` in "before" and "since" is the first day that belongs to what follows.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from customers.models import Term


@dataclass(frozen=True)
class Stretch:
    """What a term says, without when it was known."""

    plan_id: int | None
    quantity: Decimal
    kind: str
    arr_native_minor: int
    currency: str
    fx_rate: Decimal
    arr_minor: int
    starts_on: date
    ends_on: date | None

    def runs_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or self.ends_on > day)

    @property
    def agreement(self) -> tuple[int | None, Decimal, str, int, str]:
        """What was agreed, without when and without the rate."""
        return self.plan_id, self.quantity, self.kind, self.arr_native_minor, self.currency


Schedule = tuple[Stretch, ...]
FIELDS = tuple(Stretch.__dataclass_fields__)


def stretch_of(term: Term) -> Stretch:
    return Stretch(**{name: getattr(term, name) for name in FIELDS})


def in_order(stretches: list[Stretch] | Schedule) -> Schedule:
    return tuple(sorted(stretches, key=lambda stretch: stretch.starts_on))


def running_on(schedule: Schedule, day: date) -> Stretch | None:
    """The stretch that holds `day`."""
    return next((stretch for stretch in schedule if stretch.runs_on(day)), None)


def before(schedule: Schedule, day: date) -> Schedule:
    """What happens before `day`; what would run on then ends there."""
    return tuple(
        replace(stretch, ends_on=day) if stretch.runs_on(day) else stretch
        for stretch in schedule
        if stretch.starts_on < day
    )


def since(schedule: Schedule, day: date) -> Schedule:
    """What happens from `day` on; what runs then begins there."""
    return tuple(
        replace(stretch, starts_on=max(stretch.starts_on, day))
        for stretch in schedule
        if stretch.ends_on is None or stretch.ends_on > day
    )


def with_instead(schedule: Schedule, old: Stretch, *new: Stretch) -> Schedule:
    """The schedule with `new` in the place of `old`."""
    return in_order([stretch for stretch in schedule if stretch != old] + list(new))


def last_day_known(schedule: Schedule) -> date | None:
    """Where the schedule ends; None when it stays open, or is empty."""
    return schedule[-1].ends_on if schedule else None


def overlaps(schedule: Schedule) -> bool:
    return any(
        earlier.ends_on is None or earlier.ends_on > later.starts_on
        for earlier, later in pairwise(schedule)
    )


def prolonged(schedule: Schedule, until: date | None) -> Schedule:
    """The schedule with its last stretch running until `until`."""
    return (*schedule[:-1], replace(schedule[-1], ends_on=until))


def waiting(stretch: Stretch) -> Stretch:
    """The stretch with a pause in the place of what would be paid; a free one stays free."""
    if stretch.kind != Term.Kind.PAID:
        return stretch
    return replace(stretch, kind=Term.Kind.PAUSED, arr_native_minor=0, arr_minor=0)


def running_on_again(now: Schedule, original: Schedule, cut_on: date) -> Schedule:
    """`now` with what a cut on `cut_on` took away put back, as `original` had it.

    What was corrected since stays corrected: a stretch that the cut shortened runs on as it now is,
    and what comes after it waits where it was paused since. Nothing is put back where the cut no
    longer stands.
    """
    if not now:  # withdrawn since, where the cut had left something; else the cut took all of it
        return () if before(original, cut_on) else since(original, cut_on)
    if last_day_known(now) != cut_on:
        return now
    later = tuple(stretch for stretch in original if stretch.starts_on >= cut_on)
    last_day = running_on(original, cut_on - date.resolution)
    if now[-1].kind == Term.Kind.PAUSED and not (last_day and last_day.kind == Term.Kind.PAUSED):
        later = tuple(waiting(stretch) for stretch in later)
    shortened = running_on(original, cut_on)
    if shortened is None or shortened.starts_on >= cut_on:
        return now + later
    return prolonged(now, shortened.ends_on) + later
