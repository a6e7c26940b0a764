"""What the page of cancellations shows for an address: period, filters, figures, bars."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Count, Q, Sum
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from churnapp.common.pages import Page, page_number, page_of, without_page
from churnapp.common.typed_numbers import fits_bigint
from customers.models import Cancellation, ReasonCategory, ReasonKind, ReasonVersion
from customers.models.cancellation import CancellationQuerySet
from customers.rivals import named
from customers.tenures import TENURES
from customers.views import segments
from customers.views.access import person, today_here, visible_customers
from customers.views.agreement import of_kinds
from customers.views.owner_filter import of_owners

PERIODS: dict[str, str | Promise] = {
    "month": _lazy("This month"),
    "quarter": _lazy("Last 90 days"),
    "year": _lazy("Last 12 months"),
    "ahead": _lazy("Ahead"),
    "all": _lazy("All time"),
}
DEFAULT_PERIOD = "year"
TOP = 6
NO_REASON = "none"
ANYBODY = "*"
Bounds = tuple[date | None, date | None]


@dataclass(frozen=True)
class ReasonBar:
    """A reason's share of the departures and of the money; `href` lists its departures."""

    label: str
    count: int
    lost_minor: int
    count_share: float
    lost_share: float
    href: str


@dataclass(frozen=True)
class Tally:
    """Departures of one reason, or of all; `lost_minor` is ARR, asked of the terms."""

    reason: int | None
    count: int
    involuntary: int
    lost_minor: int

    @property
    def involuntary_share(self) -> float | None:
        return self.involuntary / self.count if self.count else None


class DepartureList:
    """The answer to one address of the page of cancellations."""

    def __init__(self, request: HttpRequest) -> None:
        self.query = request.GET
        self.today = today_here()
        self.user = person(request)
        self.customers = visible_customers(request)
        self.visible = Cancellation.objects.in_force().filter(customer__in=self.customers)

    @property
    def period(self) -> str:
        asked = self.query.get("period", "")
        if not asked and (self.first_day or self.last_day):
            return ""
        return asked if asked in PERIODS else DEFAULT_PERIOD

    @property
    def period_label(self) -> str | Promise:
        return PERIODS.get(self.period, _lazy("From and to"))

    @property
    def first_day(self) -> date | None:
        return read_day(self.query.get("from", ""))

    @property
    def last_day(self) -> date | None:
        return read_day(self.query.get("to", ""))

    @property
    def bounds(self) -> Bounds:
        """The first and the last day that count, None where nothing bounds them."""
        first, last = bounds_of(self.period, self.today)
        firsts = [day for day in (first, self.first_day) if day]
        lasts = [day for day in (last, self.last_day) if day]
        return max(firsts, default=None), min(lasts, default=None)

    @cached_property
    def found(self) -> CancellationQuerySet:
        """Every departure that the address chooses."""
        chosen = within(self.visible, self.bounds)
        narrowed = self.of_kind(self.of_reason(self.of_customers(chosen)))
        told = {kind: given(self.query, kind) for kind in ReasonKind.values}
        narrowed = of_kinds(narrowed, told, given(self.query, "agree"))
        return self.of_loss(self.of_competitor(self.of_sort(self.of_tenure(narrowed))))

    def of_customers(self, chosen: CancellationQuerySet) -> CancellationQuerySet:
        return chosen.filter(*self.customer_conditions("customer__"))

    def customer_conditions(self, path: str = "") -> Iterator[Q]:
        """What the address asks of the customers at the end of `path`."""
        if plans := given(self.query, "plan"):
            on_them = Q(**{f"{path}standing__plan__code__in": plans})
            yield on_them | Q(**{f"{path}standing__plan": None}) if "none" in plans else on_them
        if owners := given(self.query, "owner"):
            yield of_owners(owners, self.user, f"{path}owner")
        if countries := given(self.query, "country"):
            yield Q(**{f"{path}country__in": blank_for_none(countries)})
        yield from segments.conditions(self.query, self.user, path)

    def of_reason(self, chosen: CancellationQuerySet) -> CancellationQuerySet:
        keys = given(self.query, "reason")
        if not keys:
            return chosen
        named = Q(reason__key__in=keys)
        return chosen.filter(named | Q(reason=None) if NO_REASON in keys else named)

    def of_sort(self, chosen: CancellationQuerySet) -> CancellationQuerySet:
        """By the category of the reason as it is sorted now, and whether it was avoidable.

        Without a reason a departure is unsorted; what is unsorted is neither avoidable nor not.
        """
        categories, avoidable = given(self.query, "category"), self.query.get("avoidable", "")
        marks = {"yes": {True}, "no": {False}}.get(avoidable, {True, False})
        if not categories and len(marks) > 1:
            return chosen
        newest = ReasonVersion.objects.order_by("reason_id", "-version").distinct("reason_id")
        sorted_now = [one for one in newest if one.category != ReasonCategory.UNSORTED]
        fitting = [
            one.reason_id
            for one in sorted_now
            if (not categories or one.category in categories) and one.avoidable in marks
        ]
        found = chosen.filter(reason__in=fitting)
        if ReasonCategory.UNSORTED not in categories or len(marks) == 1:
            return found
        others = [one.reason_id for one in sorted_now if one.reason_id not in fitting]
        return chosen.exclude(reason__in=others)

    def of_competitor(self, chosen: CancellationQuerySet) -> CancellationQuerySet:
        """By whatever name it goes; `*` stands for anybody who was named."""
        names = given(self.query, "competitor")
        if not names:
            return chosen
        said = chosen.with_rival()
        return said.filter(~Q(rival="") if ANYBODY in names else named(names))

    def of_tenure(self, chosen: CancellationQuerySet) -> CancellationQuerySet:
        bands = {band.key: band for band in TENURES}
        asked = [bands[key] for key in given(self.query, "tenure") if key in bands]
        if not asked:
            return chosen
        within = Q()
        for band in asked:
            within |= band.condition()
        return chosen.filter(within)

    def of_loss(self, chosen: CancellationQuerySet) -> CancellationQuerySet:
        least, under = self.loss
        edges = {"lost_arr_minor__gte": least, "lost_arr_minor__lt": under}
        within = {name: edge for name, edge in edges.items() if edge is not None}
        return chosen.with_lost_arr().filter(**within) if within else chosen

    @property
    def loss(self) -> tuple[int | None, int | None]:
        """The ARR it took along, in minor units: `1000-5000` holds 1000 but not 5000."""
        least, dash, under = self.query.get("lost", "").partition("-")
        if not dash or not all(fits_bigint(edge) for edge in (least, under) if edge):
            return None, None
        return int(least) if least else None, int(under) if under else None

    def of_kind(self, chosen: CancellationQuerySet) -> CancellationQuerySet:
        kind = self.query.get("kind", "")
        if kind not in {"voluntary", "involuntary"}:
            return chosen
        return chosen.filter(involuntary=kind == "involuntary")

    @cached_property
    def page(self) -> Page[Cancellation]:
        together = ("customer__standing__plan", "customer__owner", "reason_version", "subscription")
        rows = self.found.with_lost_arr().select_related(*together)
        return page_of(rows, page_number(self.query.get("page")))

    @cached_property
    def by_reason(self) -> list[Tally]:
        """What there is of each reason, the most frequent first."""
        sums = {
            "count": Count("pk"),
            "involuntarily": Count("pk", filter=Q(involuntary=True)),
            "lost": Sum("lost_arr_minor"),
        }
        by_reason = self.found.with_lost_arr().order_by().values("reason").annotate(**sums)
        rows = by_reason.values_list("reason", *sums)
        tallies = [Tally(*row) for row in rows]
        return sorted(tallies, key=lambda tally: (-tally.count, -tally.lost_minor))

    @property
    def totals(self) -> Tally:
        """All reasons together."""
        sums = [
            sum(getattr(tally, name) for tally in self.by_reason)
            for name in ("count", "involuntary", "lost_minor")
        ]
        return Tally(None, *sums)

    def top_reasons(self) -> tuple[list[ReasonBar], list[ReasonBar]]:
        """The reasons by customers and by money, each against the largest."""
        words = worded([tally.reason for tally in self.by_reason if tally.reason])
        most = max((tally.count for tally in self.by_reason), default=0)
        dearest = max((tally.lost_minor for tally in self.by_reason), default=0)
        bars = [
            ReasonBar(
                label=str(words[tally.reason]) if tally.reason else _("Not known"),
                count=tally.count,
                lost_minor=tally.lost_minor,
                count_share=tally.count / most if most else 0,
                lost_share=tally.lost_minor / dearest if dearest else 0,
                href=self.with_reason(
                    words[tally.reason].reason.key if tally.reason else NO_REASON
                ),
            )
            for tally in self.by_reason
        ]
        by_money = sorted(bars, key=lambda bar: -bar.lost_minor)
        return bars[:TOP], [bar for bar in by_money if bar.lost_minor][:TOP]

    def with_reason(self, key: str) -> str:
        kept = self.query.copy()
        kept.pop("page", None)
        kept["reason"] = key
        return f"?{kept.urlencode()}"

    @property
    def filter_query(self) -> str:
        return without_page(self.query)


