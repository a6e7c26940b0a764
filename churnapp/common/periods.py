"""Half-open spans of days: `[start, end)`, and the words that name them.

`2025-02`, `2025-Q1`, `2025-W05`, `2025` and a date each name a period. Years and quarters are the
calendar's, or fiscal ones by `first_month`: the year 2025 is then the one that begins in 2025.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal, get_args

from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError

Interval = Literal["day", "week", "month", "quarter", "year"]
INTERVALS: tuple[Interval, ...] = get_args(Interval)
PERIODS_A_YEAR: dict[Interval, int] = {
    "day": 365,
    "week": 52,
    "month": 12,
    "quarter": 4,
    "year": 1,
}
MONTHS_IN: dict[Interval, int] = {"month": 1, "quarter": 3, "year": 12}
DAYS_IN: dict[Interval, int] = {"day": 1, "week": 7}
ONE_DAY = timedelta(days=1)
FRIDAY = 5
# Days outside of these years can only be slips of the pen; between them there is room for steps.
FIRST_YEAR, LAST_YEAR = 1900, 2199
NAMED = re.compile(
    r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|W(?P<week>\d{2})|(?P<month>\d{2}))"
    r"(?:(?<=-\d\d)-(?P<day>\d{2}))?)?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, order=True)
class Period:
    """The days from `start` up to but without `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"A period ends after it starts, not {self.start} to {self.end}.")

    @property
    def last_on(self) -> date:
        return self.end - ONE_DAY

    @property
    def days(self) -> int:
        return (self.end - self.start).days


def parse_period(text: str, first_month: int = 1) -> Period:
    """The period that `text` names.

    Raises RuleError with the forms that are understood, and for a year that no service accepts.
    """
    found = NAMED.fullmatch(text.strip())
    if found is None:
        raise RuleError(not_a_period(text))
    part = {name: int(value) for name, value in found.groupdict().items() if value}
    try:
        period = _named(part, first_month)
    except (ValueError, OverflowError) as error:
        raise RuleError(not_a_period(text)) from error
    check_year(period.start)
    return period


def check_year(day: date, field: str | None = None) -> None:
    """Raises RuleError for a year in which nothing can be recorded."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise RuleError(
            _("The year %(year)s is out of reach. Use one from %(first)s to %(last)s.")
            % {"year": day.year, "first": FIRST_YEAR, "last": LAST_YEAR},
            field=field,
        )


def _named(part: dict[str, int], first_month: int) -> Period:
    year = part["year"]
    if "day" in part:
        return holding(date(year, part["month"], part["day"]), "day")
    if "month" in part:
        return holding(date(year, part["month"], 1), "month")
    if "week" in part:
        return holding(date.fromisocalendar(year, part["week"], 1), "week")
    start = date(year, first_month, 1)
    if "quarter" in part:
        return holding(months_after(start, 3 * (part["quarter"] - 1)), "quarter", first_month)
    return holding(start, "year", first_month)


def not_a_period(text: str) -> str:
    return _("“%(text)s” is no period. Write 2025-02, 2025-Q1, 2025-W05, 2025 or 2025-02-17.") % {
        "text": text
    }


def parse_interval(text: str) -> Interval:
    """One of `INTERVALS`. Raises RuleError otherwise."""
    if text not in INTERVALS:
        raise RuleError(
            _("“%(text)s” is no interval. Choose one of: %(known)s.")
            % {"text": text, "known": ", ".join(INTERVALS)}
        )
    return text


def holding(day: date, interval: Interval, first_month: int = 1) -> Period:
    """The period of this length that `day` lies in; weeks begin on Monday."""
    if interval == "day":
        return Period(day, day + ONE_DAY)
    if interval == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=7))
    length = MONTHS_IN[interval]
    months_in = (day.month - first_month) % 12 % length
    start = months_after(day.replace(day=1), -months_in)
    return Period(start, months_after(start, length))


def between(first: date, last: date, interval: Interval, first_month: int = 1) -> list[Period]:
    """Every period from the one that holds `first` to the one that holds `last`, in order.

    Raises RuleError if `last` lies before `first`.
    """
    if last < first:
        raise RuleError(_("The last day lies before the first."))
    return list(_following(holding(first, interval, first_month), last, interval))


def _following(period: Period, last: date, interval: Interval) -> Iterator[Period]:
    while period.start <= last:
        yield period
        period = Period(period.end, step(period.end, interval, 1))


def before(period: Period, interval: Interval, count: int = 1) -> list[Period]:
    """The `count` periods of this length that end where `period` starts, in order."""
    edges = [step(period.start, interval, -back) for back in range(count, -1, -1)]
    return [Period(start, end) for start, end in itertools.pairwise(edges)]


def step(day: date, interval: Interval, count: int) -> date:
    """`day`, the first of a period, moved by `count` periods."""
    if interval in DAYS_IN:
        return day + timedelta(days=DAYS_IN[interval] * count)
    return months_after(day, MONTHS_IN[interval] * count)


def months_after(first: date, count: int) -> date:
    """The first of a month, moved by `count` months."""
    months = first.year * 12 + first.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def same_day_after(day: date, months: int) -> date:
    """The same day of a later month, or its last one: a month after 31 January is 28 February."""
    first = months_after(day, months)
    last = months_after(first, 1) - ONE_DAY
    return min(first + timedelta(days=day.day - 1), last)


def working_days_after(day: date, count: int) -> date:
    """The day `count` working days, Monday to Friday, after `day`; holidays are not known."""
    while count > 0:
        day += ONE_DAY
        count -= day.isoweekday() <= FRIDAY
    return day


def moment_of(day: date, now: datetime, zone: tzinfo) -> datetime:
    """When something was that is known by its day: now for today, else its first moment."""
    return now if day == now.astimezone(zone).date() else datetime.combine(day, time.min, zone)
