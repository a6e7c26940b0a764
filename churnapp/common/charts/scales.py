"""Axes: round ticks, and where a value stands between bottom and top."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Value = float | None
Formatter = Callable[[float], str]
Mark = tuple[float, str]  # a place from 0 to 100, and the name there
STEPS = (1, 2, 2.5, 5, 10)
# Plots at least this wide, in pixels, and the class of names that need that much; see charts.css.
ROOMS = ((380, "needs-380"), (240, "needs-240"), (170, ""))
LETTER, GAP = 7, 10  # pixels: a letter of a name, and the air between two names
EDGE = 12  # pixels that a name may reach beyond the plot, on both sides
MOST_LETTERS = 14  # beside the plot, that charts.css has a margin for


@dataclass(frozen=True)
class Tick:
    at: str
    label: str
    is_zero: bool = False


@dataclass(frozen=True)
class Label:
    """A name under the plot; `room` is the class of the plots that it needs, empty for all.

    It stands under its middle, but begins or ends (`anchor`) where it would run out of the card.
    """

    at: str
    text: str
    room: str = ""
    anchor: str = "middle"


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


def scale_for(
    values: Iterable[Value], *, from_zero: bool = True, ticks: int = 4, finest: float = 0
) -> Scale:
    """Round bounds around the values; zero is among them unless `from_zero` is off.

    Without values, or with nothing but zeros, the scale runs from 0 to 1. Ticks stand on multiples
    of `finest`, the smallest difference that can be written beside the plot: 1 for counts.
    """
    there = known(values)
    if from_zero or not there:
        there.append(0.0)
    low, high = min(there), max(there)
    if low == high:
        low, high = (0.0, 1.0) if low == 0 else (low - abs(low) / 10, high + abs(high) / 10)
    step = round_step((high - low) / ticks, finest)
    return Scale(math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step)


def round_step(rough: float, finest: float = 0) -> float:
    """The next larger of 1, 2, 2.5 or 5 times a power of ten that is a multiple of `finest`."""
    rough = max(rough, finest)
    power = 10 ** math.floor(math.log10(rough))
    larger = (step * power for step in STEPS if step * power >= rough * (1 - 1e-9))
    return next(step for step in larger if is_multiple(step, finest))


def is_multiple(step: float, finest: float) -> bool:
    """Whether a step is a whole number of the finest ones; any step is, where none is finest."""
    return not finest or math.isclose(step / finest, round(step / finest))


def column_centre(index: int, count: int) -> float:
    """Middle of column `index` of `count`, 0 to 100."""
    return (index + 0.5) / count * 100


def axis_labels(names: Sequence[str]) -> list[Label]:
    """Names under the columns, as many as have room, and the newest always."""
    count = len(names)
    return thinned([(column_centre(index, count), name) for index, name in enumerate(names)])


def thinned(marks: Sequence[Mark]) -> list[Label]:
    """Names at their places from left to right, thinned from the right by the room there is."""
    back = list(reversed(marks))
    rooms = [""] * len(back)
    step, kept = 1, 0
    for width, room in ROOMS:
        step = first_step(back, step, width)
        kept = kept or step
        rooms[::step] = [room] * len(rooms[::step])
    return [label_at(*marked) for marked in zip(back[::kept], rooms[::kept], strict=True)][::-1]


def first_step(back: Sequence[Mark], step: int, width: float) -> int:
    """The smallest multiple of `step` at which names stand apart on a plot `width` wide."""
    steps = range(step, len(back), step)
    return next((each for each in steps if stand_apart(back[::each], width)), max(step, len(back)))


def stand_apart(back: Sequence[Mark], width: float) -> bool:
    """Whether these names, from right to left, have air between them."""
    spans = [span_of(mark, width) for mark in back]
    return all(right[0] - left[1] >= GAP for right, left in pairwise(spans))


def span_of(mark: Mark, width: float) -> tuple[float, float]:
    """Where a name begins and ends, in pixels of a plot `width` wide."""
    at, text = mark
    long = len(text) * LETTER
    begins = {"start": -EDGE, "end": width + EDGE - long}
    begin = begins.get(anchor_of(mark), at / 100 * width - long / 2)
    return begin, begin + long


def anchor_of(mark: Mark) -> str:
    """Which part of a name stands at its place, so that it stays in the card on every plot."""
    at, text = mark
    narrowest, half = ROOMS[-1][0], len(text) * LETTER / 2
    if half > at / 100 * narrowest + EDGE:
        return "start"
    return "end" if half > (100 - at) / 100 * narrowest + EDGE else "middle"


def label_at(mark: Mark, room: str) -> Label:
    at, text = mark
    anchor = anchor_of(mark)
    return Label({"start": "0%", "end": "100%"}.get(anchor, percent(at)), text, room, anchor)


def letters(ticks: Sequence[Tick]) -> int:
    """How many letters need room beside the plot."""
    return min(MOST_LETTERS, max((len(tick.label) for tick in ticks), default=0))
