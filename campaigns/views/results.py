"""What one campaign did, the people behind each figure, and the same as a file."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from campaigns.models import Campaign, Recipient
from campaigns.results.asking import Asked
from campaigns.results.funnel import GOAL, HELD_OUT, TREATED, people_at
from campaigns.results.lasting import HOLDOUT, lasting_of
from campaigns.views.result_charts import curve_names, gain_chart, lasting_chart
from campaigns.views.result_definitions import DEFINITIONS
from campaigns.views.result_figures import ASIDE, STEPS, ResultFigures
from campaigns.views.result_file import HEADER, lines_of
from campaigns.views.result_parts import ResultParts
from churnapp.common.csv_export import csv_download
from churnapp.common.htmx import wants_fragment
from churnapp.common.pages import PAGE_SIZE, page_number
from churnapp.permissions import sees_everything
from customers.views.access import (
    allowed,
    organisation,
    person,
    reporting_currency,
    visible_customers,
)

NAMES = {**STEPS, **ASIDE}
DETAILS = "details"  # money, how long they stay, and parts
SMALL = 5_000  # customers of whom all is asked for at once


def asked_by(request: HttpRequest, campaigns: list[int]) -> Asked:
    """Everything until now, of the customers that the reader may see."""
    ours = organisation(request)
    is_all = sees_everything(person(request), ours)
    customers = None if is_all else visible_customers(request)
    return Asked.of(campaigns, ours, now=timezone.now(), customers=customers)


def figures_of(request: HttpRequest, pk: int) -> ResultFigures:
    campaign = get_object_or_404(Campaign, pk=pk)
    return ResultFigures(campaign, asked_by(request, [pk]), reporting_currency(request))


@require_GET
@vary_on_headers("HX-Request")
@allowed("campaigns.view_campaign")
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """What a campaign did, against its holdout: a sentence first, then figures.

    Of a large one, what takes seconds is asked for when a reader comes to it (`?part=details`).
    """
    figures = figures_of(request, pk)
    context: dict[str, Any] = {
        "campaign": figures.campaign,
        "figures": figures,
        "currency": figures.currency,
        "definitions": DEFINITIONS,
        "is_part": figures.asked.customers is not None,
        "computed_at": figures.asked.now,
        "may_export": person(request).has_perm("customers.export_customer"),
    }
    asks_details = request.GET.get("part") == DETAILS
    if asks_details or 0 < figures.outcomes.people <= SMALL:
        context |= details(figures)
    if asks_details and wants_fragment(request) and figures.outcomes.people:
        return render(request, "campaigns/_result_details.html", context)
    return render(request, "campaigns/results.html", context)


def details(figures: ResultFigures) -> dict[str, Any]:
    """What there is to show once somebody was drawn."""
    lasting = lasting_of(figures.asked, figures.campaign)
    names = curve_names(lasting)
    return {
        "parts": ResultParts(figures.outcomes, figures.asked),
        "gain_chart": gain_chart(figures.gains, figures.currency),
        "lasting": lasting,
        "lasting_chart": lasting_chart(lasting),
        "lasting_apart": lasting.chance_apart(HOLDOUT),
        "curves": [(names[curve.kind], curve) for curve in lasting.curves],
    }


@require_GET
@allowed("customers.export_customer")
def export(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The figures of the page, line by line, as CSV."""
    figures = figures_of(request, pk)
    parts = ResultParts(figures.outcomes, figures.asked)
    name = f"campaign-{pk}-results-{figures.asked.today:%Y-%m-%d}.csv"
    return csv_download(name, [str(cell) for cell in HEADER], lines_of(figures, parts))


@require_GET
@allowed("campaigns.view_campaign")
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """The customers behind a figure, in the order in which they came in."""
    campaign = get_object_or_404(Campaign, pk=pk)
    reached = request.GET.get("reached", TREATED)
    held_out = request.GET.get("arm") == "holdout"
    try:
        keys = people_at(asked_by(request, [pk]), reached, held_out=held_out)
    except KeyError:
        raise Http404 from None
    pages = max(1, -(-len(keys) // PAGE_SIZE))
    number = min(page_number(request.GET.get("page")), pages)
    context = {
        "campaign": campaign,
        "title": title_of(reached),
        "held_out": held_out or reached == HELD_OUT,
        "rows": rows_of(keys[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]),
        "count": len(keys),
        "earlier": number - 1 if number > 1 else None,
        "later": number + 1 if number < pages else None,
        "currency": reporting_currency(request),
        "computed_at": timezone.now(),
    }
    return render(request, "campaigns/result_people.html", context)


def title_of(reached: str) -> str:
    if reached == "pays":
        return _("Pay on the last day")
    if reached in {HELD_OUT, TREATED}:
        return _("All who were drawn")
    return str(NAMES.get(reached, NAMES[GOAL]))


def rows_of(keys: list[int]) -> Iterator[Recipient]:
    together = ("customer__standing__plan", "customer__owner")
    return iter(Recipient.objects.filter(pk__in=keys).select_related(*together).order_by("pk"))
