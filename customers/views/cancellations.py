"""Departures: who left, why in their words, and what it cost."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from churnapp.common.csv_export import Cell, csv_download
from churnapp.common.htmx import page_or_fragment, wants_fragment
from churnapp.common.money import mrr
from customers.forms.cancellations import latest_versions
from customers.models import Plan
from customers.views.access import allowed, person, reporting_currency
from customers.views.conditions import owner_choices
from customers.views.departure_chips import hidden, narrowed
from customers.views.departures import NO_REASON, PERIODS, DepartureList
from customers.views.filter_words import named_countries
from customers.views.kinds import kinds_of

FORM = {"period", "reason", "plan", "owner", "kind"}


@require_GET
@vary_on_headers("HX-Request")
@allowed("customers.view_cancellation")
def cancellations(request: HttpRequest) -> HttpResponse:
    """Departures as the address asks for them, with their figures on top."""
    departures = DepartureList(request)
    by_count, by_money = departures.top_reasons()
    currency = reporting_currency(request)
    context: dict[str, Any] = {
        "departures": departures,
        "currency": currency,
        "chips": narrowed(request, FORM, currency),
        "kinds": kinds_of(departures.page.rows, today=departures.today),
        "by_count": by_count,
        "by_money": by_money,
    }
    if not wants_fragment(request):
        context |= filter_choices(request) | {"computed_at": timezone.now()}
        context["hidden"] = hidden(request.GET, FORM)
    template = page_or_fragment(
        request, "customers/cancellations.html", "customers/_cancellations.html"
    )
    return render(request, template, context)


def filter_choices(request: HttpRequest) -> dict[str, Any]:
    """What stands around the list: choices of filters, and the export."""
    return {
        "periods": PERIODS.items(),
        "query": request.GET,
        "plan_choices": plan_choices(),
        "owner_choices": owner_choices(),
        "reason_choices": reason_choices(),
        "kind_choices": [("voluntary", _("Voluntary")), ("involuntary", _("Involuntary"))],
        "may_export": person(request).has_perm("customers.export_customer"),
    }


def plan_choices() -> list[tuple[str, str]]:
    return [*((plan.code, str(plan)) for plan in Plan.objects.all()), ("none", _("No plan"))]


def country_choices() -> list[tuple[str, str]]:
    return [*named_countries(), ("none", _("No country"))]


def reason_choices() -> list[tuple[str, str]]:
    return [
        (NO_REASON, _("Not known")),
        *((version.reason.key, str(version)) for version in latest_versions()),
    ]


@require_GET
@allowed("customers.export_customer")
def export_cancellations(request: HttpRequest) -> StreamingHttpResponse:
    """Exactly the departures that the filters choose, as CSV."""
    departures = DepartureList(request)
    currency = reporting_currency(request)
    header = [
        _("Customer id"),
        _("Customer"),
        _("Subscription"),
        _("Leaves on"),
        _("Gave notice on"),
        _("Reason"),
        _("Involuntary"),
        _("In the customer's words"),
        _("Our note"),
        _("Competitor"),
        _("Missing feature"),
        _("Lost MRR"),
        _("Currency"),
        _("Plan"),
        _("Owner"),
    ]
    file_name = f"cancellations-{departures.today:%Y-%m-%d}.csv"
    return csv_download(file_name, header, export_rows(departures, currency))


def export_rows(departures: DepartureList, currency: str) -> Iterator[list[Cell]]:
    together = ("customer__standing__plan", "customer__owner", "reason_version", "subscription")
    rows = departures.found.with_lost_arr().select_related(*together)
    for row in rows.iterator(chunk_size=2_000):
        customer = row.customer
        standing = getattr(customer, "standing", None)
        yield [
            customer.external_id,
            customer.name,
            row.subscription.external_id if row.subscription else "",
            row.effective_on,
            timezone.localdate(row.requested_at) if row.requested_at else None,
            str(row.reason_version or ""),
            int(row.involuntary),
            row.their_words,
            row.our_note,
            row.competitor,
            row.missing_feature,
            mrr(row.lost_arr_minor, currency),
            currency,
            str((standing and standing.plan) or ""),
            str(customer.owner or ""),
        ]
