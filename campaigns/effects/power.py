"""How many people a difference needs to be told from chance: 80 of 100 times, at 95 %."""

from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist

from campaigns.effects.chance import LEVEL, z_at
from campaigns.effects.rates import LEAST_EXPECTED

POWER = 0.8
STEPS = 60


@dataclass(frozen=True)
class Aim:
    """What is to be told apart: a lift over a base rate, both shares of 1.

    `comparisons` is how many such claims are made at once; `power` how often a true one is seen.
    """

    base: float
    lift: float
    comparisons: int = 1
    power: float = POWER


def people_needed(aim: Aim, ratio: float = 1.0) -> float | None:
    """People in the smaller group, the larger being `ratio` times as large, not rounded.

    Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 3rd ed. (2003), ch. 4,
    without the correction for continuity; with equal groups what R's power.prop.test gives.
    None where no lift is asked for, or one past 0 or 100 %.
    """
    lifted = aim.base + aim.lift
    if not aim.lift or not (0 <= lifted <= 1 and 0 <= aim.base <= 1):
        return None
    pooled = (aim.base + ratio * lifted) / (1 + ratio)
    by_chance = z_at(LEVEL / aim.comparisons) * sqrt((ratio + 1) * pooled * (1 - pooled))
    seen = NormalDist().inv_cdf(aim.power) * sqrt(
        ratio * aim.base * (1 - aim.base) + lifted * (1 - lifted)
    )
    return (by_chance + seen) ** 2 / (ratio * aim.lift**2)


def holdout_needed(aim: Aim, ratio: float = 1.0) -> int | None:
    """The smallest holdout that tells `aim`, the treated being `ratio` times as many.

    Also large enough that anything is said at all (`LEAST_EXPECTED`). None where no size would do.
    """
    needed = people_needed(aim, ratio)
    if needed is None:
        return None
    pooled = (aim.base + ratio * (aim.base + aim.lift)) / (1 + ratio)
    return ceil(max(needed, LEAST_EXPECTED / min(pooled, 1 - pooled)))


def smallest_lift(treated: int, holdout: int, base: float, comparisons: int = 1) -> float | None:
    """The smallest lift over `base` that groups of this size can tell; None where none can be."""
    if not treated or not holdout:
        return None
    ratio = treated / holdout

    def is_told(lift: float) -> bool:
        needed = people_needed(Aim(base, lift, comparisons), ratio)
        return needed is not None and needed <= holdout

    low, high = 0.0, 1.0 - base
    if not is_told(high):
        return None
    for _step in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if is_told(middle) else (middle, high)
    return high
