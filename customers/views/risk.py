"""Customers at risk: the list, its export, and the part of a customer's page."""

from collections.abc import Iterator
from itertools import batched
from typing import Any

from django.db.models import Max
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from churnapp.common.csv_export import Cell, csv_download
from churnapp.common.htmx import page_or_fragment, wants_fragment
from churnapp.common.money import mrr
from customers.models import Customer, Plan, RiskFlag, RiskRule
from customers.risk.reasons import reasons_of
from customers.risk.sentences import rule_name, sentence
from customers.services.staff import owners
from customers.views.access import (
    allowed,
    customer_or_404,
    person,
    reporting_currency,
    today_here,
)
from customers.views.at_risk import ORDER_NAMES, SHOWN, AtRiskListing, with_reasons

EXPORT_CHUNK = 1_000
MOST_CLOSED = 20


@require_GET
@vary_on_headers("HX-Request")
@allowed("customers.view_riskflag")
def at_risk(request: HttpRequest) -> HttpResponse:
    """Customers at risk by risk × value, each once with all its reasons."""
    listing = AtRiskListing(request)
    context = {
        "listing": listing,
        "currency": reporting_currency(request),
        "may_act": person(request).has_perm("customers.change_riskflag"),
        "orders": ORDER_NAMES.items(),
    }
    if not wants_fragment(request):
        context |= around(request)
    template = page_or_fragment(request, "customers/risk.html", "customers/_at_risk.html")
    return render(request, template, context)


def around(request: HttpRequest) -> dict[str, Any]:
    """What stands around the list: choices of filters, and how the rules fare."""
    rules = list(RiskRule.objects.filter(enabled=True))
    return {
        "rule_choices": [(rule.key, rule_name(rule)) for rule in rules],
        "owner_choices": [("me", _("me")), ("none", _("nobody")), *((o.pk, o) for o in owners())],
        "plan_choices": [(plan.code, plan) for plan in Plan.objects.all()],
        "shown_choices": SHOWN.items(),
        "ran_at": RiskRule.objects.aggregate(last=Max("ran_at"))["last"],
        "without_data": [rule for rule in rules if rule.readiness == RiskRule.Readiness.NO_DATA],
        "query": request.GET,
        "may_export": person(request).has_perm("customers.export_customer"),
    }


@require_GET
@allowed("customers.export_customer")
def export_at_risk(request: HttpRequest) -> StreamingHttpResponse:
    """Exactly the customers that the filters choose, in their order, as CSV."""
    listing = AtRiskListing(request)
    header = [
        *("customer_id", _("Customer"), _("Owner"), _("Plan"), _("MRR"), _("Currency of MRR")),
        *(_("Risk"), _("At risk since"), _("Reasons")),
    ]
    name = f"at-risk-{today_here():%Y-%m-%d}.csv"
    return csv_download(name, header, export_rows(listing, reporting_currency(request)))


def export_rows(listing: AtRiskListing, currency: str) -> Iterator[list[Cell]]:
    """Rows some thousand at a time, never all at once."""
    keys = listing.ordered.values_list("pk", flat=True).iterator(chunk_size=EXPORT_CHUNK)
    for chunk in batched(keys, EXPORT_CHUNK):
        held = Customer.objects.for_list().defer("attributes").in_bulk(chunk)
        for row in with_reasons((held[pk] for pk in chunk), listing.states):
            one, standing = row.customer, row.customer.standing
            said = [worded.sentence for reason in row.reasons for worded in reason.flags]
            worth = mrr(standing.arr_minor, currency)
            whose = [str(one.owner or ""), str(standing.plan or "")]
            first: list[Cell] = [one.external_id, one.name, *whose, worth, currency]
            yield [*first, standing.risk, row.since, " ".join(said)]


@require_GET
@allowed("customers.view_riskflag")
def risk_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """Why one customer is at risk: every standing flag, and what became of earlier ones."""
    customer = customer_or_404(request, pk)
    flags = RiskFlag.objects.filter(customer=customer).select_related("rule", "changed_by")
    standing = list(flags.filter(state__in=RiskFlag.STANDING))
    closed = flags.exclude(state__in=RiskFlag.STANDING).order_by("-closed_on", "-pk")
    today = today_here()
    context = {
        "customer": customer,
        "reasons": reasons_of(standing, today=today),
        "back": reverse("customers:detail", args=[pk]),
        "closed": [(flag, sentence(flag, today=today)) for flag in closed[:MOST_CLOSED]],
        "may_act": person(request).has_perm("customers.change_riskflag"),
    }
    return render(request, "customers/_risk_panel.html", context)
