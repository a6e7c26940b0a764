"""Heat maps: a table whose cells are shaded in steps; the figures stay text."""

from collections.abc import Sequence
from dataclasses import dataclass

from churnapp.common.charts.scales import Formatter, Value

STEPS = 10


@dataclass(frozen=True)
class HeatCell:
    """One cell; `shade` is 0 to 10, 11 above the whole, empty for a value not there."""

    text: str
    shade: int | None
    href: str = ""
    label: str = ""


def shade_of(value: Value, most: float = 1.0) -> int | None:
    """The step of a value between 0 and `most`; 11 says more than `most`."""
    if value is None:
        return None
    if most <= 0:
        return 0
    if value > most * (1 + 1e-9):
        return STEPS + 1
    return max(0, min(STEPS, int(value / most * STEPS + 1e-9)))


def heat_cells(values: Sequence[Value], text: Formatter, most: float = 1.0) -> list[HeatCell]:
    """A row of cells; unknown values give cells without text and without shade."""
    return [
        HeatCell("" if value is None else text(value), shade_of(value, most)) for value in values
    ]
