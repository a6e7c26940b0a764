"""Who is behind a figure: the customers it counts, and the movements of a period."""

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from churnapp.common.errors import RuleError
from churnapp.models import Organisation
from customers.metrics import lists
from customers.metrics.definitions import DEFINITIONS
from customers.metrics.question import Question
from customers.metrics.reports import metrics_report
from customers.views.access import allowed, today_here
from customers.views.access import organisation as organisation_of
from customers.views.asking import Asked, Choice, asked
from customers.views.figure_list import export_entries, listed
from customers.views.overview import INTERVALS, full_question
from customers.views.overview_charts import MOVEMENTS
from customers.views.period_bar import period_bar, refused_bar
from customers.views.tiles import tile_of

KIND_NAMES = {kind: label for kind, label, _tone in MOVEMENTS}


@require_GET
@allowed("customers.view_customer")
def metric_customers(request: HttpRequest, key: str) -> HttpResponseBase:
    """The figure of one period, what it means, and the customers that it counts."""
    definition = DEFINITIONS.get(key)
    if definition is None or not definition.behind:
        raise Http404
    organisation = organisation_of(request)
    try:
        question = asked(request, today_here(), organisation)
        whole = full_question(request, one_period(question), organisation)
    except RuleError as error:
        return refused(request, error)
    found = lists.behind_columns(key, last_period(whole))
    if request.GET.get("format") == "csv":
        name = f"{key}-{question.code(question.shown)}"
        return export_entries(request, name, found, organisation.currency)
    report = metrics_report(replace(whole, keys=frozenset({key})))
    context = list_page(request, question, found, organisation) | {
        "title": definition.label,
        "definition": definition,
        "tile": tile_of(definition, report, question),
        "computed_at": report.known_at,
    }
    return render(request, "customers/figure_customers.html", context)


@require_GET
@allowed("customers.view_customer")
def movements(request: HttpRequest) -> HttpResponseBase:
    """Every change of revenue in one period, of one kind or of all."""
    organisation = organisation_of(request)
    kind = request.GET.get("kind", "")
    try:
        question = replace(asked(request, today_here(), organisation), kind=kind)
        whole = full_question(request, one_period(question), organisation)
        found = largest_first(lists.movement_columns(last_period(whole), kind or None))
    except RuleError as error:
        return refused(request, error)
    if request.GET.get("format") == "csv":
        name = f"movements-{question.code(question.shown)}"
        return export_entries(request, name, found, organisation.currency)
    context = list_page(request, question, found, organisation) | {
        "title": _("MRR movements"),
        "kinds": kind_choices(question),
        "computed_at": whole.known_at,
    }
    return render(request, "customers/figure_customers.html", context)


def largest_first(moved: pa.Table) -> pa.Table:
    """Movements by the size of their amount, gains and losses alike, in the reader's words."""
    sizes = pa.table({"size": pc.abs(moved["arr_minor"])})
    ordered = moved.take(pc.sort_indices(sizes, [("size", "descending")]))
    kinds = ordered["kind"].combine_chunks().dictionary_encode()
    words = [str(KIND_NAMES[kind]) for kind in kinds.dictionary.to_pylist()]
    told = pa.DictionaryArray.from_arrays(kinds.indices, pa.array(words, pa.string()))
    return ordered.set_column(ordered.schema.get_field_index("kind"), "kind", told)


def last_period(question: Question) -> Question:
    return replace(question, periods=question.periods[-1:])


def one_period(question: Asked) -> Asked:
    """The shown period alone: a list is of one, links keep the others for the way back."""
    return replace(question, periods=[question.shown])


def list_page(
    request: HttpRequest, question: Asked, found: pa.Table, organisation: Organisation
) -> dict[str, Any]:
    return {
        "overview": "?" + question.query(kind=""),
        "bar": period_bar(question, INTERVALS),
        "shown": question.name(question.shown),
        "found": listed(request, found),
        "currency": organisation.currency,
    }


def kind_choices(question: Asked) -> list[Choice]:
    everything = Choice(_("All"), "?" + question.query(kind=""), not question.kind)
    return [
        everything,
        *(
            Choice(label, "?" + question.query(kind=kind), kind == question.kind)
            for kind, label in KIND_NAMES.items()
        ),
    ]


def refused(request: HttpRequest, error: RuleError) -> HttpResponseBase:
    context = {
        "problem": str(error),
        "title": _("Customers behind a figure"),
        "bar": refused_bar(request, organisation_of(request), INTERVALS),
    }
    return render(request, "customers/figure_customers.html", context, status=400)
