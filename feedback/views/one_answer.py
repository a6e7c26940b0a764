"""One answer whole: what was asked and said, what speaks for a person; set aside, taken back in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from customers.models import Customer
from customers.views.access import (
    allowed,
    person,
    reporting_currency,
    today_here,
    visible_customers,
)
from customers.views.dialogs import Dialog, Done, asks, converse, dialog_view, take_back
from feedback.answering import given_answers, reason_labels
from feedback.content import Content
from feedback.forms.aside import AsideForm
from feedback.logic import path
from feedback.models import Answer, Response
from feedback.results import score_among
from feedback.score_words import out_of
from feedback.services.answering import quarantine, release
from feedback.services.replies import replies_to, why_no_reply
from feedback.views.answer_rows import AnswerRow, Said, tone_of, words_of
from feedback.views.customer_panel import answers_of, row_of
from feedback.views.evidence_words import because_words, signs_of
from feedback.views.reply_rows import MAY_REPLY, rows_of

MOST_EARLIER = 5
TOGETHER = ("survey", "version", "customer__standing", "contact", "invitation__mail", "task")


@dataclass(frozen=True)
class Line:
    """A question as it was worded, and what was said to it; `number` where it has a scale."""

    question: str
    number: int | None
    words: str
    was_asked: bool = True


def response_or_404(request: HttpRequest, pk: int) -> Response:
    """A response that was sent in, of a customer one sees or of somebody unknown."""
    visible = Response.objects.visible_to(person(request)).finished()
    return get_object_or_404(visible.select_related(*TOGETHER), pk=pk)


@require_GET
@allowed("feedback.view_response")
def one_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one response."""
    response = response_or_404(request, pk)
    answers = list(response.answers.all())
    score = score_among(answers, response.survey.kind, response.version.content)
    context: dict[str, Any] = {
        "response": response,
        "lines": list(lines(response, answers)),
        "score": "" if score is None else out_of(response.survey.kind, score),
        "earlier": earlier(response),
        "tone": tone_of(response.survey.kind, score),
        "because": because_words(response.quarantined_because),
        "signs": signs_of(response),
        "currency": reporting_currency(request),
        "replies": rows_of(replies_to(response)),
        "no_reply": no_reply(request, response),
        "said_to_be": said_to_be(request, response),
    }
    return render(request, "feedback/answer.html", context)


def earlier(response: Response) -> list[AnswerRow]:
    """What the same customer answered before, the last first."""
    if response.customer is None:
        return []
    before = answers_of(response.customer).filter(answered_at__lt=response.answered_at)
    return [row_of(each, response.customer) for each in before[:MOST_EARLIER]]


def said_to_be(request: HttpRequest, response: Response) -> Customer | str:
    """Whom the address of an open link named: the customer, else the id as it was written there."""
    said = response.evidence.get("said_customer", "")
    known = visible_customers(request).filter(external_id=said).first() if said else None
    return known or said


def no_reply(request: HttpRequest, response: Response) -> str:
    """Why nobody can reply, for those who otherwise may."""
    may = person(request).has_perm(MAY_REPLY)
    return why_no_reply(response, today=today_here()) if may else ""


def lines(response: Response, answers: list[Answer]) -> Iterator[Line]:
    """Each question of the version answered; then what was said to questions it does not know."""
    language = (get_language() or "en").split("-")[0]
    content = Content.read(response.version.content)
    said = Said(response.survey.kind, response.version.content, reason_labels(language), language)
    on_the_way = {question.key for question in path(content, given_answers(response))}
    given = {answer.question: answer for answer in answers}
    for question in content.questions:
        title = content.text(f"q.{question.key}", language) or question.key
        answer = given.pop(question.key, None)
        if answer is None:
            yield Line(title, None, "", was_asked=question.key in on_the_way)
        else:
            yield Line(title, answer.number, words_of(answer, said))
    for key, answer in given.items():
        yield Line(key, answer.number, words_of(answer, said))


def address(response: Response) -> str:
    return reverse("surveys:answer", args=[response.pk])


@asks
@dialog_view
@allowed("feedback.change_response")
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep an answer out of every figure, with the reason why."""
    response = response_or_404(request, pk)
    form = AsideForm(request.POST or None)

    def act() -> Done:
        quarantine(response, because=form.cleaned_data["because"], by=person(request))
        undo = reverse("surveys:take_in", args=[pk])
        return Done(_("The answer is set aside: it counts in no figure."), undo=undo)

    intro = _("It stays to be read and counts in no figure, until somebody takes it back in.")
    dialog = Dialog(_("Set this answer aside"), _("Set aside"), address(response), intro=intro)
    return converse(request, dialog, form, act)


@require_POST
@allowed("feedback.change_response")
def take_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Count an answer that was set aside."""
    response = response_or_404(request, pk)
    again = reverse("surveys:put_back", args=[pk])
    undo = f"{again}?{urlencode({'because': response.quarantined_because})}"
    done = Done(_("The answer counts."), undo=undo, to=address(response))
    return take_back(request, lambda: release(response, by=person(request)), done)


@require_POST
@allowed("feedback.change_response")
def put_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo that an answer was taken in: set aside again, for the reason that the address names."""
    response = response_or_404(request, pk)
    because = request.GET.get("because", "")
    return take_back(
        request,
        lambda: quarantine(response, because=because, by=person(request)),
        Done(_("The answer is set aside: it counts in no figure."), to=address(response)),
    )
