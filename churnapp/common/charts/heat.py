"""Heat maps: a table whose cells are shaded in steps; the figures stay text."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from churnapp.common.charts.scales import Formatter, Value

STEPS = 10
ABOVE = (1.1, 1.3)  # where growth takes the next shade


@dataclass(frozen=True)
class HeatCell:
    """One cell; `shade` is that of `shade_of`, None for a value not there; `label` says
    more on hover.
    """

    text: str
    shade: int | None
    label: str = ""


def shade_of(value: Value, low: float = 0.0) -> int | None:
    """The step of a share between `low` and the whole, 0 to 10; above the whole 11, 12 or 13."""
    if value is None:
        return None
    if value > 1 + 1e-9:
        return STEPS + 1 + sum(value > edge for edge in ABOVE)
    return max(0, min(STEPS, int((value - low) / (1 - low) * STEPS + 1e-9)))


def low_end(values: Iterable[Value]) -> float:
    """Where shades begin: the tenth below the smallest share, so that small differences show."""
    there = [value for value in values if value is not None]
    return min(0.9, max(0.0, math.floor(min(there, default=0.0) * 10) / 10))


def heat_cells(values: Sequence[Value], text: Formatter, low: float = 0.0) -> list[HeatCell]:
    """A row of cells; unknown values give cells without text and without shade."""
    return [
        HeatCell("" if value is None else text(value), shade_of(value, low)) for value in values
    ]
