"""The register of competitors, and a page for each: its offers, and what was lost to it."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from churnapp.common.csv_export import Cell, csv_download
from churnapp.common.htmx import page_or_fragment, wants_fragment
from churnapp.common.money import mrr, to_major
from churnapp.common.pages import Page, page_number, page_of, without_page
from customers.models import Cancellation, Competitor, CompetitorName, CompetitorOffer
from customers.models.cancellation import CancellationQuerySet
from customers.models.competitor import in_plain, plain_name
from customers.rivals import Register, named
from customers.views.access import allowed, person, reporting_currency, today_here
from customers.views.competitor_tables import (
    OfferRow,
    RivalRow,
    Stranger,
    Toll,
    offer_rows,
    strange_names,
    tolls,
)
from customers.views.departure_chips import hidden, narrowed
from customers.views.departures import ANYBODY, PERIODS, DepartureList

FORM = {"period", "by"}


class CompetitorRegister:
    """The answer to one address of the register."""

    def __init__(self, request: HttpRequest) -> None:
        self.list = DepartureList(request)
        self.query = request.GET
        self.by_money = self.query.get("by") == "money"

    @cached_property
    def register(self) -> Register:
        return Register.read()

    @cached_property
    def tolls(self) -> dict[str, Toll]:
        return tolls(self.list.found, self.list.today)

    @property
    def all(self) -> Toll:
        return sum(self.tolls.values(), Toll())

    @property
    def said(self) -> Toll:
        """Those who named somebody."""
        return sum((toll for rival, toll in self.tolls.items() if rival), Toll())

    @cached_property
    def rows(self) -> list[RivalRow]:
        """Competitors in the register, who took most first."""
        sums: dict[str, Toll] = {}
        for rival, toll in self.tolls.items():
            sums[self.register.key(rival)] = sums.get(self.register.key(rival), Toll()) + toll
        offers = {offer.entry: offer for offer in CompetitorOffer.objects.last_of_each()}
        entries = self.register.entries()
        each = [(entry, sums.get(in_plain(entry.name), Toll())) for entry in entries]
        each.sort(key=lambda pair: (bool(pair[0].retired_at), *self.rank(pair[1])))
        most = max((self.weight(toll) for _entry, toll in each), default=0)
        return [
            RivalRow(
                competitor=entry,
                others=self.register.other_names(entry),
                toll=toll,
                offer=offers.get(entry.pk),
                length=self.weight(toll) / most if most else 0,
                href=departures_of(self.query, in_plain(entry.name)),
                page=reverse("customers:competitor", args=[entry.pk]) + self.suffix,
            )
            for entry, toll in each
        ]

    def weight(self, toll: Toll) -> int:
        return toll.lost_minor if self.by_money else toll.count

    def rank(self, toll: Toll) -> tuple[int, int]:
        return -self.weight(toll), -toll.count

    @cached_property
    def strangers(self) -> list[Stranger]:
        """Names that nobody in the register goes by, of all time."""
        address = reverse("customers:cancellations")
        return [
            Stranger(
                one["said"].strip(),
                one["count"],
                one["lost"],
                f"{address}?{urlencode({'period': 'all', 'competitor': one['rival']})}",
            )
            for one in strange_names(self.list.visible)
        ]

    @property
    def href(self) -> str:
        """The departures that named somebody."""
        return departures_of(self.query, ANYBODY)

    @property
    def filter_query(self) -> str:
        return without_page(self.query)

    @property
    def suffix(self) -> str:
        return f"?{self.filter_query}" if self.filter_query else ""


class CompetitorPage:
    """One competitor: what it offers, and the departures to it that an address chooses."""

    def __init__(self, request: HttpRequest, competitor: Competitor) -> None:
        self.list = DepartureList(request)
        self.query = request.GET
        self.competitor = competitor

    @cached_property
    def found(self) -> CancellationQuerySet:
        return self.list.found.with_rival().filter(named([self.competitor.name]))

    @cached_property
    def toll(self) -> Toll:
        return sum(tolls(self.found, self.list.today).values(), Toll())

    @cached_property
    def page(self) -> Page[Cancellation]:
        rows = self.found.with_lost_arr().with_won_back(self.list.today)
        rows = rows.select_related("customer__owner", "reason_version")
        return page_of(rows, page_number(self.query.get("page")))

    @cached_property
    def offers(self) -> list[OfferRow]:
        offers = CompetitorOffer.objects.of(self.competitor)
        return offer_rows(offers.select_related("recorded_by", "competitor"), self.list.today)

    @property
    def standing_offers(self) -> int:
        return sum(not row.is_over for row in self.offers)

    @cached_property
    def names(self) -> list[CompetitorName]:
        """What else it goes by, with the names of those merged into it."""
        own = in_plain(self.competitor.name)
        names = CompetitorName.objects.of(self.competitor).exclude(plain=own)
        return list(names.select_related("competitor"))

    @property
    def merged(self) -> list[Competitor]:
        """Those merged into it: each goes by a name."""
        others = {name.competitor for name in self.names} - {self.competitor}
        return sorted(others, key=lambda one: (one.name.lower(), one.pk))

    @property
    def href(self) -> str:
        return departures_of(self.query, in_plain(self.competitor.name))

    @property
    def filter_query(self) -> str:
        """What the export of its departures asks for."""
        query = self.query.copy()
        query["competitor"] = in_plain(self.competitor.name)
        return without_page(query)


def departures_of(query: QueryDict, rival: str) -> str:
    """The list of departures that an address chooses, to one competitor alone."""
    rest = query.copy()
    for gone in ("by", "page"):
        rest.pop(gone, None)
    rest["competitor"] = rival
    return f"{reverse('customers:cancellations')}?{rest.urlencode()}"


def around(request: HttpRequest) -> dict[str, Any]:
    """What stands around both pages."""
    return {
        "periods": PERIODS.items(),
        "hidden": hidden(request.GET, FORM),
        "may_export": person(request).has_perm("customers.export_customer"),
        "computed_at": timezone.now(),
    }


@require_GET
@vary_on_headers("HX-Request")
@allowed("customers.view_competitor")
def competitors(request: HttpRequest) -> HttpResponse:
    """Every competitor with what was lost to it, and names that nobody goes by yet."""
    listing = CompetitorRegister(request)
    currency = reporting_currency(request)
    chips = narrowed(request, FORM, currency)
    context: dict[str, Any] = {"listing": listing, "currency": currency, "chips": chips}
    if not wants_fragment(request):
        context |= around(request)
    template = page_or_fragment(
        request, "customers/competitors.html", "customers/_competitors.html"
    )
    return render(request, template, context)


@require_GET
@vary_on_headers("HX-Request")
@allowed("customers.view_competitor")
def competitor(request: HttpRequest, pk: int) -> HttpResponse:
    """What it offers, and who went there; one that was merged leads to the other's page."""
    one = get_object_or_404(Competitor, pk=pk)
    if one.merged_into_id:
        return redirect("customers:competitor", pk=one.merged_into_id)
    page, currency = CompetitorPage(request, one), reporting_currency(request)
    chips = narrowed(request, FORM, currency)
    context: dict[str, Any] = {"competitor": page, "currency": currency, "chips": chips}
    if not wants_fragment(request):
        context |= around(request)
    template = page_or_fragment(request, "customers/competitor.html", "customers/_competitor.html")
    return render(request, template, context)


