"""One effect of several campaigns, each measured against its own holdout."""

from collections.abc import Sequence
from math import sqrt

from campaigns.effects.rates import LEAST_EXPECTED, Effect, Outcome, effect_of, verdict
from churnapp.common.intervals import Interval, Z


def pooled(outcomes: Sequence[Outcome]) -> Effect:
    """The mean effect of several campaigns; those with an empty group tell nothing and are left.

    Mantel and Haenszel's weighted difference (JNCI 22, 1959): a campaign weighs
    `treated × holdout / both`, so one with a tiny holdout weighs little. The interval is
    Klingenberg's (Statistics in Medicine 33, 2014), made for many strata, small ones among them:
    all values that a test with Sato's variance (Biometrics 45, 1989) doesn't refuse. Customers in
    two campaigns are taken for two. A single campaign keeps Newcombe's interval.
    """
    told = [one for one in outcomes if one.treated and one.holdout]
    if len(told) == 1:
        return effect_of(told[0])
    weight = sum(map(_weight, told))
    if not weight:
        return Effect(None, None, None, "too_few")
    difference = sum(map(_weighted, told)) / weight
    interval = _interval(told, difference, weight)
    enough = sum(one.expected for one in told) >= LEAST_EXPECTED
    return Effect(difference, *interval, verdict(interval, enough=enough))


def _interval(told: Sequence[Outcome], difference: float, weight: float) -> Interval:
    """All δ with (difference − δ)² ≤ z² (δ·P + Q) / weight²: a quadratic's two roots."""
    leaning = Z * Z * sum(map(_p, told)) / weight**2
    spread = Z * Z * sum(map(_q, told)) / weight**2
    middle = difference + leaning / 2
    reach = sqrt(max(0.0, middle**2 - difference**2 + spread))
    return max(-1.0, middle - reach), min(1.0, middle + reach)


def _weight(one: Outcome) -> float:
    return one.treated * one.holdout / (one.treated + one.holdout)


def _weighted(one: Outcome) -> float:
    """The weight times the difference, with one division."""
    apart = one.returned_treated * one.holdout - one.returned_holdout * one.treated
    return apart / (one.treated + one.holdout)


def _p(one: Outcome) -> float:
    """What of Sato's variance goes with the effect."""
    n1, n0 = one.treated, one.holdout
    ahead = n1 * n1 * one.returned_holdout - n0 * n0 * one.returned_treated
    return (ahead + n1 * n0 * (n0 - n1) / 2) / (n1 + n0) ** 2


def _q(one: Outcome) -> float:
    """What of Sato's variance is there without an effect."""
    y1, y0 = one.returned_treated, one.returned_holdout
    return (y1 * (one.holdout - y0) + y0 * (one.treated - y1)) / (2 * (one.treated + one.holdout))
