"""Line charts and sparklines."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from churnapp.common.charts.scales import (
    Formatter,
    Label,
    Scale,
    Tick,
    Value,
    axis_labels,
    column_centre,
    known,
    letters,
    percent,
    place,
    scale_for,
)
from churnapp.common.intervals import Interval


@dataclass(frozen=True)
class Series:
    """One named row of values; `tone` is the CSS class of its colour.

    `texts` say each value with more than the value, where that is needed.
    `hrefs` lead from each value to what it is made of, empty where it leads nowhere.
    `intervals` say how far each value is open, and give each its dot. `weak` values say little:
    their dots are hollow, and the line goes past them as long as two others are left. A `joined`
    line goes on over unknown values.
    """

    name: str
    values: Sequence[Value]
    tone: str = "tone-1"
    texts: Sequence[str] = ()
    hrefs: Sequence[str] = ()
    intervals: Sequence[Interval | None] = ()
    weak: Sequence[bool] = ()
    joined: bool = False

    def is_weak(self, index: int) -> bool:
        return bool(self.weak) and self.weak[index]

    @property
    def strong(self) -> list[Value]:
        """The values without the weak ones."""
        return [None if self.is_weak(at) else value for at, value in enumerate(self.values)]

    @property
    def is_faint(self) -> bool:
        """Whether a line goes through weak values, since there are too few others."""
        return bool(self.weak) and len(known(self.strong)) < 2

    @property
    def line(self) -> Sequence[Value]:
        """What the line goes through."""
        return self.values if self.is_faint else self.strong


@dataclass(frozen=True)
class Reading:
    """What one series says in one column."""

    name: str
    tone: str
    text: str
    href: str = ""


@dataclass(frozen=True)
class Column:
    """A strip of the plot over one period, and what it shows when asked."""

    x: str
    centre: str
    width: str
    name: str
    readings: list[Reading]
    href: str = ""


@dataclass(frozen=True)
class Path:
    d: str
    tone: str
    dashed: bool = False
    faint: bool = False


@dataclass(frozen=True)
class Dot:
    x: str
    y: str
    tone: str
    hollow: bool = False


@dataclass(frozen=True)
class Whisker:
    """How far a value is open, from top to bottom."""

    x: str
    top: str
    bottom: str
    tone: str


@dataclass(frozen=True)
class Frame:
    """What every chart over periods shares: title, columns, how to write a value.

    `axis` writes a value beside the plot, where room is short; None means as `text` does, and
    `finest` is the smallest difference that it can write. `scale` is for values whose ends are
    known, such as those of a score; None goes by the values.
    `spans` name the columns where the axis has no room for it; `dashed` says why lines are, or
    the columns of bars that are `lacking` something, `hollow` why dots are.
    """

    title: str
    names: Sequence[str]
    text: Formatter
    hrefs: Sequence[str] = ()
    unknown: str = "n/a"
    partial: bool = False  # the last column is a period still running
    axis: Formatter | None = None
    cut: bool = False  # the first column is only a part of its period
    spans: Sequence[str] = ()
    dashed: str = ""
    lacking: Collection[int] = ()
    hollow: str = ""
    finest: float = 0
    scale: Scale | None = None

    def scale_of(self, values: Sequence[Value], *, from_zero: bool = True) -> Scale:
        return self.scale or scale_for(values, from_zero=from_zero, finest=self.finest)

    def read(self, value: Value) -> str:
        return self.unknown if value is None else self.text(value)

    def reading(self, series: Series, index: int) -> Reading:
        text = series.texts[index] if series.texts else self.read(series.values[index])
        href = series.hrefs[index] if series.hrefs else ""
        return Reading(series.name, series.tone, text, href)

    def columns(self, series: Sequence[Series]) -> list[Column]:
        count = len(self.names)
        return [
            Column(
                x=percent(index / count * 100),
                centre=percent(column_centre(index, count)),
                width=percent(100 / count),
                name=name,
                readings=[self.reading(one, index) for one in series],
                href=self.hrefs[index] if self.hrefs else "",
            )
            for index, name in enumerate(self.spans or self.names)
        ]


@dataclass(frozen=True)
class LineChart:
    title: str
    ticks: list[Tick]
    labels: list[Label]
    columns: list[Column]
    legend: list[Series]
    paths: list[Path] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    partial: bool = False
    cut: bool = False
    dashed: str = ""
    whiskers: list[Whisker] = field(default_factory=list)
    hollow: str = ""  # why some dots are; empty where none is

    @property
    def letters(self) -> int:
        return letters(self.ticks)

    @property
    def is_empty(self) -> bool:
        return not any(known(one.values) for one in self.legend)


def line_chart(frame: Frame, series: Sequence[Series], *, from_zero: bool = True) -> LineChart:
    """Lines over periods; unknown values break a line, a lone value is a dot."""
    values = [value for one in series for value in one.values]
    values += [end for one in series for interval in one.intervals for end in interval or ()]
    scale = frame.scale_of(values, from_zero=from_zero)
    dots = [dot for one in series for dot in dots_of(one, scale)]
    return LineChart(
        title=frame.title,
        ticks=scale.ticks(frame.axis or frame.text),
        labels=axis_labels(frame.names),
        columns=frame.columns(series),
        legend=list(series),
        paths=[path for one in series for path in paths_of(one, scale, frame)],
        dots=dots,
        whiskers=[each for one in series for each in whiskers_of(one, scale)],
        hollow=frame.hollow if any(dot.hollow for dot in dots) else "",
        partial=frame.partial,
        cut=frame.cut,
        dashed=frame.dashed,
    )


def paths_of(series: Series, scale: Scale, frame: Frame) -> list[Path]:
    """The solid path of a series, and dashed ends where a period is only there in part."""
    values, last = series.line, len(series.values) - 1
    places = [at for at, value in enumerate(values) if value is not None or not series.joined]
    solid, ends = list(places), []
    if frame.partial and len(places) > 1 and places[-1] == last:
        ends.append(places[-2:])
        solid.remove(last)
    if frame.cut and len(places) > 1 and places[0] == 0:
        if len(places) > 2 or not ends:
            ends.append(places[:2])
        solid.remove(0)
    drawn = [(end, True) for end in ends] + [(solid, False)]
    paths = [
        Path(line_at(places, series, scale), series.tone, dashed, series.is_faint)
        for places, dashed in drawn
    ]
    return [path for path in paths if "L" in path.d]


def line_at(places: Sequence[int], series: Series, scale: Scale) -> str:
    """Path data of a series' line through the columns of these numbers alone."""
    values = [value if at in places else None for at, value in enumerate(series.line)]
    return path_through(values, scale, joined=series.joined)


