"""Build a survey: its questions, its words side by side, and its publication.

Every button sends the whole form, so that nothing typed is lost; it works without script.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect, replace_url

from churnapp.common.errors import RuleError
from churnapp.common.htmx import wants_fragment
from customers.views.access import allowed, person
from feedback.content import Content
from feedback.forms.builder import done, touched, written
from feedback.models import Survey, SurveyVersion
from feedback.services.surveys import (
    differ,
    publish,
    redo_draft,
    save_draft,
    start_draft,
    undo_draft,
)
from feedback.views.bench import Bench, here, reasons, said_of, show
from feedback.views.lacking import lacks_before_publishing

MAY_CHANGE = "feedback.change_survey"
PUBLISHES = {"publish", "publish_anyway"}
STEPS = {"undo": undo_draft, "redo": redo_draft}
LONG_AGO = datetime.min.replace(tzinfo=UTC)


def survey_or_404(pk: int) -> Survey:
    return get_object_or_404(Survey, pk=pk)


def newest(survey: Survey) -> SurveyVersion:
    """The draft of a survey; without one, what is asked now."""
    return get_object_or_404(survey.versions.order_by("-number")[:1])


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@allowed(MAY_CHANGE)
def build(request: HttpRequest, pk: int) -> HttpResponse:
    survey = survey_or_404(pk)
    version = newest(survey)
    beside = asked_language(request)
    if request.method != "POST":
        return show(request, Bench(survey, version, version.content, beside))
    deed = request.POST.get("do", "")
    typed = written(version.content, request.POST, reasons())
    document = done(typed, deed)
    at = touched(typed, document, deed)
    bench = Bench(survey, version, document, beside, touched=at)
    try:
        kept = carry_out(request, bench, typed, deed)
    except RuleError as refusal:
        return show(request, replace(bench, version=newest(survey), refusal=refusal))
    return answer(request, replace(bench, version=kept, document=kept.content), deed)


@transaction.atomic
def carry_out(
    request: HttpRequest, bench: Bench, typed: dict[str, Any], deed: str
) -> SurveyVersion:
    """Keep what was typed, then do what the button says; what was typed is a change of its own."""
    by, seen, draft = person(request), seen_at(request), bench.version
    if deed in STEPS:
        if differ(draft.content, typed):
            draft = save_draft(draft, typed, seen_at=seen, by=by)
            seen = draft.changed_at
        return STEPS[deed](draft, seen_at=seen, by=by)
    draft = save_draft(draft, bench.document, typed=typed, seen_at=seen, by=by)
    asks_first = deed == "publish" and lacks_before_publishing(Content.read(draft.content))
    return publish(draft, by=by) if deed in PUBLISHES and not asks_first else draft


def answer(request: HttpRequest, bench: Bench, deed: str) -> HttpResponse:
    """What comes after a button: the form anew for htmx, else the page.

    Where a language lacks something, it asks before it publishes.
    """
    address = here(bench.survey, bench.beside, bench.touched)
    if deed == "publish" and bench.version.published_at is None:
        lacks = lacks_before_publishing(Content.read(bench.document))
        return show(request, replace(bench, lacks=lacks))
    if deed in PUBLISHES:
        messages.success(request, _("Published: this is what is asked from now on."))
        if wants_fragment(request):
            return HttpResponseClientRedirect(here(bench.survey, bench.beside))
    if not wants_fragment(request):
        return HttpResponseRedirect(address)
    said = said_of(bench.document, deed, bench.touched)
    response = show(request, replace(bench, said=said))
    return replace_url(response, here(bench.survey, bench.beside))


@require_POST
@allowed(MAY_CHANGE)
def begin_draft(request: HttpRequest, pk: int) -> HttpResponse:
    survey = survey_or_404(pk)
    start_draft(survey, by=person(request))
    return HttpResponseRedirect(here(survey, asked_language(request)))


def seen_at(request: HttpRequest) -> datetime:
    """When the draft that the form shows was last changed; long ago where it doesn't say."""
    try:
        moment = parse_datetime(request.POST.get("seen_at", ""))
    except ValueError:
        moment = None
    return moment if moment and timezone.is_aware(moment) else LONG_AGO


def asked_language(request: HttpRequest) -> str:
    """The language beside English: of a button, else of the address."""
    verb, _colon, language = request.POST.get("do", "").partition(":")
    chooses = verb in {"language", "add_language"}
    asked = language if chooses else request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else ""
