"""How exact a share is: intervals, and whether two shares differ by more than chance."""

from math import sqrt

Z = 1.959963984540054  # the 97.5th percentile of the normal distribution
Interval = tuple[float, float]


def wilson(part: int, whole: int, z: float = Z) -> Interval | None:
    """Wilson's score interval of a share (JASA 22, 1927): within 0 and 1 also at the extremes."""
    if not whole:
        return None
    p, z2 = part / whole, z * z
    centre = (p + z2 / (2 * whole)) / (1 + z2 / whole)
    reach = z * sqrt(p * (1 - p) / whole + z2 / (4 * whole * whole)) / (1 + z2 / whole)
    low = 0.0 if part == 0 else max(0.0, centre - reach)
    high = 1.0 if part == whole else min(1.0, centre + reach)
    return low, high


def of_difference(one: float, around: Interval, other: float, around_other: Interval) -> Interval:
    """The interval of `one − other` for two independent values, from the interval of each.

    Newcombe's hybrid (Statistics in Medicine 17, 1998, method 10, where both are Wilson's); for
    any two values: Zou and Donner, Statistics in Medicine 27, 2008.
    """
    apart = one - other
    down = sqrt((one - around[0]) ** 2 + (around_other[1] - other) ** 2)
    up = sqrt((around[1] - one) ** 2 + (other - around_other[0]) ** 2)
    return apart - down, apart + up


def is_within_noise(one: float, around: Interval, other: float, around_other: Interval) -> bool:
    """Whether two independent values are as far apart as chance alone may bring them.

    The interval of their difference includes zero.
    """
    low, high = of_difference(one, around, other, around_other)
    return low <= 0 <= high
