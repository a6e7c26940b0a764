"""One offer: what it gives, how it was received, to whom it was made, and how it looks."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from campaigns.costs import PAYING, Pays
from campaigns.forms.offers import beginning
from campaigns.models import Grant, Offer, OfferRules
from campaigns.models.offer import SOURCE_LANGUAGE
from campaigns.promises import gist
from campaigns.services.offers import change_offer
from campaigns.showing import shown_offer
from campaigns.views.finding import audience_words
from campaigns.views.offer_list import (
    asked_form,
    between_words,
    is_sent,
    share_of,
    shown_form,
    state_of,
)
from campaigns.views.saving import is_changed
from campaigns.worth import YearAfter, expected_minor, receptions, year_after
from churnapp.common.csv_export import Cell, csv_download
from churnapp.common.htmx import page_or_fragment
from churnapp.common.money import to_major
from churnapp.common.pages import Page, page_number, page_of, without_page
from churnapp.common.public_pages import POLICY
from customers.filters.searching import has_words
from customers.public_views.pages import shown
from customers.views.access import (
    allowed,
    organisation,
    person,
    reporting_currency,
    today_here,
    visible_customers,
)

# What a customer who pays 100 a month would see.
EXAMPLE_YEAR = 1_200


class GrantList:
    """The offers made that an address chooses, of customers that the reader may see."""

    def __init__(self, request: HttpRequest, offer: Offer) -> None:
        self.request, self.query, self.offer = request, request.GET, offer
        self.now = timezone.now()

    @property
    def state(self) -> str:
        asked = self.query.get("state", "")
        return asked if asked in Grant.State.values else ""

    @property
    def search(self) -> str:
        return self.query.get("q", "").replace("\0", "").strip()

    @cached_property
    def found(self) -> QuerySet[Grant]:
        grants = Grant.objects.filter(
            offer=self.offer, customer__in=visible_customers(self.request)
        ).as_of(self.now)
        if self.state:
            grants = grants.filter(Q(stands=self.state))
        if self.search:
            grants = grants.filter(has_words("customer__name", self.search))
        return grants.select_related("customer", "contact", "settled_by")

    @cached_property
    def page(self) -> Page[Grant]:
        return page_of(self.found, page_number(self.query.get("page")))

    @property
    def states(self) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, label in Grant.State.choices]

    @property
    def filter_query(self) -> str:
        return without_page(self.query)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.state or self.search)


@require_GET
@vary_on_headers("HX-Request")
@allowed("campaigns.view_offer")
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    found = offer_or_404(pk)
    listing = GrantList(request, found)
    context: dict[str, Any] = {
        "offer": found,
        "listing": listing,
        "currency": reporting_currency(request),
    }
    template = page_or_fragment(request, "campaigns/offer.html", "campaigns/_grants.html")
    if template == "campaigns/offer.html":
        context |= around(request, found)
    return render(request, template, context)


def around(request: HttpRequest, found: Offer) -> dict[str, Any]:
    """What stands on the page above the list."""
    rules, me = OfferRules.current(), person(request)
    reception = receptions([found])[found.pk]
    after = year_after(found, today_here(), organisation(request).timezone)
    is_own = me.pk in {found.created_by_id, found.changed_by_id}
    return {
        "gist": gist(found),
        "whom": audience_words(found.eligible),
        "state": state_of(found, rules),
        "reception": reception,
        "between": between_words(reception),
        "share": share_of(found, reception),
        "after": after,
        "after_between": net_between(after),
        "expected_minor": expected_minor(reception, after),
        "has_limits": not {rules.most_cost_minor, rules.most_budget_minor} <= {None},
        "is_own": is_own,
        "may_approve": not is_own and me.has_perm("campaigns.approve_offer"),
        "may_export": me.has_perm("customers.export_customer"),
        "languages": [(code, name, code in found.texts) for code, name in settings.LANGUAGES],
        "computed_at": timezone.now(),
    }


def net_between(after: YearAfter) -> tuple[float, float] | None:
    return after.interval if after.is_enough else None


@require_http_methods(["GET", "POST"])
@allowed("campaigns.change_offer")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say it otherwise; refused, what was typed stays."""
    found = offer_or_404(pk)
    form = asked_form(request, found.kind, beginning(found, reporting_currency(request)))
    if is_sent(request) and form.is_valid():
        save = partial(change_offer, found, form.values, by=person(request))
        if is_changed(form, found, save, lambda: beginning(found, form.reporting)):
            messages.success(request, _("Saved."))
            return redirect("offers:offer", pk)
    back = reverse("offers:offer", args=[pk])
    title = _("Edit %(name)s") % {"name": found}
    return shown_form(request, form, {"title": title, "back": back, "offer": found})


@require_GET
@xframe_options_sameorigin
@allowed("campaigns.view_offer")
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The public page as somebody who pays 100 a month sees it; its buttons do nothing."""
    found = offer_or_404(pk)
    wished = (request.GET.get("lang"), translation.get_language())
    language = next((code for code in wished if code in dict(settings.LANGUAGES)), SOURCE_LANGUAGE)
    currency = found.currency or reporting_currency(request)
    year = int(Decimal(EXAMPLE_YEAR) / to_major(1, currency))
    pays = Pays(PAYING, native_minor=year, currency=currency, arr_minor=year)
    now = timezone.now()
    with translation.override(language):
        context = {
            "grant": Grant(offer=found, expires_at=now + timedelta(days=found.days_to_accept)),
            "title": found.text("title", language),
            "text": found.text("text", language),
            "button": found.text("button", language) or _("Accept"),
            "shown": shown_offer(found, pays, today_here()),
            "languages": [],
            "language": language,
            "fits": True,
            "is_preview": True,
        }
        response = shown(request, "campaigns/public/offer.html", context)
    response.headers["Content-Security-Policy"] = POLICY.format(framed_by="'self'")
    return response


@require_GET
@allowed("customers.export_customer")
def export(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The offers made that the filters choose, as CSV."""
    found, currency = offer_or_404(pk), reporting_currency(request)
    header = [
        _("Customer id"),
        _("Customer"),
        _("Contact"),
        _("Made"),
        _("Until"),
        _("State"),
        _("Settled"),
        _("Undone"),
        _("Cost"),
        _("Currency"),
    ]
    name = f"offer-{found.pk}-{today_here():%Y-%m-%d}.csv"
    return csv_download(name, header, export_rows(GrantList(request, found), currency))


def export_rows(listing: GrantList, currency: str) -> Iterator[list[Cell]]:
    for grant in listing.found.iterator(chunk_size=2_000):
        yield [
            grant.customer.external_id,
            grant.customer.name,
            str(grant.contact or ""),
            grant.made_at,
            grant.expires_at,
            str(Grant.State(grant.stands).label),
            grant.settled_at,
            grant.undone_at,
            to_major(grant.cost_minor, currency),
            currency,
        ]


def offer_or_404(pk: int) -> Offer:
    together = ("plan", "created_by", "approved_by", "changed_by")
    return get_object_or_404(Offer.objects.select_related(*together), pk=pk)
