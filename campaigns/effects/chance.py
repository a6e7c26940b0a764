"""How easily chance alone gives a difference, and what is left of it when several are looked at."""

from collections.abc import Callable, Sequence
from math import erfc, sqrt
from statistics import NormalDist

from churnapp.common.intervals import Interval

LEVEL = 0.05
FARTHEST = 38.0  # standard deviations; beyond, the chance is too small for a float
STEPS = 60


def z_at(level: float) -> float:
    """Standard deviations that a two-sided interval reaches: 1.96 at 0.05."""
    return NormalDist().inv_cdf(1 - level / 2)


def chance_of(interval_at: Callable[[float], Interval]) -> float:
    """The level at which the interval of a difference just touches zero: its two-sided p-value.

    So test and interval never disagree. `interval_at(z)` grows with z.
    """
    near, far = 0.0, FARTHEST
    for _step in range(STEPS):
        middle = (near + far) / 2
        low, high = interval_at(middle)
        near, far = (near, middle) if low <= 0 <= high else (middle, far)
    return erfc(far / sqrt(2))


def holm(chances: Sequence[float]) -> list[float]:
    """The chances with all comparisons in mind (Holm, Scand. J. Statist. 6, 1979), in their order.

    Whatever is below 0.05 then may be claimed, all such claims together: at most 5 % of such
    families hold a false one, however the comparisons hang together.
    """
    ranked = sorted(range(len(chances)), key=lambda place: chances[place])
    adjusted, largest = [0.0] * len(chances), 0.0
    for rank, place in enumerate(ranked):
        largest = max(largest, min(1.0, (len(chances) - rank) * chances[place]))
        adjusted[place] = largest
    return adjusted
