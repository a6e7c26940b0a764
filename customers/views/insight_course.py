"""Departures month by month, stacked by what they have in common: how many, or what was lost."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils.translation import gettext as _

from churnapp.common import formats
from churnapp.common.charts.bars import StackedChart, stacked_chart
from churnapp.common.charts.lines import Frame, Series
from churnapp.common.money import mrr
from churnapp.common.periods import months_after
from customers.models import ReasonCategory
from customers.views.insight_tables import Departure

MOST_MONTHS = 24
FEWEST_MONTHS = 2
TONES = ("tone-1", "tone-2", "tone-3", "tone-4", "tone-5", "tone-6", "tone-7")
ONE_DAY = timedelta(days=1)
Address = Callable[[date, date, dict[str, str]], str]
Sums = dict[tuple[str, date], list[int]]  # what each took along, by key and month


@dataclass(frozen=True)
class Within:
    """The days that a page counts, None where nothing bounds them, and which day it is."""

    first_on: date | None
    last_on: date | None
    today: date


@dataclass(frozen=True)
class Strand:
    """One part of what is stacked; `asks` and `key` are how an address says it."""

    asks: str
    key: str
    name: str
    tone: str


@dataclass(frozen=True)
class Course:
    """Departures over the months they fall in; every figure leads to what it counts.

    `address` gives that of the departures from a day to another, both with it, narrowed further.
    """

    departures: Sequence[Departure]
    address: Address
    currency: str
    by_money: bool
    within: Within

    @cached_property
    def months(self) -> list[date]:
        """The months of the departures, without a gap, the last two years of them."""
        found = sorted({one.effective_on.replace(day=1) for one in self.departures})
        if not found:
            return []
        span = (found[-1].year - found[0].year) * 12 + found[-1].month - found[0].month
        every = [months_after(found[0], at) for at in range(span + 1)]
        return every[-MOST_MONTHS:]

    def by_category(self, category: Callable[[Departure], str]) -> StackedChart | None:
        """By the category of their reason; None for a single month."""
        title = (
            _("Lost MRR by month and kind of reason")
            if self.by_money
            else _("Departures by month and kind of reason")
        )
        strands = [
            Strand("category", one.value, str(one.label), tone)
            for one, tone in zip(ReasonCategory, TONES, strict=True)
        ]
        return self.chart(title, strands, category)

    def by_kind(self) -> StackedChart | None:
        """Voluntary and not; None for a single month."""
        title = (
            _("Lost MRR by month, voluntary or not")
            if self.by_money
            else _("Departures by month, voluntary or not")
        )
        strands = [
            Strand("kind", "voluntary", _("Voluntary"), "tone-1"),
            Strand("kind", "involuntary", _("Involuntary"), "tone-3"),
        ]
        return self.chart(title, strands, kind_of)

    def chart(
        self, title: str, strands: Sequence[Strand], group: Callable[[Departure], str]
    ) -> StackedChart | None:
        """Strands stacked over the months; `group` gives a departure's key among them."""
        if len(self.months) < FEWEST_MONTHS:
            return None
        sums: Sums = defaultdict(list)
        for one in self.departures:
            sums[group(one), one.effective_on.replace(day=1)].append(one.lost_minor)
        series = [self.series(strand, sums) for strand in strands]
        return stacked_chart(self.frame(title), [one for one in series if any(one.values)])

    def series(self, strand: Strand, sums: Sums) -> Series:
        found = [(month, sums.get((strand.key, month), [])) for month in self.months]
        return Series(
            name=strand.name,
            values=[self.value(losses) for _month, losses in found],
            tone=strand.tone,
            hrefs=[
                self.month_address(month, {strand.asks: strand.key}) if losses else ""
                for month, losses in found
            ],
        )

    def value(self, losses: Sequence[int]) -> float:
        return float(mrr(sum(losses), self.currency) if self.by_money else len(losses))

    def text(self, value: float) -> str:
        if self.by_money:
            return formats.compact_money(value, self.currency)
        return formats.compact(value)

    def frame(self, title: str) -> Frame:
        """Months with their addresses; amounts stand beside the plot without their currency."""
        return Frame(
            title=title,
            names=[formats.period(month, months_after(month, 1), "month") for month in self.months],
            text=self.text,
            hrefs=[self.month_address(month, {}) for month in self.months],
            axis=formats.compact,
            finest=0.1 if self.by_money else 1,
            spans=[self.span(month) for month in self.months],
            dashed=_("month not over, or counted only in part"),
            lacking=[at for at, month in enumerate(self.months) if self.is_partial(month)],
        )

    def days_of(self, month: date) -> tuple[date, date]:
        """The first and the last day of a month that count."""
        first, last = self.within.first_on, self.within.last_on
        return max(month, first or month), min(last_of(month), last or date.max)

    def is_partial(self, month: date) -> bool:
        """Whether a month is not over, or not all of its days count."""
        is_whole = self.days_of(month) == (month, last_of(month))
        return not is_whole or last_of(month) > self.within.today

    def span(self, month: date) -> str:
        """A month's name, or its days where only some of them count."""
        first, last = self.days_of(month)
        interval = "month" if (first, last) == (month, last_of(month)) else "days"
        return formats.period(first, last + ONE_DAY, interval)

    def month_address(self, month: date, narrowed: dict[str, str]) -> str:
        return self.address(month, last_of(month), narrowed)


def last_of(month: date) -> date:
    return months_after(month, 1) - ONE_DAY


def kind_of(departure: Departure) -> str:
    return "involuntary" if departure.involuntary else "voluntary"
