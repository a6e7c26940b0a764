"""Facts flow down: what was answered stands on the customer's timeline, and asks for somebody.

The reason that a customer states stands with the cancellation as what they say, beside what the
colleagues think; the reason that figures count by goes along with it where nobody chose another.
"""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from churnapp.models import Organisation
from customers.models import Cancellation, CancellationReason, ReasonKind
from customers.reading.renewing import read_departures
from customers.services.answers import ToldAnswer, record_answer, take_back_answer
from customers.services.asked_names import name_what_was_asked
from customers.services.mail import ring
from customers.services.reason_views import state_reason, take_back_reason
from customers.services.staff import is_at_work
from customers.services.tasks import (
    LONGEST_WHAT,
    add_task,
    reword_task,
    settle_task,
    unsettle_task,
)
from feedback.answering import given_answers, words_of
from feedback.content import REASONS, Content, Question
from feedback.logic import Answers, path
from feedback.models import Response, SurveyKind
from feedback.notices.alerts import Unhappy, warn_owner
from feedback.results import first_of
from feedback.scores import SCORED_BY, sentiment
from feedback.services.webhooks import ring_webhooks
from feedback.webhooks.queueing import queue_answer

# Why a task about an answer is needed no more.
SET_ASIDE, CHANGED = "set_aside", "changed"
# The names that risk knows scales by.
SCORE_KINDS = {question: survey for survey, question in SCORED_BY.items()}


def tell_customers(response: Response, *, now: datetime) -> None:
    """Let the timeline hold what a response says now, and nothing of one that doesn't count.

    Webhooks are told too, also of answers of unknown people.
    """
    if queue_answer(response, now=now):
        ring_webhooks()
    if response.customer_id is None:
        return
    if response.answered_at is None or response.quarantined_at is not None:
        take_back_answer(told_as(response))
        take_back_reason(told_as(response), at=now)
        if (gone := standing(response.cancellation_id)) is not None:
            read_departures([gone], now=now)
        no_need_to_look(response, because=SET_ASIDE)
        return
    content = Content.read(response.version.content)
    answers = given_answers(response)
    told = told_answer(response, content, answers)
    record_answer(told)
    tell_reason(response, content, answers, now=now)
    if is_unhappy(response, told, answers):
        ask_for_somebody(response, told, now)
        unhappy = Unhappy(response, told.summary, told.score, told.facts.get("kind", ""))
        if warn_owner(unhappy, now=now):
            ring()
    else:
        no_need_to_look(response, because=CHANGED)
        if response.task is not None and response.task.done_at is None:  # somebody is at it
            reword_task(response.task, task_words(response, told))


def tell_reason(response: Response, content: Content, answers: Answers, *, now: datetime) -> None:
    """What the customer says about a departure that still stands."""
    gone = standing(response.cancellation_id)
    if gone is None:
        return
    asked = [question for question in path(content, answers) if question.source == REASONS]
    given = [answers[one.key] for one in asked if one.key in answers]
    chosen = [key for each in given for key in each.choices]
    reason = CancellationReason.objects.filter(key__in=chosen).first()
    if reason is not None:
        state_reason(gone, ReasonKind.STATED, reason, by=None, source=told_as(response))
        named = next((each.text for each in given if each.text), "")
        name_what_was_asked(gone, reason, named, source=told_as(response))
    else:
        take_back_reason(told_as(response), at=now)
    read_departures([gone], now=now)


def standing(pk: int | None) -> Cancellation | None:
    """The departure, held, unless it was withdrawn."""
    if pk is None:
        return None
    found = Cancellation.objects.select_for_update(no_key=True).filter(pk=pk, withdrawn_at=None)
    return found.first()


def told_as(response: Response) -> str:
    return f"response:{response.pk}"


def told_answer(response: Response, content: Content, answers: Answers) -> ToldAnswer:
    asked = path(content, answers)
    scale, score = score_told(response, asked, answers)
    facts = {"survey": response.survey.name, "response": response.pk}
    if response.invitation and response.invitation.mail_id:
        facts["mail"] = response.invitation.mail_id  # so that risk knows who was asked and silent
    if score is not None:
        facts["kind"] = SCORE_KINDS[scale]
    return ToldAnswer(
        external_id=told_as(response),
        customer_id=response.customer_id or 0,
        contact_id=response.contact_id,
        answered_at=response.answered_at or response.changed_at,
        summary=" · ".join(words_of(content, asked, answers, response.language)),
        score=score,
        sentiment=sentiment(scale, score),
        facts=facts,
    )


def score_told(
    response: Response, asked: Iterable[Question], answers: Answers
) -> tuple[str, int | None]:
    """The scale and the number that the survey's score counts, as its results do.

    A survey of a kind without a score is told by the first scale that was answered.
    """
    scale = SCORED_BY.get(response.survey.kind)
    if scale is not None:
        counts = answers.get(first_of(scale, response.version.content))
        return scale, counts.number if counts else None
    numbers = ((each.kind, answers[each.key].number) for each in asked if each.key in answers)
    return next((told for told in numbers if told[1] is not None), ("", None))


def is_unhappy(response: Response, told: ToldAnswer, answers: Answers) -> bool:
    """Whether somebody should look: a low score, or words from someone who leaves."""
    if told.score is not None:
        return told.sentiment == -1
    return response.survey.kind == SurveyKind.EXIT and any(given.text for given in answers.values())


def ask_for_somebody(response: Response, told: ToldAnswer, now: datetime) -> None:
    """One task for the customer's owner, which reads as the answer does now.

    It is open again where it was settled by our own doing.
    """
    if response.task is not None:
        unsettle_task(response.task, because=(SET_ASIDE, CHANGED), by=None)
        reword_task(response.task, task_words(response, told))
    if response.task is not None or response.customer is None:
        return
    owner = response.customer.owner
    response.task = add_task(
        task_words(response, told),
        customer=response.customer,
        assignee=owner if owner and is_at_work(owner) else None,
        due_on=now.astimezone(Organisation.current().zone).date(),
        by=None,
    )
    response.task.page = reverse("surveys:answer", args=[response.pk])
    response.task.save(update_fields=["page"])
    response.save(update_fields=["task"])


def task_words(response: Response, told: ToldAnswer) -> str:
    score = "" if told.score is None else f" {told.score}"
    what = ": ".join(filter(None, [f"{response.survey.name}{score}", one_line(told.summary)]))
    return what if len(what) <= LONGEST_WHAT else what[: LONGEST_WHAT - 1] + "…"


def no_need_to_look(response: Response, *, because: str) -> None:
    """Settle the task about an answer that asks for nobody now, unless somebody is at it."""
    if response.task is not None:
        settle_task(response.task, because=because, by=None)


def one_line(text: str) -> str:
    return " ".join(text.split())
