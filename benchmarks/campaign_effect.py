"""Simulated campaigns with a known true effect, measured as the product measures real ones.

    python benchmarks/campaign_effect.py --campaigns 2000 --seed 1

Each campaign draws its audience (200–20,000 customers, even on a log scale), holdout (5–30 %), base
return rate (1–20 %) and true lift: none in four of ten, one below zero in one of ten, else up to
10 points. Each customer is drawn into the holdout by `drawing.is_held_out`, comes back or not, and
pays what a heavy tail gives (log-normal, σ 0.5–1.2); each offer takes 20 % of that, also from those
who would have come back anyway. `rates` and `money` then see counts and sums only.

The truth is the effect in the population that the audience is a draw of: the difference of the two
chances to come back, and of the two mean amounts. Beside it stands the effect within the audience
itself (who came back and would not have), which the same interval covers a little more often.

The last line is JSON:

- `coverage`, `money_coverage`: 95 % intervals that hold the truth, of campaigns with enough people
  to say anything. Limits: 0.93 to 0.97.
- `false_positive`: positive claims where there is no effect; `money_false_positive`: where the
  campaign brings in nothing or costs more. Limits: at most 0.05.
- `naive_bias`: how many points "everyone who came back" claims too much, on average; `bias`: how
  many points we do. `money_naive_bias`, `money_bias`: the same in minor units a customer.
- `pooled_coverage`, `total_money_coverage`: the intervals of ten campaigns at a time as one.
- `welch_coverage`: of money again, by the plain t interval, which claims too much of heavy tails.
- `found`: positive claims where there is a positive effect; `coverage_of_all`: too few or not.

Exits with 1 where a limit is broken.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from random import Random
from statistics import fmean

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from campaigns.effects.drawing import is_held_out
from campaigns.effects.money import Gain, Revenue, gain_of, t_quantile, total_of
from campaigns.effects.pooled import pooled
from campaigns.effects.rates import Effect, Outcome, effect_of
from churnapp.common.intervals import Interval

COVERAGE = (0.93, 0.97)
MOST_FALSE = 0.05
DISCOUNT = 0.2
TOGETHER = 10
TYPICAL = 60_000  # minor units: what half of those who come back pay more than


@dataclass(frozen=True)
class Truth:
    """What a campaign is made of, and so what a good measure of it must find."""

    salt: str
    audience: int
    percent: int
    base: float
    lift: float
    tail: float

    @property
    def gain(self) -> float:
        """The true effect on a customer's amount, in minor units."""
        mean = TYPICAL * exp(self.tail**2 / 2)
        return mean * ((self.base + self.lift) * (1 - DISCOUNT) - self.base)


@dataclass(frozen=True)
class Measured:
    """A campaign as the product sees it, and as it must not.

    `within` is the effect in this very audience; `naive_gain` what the treated paid, each;
    `plain` the t interval (Welch) of a customer's gain.
    """

    truth: Truth
    outcome: Outcome
    effect: Effect
    gain: Gain
    within: float
    naive_gain: float
    plain: Interval


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--campaigns", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--largest", type=int, default=20_000, help="largest audience")
    given = parser.parse_args()
    started = time.perf_counter()
    random = Random(given.seed)
    drawn = truths(given.campaigns, given.largest, given.seed)
    found = [run(truth, random) for truth in drawn]
    said = summary(found)
    print(f"{sum(one.truth.audience for one in found):,} customers in {given.campaigns} campaigns")
    print(f"{time.perf_counter() - started:.1f} s")
    broken = broken_limits(said)
    print(*broken, sep="\n", end="\n" if broken else "")
    print(json.dumps(said))
    sys.exit(1 if broken else 0)


def truths(campaigns: int, largest: int, seed: int) -> Iterator[Truth]:
    random = Random(f"truths {seed}")
    for number in range(campaigns):
        base = random.uniform(0.01, 0.2)
        yield Truth(
            salt=f"{seed}-{number}",
            audience=round(exp(random.uniform(log(200), log(largest)))),
            percent=random.randint(5, 30),
            base=base,
            lift=lift_over(base, random),
            tail=random.uniform(0.5, 1.2),
        )


def lift_over(base: float, random: Random) -> float:
    kind = random.random()
    if kind < 0.4:
        return 0.0
    return -random.uniform(0, base / 2) if kind < 0.5 else random.uniform(0, 0.1)


def run(truth: Truth, random: Random) -> Measured:
    """Hold out by lot, let each customer come back or not, and measure.

    A customer has one luck for both worlds: whoever comes back without the campaign comes back
    with it too, unless it harms.
    """
    luck = random.random
    lifted, typical = truth.base + truth.lift, log(TYPICAL)
    people, changed = [0, 0], 0
    paid: tuple[list[int], list[int]] = ([], [])
    for customer in range(1, truth.audience + 1):
        held_out = is_held_out(truth.salt, customer, truth.percent)
        people[held_out] += 1
        drawn = luck()
        alone, reached = drawn < truth.base, drawn < lifted
        changed += reached - alone
        if alone if held_out else reached:
            amount = exp(random.gauss(typical, truth.tail))
            paid[held_out].append(round(amount if held_out else amount * (1 - DISCOUNT)))
    outcome = Outcome(len(paid[0]), people[0], len(paid[1]), people[1])
    sums = [Revenue.of(*group) for group in zip(people, paid, strict=True)]
    return Measured(
        truth,
        outcome,
        effect_of(outcome),
        gain_of(*sums),
        within=changed / truth.audience,
        naive_gain=float(sums[0].mean or 0),
        plain=welch(*sums),
    )


