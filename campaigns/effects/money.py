"""What a campaign brought in: revenue of the treated less what the holdout says would have come.

Amounts are integers in minor units. A customer's amount is its revenue up to the horizon less what
its offer cost, and 0 for who paid nothing. Few pay, and some pay much: the plain t interval
(Welch) then claims too often (docs/campaigns-proof.md has the figures), so each mean gets Hall's
interval, which takes the skewness out, and the two are joined as Newcombe joins two rates.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import cbrt, sqrt
from typing import Self

from campaigns.effects.rates import LEAST_EXPECTED, Outcome, Verdict, verdict
from churnapp.common.intervals import Interval, Z, of_difference

LEAST_PAYING = 2  # of one, nothing is known of how far amounts spread


@dataclass(frozen=True)
class Revenue:
    """The amounts of one group: how many customers, how many with any, sums of x, x² and x³."""

    customers: int
    paying: int
    total: int
    squares: int
    cubes: int

    @classmethod
    def of(cls, customers: int, amounts: Iterable[int]) -> Self:
        """From the amounts of those who have one."""
        known = [amount for amount in amounts if amount]
        return cls(
            customers,
            len(known),
            sum(known),
            sum(amount**2 for amount in known),
            sum(amount**3 for amount in known),
        )

    @property
    def mean(self) -> Fraction | None:
        """Minor units a customer, those without any counted."""
        return Fraction(self.total, self.customers) if self.customers else None


@dataclass(frozen=True)
class Gain:
    """What came in because of the campaign, offers and costs taken off; all in minor units.

    The sums are of all the treated; `a_customer` divides them, to be rounded where it is shown.
    """

    treated: int
    total: int | None
    low: int | None
    high: int | None
    verdict: Verdict

    def a_customer(self, total: int | None) -> Fraction | None:
        """One of the sums for each of the treated."""
        return None if total is None or not self.treated else Fraction(total, self.treated)


def gain_of(treated: Revenue, holdout: Revenue, costs: int = 0) -> Gain:
    """Treated less holdout, for all the treated, less `costs` of the campaign as a whole.

    None where a group is empty; without an interval, and too few, where fewer than two paid in a
    group.
    """
    one, other = treated.mean, holdout.mean
    if one is None or other is None:
        return Gain(treated.customers, None, None, None, "too_few")
    total = round((one - other) * treated.customers) - costs
    around, around_other = around_mean(treated), around_mean(holdout)
    if around is None or around_other is None:
        return Gain(treated.customers, total, None, None, "too_few")
    interval = of_difference(float(one), around, float(other), around_other)
    low, high = (round(end * treated.customers) - costs for end in interval)
    said = verdict((low, high), enough=_payers(treated, holdout).expected >= LEAST_EXPECTED)
    return Gain(treated.customers, total, low, high, said)


def total_of(gains: Sequence[Gain]) -> Gain:
    """The sum over campaigns; their intervals joined as independent ones (Zou and Donner, 2008).

    Campaigns without an interval are left out, their treated too. It says something as soon as
    one of them does.
    """
    told = [one for one in gains if one.low is not None]
    if not told:
        return Gain(0, None, None, None, "too_few")
    total = sum(one.total or 0 for one in told)
    down = sqrt(sum(((one.total or 0) - (one.low or 0)) ** 2 for one in told))
    up = sqrt(sum(((one.high or 0) - (one.total or 0)) ** 2 for one in told))
    low, high = round(total - down), round(total + up)
    enough = any(one.verdict != "too_few" for one in told)
    people = sum(one.treated for one in told)
    return Gain(people, total, low, high, verdict((low, high), enough=enough))


def around_mean(group: Revenue) -> Interval | None:
    """Hall's interval of a skewed mean (J. R. Statist. Soc. B 54, 1992): the cubic, inverted.

    With t's quantile instead of the normal one. None where fewer than two have an amount.
    """
    n = group.customers
    if group.paying < LEAST_PAYING or n <= LEAST_PAYING:
        return None
    mean = Fraction(group.total, n)
    second = Fraction(group.squares, n) - mean**2
    third = Fraction(group.cubes, n) - 3 * mean * Fraction(group.squares, n) + 2 * mean**3
    if not second:
        return float(mean), float(mean)
    error = sqrt(second / (n - 1))
    skew = float(third) / float(second) ** 1.5 / sqrt(n)
    reach = t_quantile(n - 1)
    return (
        float(mean) - error * _without_skew(reach, skew),
        float(mean) - error * _without_skew(-reach, skew),
    )


def t_quantile(freedom: int) -> float:
    """Student's 97.5 % point (Abramowitz and Stegun, 26.7.5): right to 0.01 from four on."""
    z = Z
    return (
        z
        + (z**3 + z) / (4 * freedom)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    )


def _without_skew(t: float, skew: float) -> float:
    """Where the skewed statistic lies when the straightened one lies at `t`."""
    if abs(skew) < 1e-9:
        return t
    return 3 / skew * (cbrt(1 + skew * (t - skew / 6)) - 1)


def _payers(treated: Revenue, holdout: Revenue) -> Outcome:
    return Outcome(treated.paying, treated.customers, holdout.paying, holdout.customers)
