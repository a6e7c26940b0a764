"""How long something lasts: Kaplan and Meier's curve, its interval, and two of them compared.

Pure: no database, no clock. Days are whole: who left on day 30 was there for 30 days, and who is
still there on day 30 is known to last longer.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import erfc, exp, log, sqrt

from churnapp.common.intervals import Z


@dataclass(frozen=True)
class Spell:
    """Days under observation, whether leaving ended them, and how many had just that."""

    days: int
    left: bool
    count: int = 1


@dataclass(frozen=True)
class Point:
    """A day on which somebody left: how many were there until then, and the share still there.

    The interval is None where all have left.
    """

    day: int
    at_risk: int
    left: int
    share: float
    low: float | None
    high: float | None


def kaplan_meier(spells: Iterable[Spell]) -> list[Point]:
    """The curve, one point a day on which somebody left (JASA 53, 1958).

    Who is last seen on a day counts as there on that day. The interval is one of 95 % on the scale
    of log(−log) with Greenwood's variance (Kalbfleisch and Prentice, The Statistical Analysis of
    Failure Time Data, 1980), so it stays between 0 and 1.
    """
    left, seen = _counted(spells)
    at_risk, share, variance = sum(seen.values()), 1.0, 0.0
    points = []
    for day in sorted(seen):
        if gone := left[day]:
            share *= 1 - gone / at_risk
            stays = at_risk - gone
            variance += gone / (at_risk * stays) if stays else 0.0
            points.append(Point(day, at_risk, gone, share, *_around(share, variance)))
        at_risk -= seen[day]
    return points


def point_at(points: Sequence[Point], day: int) -> Point | None:
    """The last point up to a day; None where nobody had left by then."""
    return next((point for point in reversed(points) if point.day <= day), None)


def median_days(points: Sequence[Point]) -> int | None:
    """The first day by which half have left; None where more than half are still there."""
    return next((point.day for point in points if point.share <= 0.5 + 1e-12), None)


def log_rank(one: Iterable[Spell], other: Iterable[Spell]) -> float | None:
    """How easily chance alone sets two curves so far apart (Mantel, 1966): the p-value.

    None where nobody left, or a group is empty: then nothing is known.
    """
    (left, seen), (left_other, seen_other) = _counted(one), _counted(other)
    risk, risk_other = sum(seen.values()), sum(seen_other.values())
    apart = variance = 0.0
    for day in sorted(seen | seen_other):
        people, gone = risk + risk_other, left[day] + left_other[day]
        if gone and people > 1:
            apart += left[day] - gone * risk / people
            spread = risk * risk_other * gone * (people - gone)
            variance += spread / (people**2 * (people - 1))
        risk, risk_other = risk - seen[day], risk_other - seen_other[day]
    return erfc(abs(apart) / sqrt(2 * variance)) if variance else None


def _counted(spells: Iterable[Spell]) -> tuple[Counter[int], Counter[int]]:
    """By day: how many left, and how many were seen for the last time at all."""
    left: Counter[int] = Counter()
    seen: Counter[int] = Counter()
    for spell in spells:
        seen[spell.days] += spell.count
        if spell.left:
            left[spell.days] += spell.count
    return left, seen


def _around(share: float, variance: float) -> tuple[float | None, float | None]:
    if not 0 < share < 1:
        return None, None
    reach = exp(Z * sqrt(variance) / -log(share))
    return share**reach, share ** (1 / reach)
