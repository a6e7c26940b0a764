"""How exact a share is: intervals, and whether two shares differ by more than chance."""

from math import sqrt

Z = 1.959963984540054  # the 97.5th percentile of the normal distribution
Interval = tuple[float, float]


def wilson(part: int, whole: int) -> Interval | None:
    """Wilson's score interval of a share (JASA 22, 1927): within 0 and 1 also at the extremes."""
    if not whole:
        return None
    p, z2 = part / whole, Z * Z
    centre = (p + z2 / (2 * whole)) / (1 + z2 / whole)
    reach = Z * sqrt(p * (1 - p) / whole + z2 / (4 * whole * whole)) / (1 + z2 / whole)
    low = 0.0 if part == 0 else max(0.0, centre - reach)
    high = 1.0 if part == whole else min(1.0, centre + reach)
    return low, high


def is_within_noise(one: float, around: Interval, other: float, around_other: Interval) -> bool:
    """Whether two independent values are as far apart as chance alone may bring them.

    The interval of the difference (Newcombe, 1998, from the two values' own intervals) includes
    zero.
    """
    apart = one - other
    down = sqrt((one - around[0]) ** 2 + (around_other[1] - other) ** 2)
    up = sqrt((around[1] - one) ** 2 + (other - around_other[0]) ** 2)
    return apart - down <= 0 <= apart + up
