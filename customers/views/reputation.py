"""How much is said of us month by month, by customers and by others, and how it sounds."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

from django.db.models import Avg, Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from churnapp.common import formats
from churnapp.common.charts.bars import StackedChart, stacked_chart
from churnapp.common.charts.lines import Frame, Series
from churnapp.common.periods import months_after
from customers.models import Mention

MONTHS = 12
TONES = {"good": 1, "bad": -1}
TONE_NAMES = {"good": _lazy("Good"), "bad": _lazy("Bad")}
BY_NAMES = {"customers": _lazy("By customers"), "others": _lazy("By others")}


@dataclass(frozen=True)
class Month:
    """What was said in a month; `others` is what belongs to no customer of ours."""

    first_on: date
    all: int = 0
    others: int = 0
    good: int = 0
    bad: int = 0
    others_good: int = 0
    others_bad: int = 0
    rating: float | None = None
    others_rating: float | None = None

    def href(self, **narrowed: str) -> str:
        """The list of what was said in it, narrowed further."""
        asked = {"show": "all", "month": f"{self.first_on:%Y-%m}"} | narrowed
        return f"{reverse('customers:mentions')}?{urlencode(asked)}"

    @property
    def cells(self) -> list[tuple[int, str]]:
        """How many, good and bad ones; then the same by others, each with the list of them."""
        return [
            (self.all, self.href()),
            (self.good, self.href(tone="good")),
            (self.bad, self.href(tone="bad")),
        ]

    @property
    def others_cells(self) -> list[tuple[int, str]]:
        return [
            (self.others, self.href(by="others")),
            (self.others_good, self.href(by="others", tone="good")),
            (self.others_bad, self.href(by="others", tone="bad")),
        ]

    @property
    def name(self) -> str:
        return formats.period(self.first_on, months_after(self.first_on, 1), "month")


@dataclass(frozen=True)
class Reputation:
    """The last twelve months, the latest first, and what they look like."""

    months: list[Month]
    chart: StackedChart

    @property
    def is_empty(self) -> bool:
        return not any(month.all for month in self.months)


def reputation(visible: QuerySet[Mention], *, today: date) -> Reputation:
    """Of the mentions that a person may see, in the active time zone."""
    this_month = today.replace(day=1)
    months = [months_after(this_month, -back) for back in range(MONTHS - 1, -1, -1)]
    found = {row.first_on: row for row in counted(visible, months[0])}
    rows = [found.get(first_on, Month(first_on)) for first_on in months]
    names = [row.name for row in rows]
    frame = Frame(
        _("Mentions a month"),
        names,
        formats.compact,
        hrefs=[row.href() for row in rows],
        partial=True,
        finest=1,
    )
    by_customers = [float(row.all - row.others) for row in rows]
    to_others = [row.href(by="others") if row.others else "" for row in rows]
    to_customers = [row.href(by="customers") if row.all > row.others else "" for row in rows]
    series = [
        Series(_("By others"), [float(row.others) for row in rows], "tone-2", hrefs=to_others),
        Series(_("By customers"), by_customers, "tone-1", hrefs=to_customers),
    ]
    return Reputation(rows[::-1], stacked_chart(frame, series))


def as_said(found: QuerySet[Mention], query: QueryDict) -> QuerySet[Mention]:
    """Those of a month, of a tone, by customers or by others, as an address asks."""
    if (month := read_month(query.get("month", ""))) is not None:
        found = found.filter(occurred_at__gte=start_of(month))
        found = found.filter(occurred_at__lt=start_of(months_after(month, 1)))
    if (tone := TONES.get(query.get("tone", ""))) is not None:
        found = found.filter(sentiment=tone)
    if (by_others := {"others": True, "customers": False}.get(query.get("by", ""))) is not None:
        found = found.filter(customer__isnull=by_others)
    return found


def read_month(text: str) -> date | None:
    """The first day of a month written as 2026-11; None for anything else."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if date.min.year < month.year < date.max.year else None


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def counted(visible: QuerySet[Mention], since: date) -> list[Month]:
    """Months in which something was said, from `since` on."""
    start = start_of(since)
    others = Q(customer=None)
    sums = {
        "said": Count("pk"),
        "by_others": Count("pk", filter=others),
        "good": Count("pk", filter=Q(sentiment=1)),
        "bad": Count("pk", filter=Q(sentiment=-1)),
        "others_good": Count("pk", filter=others & Q(sentiment=1)),
        "others_bad": Count("pk", filter=others & Q(sentiment=-1)),
        "mean": Avg("rating"),
        "others_mean": Avg("rating", filter=others),
    }
    by_month = visible.filter(occurred_at__gte=start).annotate(month=TruncMonth("occurred_at"))
    rows = by_month.order_by().values("month").annotate(**sums).values_list("month", *sums)
    return [month_of(*row) for row in rows]


def month_of(moment: datetime, *counts: Any) -> Month:
    """A month of the database: counts, then the two mean ratings as decimal numbers."""
    ratings = [None if mean is None else float(mean) for mean in counts[-2:]]
    return Month(moment.date(), *counts[:-2], *ratings)