def within(chosen: CancellationQuerySet, bounds: Bounds) -> CancellationQuerySet:
    """Those that take effect from a day to another, both with it."""
    first, last = bounds
    if first:
        chosen = chosen.filter(effective_on__gte=first)
    return chosen.filter(effective_on__lte=last) if last else chosen


def bounds_of(period: str, today: date) -> Bounds:
    """The first and the last day of a period, None where it has no end on that side: a month as a
    whole, the last days up to today.
    """
    first_of_month = today.replace(day=1)
    bounds: dict[str, Bounds] = {
        "month": (first_of_month, first_of_next_month(first_of_month) - timedelta(days=1)),
        "quarter": (today - timedelta(days=89), today),
        "year": (same_day_last_year(today) + timedelta(days=1), today),
        "ahead": (today + timedelta(days=1), None),
    }
    return bounds.get(period, (None, None))


def first_of_next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def same_day_last_year(day: date) -> date:
    """A year before; the 28th of February for a leap day."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def blank_for_none(values: list[str]) -> list[str]:
    """`none` in an address asks for what is empty."""
    return ["" if value == "none" else value for value in values]


def given(query: QueryDict, name: str) -> list[str]:
    return [value for value in query.getlist(name) if value and "\0" not in value]


def worded(reasons: Sequence[int]) -> dict[int, ReasonVersion]:
    """The present wording of each reason, with the reason itself."""
    newest = ReasonVersion.objects.filter(reason__in=reasons).order_by("reason_id", "-version")
    versions = newest.distinct("reason_id").select_related("reason")
    return {version.reason_id: version for version in versions}
