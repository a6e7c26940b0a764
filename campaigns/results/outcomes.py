"""How many of the treated and of the holdout reached the goal, and whether that may be read yet."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from campaigns.effects.rates import Outcome
from campaigns.effects.variants import Arm
from campaigns.models import Campaign, Goal
from campaigns.results.asking import Asked

FILES = ("drawn", "paid", "outcome", "cells")
# What only those can do who were written to: there is nothing to compare it with.
OF_THE_TREATED = {Goal.ACCEPTED}
Key = str | int | None


@dataclass(frozen=True)
class Cell:
    """Customers who have all of this in common. `is_read`: their last day is over."""

    campaign_id: int
    held_out: bool
    variant: str
    reason_id: int | None
    is_read: bool
    people: int
    reached: int
    pays: int
    first_horizon_on: date
    last_horizon_on: date


@dataclass(frozen=True)
class Outcomes:
    """What one campaign came to, by arm.

    Of a frozen audience nothing is read before the last day of all is over, so that nobody stops
    looking when it looks good. Of a flowing one those are read whose last day is over.
    """

    campaign: Campaign
    cells: Sequence[Cell]

    @property
    def people(self) -> int:
        """All who were drawn."""
        return sum(cell.people for cell in self.cells)

    @property
    def treated(self) -> int:
        return sum(cell.people for cell in self.cells if not cell.held_out)

    @property
    def held_out(self) -> int:
        return sum(cell.people for cell in self.cells if cell.held_out)

    @property
    def read(self) -> int:
        """How many have come to the day on which they are judged."""
        return sum(cell.people for cell in self.cells if cell.is_read)

    @property
    def flows(self) -> bool:
        return self.campaign.entry == Campaign.Entry.FLOWING

    @property
    def is_readable(self) -> bool:
        return self.read > 0 and (self.flows or self.read == self.people)

    @property
    def readable_on(self) -> date | None:
        """The first day on which something may be read; None where nobody was drawn."""
        days = [
            cell.first_horizon_on if self.flows else cell.last_horizon_on for cell in self.cells
        ]
        if not days:
            return None
        return (min(days) if self.flows else max(days)) + timedelta(days=1)

    @property
    def counted(self) -> list[Cell]:
        """Those whom figures are of: who may be read; before that all, as far as they have come."""
        if not self.is_readable:
            return list(self.cells)
        return [cell for cell in self.cells if cell.is_read]

    @property
    def compares(self) -> bool:
        """Whether the goal is one that the holdout can reach too."""
        return self.campaign.goal not in OF_THE_TREATED

    @property
    def outcome(self) -> Outcome:
        """Who reached the goal. Where only the treated can, the holdout is empty."""
        cells = self.counted
        return outcome_of(cells if self.compares else [one for one in cells if not one.held_out])

    @property
    def paying(self) -> Outcome:
        """Who pays on the last day, or today where that is yet to come."""
        return outcome_of(self.counted, lambda cell: cell.pays)

    @property
    def by_reason(self) -> dict[int | None, Outcome]:
        """By why they had left when they came in; None for those of whom nothing is known."""
        cells = sorted(self.counted, key=lambda cell: cell.reason_id or 0)
        grouped = groupby(cells, key=lambda cell: cell.reason_id)
        return {reason: outcome_of(found) for reason, found in grouped}

    @property
    def by_variant(self) -> dict[str, Arm]:
        """The treated by what they got."""
        treated = sorted(
            (cell for cell in self.counted if not cell.held_out), key=lambda cell: cell.variant
        )
        arms = {}
        for variant, found in groupby(treated, key=lambda cell: cell.variant):
            cells = list(found)
            arms[variant] = Arm(
                sum(cell.reached for cell in cells), sum(cell.people for cell in cells)
            )
        return arms


def outcomes_of(asked: Asked, campaigns: Iterable[Campaign]) -> dict[int, Outcomes]:
    """What each of the campaigns came to, by its key; in one statement."""
    cells = [Cell(*row) for row in asked.run(FILES, places={})]
    return {
        campaign.pk: Outcomes(campaign, [cell for cell in cells if cell.campaign_id == campaign.pk])
        for campaign in campaigns
    }


def outcome_of(
    cells: Iterable[Cell], count: Callable[[Cell], int] = lambda cell: cell.reached
) -> Outcome:
    """Cells added up by arm."""
    there = list(cells)
    treated = [cell for cell in there if not cell.held_out]
    holdout = [cell for cell in there if cell.held_out]
    return Outcome(
        sum(map(count, treated)),
        sum(cell.people for cell in treated),
        sum(map(count, holdout)),
        sum(cell.people for cell in holdout),
    )
