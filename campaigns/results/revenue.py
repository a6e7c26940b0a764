"""What came in because of campaigns, 30, 90, 180 and 365 days on, offers taken off."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from campaigns.effects.money import Gain, Revenue, gain_of
from campaigns.models import HORIZONS
from campaigns.results.asking import Asked
from campaigns.results.outcomes import Outcomes

FILES = ("drawn", "paid", "revenue")
NOTHING = Revenue(0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Earned:
    """What the two arms of a campaign had paid after so many days."""

    days: int
    treated: Revenue = NOTHING
    holdout: Revenue = NOTHING

    @property
    def gain(self) -> Gain:
        return gain_of(self.treated, self.holdout)

    def is_whole(self, outcomes: Outcomes) -> bool:
        """Whether the days are over for all; of a flowing audience, for somebody in each arm."""
        if outcomes.flows:
            return bool(self.treated.customers and self.holdout.customers)
        drawn = outcomes.treated, outcomes.held_out
        return bool(drawn[0]) and (self.treated.customers, self.holdout.customers) == drawn


def earned_in(asked: Asked) -> dict[int, dict[int, Earned]]:
    """By campaign and by days: the sums of those whose days are all over; in one statement."""
    arms: dict[tuple[int, int], dict[bool, Revenue]] = {}
    for campaign, days, held_out, *sums in asked.run(FILES, places={}, lengths=list(HORIZONS)):
        arms.setdefault((campaign, days), {})[held_out] = Revenue(*map(int, sums))
    found: dict[int, dict[int, Earned]] = {}
    for (campaign, days), by_arm in arms.items():
        one = Earned(days, by_arm.get(False, NOTHING), by_arm.get(True, NOTHING))
        found.setdefault(campaign, {})[days] = one
    return found


def gains_of(
    outcomes: Outcomes, earned: Mapping[int, Earned], lengths: Iterable[int] = HORIZONS
) -> dict[int, Gain | None]:
    """The gain after each length of time; None where that is not over yet."""
    return {
        days: earned[days].gain if days in earned and earned[days].is_whole(outcomes) else None
        for days in lengths
    }
