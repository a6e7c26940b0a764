"""Survival curves: shares that fall in steps from 1, on a true scale of days."""

from collections.abc import Sequence
from dataclasses import dataclass

from churnapp.common.charts.lines import Column, Dot, LineChart, Path, Reading, Series
from churnapp.common.charts.scales import Formatter, Mark, Scale, percent, place, thinned

SCALE = Scale(0.0, 1.0, 0.25)


@dataclass(frozen=True)
class Falling:
    """A curve: its steps as day and share, the last day on which anybody was seen, and what it
    says on each of the chart's days.
    """

    name: str
    steps: Sequence[tuple[int, float]]
    until: int
    texts: Sequence[str]
    tone: str = "tone-1"

    def share_on(self, day: int) -> float:
        return next((share for at, share in reversed(self.steps) if at <= day), 1.0)


def survival_chart(
    title: str, curves: Sequence[Falling], days: Sequence[tuple[int, str]], text: Formatter
) -> LineChart:
    """Curves over days; `days` are those that are read out, with their names, the last the end."""
    end = days[-1][0]
    series = [
        Series(one.name, [one.share_on(day) for day, _name in days], one.tone, texts=one.texts)
        for one in curves
    ]
    marks: list[Mark] = [(0.0, "0"), *((day / end * 100, name) for day, name in days)]
    return LineChart(
        title=title,
        ticks=SCALE.ticks(text),
        labels=thinned(marks),
        columns=[_column(index, days, series) for index in range(len(days))],
        legend=series,
        paths=[Path(_stairs(one, end), one.tone) for one in curves],
        dots=[
            Dot(
                percent(min(one.until, end) / end * 100),
                percent(SCALE.up(one.share_on(end))),
                one.tone,
            )
            for one in curves
        ],
    )


def _stairs(curve: Falling, end: int) -> str:
    """Path data in a box of 100 by 100, to the last day that is known."""
    parts, up = ["M0 0"], 0.0
    for day, share in curve.steps:
        if day <= end:
            across = place(day / end * 100)
            parts.append(f"L{across} {place(up)}L{across} {place(SCALE.up(share))}")
            up = SCALE.up(share)
    parts.append(f"L{place(min(curve.until, end) / end * 100)} {place(up)}")
    return "".join(parts)


def _column(index: int, days: Sequence[tuple[int, str]], series: Sequence[Series]) -> Column:
    """A strip that ends on one of the days."""
    end, (day, name) = days[-1][0], days[index]
    left = days[index - 1][0] if index else 0
    return Column(
        x=percent(left / end * 100),
        centre=percent(day / end * 100),
        width=percent((day - left) / end * 100),
        name=name,
        readings=[Reading(one.name, one.tone, one.texts[index]) for one in series],
    )
