"""Themes counted: how often each was confirmed, month by month, and what its customers took along.

Only what a person confirmed counts; what is only suggested stands apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum
from django.db.models.functions import TruncMonth

from churnapp.models import User
from customers.models import Cancellation
from feedback.models import CommentTheme, Theme

CONFIRMED, SUGGESTED = CommentTheme.State.CONFIRMED, CommentTheme.State.SUGGESTED


@dataclass
class ThemeFigures:
    """One theme in a time: `said` is when each customer said it last, `lost` the ARR that each of
    them took along since then.
    """

    theme: Theme
    months: Sequence[date]
    confirmed_by_month: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    suggested_by_month: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    said: dict[int, datetime] = field(default_factory=dict)
    lost: dict[int, int] = field(default_factory=dict)

    @property
    def customers(self) -> int:
        return len(self.said)

    @property
    def lost_arr_minor(self) -> int:
        return sum(self.lost.values())

    @property
    def confirmed(self) -> int:
        return sum(self.confirmed_by_month.values())

    @property
    def suggested(self) -> int:
        return sum(self.suggested_by_month.values())

    @property
    def course(self) -> list[int]:
        """Confirmed comments month by month."""
        return [self.confirmed_by_month.get(month, 0) for month in self.months]

    @property
    def suggested_course(self) -> list[int]:
        return [self.suggested_by_month.get(month, 0) for month in self.months]


@dataclass(frozen=True)
class Window:
    """The months looked at, from the moment `since` to `today`, in the organisation's `zone`."""

    months: Sequence[date]
    since: datetime
    today: date
    zone: tzinfo


def themed(user: User, window: Window) -> QuerySet[Any]:
    """What the figures are made of: comments that `user` may read, said in the window."""
    found = CommentTheme.objects.visible_to(user).counted().once_a_theme()
    return found.told().filter(said_at__gte=window.since)


def figures_of(themes: Iterable[Theme], user: User, window: Window) -> list[ThemeFigures]:
    """The figures of themes, the most confirmed first; three questions whatever their number."""
    found = {theme.pk: ThemeFigures(theme, window.months) for theme in themes}
    rows = themed(user, window).filter(counts_as__in=found, state__in=(CONFIRMED, SUGGESTED))
    by_month = (
        rows.order_by()
        .annotate(month=TruncMonth("said_at", tzinfo=window.zone))
        .values("counts_as", "state", "month")
        .annotate(number=Count("pk"))
    )
    for row in by_month:
        figures = found[row["counts_as"]]
        is_sure = row["state"] == CONFIRMED
        counted = figures.confirmed_by_month if is_sure else figures.suggested_by_month
        counted[row["month"].date()] += row["number"]
    add_customers(found, rows.filter(state=CONFIRMED), window)
    return sorted(found.values(), key=lambda each: (-each.confirmed, -each.suggested))


def add_customers(found: dict[int, ThemeFigures], confirmed: QuerySet[Any], window: Window) -> None:
    """Who said each theme, and what they took along when they left; each customer once a theme."""
    told = confirmed.exclude(said_by=None).order_by().values("counts_as", "said_by")
    rows = list(told.annotate(last=Max("said_at")).values_list("counts_as", "said_by", "last"))
    lost = lost_by_customer({customer for _theme, customer, _last in rows}, window)
    for theme, customer, last in rows:
        found[theme].said[customer] = last
        if lost.get(customer):
            found[theme].lost[customer] = lost[customer]


def lost_by_customer(customers: set[int], window: Window) -> dict[int, int]:
    left = Cancellation.objects.in_force().filter(
        customer__in=customers, effective_on__gte=window.months[0], effective_on__lte=window.today
    )
    sums = left.with_lost_arr().order_by().values("customer").annotate(lost=Sum("lost_arr_minor"))
    return dict(sums.values_list("customer", "lost"))
