"""What a page of figures is asked in its address: periods, interval and segment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from churnapp.common import formats
from churnapp.common.errors import RuleError
from churnapp.common.periods import (
    Interval,
    Period,
    before,
    between,
    holding,
    parse_interval,
    parse_period,
    step,
)
from churnapp.models import Organisation
from customers.filters import segment, with_points
from customers.models import Customer
from customers.views.access import person, visible_customers

# Names in the address that are no part of the segment.
OWN_NAMES = frozenset(
    {"from", "to", "interval", "format", "page", "kind"}
    | {"by", "cohort", "start", "age", "measure", "group", "label"}
)
MOST_PERIODS = 400
# Periods that a chart begins with: the one shown and those before it.
COUNTS: dict[Interval, int] = {"day": 31, "week": 27, "month": 13, "quarter": 9, "year": 5}
INTERVAL_NAMES: dict[Interval, Promise] = {
    "day": _lazy("Day"),
    "week": _lazy("Week"),
    "month": _lazy("Month"),
    "quarter": _lazy("Quarter"),
    "year": _lazy("Year"),
}


@dataclass(frozen=True)
class Asked:
    """The periods of a page, oldest first; the last one is shown, the others are its past.

    `segment` is a query string over customers, empty for all of them; `kind` chooses among
    movements, on their page alone.
    """

    interval: Interval
    periods: list[Period]
    segment: str
    today: date
    first_month: int
    kind: str = ""

    @property
    def shown(self) -> Period:
        return self.periods[-1]

    @property
    def is_partial(self) -> bool:
        return self.shown.last_on > self.today

    @property
    def is_ahead(self) -> bool:
        return self.shown.start > self.today

    def name(self, period: Period) -> str:
        return formats.period(period.start, period.end, self.interval)

    def code(self, period: Period) -> str:
        return code_of(period, self.interval, self.first_month)

    def query(self, **changes: str) -> str:
        """The question as a query string, with some names changed; empty ones are left out."""
        fields = {
            "from": self.code(self.periods[0]),
            "to": self.code(self.shown),
            "interval": self.interval,
            "kind": self.kind,
        } | changes
        own = QueryDict(mutable=True)
        own.update({name: value for name, value in fields.items() if value})
        return "&".join(filter(None, [own.urlencode(), self.segment]))


def asked(request: HttpRequest, today: date, organisation: Organisation) -> Asked:
    """The question in a page's address, its gaps filled. Raises RuleError for nonsense.

    Charts that would begin after the shown period begin as far before it as without a word.
    """
    return asked_in(request.GET, today, organisation)


def understood(query: QueryDict, today: date, organisation: Organisation) -> Asked:
    """As much of a refused address as makes a question: without its dates, then its interval."""
    rest = query.copy()
    for name in ("from", "to"):
        try:
            return asked_in(rest, today, organisation)
        except RuleError:
            rest.pop(name, None)
    if rest.get("interval") not in COUNTS:
        rest.pop("interval", None)
    return asked_in(rest, today, organisation)


def asked_in(query: QueryDict, today: date, organisation: Organisation) -> Asked:
    interval = parse_interval(query.get("interval") or "month")
    first_month = organisation.fiscal_year_start_month
    last = day_in(query.get("to"), today, first_month)
    shown = holding(last, interval, first_month)
    first = before(shown, interval, COUNTS[interval] - 1)[0].start
    if begins := query.get("from"):
        typed = parse_period(begins, first_month).start
        first = typed if typed <= last else first
    if (last - first) > MOST_PERIODS * timedelta(days=shown.days):
        raise RuleError(
            _("That is more than %(most)s periods. Choose a longer interval or fewer of them.")
            % {"most": MOST_PERIODS}
        )
    periods = between(first, last, interval, first_month)
    return Asked(interval, periods, segment_of(query), today, first_month)


def day_in(text: str | None, today: date, first_month: int) -> date:
    """The last day of the period that `text` names, today at the latest if it lies in there."""
    if not text:
        return today
    period = parse_period(text, first_month)
    return today if period.start <= today <= period.last_on else period.last_on


def segment_of(query: QueryDict) -> str:
    """The part of an address that chooses customers, in a stable order."""
    chosen, given = QueryDict(mutable=True), with_points(query)
    for name in sorted(set(given) - OWN_NAMES):
        chosen.setlist(name, [value for value in given.getlist(name) if value])
    return chosen.urlencode()


def customers_of(request: HttpRequest, question: Asked, known_at: datetime) -> QuerySet[Customer]:
    """The customers of the segment that the reader may see. Raises RuleError for a wrong name.

    Their plans are those of the terms believed at `known_at`, as for every figure.
    """
    customers = visible_customers(request)
    if not question.segment:
        return customers
    return segment(question.segment, customers, user=person(request), known_at=known_at)


def code_of(period: Period, interval: Interval, first_month: int = 1) -> str:
    """How an address names a period, so that `parse_period` finds it again."""
    start = period.start
    if interval == "day":
        return start.isoformat()
    if interval == "week":
        year, week, _weekday = start.isocalendar()
        return f"{year}-W{week:02d}"
    if interval == "month":
        return f"{start:%Y-%m}"
    fiscal_year = start.year - (start.month < first_month)
    if interval == "year":
        return str(fiscal_year)
    quarter = (start.month - first_month) % 12 // 3 + 1
    return f"{fiscal_year}-Q{quarter}"


@dataclass(frozen=True)
class Choice:
    label: str | Promise
    href: str
    is_current: bool


def interval_choices(question: Asked, shown: Iterable[Interval]) -> list[Choice]:
    """The same day in other intervals, each with its own length of past."""
    return [
        Choice(
            INTERVAL_NAMES[interval],
            "?" + in_interval(question, interval),
            interval == question.interval,
        )
        for interval in shown
    ]


def in_interval(question: Asked, interval: Interval) -> str:
    """The same question about the period of another interval that holds the last shown day."""
    day = min(question.shown.last_on, question.today)
    period = holding(max(day, question.shown.start), interval, question.first_month)
    to = code_of(period, interval, question.first_month)
    return question.query(**{"from": "", "to": to, "interval": interval})


def moved(question: Asked, count: int) -> str:
    """The query string of the same question, `count` periods later."""
    interval = question.interval
    first, last = question.periods[0], question.shown
    return question.query(
        **{
            "from": question.code(shifted(first, interval, count)),
            "to": question.code(shifted(last, interval, count)),
        }
    )


def shifted(period: Period, interval: Interval, count: int) -> Period:
    start = step(period.start, interval, count)
    return Period(start, step(start, interval, 1))
