"""How many more came back than would have anyway: treated against holdout."""

from dataclasses import dataclass
from typing import Literal

from churnapp.common.intervals import Interval, Z, of_difference, wilson

Verdict = Literal["too_few", "no_effect", "positive", "negative"]
# The least that each group must be expected to hold, of returns and of the others, if there were
# no effect (Cochran's rule, Biometrics 10, 1954). Measured: docs/campaigns-proof.md.
LEAST_EXPECTED = 5


@dataclass(frozen=True)
class Outcome:
    """How many of whom the campaign reached came back, and of whom it left out by lot."""

    returned_treated: int
    treated: int
    returned_holdout: int
    holdout: int

    @property
    def treated_rate(self) -> float | None:
        return self.returned_treated / self.treated if self.treated else None

    @property
    def holdout_rate(self) -> float | None:
        return self.returned_holdout / self.holdout if self.holdout else None

    @property
    def pooled_rate(self) -> float | None:
        """The rate of both groups together: what each would have without an effect."""
        people = self.treated + self.holdout
        return (self.returned_treated + self.returned_holdout) / people if people else None

    @property
    def expected(self) -> float:
        """Returns of the smaller group if there were no effect; or its others, if fewer."""
        share = self.pooled_rate or 0.0
        return min(self.treated, self.holdout) * min(share, 1 - share)


@dataclass(frozen=True)
class Effect:
    """A difference of two rates, as a share of 1, with its interval."""

    difference: float | None
    low: float | None
    high: float | None
    verdict: Verdict


@dataclass(frozen=True)
class Returns:
    """How many of the treated came back because of the campaign."""

    count: float | None
    low: float | None
    high: float | None


def effect_of(outcome: Outcome) -> Effect:
    """Treated less holdout, Newcombe's interval (1998, method 10), and what may be claimed of it.

    None where a group is empty. The interval is given also where there are too few to claim
    anything: it is wide then.
    """
    interval = interval_of(outcome)
    if interval is None:
        return Effect(None, None, None, "too_few")
    enough = outcome.expected >= LEAST_EXPECTED
    return Effect(difference_of(outcome), *interval, verdict(interval, enough=enough))


def returns_of(treated: int, effect: Effect) -> Returns:
    """The effect in customers: of so many treated, how many came back because of it."""
    if effect.difference is None or effect.low is None or effect.high is None:
        return Returns(None, None, None)
    return Returns(effect.difference * treated, effect.low * treated, effect.high * treated)


def difference_of(outcome: Outcome) -> float | None:
    if outcome.treated_rate is None or outcome.holdout_rate is None:
        return None
    return outcome.treated_rate - outcome.holdout_rate


def interval_of(outcome: Outcome, z: float = Z) -> Interval | None:
    """Newcombe's interval of treated less holdout; None where a group is empty."""
    around_treated = wilson(outcome.returned_treated, outcome.treated, z)
    around_holdout = wilson(outcome.returned_holdout, outcome.holdout, z)
    one, other = outcome.treated_rate, outcome.holdout_rate
    if around_treated is None or around_holdout is None or one is None or other is None:
        return None
    return of_difference(one, around_treated, other, around_holdout)


def verdict(interval: Interval, *, enough: bool) -> Verdict:
    """What may be claimed of an effect with this interval."""
    if not enough:
        return "too_few"
    if interval[0] > 0:
        return "positive"
    return "negative" if interval[1] < 0 else "no_effect"
