"""How long those who were saved or won back go on paying, against comparable customers."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.models import Campaign, Goal
from campaigns.results.asking import Asked
from customers.metrics.survival import Point, Spell, kaplan_meier, log_rank, median_days

FILES = ("drawn", "paid", "lasting")
TREATED, HOLDOUT, OTHERS = "treated", "holdout", "others"
ENOUGH = 20  # so many on the same plan, and the others are left out of the comparison


@dataclass(frozen=True)
class Curve:
    """The customers of one kind, and how they stay."""

    kind: str
    spells: Sequence[Spell]

    @property
    def people(self) -> int:
        return sum(spell.count for spell in self.spells)

    @property
    def left(self) -> int:
        return sum(spell.count for spell in self.spells if spell.left)

    @property
    def points(self) -> list[Point]:
        return kaplan_meier(self.spells)

    @property
    def longest(self) -> int:
        """The last day on which any of them was seen."""
        return max((spell.days for spell in self.spells), default=0)

    @property
    def median(self) -> int | None:
        return median_days(self.points)

    def at_risk(self, day: int) -> int:
        """How many had been there for so many days."""
        return sum(spell.count for spell in self.spells if spell.days >= day)


@dataclass(frozen=True)
class Lasting:
    """One curve a kind, those without anybody left out; `same_plan`: others are on the plans of
    the treated.

    `starts_anew` says that the clock starts on the day they came back, and not on the one they
    came in.
    """

    curves: Sequence[Curve]
    starts_anew: bool
    same_plan: bool

    def curve(self, kind: str) -> Curve | None:
        return next((curve for curve in self.curves if curve.kind == kind), None)

    def chance_apart(self, kind: str) -> float | None:
        """How easily chance alone sets the treated and this kind so far apart."""
        treated, other = self.curve(TREATED), self.curve(kind)
        return log_rank(treated.spells, other.spells) if treated and other else None


def lasting_of(asked: Asked, campaign: Campaign) -> Lasting:
    """The curves of one campaign, as far as today."""
    is_return = campaign.goal == Goal.RETURNED
    places = {
        "is_return": "true" if is_return else "false",
        "others_visible": asked.sees("subscription.customer_id"),
    }
    rows = asked.run(FILES, places=places)
    alike = [row for row in rows if row[0] == OTHERS and row[1]]
    same_plan = sum(row[4] for row in alike) >= ENOUGH
    chosen = [row for row in rows if row[0] != OTHERS or row[1] or not same_plan]
    curves = [
        Curve(kind, [Spell(row[2], row[3], row[4]) for row in chosen if row[0] == kind])
        for kind in (TREATED, HOLDOUT, OTHERS)
    ]
    return Lasting([curve for curve in curves if curve.spells], is_return, same_plan)
