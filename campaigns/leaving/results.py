"""Whether a flow keeps customers: still paying days later, against the holdout, net of offers.

By intention to treat: everyone who went on from the first page counts in the arm that was drawn for
them, once, from their first visit. Who pays is asked of the terms as believed now. A customer is
counted for a horizon once it has passed for them; nothing is said of it before.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Self

from django.db import connection

from campaigns.effects.money import Gain, Revenue, gain_of
from campaigns.effects.rates import Effect, Outcome, effect_of
from campaigns.granting import local_day
from campaigns.models import CancelFlow

HORIZONS = (30, 90, 180)
SQL = (Path(__file__).parent.parent / "sql" / "leaving" / "results.sql").read_text()


@dataclass(frozen=True)
class Cell:
    """One arm of a reason and an offer at a horizon; amounts in minor units."""

    reason_id: int | None
    offer_id: int | None
    held_out: bool
    customers: int
    paying: int
    with_revenue: int
    total: int
    squares: int
    cubes: int

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> Self:
        """A row of the statement; its sums come as decimals."""
        whole = [None if value is None else int(value) for value in row[3:]]
        return cls(*row[:3], *whole)


@dataclass(frozen=True)
class Kept:
    """The effect at one horizon: customers still there, and what they paid less the offers."""

    days: int
    outcome: Outcome
    effect: Effect
    gain: Gain

    @property
    def is_readable(self) -> bool:
        """Whether the horizon has passed for anybody in each arm."""
        return bool(self.outcome.treated and self.outcome.holdout)


def cells(flow: CancelFlow, days: int, today: date, zone: str) -> list[Cell]:
    """Everyone for whom the horizon has passed, by reason, offer and arm, in one statement."""
    asked: dict[str, Any] = {"flow": flow.pk, "days": days, "today": today, "zone": zone}
    with connection.cursor() as cursor:
        cursor.execute(SQL, asked)
        return [Cell.of(row) for row in cursor.fetchall()]


def kept(days: int, found: Iterable[Cell]) -> Kept:
    """The effect of all these cells together."""
    rows = list(found)
    treated = [row for row in rows if not row.held_out]
    holdout = [row for row in rows if row.held_out]
    one, other = revenue_of(treated), revenue_of(holdout)
    outcome = Outcome(paying(treated), one.customers, paying(holdout), other.customers)
    return Kept(days, outcome, effect_of(outcome), gain_of(one, other))


def paying(arm: Iterable[Cell]) -> int:
    return sum(row.paying for row in arm)


def revenue_of(arm: Iterable[Cell]) -> Revenue:
    rows = list(arm)
    return Revenue(
        sum(row.customers for row in rows),
        sum(row.with_revenue for row in rows),
        sum(row.total for row in rows),
        sum(row.squares for row in rows),
        sum(row.cubes for row in rows),
    )


def split(
    days: int, found: Iterable[Cell], by: Callable[[Cell], int | None]
) -> dict[int | None, Kept]:
    """The effect of each reason, or offer, apart; the most customers first."""
    groups: dict[int | None, list[Cell]] = {}
    for row in found:
        groups.setdefault(by(row), []).append(row)
    largest = sorted(groups.items(), key=lambda item: -sum(row.customers for row in item[1]))
    return {key: kept(days, rows) for key, rows in largest}


def readable_from(flow: CancelFlow, days: int) -> date | None:
    """The day from which the horizon can be read for the first; None where nobody went on yet."""
    entered = flow.visits.exclude(entered_at=None).order_by("entered_at")
    first: Any = entered.values_list("entered_at", flat=True).first()
    return local_day(first) + timedelta(days=days) if first else None
