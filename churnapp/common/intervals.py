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


def around_mean(mean: float, deviation: float, count: int) -> Interval | None:
    """Student's t interval of a mean at 95 %; `deviation` is the sample's. None below two values.

    The quantile is the expansion of Abramowitz and Stegun (26.7.5), exact to 0.001 from 8 values.
    """
    if count < 2:
        return None
    free = count - 1
    z2 = Z * Z
    quantile = Z + Z * (
        (z2 + 1) / (4 * free)
        + (5 * z2 * z2 + 16 * z2 + 3) / (96 * free**2)
        + (3 * z2**3 + 19 * z2 * z2 + 17 * z2 - 15) / (384 * free**3)
    )
    reach = quantile * deviation / sqrt(count)
    return mean - reach, mean + reach
