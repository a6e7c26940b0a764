"""How much is said of us month by month, by customers and by others, and how it sounds."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from churnapp.common import formats
from churnapp.common.charts.bars import StackedChart, stacked_chart
from churnapp.common.charts.lines import Frame, Series
from churnapp.common.periods import months_after
from customers.models import Mention

MONTHS = 12


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
    frame = Frame(_("Mentions a month"), names, formats.compact, finest=1)
    by_customers = [float(row.all - row.others) for row in rows]
    series = [
        Series(_("By others"), [float(row.others) for row in rows], "tone-2"),
        Series(_("By customers"), by_customers, "tone-1"),
    ]
    return Reputation(rows[::-1], stacked_chart(frame, series))


def counted(visible: QuerySet[Mention], since: date) -> list[Month]:
    """Months in which something was said, from `since` on."""
    start = timezone.make_aware(datetime.combine(since, time.min))
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
