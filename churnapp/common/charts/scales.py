"""Axes: round ticks, and where a value stands between bottom and top."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Value = float | None
Formatter = Callable[[float], str]
STEPS = (1, 2, 2.5, 5, 10)
LABELS_WIDE, LABELS_NARROW = 6, 3


@dataclass(frozen=True)
class Tick:
    at: str
    label: str
    is_zero: bool = False


@dataclass(frozen=True)
class Label:
    """A name under the plot; `narrow` says that it still has room on a phone."""

    at: str
    text: str
    narrow: bool


@dataclass(frozen=True)
class Scale:
    """From `low` at the bottom to `high` at the top, both on round figures `step` apart."""

    low: float
    high: float
    step: float

    def up(self, value: float) -> float:
        """Distance of `value` from the top, 0 to 100."""
        return (self.high - value) / (self.high - self.low) * 100

    def across(self, value: float) -> float:
        """Distance of `value` from the left, 0 to 100."""
        return (value - self.low) / (self.high - self.low) * 100

    def ticks(self, text: Formatter) -> list[Tick]:
        count = round((self.high - self.low) / self.step)
        values = [self.low + self.step * index for index in range(count + 1)]
        values = [0.0 if abs(value) < self.step / 1e6 else value for value in values]
        return [Tick(percent(self.up(value)), text(value), value == 0) for value in values]


def known(values: Iterable[Value]) -> list[float]:
    """The values that there are, as floats."""
    return [float(value) for value in values if value is not None]


def percent(value: float) -> str:
    return f"{place(value)}%"


def place(value: float) -> str:
    """A coordinate with at most two decimals, always with a full stop."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def scale_for(values: Iterable[Value], *, from_zero: bool = True, ticks: int = 4) -> Scale:
    """Round bounds around the values; zero is among them unless `from_zero` is off.

    Without values, or with nothing but zeros, the scale runs from 0 to 1.
    """
    there = known(values)
    if from_zero or not there:
        there.append(0.0)
    low, high = min(there), max(there)
    if low == high:
        low, high = (0.0, 1.0) if low == 0 else (low - abs(low) / 10, high + abs(high) / 10)
    step = round_step((high - low) / ticks)
    return Scale(math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step)


def round_step(rough: float) -> float:
    """The next larger of 1, 2, 2.5 or 5 times a power of ten."""
    power = 10 ** math.floor(math.log10(rough))
    return next(step * power for step in STEPS if step * power >= rough * (1 - 1e-9))


def column_centre(index: int, count: int) -> float:
    """Middle of column `index` of `count`, 0 to 100."""
    return (index + 0.5) / count * 100


def axis_labels(names: Sequence[str]) -> list[Label]:
    """Names under the columns, thinned from the right so that the newest is always there."""
    count = len(names)
    wide = max(1, math.ceil(count / LABELS_WIDE))
    narrow = wide * max(1, math.ceil(count / wide / LABELS_NARROW))
    return [
        Label(
            percent(column_centre(index, count)),
            name,
            (count - 1 - index) % narrow == 0,
        )
        for index, name in enumerate(names)
        if (count - 1 - index) % wide == 0
    ]
