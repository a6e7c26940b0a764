"""Answer a survey by an open link, or in a frame on the organisation's own pages.

Nobody is known here: the form asks all at once, and one form makes one response however often it
is sent. Like a private link's, it carries a signed moment in place of a cookie's token.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone, translation
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from churnapp.common import public_limits as limits
from churnapp.common.errors import RuleError
from churnapp.common.public_pages import POLICY, public_page
from churnapp.common.stamps import new_stamp, read_stamp
from feedback.answering import choices_taken, find_open_link
from feedback.content import Content
from feedback.forms.answers import fields_of, read_form
from feedback.framing import frames_of
from feedback.logic import Answers
from feedback.models import Channel, OpenLink, SurveyVersion
from feedback.public_views.pages import (
    language_of,
    languages_of,
    nothing_here,
    page,
    query,
    too_often,
)
from feedback.public_views.private_links import signs_of
from feedback.services.answering import Filled, OpenForm, answer_openly

LONGEST_ID = 200


@dataclass(frozen=True)
class Visit:
    """Somebody at the page of an open link."""

    request: HttpRequest
    link: OpenLink
    version: SurveyVersion
    content: Content
    language: str
    channel: Channel
    now: datetime


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def open_answer(request: HttpRequest, code: str) -> HttpResponse:
    return answer(request, code, Channel.OPEN)


@csrf_exempt
@xframe_options_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def embedded_answer(request: HttpRequest, code: str) -> HttpResponse:
    response = answer(request, code, Channel.EMBEDDED)
    link = find_open_link(code)
    framed_by = frames_of(link.framed_by) if link else "'none'"
    response.headers["Content-Security-Policy"] = POLICY.format(framed_by=framed_by)
    return response


def answer(request: HttpRequest, code: str, channel: Channel) -> HttpResponse:
    if limits.tries_too_often(request):
        return too_often(request)
    link = find_open_link(code)
    version = version_of(request, link) if link else None
    if link is None or version is None:
        return too_often(request) if limits.is_a_miss_too_many(request) else nothing_here(request)
    content = Content.read(version.content)
    language = language_of(request, content, translation.get_language() or "")
    visit = Visit(request, link, version, content, language, channel, timezone.now())
    with translation.override(language):
        if link.survey.archived_at is not None:
            return closed(visit)
        if request.method == "POST":
            return too_often(request) if limits.answers_too_often(request) else take(visit)
        return thanks(visit) if "done" in request.GET else ask(visit, {})


def version_of(request: HttpRequest, link: OpenLink) -> SurveyVersion | None:
    """The version that a form asks; of a page that is opened, the one published last."""
    published = link.survey.versions.exclude(published_at=None)
    stamp = read_stamp(request.POST.get("stamp", ""))
    asked = published.filter(pk=stamp.version).first() if stamp and stamp.version else None
    return asked or published.first()


def ask(visit: Visit, answers: Answers, errors: dict[str, str] | None = None) -> HttpResponse:
    content, language = visit.content, visit.language
    context = {
        "title": content.text("title", language),
        "intro": content.text("intro", language),
        "fields": fields_of(content, content.questions, language, answers, errors),
        "is_last": True,
        "languages": languages_of(visit.request, content, language),
        "language": language,
        "stamp": visit.request.POST.get("stamp")
        or new_stamp(now=visit.now, version=visit.version.pk),
        "has_errors": bool(errors),
        "framed": visit.channel == Channel.EMBEDDED,
    }
    return page(visit.request, "question", context, status=422 if errors else 200)


def thanks(visit: Visit) -> HttpResponse:
    context = {
        "title": visit.content.text("thanks", visit.language),
        "languages": [],
        "framed": visit.channel == Channel.EMBEDDED,
    }
    return page(visit.request, "thanks", context)


def closed(visit: Visit) -> HttpResponse:
    """The survey is archived. The address is public, so there is no secret in saying so."""
    context = {"closed": True, "framed": visit.channel == Channel.EMBEDDED}
    return page(visit.request, "gone", context, status=HTTPStatus.GONE)


def said_customer(request: HttpRequest) -> str:
    """The customer's id that the address names, `?customer=C-100`; nobody has checked it."""
    return request.GET.get("customer", "").replace("\0", "").strip()[:LONGEST_ID]


def take(visit: Visit) -> HttpResponse:
    content, request = visit.content, visit.request
    questions = list(content.questions)
    given, errors = read_form(content, questions, request.POST, choices_taken(questions))
    if errors:
        return ask(visit, given, errors)
    stamp = read_stamp(request.POST.get("stamp", ""))
    form_id = stamp.form_id if stamp else secrets.token_urlsafe(12)
    signs = replace(signs_of(request), said_customer=said_customer(request))
    filled = Filled(given, visit.language, signs)
    try:
        form = OpenForm(form_id, visit.channel, visit.version)
        answer_openly(visit.link, form, filled, now=visit.now)
    except RuleError as refusal:
        return ask(visit, given, {refusal.field or questions[0].key: str(refusal)})
    return HttpResponseRedirect(request.path + query(request, lang=visit.language) + "&done=1")
