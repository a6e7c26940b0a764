"""A survey's score over time: by month or by quarter, whichever has answers enough."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from statistics import median
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from churnapp.common import formats
from churnapp.common.charts.lines import Frame, LineChart, Series, line_chart
from churnapp.common.periods import Period, between, holding
from customers.views.asking import Choice
from feedback import scores
from feedback.results import by_month, score_of
from feedback.score_words import NAMES, axis_of, point_words, writer
from feedback.scores import Counts
from feedback.views.result_asking import ONE_DAY, SCORED, ResultAsked

Interval = Literal["month", "quarter"]
INTERVALS: dict[Interval, str | Promise] = {
    "month": _lazy("By month"),
    "quarter": _lazy("By quarter"),
}
MOST: dict[Interval, int] = {"month": 24, "quarter": 16}
ENOUGH = 10  # answers in the middle month, for months to be more than noise
FEWEST_QUARTERS = 3  # that make a course
FEW = 5  # points of fewer answers are drawn hollow, and the line goes past them


def chosen_interval(said: str | None) -> Interval | None:
    """What an address asks the trend by; None where it leaves that open."""
    return next((interval for interval in INTERVALS if interval == said), None)


class ScoreTrend:
    """The course that one address of a survey's results shows; one question to the database."""

    def __init__(self, asked: ResultAsked) -> None:
        self.asked, self.survey, self.kind = asked, asked.survey, asked.survey.kind

    @cached_property
    def by_month(self) -> dict[date, dict[int, int]]:
        return by_month(self.survey, self.asked.chosen(), self.asked.zone)

    @cached_property
    def interval(self) -> Interval:
        """What the address asks; else quarters where the middle month has few answers."""
        said = chosen_interval(self.asked.query.get("by"))
        if said:
            return said
        months = [scores.total(self.by_month.get(each.start, {})) for each in self.all("month")]
        if len(self.all("quarter")) < FEWEST_QUARTERS:
            return "month"
        return "quarter" if median(months) < ENOUGH else "month"

    @property
    def choices(self) -> list[Choice]:
        """The ways to show it, each with its address."""
        return [
            Choice(str(label), self.asked.address(by=interval), interval == self.interval)
            for interval, label in INTERVALS.items()
        ]

    def all(self, interval: Interval) -> list[Period]:
        """From the first answer to the last day asked for."""
        first = min(self.by_month, default=None)
        return between(first, self.asked.last, interval) if first else []

    @cached_property
    def periods(self) -> list[Period]:
        return self.all(self.interval)[-MOST[self.interval] :]

    def counts(self) -> Mapping[date, Counts]:
        """How often each number was answered, by the first day of a period."""
        found: dict[date, dict[int, int]] = {}
        for month, counts in self.by_month.items():
            sums = found.setdefault(holding(month, self.interval).start, {})
            for number, times in counts.items():
                sums[number] = sums.get(number, 0) + times
        return found

    def chart(self) -> LineChart:
        """Points with their ranges; those of few answers are hollow, gaps are bridged."""
        counts = self.counts()
        points = [score_of(self.kind, counts.get(each.start, {})) for each in self.periods]
        series = Series(
            str(NAMES[self.kind]),
            [point.value for point in points],
            texts=[point_words(self.kind, point) for point in points],
            intervals=[point.interval for point in points],
            weak=[point.n < FEW for point in points],
            joined=True,
        )
        return line_chart(self.frame(), [series])

    def frame(self) -> Frame:
        spans = [self.span(each) for each in self.periods]
        is_monthly = self.interval == "month"
        title = _("%(score)s by month") if is_monthly else _("%(score)s by quarter")
        part = _("only a part of the month") if is_monthly else _("only a part of the quarter")
        return Frame(
            title=title % {"score": NAMES[self.kind]},
            names=[formats.period(each.start, each.end, self.interval) for each in self.periods],
            text=writer(self.kind),
            hrefs=[self.address(each) for each in spans],
            unknown=formats.not_available(),
            partial=bool(spans) and self.is_part(spans[-1]),
            cut=bool(spans) and self.is_part(spans[0]),
            spans=[self.words(each) for each in spans],
            dashed=part,
            hollow=_("fewer than %(number)s answers") % {"number": FEW},
            scale=axis_of(self.kind),
        )

    def span(self, period: Period) -> Period:
        """The days of a period that are asked for."""
        last = min(period.last_on, self.asked.last)
        return Period(max(period.start, self.asked.first or period.start), last + ONE_DAY)

    def is_part(self, days: Period) -> bool:
        """Whether days are not the whole of their period, or not over yet."""
        return not self.is_whole(days) or days.last_on >= self.asked.today

    def is_whole(self, days: Period) -> bool:
        return days == holding(days.start, self.interval)

    def words(self, days: Period) -> str:
        """A whole period by its name, a part by its days."""
        interval = self.interval if self.is_whole(days) else "days"
        return formats.period(days.start, days.end, interval)

    def address(self, days: Period) -> str:
        wanted = {"from": days.start.isoformat(), "to": days.last_on.isoformat()}
        return self.asked.answers_address(period=None, score=SCORED, **wanted)
