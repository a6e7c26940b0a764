"""Build a survey: its questions, its words side by side, a preview, and its publication.

Every button sends the whole form, so that nothing typed is lost; it works without script.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from churnapp.common.errors import RuleError
from customers.views.access import allowed, person
from feedback.content import FIRST_QUESTION, SOURCE_LANGUAGE, Content, missing_texts
from feedback.forms.answers import fields_of
from feedback.forms.builder import (
    done,
    general_rows,
    question_rows,
    targets_of,
    ways_of,
    written,
)
from feedback.models import Answer, Survey, SurveyVersion
from feedback.offers import reasons_in_use
from feedback.public_views.pages import POLICY, language_of, page, spoken_languages, switches
from feedback.services.surveys import publish, save_draft, start_draft, undo_draft

MAY_CHANGE = "feedback.change_survey"
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Bench:
    """What the builder shows: a version of a survey, with its document as it was last typed."""

    survey: Survey
    version: SurveyVersion
    document: dict[str, Any]
    refusal: RuleError | None = None


def survey_or_404(pk: int) -> Survey:
    return get_object_or_404(Survey, pk=pk)


def newest(survey: Survey) -> SurveyVersion:
    """The draft of a survey; without one, what is asked now."""
    return get_object_or_404(survey.versions.order_by("-number")[:1])


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(MAY_CHANGE)
def build(request: HttpRequest, pk: int) -> HttpResponse:
    survey = survey_or_404(pk)
    version = newest(survey)
    if request.method != "POST":
        return show(request, Bench(survey, version, version.content))
    deed = request.POST.get("do", "")
    document = done(written(version.content, request.POST, reasons()), deed)
    try:
        if deed == "undo":
            undo_draft(version, seen_at=seen_at(request), by=person(request))
            return HttpResponseRedirect(here(survey, asked_language(request)))
        draft = save_draft(version, document, seen_at=seen_at(request), by=person(request))
        if deed == "publish":
            publish(draft, by=person(request))
            messages.success(request, _("Published: this is what is asked from now on."))
    except RuleError as refusal:
        return show(request, Bench(survey, newest(survey), document, refusal))
    return HttpResponseRedirect(here(survey, asked_language(request)))


@require_POST
@allowed(MAY_CHANGE)
def begin_draft(request: HttpRequest, pk: int) -> HttpResponse:
    survey = survey_or_404(pk)
    start_draft(survey, by=person(request))
    return HttpResponseRedirect(here(survey, asked_language(request)))


@require_GET
@xframe_options_sameorigin
@allowed(MAY_CHANGE)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest version as a customer sees it, all at once; its form goes nowhere."""
    content = Content.read(newest(survey_or_404(pk)).content)
    language = language_of(request, content)
    with translation.override(language):
        context = {
            "title": content.text("title", language),
            "intro": content.text("intro", language),
            "fields": fields_of(content, content.questions, language, {}),
            "languages": switches(request, content, language),
            "is_preview": True,
        }
        response = page(request, "question", context)
    response.headers["Content-Security-Policy"] = POLICY.format(framed_by="'self'")
    return response


def reasons() -> list[str]:
    """The keys of the organisation's own reasons in use, in their order."""
    return list(reasons_in_use().order_by("position", "key").values_list("key", flat=True))


def seen_at(request: HttpRequest) -> datetime:
    """When the draft that the form shows was last changed; long ago where it doesn't say."""
    try:
        moment = parse_datetime(request.POST.get("seen_at", ""))
    except ValueError:
        moment = None
    return moment if moment and timezone.is_aware(moment) else LONG_AGO


def here(survey: Survey, language: str) -> str:
    query = {"language": language} if language else None
    return reverse("survey_builder:build", args=[survey.pk], query=query)


def asked_language(request: HttpRequest) -> str:
    """The language beside English: of a button, else of the address."""
    verb, _colon, language = request.POST.get("do", "").partition(":")
    chooses = verb in {"language", "add_language"}
    asked = language if chooses else request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else ""


def show(request: HttpRequest, bench: Bench) -> HttpResponse:
    content = Content.read(bench.document)
    others = [code for code in spoken_languages(content) if code != SOURCE_LANGUAGE]
    asked = asked_language(request)
    beside = asked if asked in others else next(iter(others), "")
    usable = reasons()
    shown = [SOURCE_LANGUAGE, *([beside] if beside else [])]
    context = {
        "survey": bench.survey,
        "version": bench.version,
        "is_draft": bench.version.published_at is None,
        "seen_at": bench.version.changed_at.isoformat(),
        "refusal": bench.refusal,
        "general": general_rows(content, shown),
        "questions": [
            {
                "question": question,
                "kind": Answer.Kind(question.kind).label,
                "rows": question_rows(content, question, shown),
                "ways": ways_of(question, usable),
                "targets": targets_of(content, question),
                "numbers": question.numbers,
            }
            for question in content.questions
        ],
        "kinds": Answer.Kind.choices,
        "first_question": f"{{{{ {FIRST_QUESTION} }}}}",
        "beside": beside,
        "beside_name": dict(settings.LANGUAGES).get(beside, ""),
        "languages": language_buttons(content, beside),
        "unspoken": [each for each in settings.LANGUAGES if each[0] not in content.languages],
    }
    status = 422 if bench.refusal else 200
    return render(request, "feedback/builder.html", context, status=status)


def language_buttons(content: Content, beside: str) -> list[dict[str, Any]]:
    """Each language but English, with how many of its texts are missing."""
    missing = missing_texts(content)
    return [
        {
            "code": code,
            "name": name,
            "missing": len(missing.get(code, ())),
            "is_current": code == beside,
        }
        for code, name in spoken_languages(content).items()
        if code != SOURCE_LANGUAGE
    ]