def path_through(values: Sequence[Value], scale: Scale, *, joined: bool = False) -> str:
    """Path data in a box of 100 by 100; a `joined` one has no gaps."""
    parts, pen_down = [], False
    for index, value in enumerate(values):
        if value is not None:
            x, y = column_centre(index, len(values)), scale.up(float(value))
            parts.append(f"{'L' if pen_down else 'M'}{place(x)} {place(y)}")
        pen_down = value is not None or (joined and pen_down)
    return "".join(parts)


def dots_of(series: Series, scale: Scale) -> list[Dot]:
    """A dot on the last known value and on values that stand alone; on all that have intervals."""
    values = series.values
    there = [index for index, value in enumerate(values) if value is not None]
    alone = [
        index for index in there if not {index - 1, index + 1} & set(there) or index == there[-1]
    ]
    return [
        Dot(
            percent(column_centre(index, len(values))),
            percent(scale.up(float(values[index] or 0))),
            series.tone,
            series.is_weak(index),
        )
        for index in (there if series.intervals else alone)
    ]


def whiskers_of(series: Series, scale: Scale) -> list[Whisker]:
    """The intervals that have a width."""
    count = len(series.values)
    return [
        Whisker(
            percent(column_centre(index, count)),
            percent(scale.up(interval[1])),
            percent(scale.up(interval[0])),
            series.tone,
        )
        for index, interval in enumerate(series.intervals)
        if interval and interval[0] < interval[1]
    ]


@dataclass(frozen=True)
class Sparkline:
    label: str
    d: str
    area: str
    dot: Dot | None


def sparkline(values: Sequence[Value], label: str) -> Sparkline:
    """A small line without axes, stretched over the values' own range; `label` reads it out."""
    scale = scale_for(values, from_zero=False, ticks=1)
    there = known(values)
    if there and min(there) != max(there):
        scale = Scale(min(there), max(there), max(there) - min(there))
    series = Series("", values)
    dots = dots_of(series, scale)
    path = path_through(values, scale)
    return Sparkline(label, path, area_under(values, path), dots[-1] if dots else None)


def area_under(values: Sequence[Value], path: str) -> str:
    """The path closed along the bottom; nothing where a gap would make the area lie."""
    if len(values) < 2 or None in values:
        return ""
    first, last = (
        column_centre(0, len(values)),
        column_centre(len(values) - 1, len(values)),
    )
    return f"{path}L{place(last)} 100L{place(first)} 100Z"