@require_GET
@allowed("customers.export_customer")
def export_losses(request: HttpRequest) -> StreamingHttpResponse:
    """The departures that the filters choose and that named a competitor, as CSV."""
    listing, currency = DepartureList(request), reporting_currency(request)
    header = [
        _("Competitor"),
        _("Name as it was said"),
        _("Customer id"),
        _("Customer"),
        _("Leaves on"),
        _("Reason"),
        _("In the customer's words"),
        _("Our note"),
        _("Lost MRR"),
        _("Currency"),
        _("Won back"),
        _("Owner"),
    ]
    name = f"lost-to-competitors-{listing.today:%Y-%m-%d}.csv"
    return csv_download(name, header, loss_rows(listing, currency))


def loss_rows(listing: DepartureList, currency: str) -> Iterator[list[Cell]]:
    register = Register.read()
    found = listing.found.with_lost_arr().with_won_back(listing.today)
    said = found.annotate(rival=plain_name("competitor")).exclude(rival="")
    rows = said.select_related("customer__owner", "reason_version")
    for row in rows.iterator(chunk_size=2_000):
        entry = register.competitor(row.rival)
        yield [
            entry.name if entry else "",
            row.competitor,
            row.customer.external_id,
            row.customer.name,
            row.effective_on,
            str(row.reason_version or ""),
            row.their_words,
            row.our_note,
            mrr(row.lost_arr_minor, currency),
            currency,
            int(row.won_back),
            str(row.customer.owner or ""),
        ]


@require_GET
@allowed("customers.export_customer")
def export_offers(request: HttpRequest) -> StreamingHttpResponse:
    """Every offer of every competitor with its days, as CSV."""
    header = [
        _("Competitor"),
        _("Offer"),
        _("Price"),
        _("Currency"),
        _("For"),
        _("Seen on"),
        _("Until"),
        _("Where it was seen"),
        _("Note"),
        _("Recorded by"),
    ]
    today = today_here()
    return csv_download(f"competitor-offers-{today:%Y-%m-%d}.csv", header, all_offers(today))


def all_offers(today: date) -> Iterator[list[Cell]]:
    by_entry: dict[Competitor, list[CompetitorOffer]] = {}
    together = ("competitor__merged_into", "recorded_by")
    for offer in CompetitorOffer.objects.select_related(*together):
        by_entry.setdefault(offer.competitor.entry, []).append(offer)
    for entry in sorted(by_entry, key=lambda one: (one.name.lower(), one.pk)):
        for row in offer_rows(by_entry[entry], today):
            offer, minor = row.offer, row.offer.amount_minor
            yield [
                entry.name,
                offer.name,
                None if minor is None else to_major(minor, offer.currency),
                offer.currency,
                offer.get_per_display(),
                offer.seen_on,
                row.until,
                offer.url,
                offer.note,
                str(offer.recorded_by or ""),
            ]
