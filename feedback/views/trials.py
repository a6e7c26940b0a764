"""The preview beside the builder: a survey as a customer sees it, as kept or as it is typed."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods

from churnapp.common.public_pages import POLICY
from customers.views.access import allowed
from feedback.content import Content
from feedback.forms.answers import fields_of
from feedback.forms.builder import written
from feedback.forms.trials import Trial, filled
from feedback.models import SurveyVersion
from feedback.public_views.pages import language_of, languages_of, page, query
from feedback.views.bench import reasons
from feedback.views.builder import MAY_CHANGE


@require_http_methods(["GET", "HEAD", "POST"])
@xframe_options_sameorigin
@allowed(MAY_CHANGE)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest version as a customer sees it; a POST shows what the builder's form holds.

    All at once, or with `one` a question at a time along the branching. Nothing is kept: answers
    live in the page's own form.
    """
    version = SurveyVersion.objects.filter(survey=pk).order_by("-number").first()
    if version is None:
        raise Http404
    is_typed = request.method == "POST"
    document = written(version.content, request.POST, reasons()) if is_typed else version.content
    content = filled(Content.read(document), _("(no words yet)"))
    trial = Trial(content, request.POST if is_typed else request.GET)
    language = language_of(request, content)
    with translation.override(language):
        response = shown(request, trial, language)
    response.headers["Content-Security-Policy"] = POLICY.format(framed_by="'self'")
    return response


def shown(request: HttpRequest, trial: Trial, language: str) -> HttpResponse:
    one = "1" if trial.data.get("one") and trial.content.questions else ""
    context = {
        "title": trial.content.text("title", language),
        "languages": languages_of(request, trial.content, language, one=one),
        "language": language,
        "is_preview": True,
    }
    if not one:
        return page(request, "question", context | all_at_once(request, trial, language))
    if trial.shown is None:
        return page(request, "thanks", context | thanks(request, trial, language))
    return page(request, "question", context | step(request, trial, language))


def all_at_once(request: HttpRequest, trial: Trial, language: str) -> dict[str, Any]:
    content = trial.content
    return {
        "intro": content.text("intro", language),
        "fields": fields_of(content, content.questions, language, trial.answers),
        "is_last": True,
        "other_way": query(request, lang=language, one="1") if content.questions else "",
    }


def step(request: HttpRequest, trial: Trial, language: str) -> dict[str, Any]:
    """One question, the way to it and on."""
    question = trial.shown
    asked = [question] if question else []
    return {
        "one": True,
        "is_trial": True,
        "intro": trial.content.text("intro", language) if trial.place == 0 else "",
        "fields": fields_of(trial.content, asked, language, trial.answers, trial.errors),
        "step": question.key if question else "",
        "number": trial.place + 1,
        "count": len(trial.way),
        "is_last": trial.place == len(trial.way) - 1,
        "carried": trial.carried,
        "other_way": query(request, lang=language),
        "has_errors": bool(trial.errors),
    }


def thanks(request: HttpRequest, trial: Trial, language: str) -> dict[str, Any]:
    return {
        "title": trial.content.text("thanks", language),
        "next": trial.content.text("next", language),
        "again": query(request, lang=language, one="1"),
    }
