"""Bars: stacked over periods with losses below zero, and the waterfall of one period."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from churnapp.common.charts.lines import Column, Frame, Path, Series, path_through
from churnapp.common.charts.scales import (
    Formatter,
    Label,
    Scale,
    Tick,
    axis_labels,
    known,
    letters,
    percent,
)

BAR_SHARE = 0.64  # of a column; the rest is air
BROKEN_ABOVE = 0.5  # totals are cut when the smallest is above this share of the largest
LEAST_WIDTH = 0.4  # of a bar, in percent, so that a small movement is seen at all
CUT_SHARE = 0.3  # of the shown range that stays of a cut total


@dataclass(frozen=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
    tone: str
    is_partial: bool = False


@dataclass(frozen=True)
class StackedChart:
    title: str
    ticks: list[Tick]
    labels: list[Label]
    columns: list[Column]
    legend: list[Series]
    bars: list[Bar]
    net: Path | None
    partial: bool = False
    dashed: str = ""

    @property
    def letters(self) -> int:
        return letters(self.ticks)

    @property
    def is_empty(self) -> bool:
        return not self.bars


def stacked_chart(
    frame: Frame, series: Sequence[Series], *, net: Series | None = None
) -> StackedChart:
    """Gains stacked above zero and losses below, over periods; `net` is a line across them."""
    count = len(frame.names)
    above = [sum(part(one, at) for one in series if part(one, at) > 0) for at in range(count)]
    below = [sum(part(one, at) for one in series if part(one, at) < 0) for at in range(count)]
    scale = frame.scale_of([*above, *below, *(net.values if net else ())])
    shown = [*series, net] if net else list(series)
    return StackedChart(
        title=frame.title,
        ticks=scale.ticks(frame.axis or frame.text),
        labels=axis_labels(frame.names),
        columns=frame.columns(shown),
        legend=[one for one in shown if any(known(one.values))],
        bars=[
            replace(bar, is_partial=is_partial(frame, at))
            for at in range(count)
            for bar in bars_of_column(series, at, count, scale)
        ],
        net=Path(path_through(net.values, scale), net.tone) if net and count > 1 else None,
        partial=frame.partial or bool(frame.lacking),
        dashed=frame.dashed,
    )


def is_partial(frame: Frame, at: int) -> bool:
    """Whether a column is only a part of its period."""
    return at in frame.lacking or (frame.partial and at == len(frame.names) - 1)


def part(series: Series, at: int) -> float:
    """The value in one column; unknown counts as nothing to stack."""
    return float(series.values[at] or 0)


def bars_of_column(series: Sequence[Series], at: int, count: int, scale: Scale) -> list[Bar]:
    bars = []
    reached = {
        True: 0.0,
        False: 0.0,
    }  # how far the stack has grown above and below zero
    for one in series:
        value = part(one, at)
        if value == 0:
            continue
        start = reached[value > 0]
        reached[value > 0] = start + value
        top, bottom = max(start, start + value), min(start, start + value)
        bars.append(
            Bar(
                x=percent((at + (1 - BAR_SHARE) / 2) / count * 100),
                y=percent(scale.up(top)),
                width=percent(BAR_SHARE / count * 100),
                height=percent(scale.up(bottom) - scale.up(top)),
                tone=one.tone,
            )
        )
    return bars


@dataclass(frozen=True)
class Step:
    """One line of a waterfall: a total that stands by itself, or a change that moves it."""

    name: str
    value: float
    tone: str = ""
    is_total: bool = False
    href: str = ""
    note: str = ""
    key: str = ""


@dataclass(frozen=True)
class WaterfallRow:
    step: Step
    text: str
    x: str
    width: str
    link: str  # where the next row's bar begins


@dataclass(frozen=True)
class Waterfall:
    title: str
    rows: list[WaterfallRow]
    cut_at: str  # where the axis begins, when it does not begin at zero


def waterfall(title: str, steps: Sequence[Step], text: Formatter) -> Waterfall:
    """Steps from a start to an end, lying: one row a step, so that names and sums have room."""
    edges = running_edges(steps)
    low, high, is_cut = waterfall_range([end for _start, end in edges])
    scale = Scale(low, high, high - low)
    rows = [waterfall_row(step, text, scale, edge) for step, edge in zip(steps, edges, strict=True)]
    return Waterfall(title, rows, text(low) if is_cut else "")


def waterfall_row(
    step: Step, text: Formatter, scale: Scale, edge: tuple[float, float]
) -> WaterfallRow:
    left, right = (scale.across(max(scale.low, end)) for end in sorted(edge))
    seen = max(right - left, LEAST_WIDTH) if step.value else 0
    return WaterfallRow(
        step=step,
        text=text(step.value),
        x=percent(left),
        width=percent(seen),
        link=percent(scale.across(edge[1])),
    )


def running_edges(steps: Sequence[Step]) -> list[tuple[float, float]]:
    """Where each step's bar starts and ends; a total starts at zero."""
    edges, level = [], 0.0
    for step in steps:
        start = 0.0 if step.is_total else level
        level = float(step.value) if step.is_total else level + float(step.value)
        edges.append((start, level))
    return edges


def waterfall_range(levels: Sequence[float]) -> tuple[float, float, bool]:
    """Low and high end of the axis, and whether it begins above zero.

    Small movements of a large total would be slivers: then the axis is cut, and the page says so.
    """
    low, high = min(levels), max(levels)
    if low > high * BROKEN_ABOVE:
        return low - max(high - low, high * 0.01) * CUT_SHARE, high, True
    low, high = min(low, 0.0), max(high, 0.0)
    return (low, high, False) if high > low else (0.0, 1.0, False)
