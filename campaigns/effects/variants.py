"""Variants of one campaign against each other: all pairs, and whether one works best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil

from campaigns.effects.chance import LEVEL, chance_of, holm
from campaigns.effects.power import Aim, holdout_needed, smallest_lift
from campaigns.effects.rates import Effect, Outcome, effect_of, interval_of


@dataclass(frozen=True)
class Arm:
    """How many got a variant, and how many of them came back."""

    returned: int
    people: int


@dataclass(frozen=True)
class Pair:
    """`one` less `other`; `chance` has all pairs in mind, None where a variant reached nobody."""

    one: str
    other: str
    effect: Effect
    chance: float | None

    @property
    def winner(self) -> str | None:
        """The better of the two, where more than chance says so."""
        if self.chance is None or self.chance >= LEVEL:
            return None
        return {"positive": self.one, "negative": self.other}.get(self.effect.verdict)


@dataclass(frozen=True)
class Reach:
    """What an audience can tell: the smallest difference, and the audience that was needed."""

    smallest: float | None
    needed: int | None
    is_enough: bool


def pairs_of(arms: Mapping[str, Arm]) -> list[Pair]:
    """Each two variants: Newcombe's interval of the pair, Holm's guard over all of them."""
    found = [(a, b, _against(arms[a], arms[b])) for a, b in combinations(arms, 2)]
    chances = iter(holm([_chance(outcome) for *_names, outcome in found if _is_known(outcome)]))
    return [
        Pair(a, b, effect_of(outcome), next(chances) if _is_known(outcome) else None)
        for a, b, outcome in found
    ]


def best_of(arms: Mapping[str, Arm]) -> str | None:
    """The variant that beats each of the others by more than chance; None where none does."""
    winners = [pair.winner for pair in pairs_of(arms)]
    return next((one for one in arms if winners.count(one) == len(arms) - 1 > 0), None)


def reach_of(audience: int, weights: Sequence[int], percent: float, aim: Aim) -> Reach:
    """Before launch: whether so many people, `percent` held out, can tell variants apart.

    Judged by the two smallest variants, for the difference of `aim`; its comparisons become all
    pairs. Variants without weight are none. With fewer than two there is nothing to tell.
    """
    drawn = sorted(weight for weight in weights if weight)
    if len(drawn) < 2:
        return Reach(None, None, is_enough=True)
    pairs = len(drawn) * (len(drawn) - 1) // 2
    of_treated = [weight / sum(drawn) * (1 - percent / 100) for weight in drawn[:2]]
    sizes = [int(audience * share) for share in of_treated]
    wanted = Aim(aim.base, aim.lift, pairs, aim.power)
    people = holdout_needed(wanted, drawn[1] / drawn[0])
    needed = None if people is None or not of_treated[0] else ceil(people / of_treated[0])
    smallest = smallest_lift(sizes[1], sizes[0], aim.base, pairs)
    return Reach(smallest, needed, is_enough=needed is not None and audience >= needed)


def _against(one: Arm, other: Arm) -> Outcome:
    return Outcome(one.returned, one.people, other.returned, other.people)


def _is_known(outcome: Outcome) -> bool:
    return bool(outcome.treated and outcome.holdout)


def _chance(outcome: Outcome) -> float:
    return chance_of(lambda z: interval_of(outcome, z) or (0.0, 0.0))