def welch(treated: Revenue, holdout: Revenue) -> Interval:
    """The plain interval of a difference of means (Welch, Biometrika 34, 1947)."""
    errors, freedom = [], []
    for one in (treated, holdout):
        spread = (one.squares - one.total**2 / one.customers) / (one.customers - 1)
        errors.append(spread / one.customers)
        freedom.append(errors[-1] ** 2 / (one.customers - 1))
    if not sum(errors):
        return 0.0, 0.0
    reach = t_quantile(max(3, round(sum(errors) ** 2 / sum(freedom)))) * sum(errors) ** 0.5
    apart = float((treated.mean or 0) - (holdout.mean or 0))
    return apart - reach, apart + reach


def summary(found: Sequence[Measured]) -> dict[str, float]:
    able = [one for one in found if one.effect.verdict != "too_few"]
    rich = [one for one in found if one.gain.verdict != "too_few"]
    return {
        "campaigns": len(found),
        "enough": len(able),
        "money_enough": len(rich),
        "coverage_within": share(holds(one, one.within) for one in able),
        "coverage_of_all": share(holds(one, one.truth.lift) for one in found),
        "found": share(is_claimed(one) for one in able if one.truth.lift > 0),
        "money_found": share(is_gain_claimed(one) for one in rich if one.truth.gain > 0),
        "bias": points(told(one) - one.truth.lift for one in able),
        "naive_bias": points((one.outcome.treated_rate or 0) - one.truth.lift for one in able),
        "money_bias": mean(gain_told(one) - one.truth.gain for one in rich),
        "money_naive_bias": mean(one.naive_gain - one.truth.gain for one in rich),
        **together(found),
        "welch_coverage": share(one.plain[0] <= one.truth.gain <= one.plain[1] for one in rich),
        "money_coverage": share(holds_gain(one) for one in rich),
        "money_false_positive": share(is_gain_claimed(one) for one in rich if one.truth.gain <= 0),
        "coverage": share(holds(one, one.truth.lift) for one in able),
        "false_positive": share(is_claimed(one) for one in able if one.truth.lift == 0),
    }


def together(found: Sequence[Measured]) -> dict[str, float]:
    """The always-on view: ten campaigns at a time as one."""
    tens = [found[start : start + TOGETHER] for start in range(0, len(found), TOGETHER)]
    return {
        "pooled_coverage": share(holds_together(ten) for ten in tens),
        "total_money_coverage": share(holds_total(ten) for ten in tens),
    }


def holds_together(ten: Sequence[Measured]) -> bool:
    """Whether the pooled interval holds the campaigns' lifts, weighed as the pool weighs them."""
    weights = [one.outcome.holdout * one.outcome.treated / one.truth.audience for one in ten]
    lifts = [one.truth.lift * weight for one, weight in zip(ten, weights, strict=True)]
    effect = pooled([one.outcome for one in ten])
    return (effect.low or 0) <= sum(lifts) / sum(weights) <= (effect.high or 0)


def holds_total(ten: Sequence[Measured]) -> bool:
    told = [one for one in ten if one.gain.low is not None]
    gain = total_of([one.gain for one in told])
    truth = sum(one.truth.gain * one.gain.treated for one in told)
    return (gain.low or 0) <= truth <= (gain.high or 0)


def broken_limits(said: dict[str, float]) -> list[str]:
    covers = [
        f"{key} is {said[key]}"
        for key in ("coverage", "money_coverage")
        if not COVERAGE[0] <= said[key] <= COVERAGE[1]
    ]
    claims = [
        f"{key} is {said[key]}"
        for key in ("false_positive", "money_false_positive")
        if said[key] > MOST_FALSE
    ]
    return covers + claims


def holds(one: Measured, truth: float) -> bool:
    low, high = one.effect.low, one.effect.high
    return low is not None and high is not None and low <= truth <= high


def holds_gain(one: Measured) -> bool:
    low, high = one.gain.low, one.gain.high
    truth = one.truth.gain * one.gain.treated
    return low is not None and high is not None and low <= truth <= high


def is_claimed(one: Measured) -> bool:
    return one.effect.verdict == "positive"


def is_gain_claimed(one: Measured) -> bool:
    return one.gain.verdict == "positive"


def told(one: Measured) -> float:
    return one.effect.difference or 0.0


def gain_told(one: Measured) -> float:
    return float(one.gain.a_customer(one.gain.total) or 0)


def share(found: Iterable[bool]) -> float:
    known = list(found)
    return round(sum(known) / len(known), 4) if known else 0.0


def points(shares: Iterable[float]) -> float:
    known = list(shares)
    return round(100 * fmean(known), 3) if known else 0.0


def mean(amounts: Iterable[float]) -> float:
    known = list(amounts)
    return round(fmean(known), 1) if known else 0.0


if __name__ == "__main__":
    main()
