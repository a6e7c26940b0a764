"""Answer a survey by a private link: one question at a time, or all at once.

Opening a page changes nothing; only what the form on it posts does. The forms carry no CSRF token:
that guards what a cookie allows, and here no cookie allows anything. The link's token, which no
other page knows, is what allows; and each form carries a signed moment (`stamps`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from churnapp.common import public_limits as limits
from churnapp.common.errors import RuleError
from churnapp.common.public_pages import public_page
from churnapp.common.stamps import new_stamp, read_stamp
from feedback.answering import (
    MOST_TOKENS,
    Signs,
    choices_taken,
    find_invitation,
    given_answers,
    may_change,
)
from feedback.content import SCALES, Content, Kind, Question
from feedback.forms.answers import fields_of, read_form
from feedback.logic import Answers, Given, missing, next_question, path
from feedback.models import Invitation, Response
from feedback.offers import offers_of, turn_of
from feedback.public_views.pages import (
    language_of,
    languages_of,
    nothing_here,
    page,
    query,
    too_often,
)
from feedback.services.answering import (
    Filled,
    answer_invitation,
    save_answers,
)
from feedback.sweeps import set_aside_links

TRAP = "website"


@dataclass(frozen=True)
class Visit:
    """Somebody at the page of an invitation."""

    request: HttpRequest
    invitation: Invitation
    now: datetime

    @cached_property
    def content(self) -> Content:
        return Content.read(self.invitation.version.content)

    @property
    def response(self) -> Response | None:
        return getattr(self.invitation, "response", None)

    @cached_property
    def answers(self) -> Answers:
        return given_answers(self.response) if self.response else {}

    @cached_property
    def language(self) -> str:
        begun_in = self.response.language if self.response else ""
        return language_of(self.request, self.content, begun_in, self.invitation.language)

    @cached_property
    def chosen(self) -> dict[str, Given]:
        """The answer that the mail's link names, chosen but not kept: the form has to be sent.

        `score` is a number on the first scale, `pick` the key of what the first single choice
        offers.
        """
        return {**by_score(self), **by_pick(self)}

    @property
    def all_at_once(self) -> bool:
        return "all" in self.request.GET

    @property
    def is_over(self) -> bool:
        """Whether the thanks are shown: it was sent in, and nobody changes it now.

        Who had left and was swept up goes on where they were, as if it had not been sent in.
        """
        response = self.response
        if response is None or response.answered_at is None:
            return False
        goes_on = "change" in self.request.GET or response.swept_at is not None
        return not (goes_on and may_change(response, now=self.now))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def answer(request: HttpRequest, token: str) -> HttpResponse:
    if limits.tries_too_often(request):
        return too_often(request)
    now = timezone.now()
    invitation = find_invitation(token, now=now)
    if invitation is None:
        return too_often(request) if limits.is_a_miss_too_many(request) else nothing_here(request)
    visit = Visit(request, invitation, now)
    with translation.override(visit.language):
        return take(visit) if request.method == "POST" else show(visit)


def show(visit: Visit) -> HttpResponse:
    if visit.is_over:
        return thanks(visit)
    answers = {**visit.answers, **visit.chosen}
    if visit.all_at_once:
        return ask(visit, visit.content.questions, answers)
    return ask(visit, [current(visit)], answers)


def current(visit: Visit) -> Question:
    """The question that the address names, if it lies on the way; else the first one still open.

    Who chooses an answer to the first question in the mail sees that one, answered before or not.
    """
    way = path(visit.content, visit.answers)
    asked = visit.request.GET.get("q")
    named = next((question for question in way if question.key == asked), None)
    if named is None and ("change" in visit.request.GET or way[0].key in visit.chosen):
        return way[0]
    return named or next_question(visit.content, visit.answers) or way[-1]


def by_score(visit: Visit) -> dict[str, Given]:
    text = visit.request.GET.get("score", "")
    asked = next((each for each in visit.content.questions if each.kind in SCALES), None)
    if asked is None or text not in map(str, asked.numbers):
        return {}
    return {asked.key: Given(number=int(text))}


def by_pick(visit: Visit) -> dict[str, Given]:
    picked = visit.request.GET.get("pick", "")
    asked = next((each for each in visit.content.questions if each.kind == Kind.SINGLE), None)
    if asked is None or not picked:
        return {}
    offered = offers_of(visit.content, asked, visit.language)
    return {asked.key: Given(choices=(picked,))} if picked in {o.key for o in offered} else {}


def ask(
    visit: Visit,
    questions: list[Question] | tuple[Question, ...],
    answers: Answers,
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    """The page that asks these questions: one of them, or all."""
    way = path(visit.content, visit.answers)
    place = way.index(questions[0]) if questions[0] in way else 0
    is_last = visit.all_at_once or place == len(way) - 1
    fields = fields_of(visit.content, questions, visit.language, answers, errors)
    turn = turn_of(visit.invitation.nonce)
    context = {
        "title": visit.content.text("title", visit.language),
        "intro": visit.content.text("intro", visit.language) if place == 0 else "",
        "fields": [field.in_turn(turn) for field in fields],
        "one": not visit.all_at_once,
        "step": "" if visit.all_at_once else questions[0].key,
        "number": place + 1,
        "count": len(way),
        "is_last": is_last,
        "back": query(visit.request, q=way[place - 1].key) if place else "",
        "other_way": query(visit.request, all="" if visit.all_at_once else "1", q=""),
        "languages": languages_of(visit.request, visit.content, visit.language),
        "language": visit.language,
        "stamp": new_stamp(now=visit.now, chosen=bool(visit.chosen)),
        "has_errors": bool(errors),
    }
    return page(visit.request, "question", context, status=422 if errors else 200)


def thanks(visit: Visit) -> HttpResponse:
    context = {
        "title": visit.content.text("thanks", visit.language),
        "next": visit.content.text("next", visit.language),
        "change": query(visit.request, change="1", q="")
        if may_change(visit.response, now=visit.now)
        else "",
        "languages": languages_of(visit.request, visit.content, visit.language, change="", q=""),
    }
    return page(visit.request, "thanks", context)


def take(visit: Visit) -> HttpResponse:
    """Keep what a form says, then lead on: to the next question, or to the thanks."""
    if visit.is_over:
        return to(visit, q="", change="")
    content = visit.content
    step = content.question(visit.request.POST.get("step", ""))
    questions = [step] if step else list(content.questions)
    given, errors = read_form(content, questions, visit.request.POST, choices_taken(questions))
    if errors:
        return ask(visit, questions, {**visit.answers, **given}, errors)
    filled = Filled(given, visit.language, private_signs(visit))
    answers = {**visit.answers, **given}
    after = leads_on_to(visit, step, answers)
    try:
        save = answer_invitation if after is None else save_answers
        save(visit.invitation, filled, now=visit.now)
    except RuleError as refusal:  # without a field the day is over: the page says so
        if refusal.field:
            return ask(visit, questions, answers, {refusal.field: str(refusal)})
        return to(visit, q="", change="")
    look_back(visit.request)
    return to(visit, q="", change="") if after is None else to(visit, q=after.key)


def look_back(request: HttpRequest) -> None:
    """Once an address has answered too many links, those before were a program's too.

    Everybody looks when theirs is kept: so of many at once, whoever comes last finds all.
    """
    links = limits.links_of_the_minute(request)
    if len(links) > MOST_TOKENS:
        ring: Callable[[], object] = partial(set_aside_links.delay, links)
        transaction.on_commit(ring, robust=True)


def leads_on_to(visit: Visit, step: Question | None, answers: Answers) -> Question | None:
    """The question after `step`, or a required one that was passed over; None to send in."""
    way = path(visit.content, answers)
    if step in way[:-1]:
        return way[way.index(step) + 1]
    lacking = missing(visit.content, answers)
    return lacking[0] if lacking else None


def to(visit: Visit, **changed: str) -> HttpResponse:
    """Another step of the same page, in the same language."""
    return HttpResponseRedirect(
        visit.request.path
        + query(visit.request, **({"lang": visit.language, "score": "", "pick": ""} | changed))
    )


def private_signs(visit: Visit) -> Signs:
    link = visit.invitation.token_sha256
    return signs_of(visit.request, links_lately=limits.links_lately(visit.request, link))


def signs_of(request: HttpRequest, *, links_lately: int = 1) -> Signs:
    """What speaks for a person having filled in this form."""
    stamp = read_stamp(request.POST.get("stamp", ""))
    return Signs(
        issued_at=stamp.made_at if stamp else None,
        trap_filled=bool(request.POST.get(TRAP)),
        links_lately=links_lately,
        chosen=stamp is not None and stamp.chosen,
    )
