"""A value that stays the same from one day to another, drawn on a true scale of time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from churnapp.common import formats
from churnapp.common.charts.lines import Column, Dot, LineChart, Path, Reading, Series
from churnapp.common.charts.scales import (
    ROOMS,
    Formatter,
    Label,
    Mark,
    Scale,
    percent,
    place,
    scale_for,
    stand_apart,
    thinned,
)

MONTHS_APART = (1, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True)
class Span:
    """From `start` until `end`, exclusive, the value is `value`."""

    start: date
    end: date
    value: float
    name: str


@dataclass(frozen=True)
class Timeline:
    """The days that a chart shows, and the day from which it only foresees."""

    start: date
    end: date
    today: date

    def across(self, day: date) -> float:
        """Distance of `day` from the left, 0 to 100."""
        return (day - self.start).days / max(1, (self.end - self.start).days) * 100


def step_chart(
    title: str, spans: Sequence[Span], time: Timeline, text: Formatter, name: str
) -> LineChart:
    """Steps from span to span, dashed where they lie ahead; `name` says what the value is.

    `text` may write whole numbers alone.
    """
    scale = scale_for([span.value for span in spans], finest=1)
    series = Series(name, [span.value for span in spans])
    known = [span for span in spans if span.start < time.today]
    ahead = [span for span in spans if span.end > time.today]
    paths = [Path(stairs(known, time, scale, until=time.today), series.tone)]
    if ahead and time.today < time.end:
        paths.append(Path(stairs(ahead, time, scale, since=time.today), series.tone, dashed=True))
    return LineChart(
        title=title,
        ticks=scale.ticks(text),
        labels=day_labels(time),
        columns=[column(span, time, series, text) for span in spans],
        legend=[series],
        paths=[path for path in paths if path.d],
        dots=[dot for span in known[-1:] for dot in [today_dot(span, time, scale, series.tone)]],
    )


def stairs(
    spans: Sequence[Span],
    time: Timeline,
    scale: Scale,
    *,
    since: date | None = None,
    until: date | None = None,
) -> str:
    """Path data in a box of 100 by 100, along the spans and up or down between them."""
    parts: list[str] = []
    for span in spans:
        left = time.across(max(span.start, since or span.start))
        right = time.across(min(span.end, until or span.end))
        up = place(scale.up(span.value))
        parts.append(f"{'L' if parts else 'M'}{place(left)} {up}L{place(right)} {up}")
    return "".join(parts)


def column(span: Span, time: Timeline, series: Series, text: Formatter) -> Column:
    left, right = time.across(span.start), time.across(span.end)
    return Column(
        x=percent(left),
        centre=percent((left + right) / 2),
        width=percent(right - left),
        name=span.name,
        readings=[Reading(series.name, series.tone, text(span.value))],
    )


def today_dot(span: Span, time: Timeline, scale: Scale, tone: str) -> Dot:
    day = min(span.end, time.today)
    return Dot(percent(time.across(day)), percent(scale.up(span.value)), tone)


def day_labels(time: Timeline) -> list[Label]:
    """Months, or years, on even distances, as many as have room."""
    for apart in MONTHS_APART:
        marks = list(month_marks(time, apart))
        if stand_apart(marks[::-1], ROOMS[0][0]):
            break
    return thinned(marks)


def month_marks(time: Timeline, apart: int) -> Iterator[Mark]:
    """The firsts of every so many months, with their names."""
    months = (time.end.year - time.start.year) * 12 + time.end.month - time.start.month
    first = time.start.year * 12 + time.start.month
    first += -(first - 1) % apart
    for month in range(first, first + months + 1, apart):
        day = date((month - 1) // 12, (month - 1) % 12 + 1, 1)
        if time.start <= day < time.end:
            yield time.across(day), formats.period(day, day, "year" if apart >= 12 else "month")


def spans_of(
    changes: Sequence[tuple[date, float]], end: date
) -> Iterator[tuple[date, date, float]]:
    """Start, end and value of each stretch between changes, the last until `end`."""
    marks = [*changes, (end, 0.0)]
    for (start, value), (stop, _next) in pairwise(marks):
        if start < stop:
            yield start, stop, value
