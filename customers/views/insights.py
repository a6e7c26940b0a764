"""Insight into departures: reasons by count and by money, over time, by whom, and in words."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from churnapp.common import formats
from churnapp.common.charts.bars import StackedChart
from churnapp.common.csv_export import Cell, csv_download
from churnapp.common.htmx import page_or_fragment, wants_fragment
from churnapp.common.money import mrr
from churnapp.common.pages import without_page
from churnapp.models import User
from customers.filters import PREFIX
from customers.models import Plan, ReasonCategory, ReasonVersion
from customers.rivals import Register
from customers.tenures import TENURES
from customers.views.access import allowed, person, reporting_currency
from customers.views.agreement import Agreement, CrossTable, Told, agreements, cross_table, told_of
from customers.views.cancellations import country_choices, filter_choices
from customers.views.departure_chips import hidden, narrowed
from customers.views.departures import NO_REASON, DepartureList, read_day
from customers.views.insight_course import Course, Within
from customers.views.insight_cross import ReasonsByPlan, reasons_by_plan
from customers.views.insight_rates import Rates, rates_of
from customers.views.insight_tables import (
    Departure,
    Line,
    Shift,
    comments_of,
    departures_of,
    lines,
    shifts,
)
from customers.views.insight_values import Band, ValueRow, bands_of, value_rows
from customers.views.segments import (
    ATTRIBUTE,
    NONE,
    VIEW,
    attribute_to_compare,
    attributes_to_compare,
    view_choices,
)

FORM = {"period", "plan", "country", "owner", "by", "split", VIEW, ATTRIBUTE}
MOST_LINES = 12
MOST_COMMENTS = 20
Words = Callable[[Any], tuple[str, str]]


@require_GET
@vary_on_headers("HX-Request")
@allowed("customers.view_cancellation")
def insights(request: HttpRequest) -> HttpResponse:
    """What the departures of an address have in common; each figure leads to its departures."""
    insight = Insight(request)
    context: dict[str, Any] = {
        "insight": insight,
        "currency": insight.currency,
        "chips": narrowed(request, FORM, insight.currency),
    }
    if not wants_fragment(request):
        context |= filter_choices(request) | {
            "country_choices": country_choices(),
            "view_choices": view_choices(request.GET, person(request)),
            "attributes": attributes_to_compare(request.GET),
            "computed_at": timezone.now(),
            "hidden": hidden(request.GET, FORM),
        }
    template = page_or_fragment(request, "customers/insights.html", "customers/_insights.html")
    return render(request, template, context)


@require_GET
@allowed("customers.export_customer")
def export_insights(request: HttpRequest) -> StreamingHttpResponse:
    """The tables of the page as one, line by line, as CSV."""
    insight = Insight(request)
    header = [
        _("Table"),
        _("Line"),
        _("Departures"),
        _("Share of lost MRR") if insight.by_money else _("Share of departures"),
        _("Lost MRR"),
        _("Currency"),
        _("Customers at the start"),
        _("Lost of those"),
        _("Churn rate"),
        _("Churn rate, from"),
        _("Churn rate, to"),
    ]
    name = f"insights-{insight.list.today:%Y-%m-%d}.csv"
    return csv_download(name, header, export_rows(insight))


def export_rows(insight: "Insight") -> Iterator[list[Cell]]:
    for title, table in insight.sections():
        for line in table:
            rate = line.rate
            low, high = (rate and rate.interval) or (None, None)
            yield [
                title,
                line.label,
                line.count,
                line.share,
                mrr(line.lost_minor, insight.currency),
                insight.currency,
                rate.at_risk if rate else None,
                rate.left if rate else None,
                rate.share if rate else None,
                low,
                high,
            ]


class Insight:
    """The tables of one address."""

    def __init__(self, request: HttpRequest) -> None:
        self.list = DepartureList(request)
        self.query = request.GET
        self.by_money = self.query.get("by") == "money"
        self.currency = reporting_currency(request)

    @cached_property
    def departures(self) -> list[Departure]:
        return departures_of(self.list.found, self.attribute)

    @property
    def attribute(self) -> str:
        """What the customers are compared by beside plan and such; empty for nothing."""
        return attribute_to_compare(self.query)

    @property
    def count(self) -> int:
        return len(self.departures)

    @property
    def lost_minor(self) -> int:
        return sum(one.lost_minor for one in self.departures)

    @cached_property
    def versions(self) -> dict[int, ReasonVersion]:
        """Every reason as it is worded and sorted now."""
        newest = ReasonVersion.objects.order_by("reason_id", "-version").distinct("reason_id")
        return {version.reason_id: version for version in newest.select_related("reason")}

    @property
    def filter_query(self) -> str:
        """The page's own query string without its number: what the export takes."""
        return without_page(self.query)

    @property
    def href(self) -> str:
        """The list of all that the page counts."""
        return self.address_of()

    def address(self, name: str, value: str) -> str:
        return self.address_of(**{name: value})

    def address_of(self, **values: str) -> str:
        """The list of cancellations, with just these; kinds are compared beside what is asked."""
        kept = self.query.copy()
        for gone in ("by", "split", "page", ATTRIBUTE):
            kept.pop(gone, None)
        for name, value in values.items():
            others = kept.getlist(name) if name == "agree" else []
            kept.setlist(name, [*dict.fromkeys([*others, value])])
        return f"{reverse('customers:cancellations')}?{kept.urlencode()}"

    def address_between(
        self, first: date | None, last: date | None, narrowed: dict[str, str]
    ) -> str:
        """The list of cancellations from a day to another, as far as the page's own time goes."""
        own = self.list
        days = {
            "from": max((day for day in (first, own.first_day) if day), default=None),
            "to": min((day for day in (last, own.last_day) if day), default=None),
        }
        said = {name: day.isoformat() for name, day in days.items() if day}
        return self.address_of(**{"period": own.period or "all"} | said | narrowed)

    def table(self, group: Callable[[Departure], object], words: Words) -> list[Line]:
        return lines(self.departures, group, words, by_money=self.by_money)

    def reasons(self) -> list[Line]:
        return self.table(lambda one: one.reason, self.reason_words)

    def reason_words(self, reason: int | None) -> tuple[str, str]:
        version = self.versions.get(reason) if reason else None
        return str(version or _("Not known")), self.address("reason", self.reason_key(reason))

    def reason_key(self, reason: int | None) -> str:
        version = self.versions.get(reason) if reason else None
        return version.reason.key if version else NO_REASON

    @cached_property
    def value_bands(self) -> list[Band]:
        bands = bands_of(self.departures, self.currency)
        return [band.within(*self.list.loss) for band in bands]

    def by_value(self) -> list[ValueRow]:
        """Each reason over what its departures took along; none where there are too few."""
        bands = self.value_bands
        return value_rows(self.departures, bands, self.reason_words) if bands else []

    def kinds(self) -> list[Line]:
        names = {False: ("voluntary", _("Voluntary")), True: ("involuntary", _("Involuntary"))}
        return self.table(
            lambda one: one.involuntary,
            lambda forced: (names[forced][1], self.address("kind", names[forced][0])),
        )

    def avoidable(self) -> list[Line]:
        """Whether we could have kept them, as the reasons are marked; without the unsorted."""
        names = {True: ("yes", _("Avoidable")), False: ("no", _("Not avoidable"))}
        return lines(
            [one for one in self.departures if self.is_sorted(one)],
            lambda one: self.versions[one.reason or 0].avoidable,
            lambda might: (names[bool(might)][1], self.address("avoidable", names[bool(might)][0])),
            by_money=self.by_money,
        )

    def is_sorted(self, departure: Departure) -> bool:
        return self.category(departure) != ReasonCategory.UNSORTED

    @property
    def unsorted(self) -> int:
        """How many have no reason, or one that nobody has sorted."""
        return sum(not self.is_sorted(one) for one in self.departures)

    @property
    def unsorted_href(self) -> str:
        return self.address("category", ReasonCategory.UNSORTED)

    def groups(self) -> list[tuple[str, list[Line]]]:
        """By the attribute that was chosen, plan, country, time as a customer and owner."""
        by_trait = self.rated("trait", self.trait_words)
        return [
            *([(self.attribute, by_trait)] if self.attribute else []),
            (_("Plan"), self.rated("plan", self.plan_words)),
            (_("Country"), self.rated("country", self.country_words)),
            (_("Time as a customer"), self.table(self.tenure_of, self.tenure_words)),
            (_("Owner"), self.rated("owner", self.owner_words)),
        ]

    def groups_with_rates(self) -> list[tuple[str, list[Line], bool]]:
        """The same, and whether a table has churn rates to show."""
        return [(name, lines, any(line.rate for line in lines)) for name, lines in self.groups()]

    def rated(self, name: str, words: Words) -> list[Line]:
        """The table of a field of departures, each line with its churn rate where there is one."""
        rates = self.rates.get(name, {})
        table = self.table(lambda one: getattr(one, name), words)[:MOST_LINES]
        return [replace(line, rate=rates.get(line.key)) for line in table]

    @cached_property
    def rates(self) -> Rates:
        """By group and its value; none for a period without a beginning, or that is all ahead."""
        first, last = self.list.bounds
        today = self.list.today
        if first is None or first > today:
            return {}
        customers = self.list.customers.filter(*self.list.customer_conditions())
        days = first, min(last or today, today)
        return rates_of(customers, self.list.found, days, self.attribute)

    @cached_property
    def reasons_by_plan(self) -> ReasonsByPlan | None:
        return reasons_by_plan(
            self.departures,
            self.reason_words,
            self.plan_words,
            lambda reason, plan: self.address_of(
                reason=self.reason_key(reason), plan=plan or "none"
            ),
        )

    def sections(self) -> list[tuple[str, list[Line]]]:
        """Every table of lines that the page shows, with its name."""
        return [
            (_("Reason"), self.reasons()),
            (_("Voluntary or not"), self.kinds()),
            (_("Could we have kept them?"), self.avoidable()),
            *self.groups(),
            (_("Competitor"), self.competitors()),
        ]

    @cached_property
    def plans(self) -> dict[str, str]:
        return {plan.code: str(plan) for plan in Plan.objects.all()}

    @cached_property
    def owners(self) -> dict[int, str]:
        ids = {one.owner for one in self.departures if one.owner}
        return {user.pk: str(user) for user in User.objects.filter(pk__in=ids)}

    def plan_words(self, code: str) -> tuple[str, str]:
        return self.plans.get(code) or _("No plan"), self.address("plan", code or "none")

    def trait_words(self, value: str) -> tuple[str, str]:
        label = _("none") if value == NONE else value
        return label, self.address(f"{PREFIX}{self.attribute}", value)

    def country_words(self, country: str) -> tuple[str, str]:
        label = formats.country(country) if country else _("No country")
        return label, self.address("country", country or "none")

    def owner_words(self, owner: int | None) -> tuple[str, str]:
        label = self.owners.get(owner, "") if owner else ""
        return label or _("Nobody"), self.address("owner", str(owner or "none"))

    @staticmethod
    def tenure_of(departure: Departure) -> str:
        return next(band.key for band in TENURES if band.holds(departure.days))

    def tenure_words(self, key: str) -> tuple[str, str]:
        label = next(str(band.label) for band in TENURES if band.key == key)
        return label, self.address("tenure", key)

    def competitors(self) -> list[Line]:
        """To whom they went, by whatever name; those who named nobody are left out."""
        named = [one for one in self.departures if one.competitor]
        register = Register.read() if named else Register()
        return lines(
            named,
            lambda one: register.key(one.competitor),
            lambda name: (register.label(name), self.address("competitor", name)),
            by_money=self.by_money,
        )[:MOST_LINES]

    @cached_property
    def course(self) -> Course:
        """The departures month by month."""
        within = Within(*self.list.bounds, self.list.today)
        return Course(self.departures, self.address_between, self.currency, self.by_money, within)

    def over_time(self) -> StackedChart | None:
        return self.course.by_category(self.category)

    def kinds_over_time(self) -> StackedChart | None:
        return self.course.by_kind()

    def category(self, departure: Departure) -> str:
        version = self.versions.get(departure.reason or 0)
        return str(version.category if version else ReasonCategory.UNSORTED)

    @property
    def split(self) -> date | None:
        return read_day(self.query.get("split", ""))

    def before_and_after(self) -> list[Shift]:
        """What changed at the day that was chosen."""
        if self.split is None:
            return []
        return shifts(self.departures, self.split, lambda one: one.reason, self.reason_sides)

    def reason_sides(self, reason: int | None) -> tuple[str, str, str]:
        label, _href = self.reason_words(reason)
        return (label, *self.sides(reason=self.reason_key(reason)))

    def sides(self, **narrowed: str) -> tuple[str, str]:
        """The addresses of the departures before the chosen day, and from it on."""
        since = self.split or date.max
        before = self.address_between(None, since - timedelta(days=1), narrowed)
        return before, self.address_between(since, None, narrowed)

    @cached_property
    def told(self) -> list[Told]:
        return told_of(self.list.found)

    def agreements(self) -> list[Agreement]:
        """How far the kinds of reason agree, two by two."""
        return agreements(self.told, self.address_of)

    def parted(self) -> CrossTable | None:
        """What they say by what we think, where the two part most."""
        return cross_table(
            self.told,
            lambda pk: (str(self.versions[pk]), self.versions[pk].reason.key),
            self.address_of,
        )

    def comments(self) -> list[Any]:
        return comments_of(self.list.found, MOST_COMMENTS)
