"""The overview: every figure of a period, its past, and the customers behind it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from churnapp.common import periods
from churnapp.common.csv_export import Cell, csv_download
from churnapp.common.errors import RuleError
from churnapp.common.htmx import page_or_fragment
from churnapp.common.periods import Interval
from churnapp.models import Organisation
from churnapp.permissions import sees_everything
from customers.metrics.definitions import DEFINITIONS
from customers.metrics.question import Question, ask
from customers.metrics.reports import Report, metrics_report
from customers.models import Term
from customers.views import overview_charts as charts
from customers.views.access import allowed, person, today_here
from customers.views.access import organisation as organisation_of
from customers.views.asking import Asked, asked, customers_of
from customers.views.period_bar import period_bar, refused_bar
from customers.views.tiles import HEADLINES, all_figures, headlines

INTERVALS: tuple[Interval, ...] = ("week", "month", "quarter", "year")


# Keys that the first view needs; the rest is read when a reader gets there.
FIRST = frozenset(HEADLINES) | charts.KEYS


@require_GET
@allowed("customers.view_customer")
def overview(request: HttpRequest) -> HttpResponseBase:
    """Tiles, waterfall and charts for the periods and the segment in the address."""
    organisation = organisation_of(request)
    if not Term.objects.exists():
        return render(request, "customers/overview.html", {"has_facts": False})
    try:
        question = asked(request, today_here(), organisation)
        whole = full_question(request, question, organisation)
    except RuleError as error:
        bar = refused_bar(request, organisation, INTERVALS)
        context = {"has_facts": True, "problem": str(error), "bar": bar}
        return render(request, "customers/overview.html", context, status=400)
    if request.GET.get("format") == "csv":
        return export(request, question, metrics_report(whole))
    report = metrics_report(replace(whole, keys=FIRST))
    return render(request, "customers/overview.html", page(question, report))


@require_GET
@vary_on_headers("HX-Request")
@allowed("customers.view_customer")
def figures(request: HttpRequest) -> HttpResponse:
    """Every figure of the shown period; htmx puts them below the overview's charts."""
    organisation = organisation_of(request)
    template = page_or_fragment(request, "customers/figures.html", "customers/_figures.html")
    try:
        question = asked(request, today_here(), organisation)
        report = metrics_report(full_question(request, question, organisation))
    except RuleError as error:
        problem = {"problem": str(error), "title": _("All figures")}
        return render(request, "customers/figure_customers.html", problem, status=400)
    context = {
        "question": question,
        "shown": question.name(question.shown),
        "before": question.name(report.periods[-2].period),
        "groups": all_figures(report, question),
        "computed_at": report.known_at,
    }
    return render(request, template, context)


def full_question(request: HttpRequest, question: Asked, organisation: Organisation) -> Question:
    """The engine's question: with one period more before the first, for the change since then."""
    known_at = timezone.now()
    customers = customers_of(request, question, known_at)
    is_all = not question.segment and sees_everything(person(request), organisation)
    first = periods.before(question.periods[0], question.interval)[0]
    return ask(
        organisation,
        first.start,
        question.shown.last_on,
        known_at=known_at,
        interval=question.interval,
        customers=None if is_all else customers,
    )


def page(question: Asked, report: Report) -> dict[str, Any]:
    shown = question.name(question.shown)
    return {
        "has_facts": True,
        "question": question,
        "bar": period_bar(question, INTERVALS),
        "shown": shown,
        "now": "?" + question.query(**{"from": "", "to": ""}),
        "is_partial": report.periods[-1].partial,
        "computed_at": report.known_at,
        "tiles": headlines(report, question),
        "waterfall": charts.movement_waterfall(report, question),
        "movements": charts.movement_chart(report, question),
        "churn": charts.churn_chart(report, question),
        "retention": charts.retention_chart(report, question),
        "announcement": _("Figures of %(period)s") % {"period": shown},
    }


@allowed("customers.export_customer")
def export(request: HttpRequest, question: Asked, report: Report) -> HttpResponseBase:
    """Every figure of every period of the page, a period a line, with the keys as heads."""
    header = ["start", "end", "partial", "currency", *DEFINITIONS]
    name = f"figures-{question.code(question.periods[0])}-{question.code(question.shown)}.csv"
    return csv_download(name, header, export_rows(question, report))


def export_rows(question: Asked, report: Report) -> Iterator[list[Cell]]:
    for figures in report.periods[-len(question.periods) :]:
        values = [figures.values[key] for key in DEFINITIONS]
        period = figures.period
        yield [period.start, period.end, figures.partial, report.currency, *values]
