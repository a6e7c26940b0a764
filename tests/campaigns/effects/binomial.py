"""How likely each number of returns is."""

from math import exp, lgamma, log, sqrt


def chances(people: int, rate: float) -> list[tuple[int, float]]:
    """The binomial distribution, as far as it matters: five standard deviations around its mean."""
    middle, reach = people * rate, 5 * sqrt(people * rate * (1 - rate)) + 2
    near = range(max(0, int(middle - reach)), min(people, int(middle + reach)) + 1)
    return [(came, exp(_log_chance(came, people, rate))) for came in near]


def _log_chance(came: int, people: int, rate: float) -> float:
    ways = lgamma(people + 1) - lgamma(came + 1) - lgamma(people - came + 1)
    return ways + came * log(rate) + (people - came) * log(1 - rate)
