"""Reasons against plans: who leaves over what, as counts that lead to their departures."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from customers.views.insight_tables import Departure

MOST_REASONS, MOST_PLANS = 8, 6
Words = Callable[[Any], tuple[str, str]]


@dataclass(frozen=True)
class CrossCell:
    count: int
    href: str


@dataclass(frozen=True)
class CrossRow:
    """A reason over the plans; `count` is all of its departures, also those on other plans."""

    label: str
    href: str
    count: int
    cells: list[CrossCell]


@dataclass(frozen=True)
class ReasonsByPlan:
    """The commonest reasons on the commonest plans; a plan is its name with its address."""

    plans: list[tuple[str, str]]
    rows: list[CrossRow]


def reasons_by_plan(
    departures: Sequence[Departure],
    reason_words: Words,
    plan_words: Words,
    address: Callable[[int | None, str], str],
) -> ReasonsByPlan | None:
    """None where everybody has the same plan. `address` leads to a reason's on a plan."""
    by_plan = Counter(one.plan for one in departures)
    by_reason = Counter(one.reason for one in departures)
    both = Counter((one.reason, one.plan) for one in departures)
    if len(by_plan) < 2:
        return None
    plans = [plan for plan, _count in by_plan.most_common(MOST_PLANS)]
    rows = []
    for reason, count in by_reason.most_common(MOST_REASONS):
        cells = [CrossCell(both[reason, plan], address(reason, plan)) for plan in plans]
        rows.append(CrossRow(*reason_words(reason), count, cells))
    return ReasonsByPlan([plan_words(plan) for plan in plans], rows)
