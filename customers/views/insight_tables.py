"""Departures counted by what they have in common: each table adds up to all of them.

One question brings what each departure says of itself; the tables are made of that.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet, Value

from churnapp.common.intervals import Interval, is_within_noise, wilson
from customers.models import Cancellation
from customers.models.cancellation import CancellationQuerySet
from customers.views.insight_rates import Rate
from customers.views.segments import attribute_text

Of = tuple[int, int]  # how many, of how many


@dataclass(frozen=True)
class Departure:
    """What one departure says of itself; `lost_minor` is ARR, `trait` a value of an attribute."""

    reason: int | None
    effective_on: date
    involuntary: bool
    plan: str
    country: str
    owner: int | None
    first_paid_on: date | None
    competitor: str
    lost_minor: int
    trait: str = ""

    @property
    def days(self) -> int | None:
        """How long the customer had paid."""
        return (self.effective_on - self.first_paid_on).days if self.first_paid_on else None


def departures_of(found: QuerySet[Cancellation], attribute: str = "") -> list[Departure]:
    """Every departure that a page has found, with its customer's attribute; one question."""
    rows = (
        found.with_lost_arr()
        .with_rival()
        .order_by()
        .annotate(
            plan_code=F("customer__standing__plan__code"),
            first=F("customer__standing__first_paid_on"),
            trait=attribute_text(attribute, "customer__") if attribute else Value(""),
        )
        .values_list(
            "reason",
            "effective_on",
            "involuntary",
            "plan_code",
            "customer__country",
            "customer__owner",
            "first",
            "rival",
            "lost_arr_minor",
            "trait",
        )
    )
    return [
        Departure(
            reason, on, forced, plan or "", country or "", owner, first, rival or "", lost, trait
        )
        for reason, on, forced, plan, country, owner, first, rival, lost, trait in rows
    ]


@dataclass(frozen=True)
class Line:
    """One group: how many, what it cost, and which share of all; `running` is that up to here.

    The share is of the departures, with its interval, or of the money that went with them.
    """

    label: str
    count: int
    share: float | None
    interval: Interval | None
    lost_minor: int
    running: float
    length: float
    href: str
    key: object = None
    rate: Rate | None = None


def lines(
    departures: Sequence[Departure],
    group: Callable[[Departure], object],
    words: Callable[[Any], tuple[str, str]],
    *,
    by_money: bool = False,
) -> list[Line]:
    """One line a group, the largest first, by count or by money; `words` gives a group's label and
    its address.
    """
    counts: dict[object, int] = defaultdict(int)
    lost: dict[object, int] = defaultdict(int)
    for departure in departures:
        key = group(departure)
        counts[key] += 1
        lost[key] += departure.lost_minor
    weights = lost if by_money else counts
    total = sum(weights.values())
    ordered = sorted(counts, key=lambda key: (-weights[key], -counts[key], str(key)))
    most = max(weights.values(), default=0)
    made, running = [], 0
    for key in ordered:
        label, href = words(key)
        running += weights[key]
        made.append(
            Line(
                label=label,
                count=counts[key],
                share=weights[key] / total if total else None,
                interval=None if by_money else wilson(counts[key], total),
                lost_minor=lost[key],
                running=running / total if total else 0,
                length=weights[key] / most if most else 0,
                href=href,
                key=key,
            )
        )
    return made


@dataclass(frozen=True)
class Side:
    """A group's departures on one side of a day, and which share of that side they are."""

    count: int
    share: float
    href: str


@dataclass(frozen=True)
class Shift:
    """A group's share of the departures before a day and from it on."""

    label: str
    before: Side
    after: Side
    is_noise: bool

    @property
    def moved(self) -> float:
        return self.after.share - self.before.share


def shifts(
    departures: Iterable[Departure],
    since: date,
    group: Callable[[Departure], object],
    words: Callable[[Any], tuple[str, str, str]],
) -> list[Shift]:
    """How the shares of groups moved at a day; empty where one side has no departure.

    `words` gives a group's label, and the addresses of those before and from then on.
    """
    sides: dict[bool, list[object]] = {False: [], True: []}
    for departure in departures:
        sides[departure.effective_on >= since].append(group(departure))
    before, after = sides[False], sides[True]
    if not before or not after:
        return []
    moved = [
        shift(words(key), (before.count(key), len(before)), (after.count(key), len(after)))
        for key in {*before, *after}
    ]
    return sorted(moved, key=lambda one: (one.is_noise, -abs(one.moved), one.label))


def shift(words: tuple[str, str, str], before: Of, after: Of) -> Shift:
    label, href_before, href_after = words
    was = Side(before[0], before[0] / before[1], href_before)
    now = Side(after[0], after[0] / after[1], href_after)
    around_was, around_now = wilson(*before), wilson(*after)
    noise = not (around_was and around_now) or is_within_noise(
        now.share, around_now, was.share, around_was
    )
    return Shift(label, was, now, noise)


def comments_of(found: CancellationQuerySet, most: int) -> list[Cancellation]:
    """The newest words of customers, to be read."""
    written = found.with_their_words().select_related("customer", "reason_version")
    return list(written.order_by("-effective_on", "-pk")[:most])
