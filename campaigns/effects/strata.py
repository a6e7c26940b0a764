"""The effect by reason, offer or kind of customer, with a guard: one of many is high by chance."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from campaigns.effects.chance import LEVEL, chance_of, holm
from campaigns.effects.rates import (
    LEAST_EXPECTED,
    Effect,
    Outcome,
    difference_of,
    effect_of,
    interval_of,
)
from churnapp.common.intervals import Interval, of_difference


@dataclass(frozen=True)
class Stratum:
    """One part with its effect; `chance` has all parts in mind, None of too few."""

    key: str
    outcome: Outcome
    effect: Effect
    chance: float | None

    @property
    def holds(self) -> bool:
        """Whether the effect may be claimed although several parts were looked at."""
        claims = self.effect.verdict in {"positive", "negative"}
        return claims and self.chance is not None and self.chance < LEVEL


def strata_of(outcomes: Mapping[str, Outcome]) -> list[Stratum]:
    """Each part against its holdout, in the order given.

    The interval of a part is its own; Holm's guard counts those that can tell something. Parts
    may share a holdout: Holm holds however they hang together.
    """
    chances = [_chance(one) for one in outcomes.values()]
    guarded = iter(holm([chance for chance in chances if chance is not None]))
    return [
        Stratum(key, outcome, effect_of(outcome), None if chance is None else next(guarded))
        for (key, outcome), chance in zip(outcomes.items(), chances, strict=True)
    ]


def best_of(outcomes: Mapping[str, Outcome]) -> str | None:
    """The part with an effect that holds and is above each other's by more than chance.

    For parts with holdouts of their own. All pairs of parts that say anything are compared, Holm
    over all of them; None where none stands out, or only one says anything.
    """
    able = {key: one for key, one in outcomes.items() if one.expected >= LEAST_EXPECTED}
    pairs = list(combinations(able, 2))
    chances = holm([_chance_apart(able[a], able[b]) for a, b in pairs])
    beaten = [
        _higher(able, pair) for pair, chance in zip(pairs, chances, strict=True) if chance < LEVEL
    ]
    works = [one.key for one in strata_of(able) if one.holds and one.effect.verdict == "positive"]
    return next((key for key in works if beaten.count(key) == len(able) - 1 > 0), None)


def _higher(able: Mapping[str, Outcome], pair: tuple[str, str]) -> str:
    return max(pair, key=lambda key: difference_of(able[key]) or 0.0)


def _chance(outcome: Outcome) -> float | None:
    """How easily chance alone gives such an effect; None where nothing may be said."""
    if outcome.expected < LEAST_EXPECTED:
        return None
    return chance_of(lambda z: _around(outcome, z))


def _chance_apart(one: Outcome, other: Outcome) -> float:
    """How easily chance alone sets two effects so far apart."""
    first, second = difference_of(one) or 0.0, difference_of(other) or 0.0
    return chance_of(lambda z: of_difference(first, _around(one, z), second, _around(other, z)))


def _around(outcome: Outcome, z: float) -> Interval:
    return interval_of(outcome, z) or (0.0, 0.0)
