"""A preview of figures as a table: month, figure, before, after."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from churnapp.common import formats
from churnapp.common.money import mrr
from customers.metrics.definitions import DEFINITIONS
from customers.services.previews import MonthChange, Preview


@dataclass(frozen=True)
class ChangedFigure:
    month: str
    name: str
    before: str
    after: str


def rows_of(preview: Preview) -> list[ChangedFigure]:
    """The figures that would read otherwise, newest month first."""
    months = sorted(preview.months, key=lambda change: change.month, reverse=True)
    return [row for month in months for row in changed_figures(month, preview)]


def changed_figures(month: MonthChange, preview: Preview) -> Iterator[ChangedFigure]:
    for key in preview.keys:
        before, after = month.before[key], month.after[key]
        if before != after:
            yield ChangedFigure(
                formats.period(month.month, month.month, "month"),
                str(DEFINITIONS[key].label),
                worded(key, before, preview.currency),
                worded(key, after, preview.currency),
            )


def worded(key: str, value: Any, currency: str) -> str:
    """A count as it is, ARR in minor units as MRR."""
    if value is None or DEFINITIONS[key].unit != "minor":
        return formats.number(value)
    return formats.money(mrr(value, currency), currency)
