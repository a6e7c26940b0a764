"""A forest: differences with their intervals, one under the other, around a line of none."""

from collections.abc import Sequence
from dataclasses import dataclass

from churnapp.common.charts.scales import Formatter, Tick, percent, scale_for

TICKS = 3


@dataclass(frozen=True)
class Item:
    """One difference; None where it is not known. `text` says it; `is_sum` is of all others."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    text: str
    href: str = ""
    is_sum: bool = False


@dataclass(frozen=True)
class ForestRow:
    """An item and where it stands; places are empty where it is not known."""

    item: Item
    at: str = ""
    low: str = ""
    high: str = ""

    @property
    def tone(self) -> str:
        """Whether its interval lies above no difference, below it, or around it."""
        if self.item.low is None or self.item.high is None:
            return "tone-6"
        if self.item.low > 0:
            return "tone-gain"
        return "tone-loss" if self.item.high < 0 else "tone-6"


@dataclass(frozen=True)
class Forest:
    title: str
    rows: Sequence[ForestRow]
    zero: str
    ticks: Sequence[Tick]

    @property
    def is_empty(self) -> bool:
        return not any(row.at for row in self.rows)


def forest(title: str, items: Sequence[Item], text: Formatter) -> Forest:
    """All items on one scale, on which no difference is always seen."""
    ends = [end for one in items for end in (one.value, one.low, one.high)]
    scale = scale_for(ends, ticks=TICKS)
    count = round((scale.high - scale.low) / scale.step)
    values = [scale.low + scale.step * index for index in range(count + 1)]

    def place(value: float | None) -> str:
        return "" if value is None else percent(scale.across(value))

    rows = [ForestRow(one, place(one.value), place(one.low), place(one.high)) for one in items]
    ticks = [
        Tick(percent(scale.across(value)), text(round(value, 10)), abs(value) < scale.step / 1e6)
        for value in values
    ]
    return Forest(title, rows, percent(scale.across(0)), ticks)
