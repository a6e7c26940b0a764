"""The customer list: found, ordered, exported."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from churnapp.common.csv_export import Cell, csv_download
from churnapp.common.htmx import page_or_fragment, wants_fragment
from churnapp.common.money import mrr
from churnapp.common.pages import CappedCount
from churnapp.models import ScheduledRun
from customers import night
from customers.filters import attribute_choices
from customers.models import Customer, Plan, Standing
from customers.tables import SHOWABLE, CustomerTable
from customers.views.access import allowed, person, reporting_currency, today_here
from customers.views.conditions import HAVE_MENUS, condition_groups, more_of, owner_choices
from customers.views.filter_words import named_countries
from customers.views.listing import CustomerListing, among_contacts, chips, headings
from customers.views.saved_views import views_for


@require_GET
@vary_on_headers("HX-Request")
@allowed("customers.view_customer")
def customer_list(request: HttpRequest) -> HttpResponse:
    """Customers as the address asks for them; htmx gets the table alone."""
    listing = CustomerListing(request)
    context = table_context(request, listing)
    if not wants_fragment(request):
        context |= page_context(request, listing)
    template = page_or_fragment(request, "customers/list.html", "customers/_table.html")
    response = render(request, template, context)
    if wants_fragment(request):
        for name, value in step_in_history(request, listing.address).items():
            response[name] = value
    return response


def step_in_history(request: HttpRequest, address: str) -> dict[str, str]:
    """Each change is a step to go back to; a letter more in a search is not, nor is no change."""
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    if f"{here.path}?{here.query}" == request.path + address:
        return {}
    before, now = QueryDict(here.query).get("q", ""), request.GET.get("q", "")
    is_typing = before and now and before != now
    return {"HX-Replace-Url" if is_typing else "HX-Push-Url": request.path + address}


@require_GET
@allowed("customers.view_customer")
def customer_count(request: HttpRequest) -> HttpResponse:
    """How many the filters choose, counted further than the page waits for."""
    count = CappedCount.of(CustomerListing(request).found)
    return render(request, "customers/_count.html", {"count": count})


@require_GET
@allowed("customers.view_customer")
def filters(request: HttpRequest) -> HttpResponse:
    """Every filter on a page of its own, for who has no script."""
    listing = CustomerListing(request)
    groups = condition_groups(listing.query, without=["q"])
    context = {"groups": groups, "listing": listing}
    return render(request, "customers/all_filters.html", context)


@require_GET
@allowed("customers.view_customer")
def more_filters(request: HttpRequest, key: str) -> HttpResponse:
    """The filters of one heading that have values to choose from: a part of the list's panel."""
    listing = CustomerListing(request)
    context = {"conditions": more_of(key, listing.query), "query": listing.query}
    return render(request, "customers/_condition_fields.html", context)


def table_context(request: HttpRequest, listing: CustomerListing) -> dict[str, Any]:
    currency = reporting_currency(request)
    table = CustomerTable(listing.page.rows, columns=listing.columns, currency=currency)
    return {
        "listing": listing,
        "table": table,
        "headings": headings(listing, table),
        "chips": chips(listing, request.path),
        "among_contacts": among_contacts(listing),
        "currency": currency,
        "may_bulk": person(request).has_perm("customers.bulk_change_customer"),
        "may_export": person(request).has_perm("customers.export_customer"),
    }


def page_context(request: HttpRequest, listing: CustomerListing) -> dict[str, Any]:
    """What stands around the table: choices of filters and columns, saved views."""
    attributes = attribute_choices()
    return {
        "plan_choices": [(plan.code, plan) for plan in Plan.objects.all()],
        "owner_choices": owner_choices(),
        "country_choices": named_countries(),
        "states": Standing.State.choices,
        "condition_groups": condition_groups(
            listing.query, without=HAVE_MENUS, seen=attributes, lazily=True
        ),
        "showable": column_choices(listing, attributes),
        "saved_views": list(views_for(person(request)).select_related("owner")),
        "query": listing.query,
        "standings_as_of": last_night(),
    }


def last_night() -> datetime | None:
    """When all standings were last looked at; what services change counts at once."""
    nights = ScheduledRun.objects.filter(job=night.JOB, finished_at__isnull=False)
    newest = nights.order_by("-period").values_list("finished_at", flat=True)
    return newest.first()


def column_choices(
    listing: CustomerListing, attributes: dict[str, list[str]]
) -> list[tuple[str, Any, bool]]:
    """Name, label and whether it shows, for every column but the customer's name."""
    own = dict.fromkeys([*attributes, *listing.attribute_columns])
    offered = [(name, label) for name, label in SHOWABLE.items() if name != "name"]
    offered += [(name, name) for name in own if name not in SHOWABLE]
    return [(name, label, name in listing.columns) for name, label in offered]


@require_GET
@allowed("customers.export_customer")
def export_customers(request: HttpRequest) -> StreamingHttpResponse:
    """Exactly the customers that the filters choose, with the columns shown, as CSV."""
    listing = CustomerListing(request)
    names = ["customer_id", *(name for name in listing.columns if name != "customer_id")]
    currency = reporting_currency(request)
    header = [str(SHOWABLE.get(name, name)) for name in names]
    header += [str(_("Currency of MRR"))]
    file_name = f"customers-{today_here():%Y-%m-%d}.csv"
    return csv_download(file_name, header, export_rows(listing, names, currency))


def export_rows(listing: CustomerListing, names: list[str], currency: str) -> Iterator[list[Cell]]:
    """Rows as the database hands them out, never all at once."""
    whole = Customer.objects.for_list().filter(pk__in=listing.found.values("pk"))
    for customer in whole.order_by("name", "pk").iterator(chunk_size=2_000):
        yield [*(export_cell(customer, name, currency) for name in names), currency]


def export_cell(customer: Customer, name: str, currency: str) -> Cell:
    standing = customer.standing
    if name == "mrr":
        return mrr(standing.arr_minor, currency)
    reader = EXPORTED.get(name)
    if reader:
        return reader(customer, standing)
    found = customer.attributes.get(name)
    return found if isinstance(found, int | float | None) else str(found)


EXPORTED = {
    "customer_id": lambda customer, _standing: customer.external_id,
    "name": lambda customer, _standing: customer.name,
    "organisation_number": lambda customer, _standing: customer.organisation_number,
    "country": lambda customer, _standing: customer.country,
    "owner": lambda customer, _standing: str(customer.owner or ""),
    "signed_up": lambda customer, _standing: customer.signed_up_on,
    "state": lambda _customer, standing: str(standing.get_state_display()),
    "plan": lambda _customer, standing: str(standing.plan or ""),
    "risk": lambda _customer, standing: standing.risk,
    "paying_since": lambda _customer, standing: standing.first_paid_on,
    "next_end": lambda _customer, standing: standing.next_end_on,
    "contract_ends": lambda _customer, standing: standing.contract_ends_on,
    "notice_by": lambda _customer, standing: standing.notice_by,
    "last_used": lambda _customer, standing: standing.last_used_on,
    "lost_on": lambda _customer, standing: standing.lost_on,
}
