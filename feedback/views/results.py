"""What came back: all surveys with their scores, one survey's results, its answers as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language_info
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from churnapp.common.csv_export import csv_download
from churnapp.common.htmx import page_or_fragment, wants_fragment
from churnapp.common.pages import page_number, page_of
from customers.views.access import (
    allowed,
    person,
    reporting_currency,
)
from customers.views.cancellations import country_choices, plan_choices
from customers.views.segments import attributes_to_compare, view_choices
from feedback.models import Response, Survey
from feedback.views.answer_export import AnswerFile
from feedback.views.answer_rows import TOGETHER, answer_rows
from feedback.views.choice_tables import choice_tables
from feedback.views.result_asking import PERIODS, ResultAsked
from feedback.views.result_figures import ResultFigures
from feedback.views.scale_tables import scale_tables
from feedback.views.score_trend import chosen_interval
from feedback.views.theme_scopes import of_answers, theme_bars
from feedback.views.traits import chips, hidden


@require_GET
@vary_on_headers("HX-Request")
@allowed("feedback.view_response")
def survey_results(request: HttpRequest, pk: int) -> HttpResponse:
    """One survey's scores with the answers that they are made of, as the address asks."""
    survey = get_object_or_404(Survey, pk=pk)
    asked = ResultAsked(request, survey)
    context: dict[str, Any] = {
        "survey": survey,
        "asked": asked,
        "figures": ResultFigures(asked),
        "choice_tables": choice_tables(asked),
        "scale_tables": scale_tables(asked),
        "currency": reporting_currency(request),
        "has_answers": Response.objects.finished().filter(survey=survey).exists,
        "chips": chips(request.GET, survey.kind, reporting_currency(request)),
    } | listed(request, asked)
    if not wants_fragment(request):
        context |= choices(request, survey) | {"computed_at": timezone.now()}
    template = page_or_fragment(request, "feedback/results.html", "feedback/_results.html")
    return render(request, template, context)


def listed(request: HttpRequest, asked: ResultAsked) -> dict[str, Any]:
    """One page of answers, also of those begun only, or of those who did not answer."""
    number = page_number(request.GET.get("page"))
    if asked.shows_silent:
        return {"page": page_of(asked.silent(), number)}
    chosen = asked.begun() if asked.shows_begun else asked.listed()
    page = page_of(chosen.select_related(*TOGETHER).prefetch_related("answers"), number)
    return {
        "page": page,
        "answers": answer_rows(page.rows, asked.survey),
        "themes": theme_bars(request, of_answers(asked.listed()), str(asked.survey.pk)),
    }


def choices(request: HttpRequest, survey: Survey) -> dict[str, Any]:
    """What stands around the results: filters, and the export."""
    spoken = Response.objects.filter(survey=survey).order_by("language").distinct()
    return {
        "periods": PERIODS.items(),
        "query": request.GET,
        "hidden": hidden(request.GET) + kept_interval(request),
        "plan_choices": plan_choices(),
        "country_choices": country_choices(),
        "view_choices": view_choices(request.GET, person(request)),
        "attributes": attributes_to_compare(request.GET),
        "language_choices": [
            (code, language_name(code)) for code in spoken.values_list("language", flat=True)
        ],
        "may_export": person(request).has_perm("customers.export_customer"),
    }


def kept_interval(request: HttpRequest) -> list[tuple[str, str]]:
    """The interval of the trend, which other filters leave as it was chosen."""
    interval = chosen_interval(request.GET.get("by"))
    return [("by", interval)] if interval else []


def language_name(code: str) -> str:
    """What a language calls itself; one that nobody here knows stays as it is written."""
    try:
        return get_language_info(code)["name_local"]
    except KeyError:
        return code


@require_GET
@allowed("customers.export_customer")
def export(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Exactly the answers that the filters choose, as CSV."""
    asked = ResultAsked(request, get_object_or_404(Survey, pk=pk))
    answers = AnswerFile(asked)
    return csv_download(f"answers-{asked.today:%Y-%m-%d}.csv", answers.header(), answers.rows())
