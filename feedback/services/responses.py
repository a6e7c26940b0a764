"""Record answers that were given elsewhere."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import Cancellation, Contact, Customer
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit
from feedback.answering import as_given, as_row
from feedback.content import Content
from feedback.models import Answer, Channel, Response, Survey, SurveyVersion
from feedback.results import first_of, score_among
from feedback.scores import SCALES, SCORED_BY
from feedback.services.bells import ring_for_themes
from feedback.services.telling import tell_customers
from feedback.services.told_answers import Told, checked, reason_given, refuse_astray


@dataclass(frozen=True)
class Given:
    """An answer that another program knows by `external_id`; no score is a question left open.

    `reason` is a key of the organisation's list; `answers` are to further questions. An answer of
    somebody who left is tied to the `cancellation`, and states its reason as one on a page does.
    """

    external_id: str
    survey: Survey
    customer: Customer
    answered_at: datetime
    score: int | None = None
    comment: str = ""
    language: str = ""
    contact: Contact | None = None
    reason: str = ""
    answers: Told = ()
    cancellation: Cancellation | None = None


@transaction.atomic
def record_response(given: Given, *, by: User | None) -> tuple[Response, bool]:
    """Record an answer, and say whether it is new: sent again, it is found and nothing changes.

    Raises RuleError for a score off its scale, a moment in the future, a survey that was never
    published, answers to what it does not ask, another customer's cancellation, and an id under
    which something else was recorded.
    """
    now = database_clock()
    check(given, now)
    version = newest_published(given.survey)
    response = begin(given, version, now)
    if Response.objects.filter(external_id=given.external_id).exists():
        return found_again(given), False
    answers = answers_of(given, response)
    try:
        with transaction.atomic():
            response.save(force_insert=True)
    except IntegrityError:
        return found_again(given), False
    Answer.objects.bulk_create(answers)
    tell_customers(response, now=now)
    ring_for_themes(response)
    audit(Deed("response_recorded", by, now), response, {"survey": [None, given.survey.name]})
    return response, True


def check(given: Given, now: datetime) -> None:
    """Raise RuleError for what can't have been answered."""
    if given.answered_at > now:
        raise RuleError(_("It can't have happened in the future."), field="answered_at")
    if given.cancellation and given.cancellation.customer_id != given.customer.pk:
        said = _(
            "Cancellation %(id)s is not one of customer %(customer)s. Send one of theirs, or leave"
            " it out."
        )
        facts = {"id": given.cancellation.pk, "customer": given.customer.external_id}
        raise RuleError(said % facts, field="cancellation")
    if given.score is None:
        return
    if given.survey.kind not in SCORED_BY:
        raise RuleError(_("An answer of this kind has no score. Leave it empty."), field="score")
    lowest, highest = SCALES[SCORED_BY[given.survey.kind]]
    if not lowest <= given.score <= highest:
        said = _("A score of this kind is a whole number from %(lowest)s to %(highest)s.")
        raise RuleError(said % {"lowest": lowest, "highest": highest}, field="score")


def newest_published(survey: Survey) -> SurveyVersion:
    version = survey.versions.exclude(published_at=None).order_by("-number").first()
    if version is None:
        raise RuleError(_("This survey is a draft. Publish it first."), field="survey")
    return version


def begin(given: Given, version: SurveyVersion, now: datetime) -> Response:
    return Response(
        survey=given.survey,
        version=version,
        customer=given.customer,
        contact=given.contact,
        cancellation=given.cancellation,
        channel=Channel.API,
        language=given.language or given.customer.language or "en",
        external_id=given.external_id,
        begun_at=given.answered_at,
        answered_at=given.answered_at,
        changed_at=now,
        counted_at=now,
    )


def answers_of(given: Given, response: Response) -> list[Answer]:
    """Score and comment, kept when they are empty too, then the reason and the other answers."""
    content = Content.read(response.version.content)
    plain = {row.question: row for row in score_and_comment(given, response)}
    told = checked(given.answers, content)
    fields = {key: f"answers.{number}" for number, key in enumerate(told)}
    refuse_twice(given, response.version.content, told)
    if given.reason:
        key, reason = reason_given(given.reason, content, given.survey.name)
        if key in told:
            raise given_twice("reason", key)
        told, fields = told | {key: reason}, fields | {key: "reason"}
    refuse_astray(fields, as_given(plain.values()) | told, content)
    asked = {question.key: question for question in content.questions}
    return [*(plain | {key: as_row(response, asked[key], told[key]) for key in told}).values()]


def score_and_comment(given: Given, response: Response) -> list[Answer]:
    """The score, where the survey has one, and the comment."""
    content = response.version.content
    comment = Answer(
        response=response,
        question=first_of(Answer.Kind.LONG, content, "comment"),
        kind=Answer.Kind.LONG,
        text=given.comment,
    )
    kind = SCORED_BY.get(given.survey.kind)
    if kind is None:
        return [comment]
    score = Answer(
        response=response, question=first_of(kind, content), kind=kind, number=given.score
    )
    return [score, comment]


def refuse_twice(given: Given, content: dict[str, Any], told: dict[str, Any]) -> None:
    """Refuse a score or a comment that also stands among the other answers."""
    kind = SCORED_BY.get(given.survey.kind)
    if kind and given.score is not None and (key := first_of(kind, content)) in told:
        raise given_twice("score", key)
    if given.comment and (key := first_of(Answer.Kind.LONG, content, "comment")) in told:
        raise given_twice("comment", key)


def given_twice(field: str, key: str) -> RuleError:
    said = _("The question “%(key)s” is answered among the answers too. Send it once.")
    return RuleError(said % {"key": key}, field=field)


def found_again(given: Given) -> Response:
    """The response of this id, if it says the same."""
    known = Response.objects.select_related("version", "survey").get(external_id=given.external_id)
    kept, wanted = list(known.answers.all()), answers_of(given, known)
    kind, content = known.survey.kind, known.version.content
    same = (
        (known.survey_id, known.customer_id) == (given.survey.pk, given.customer.pk)
        and known.answered_at == given.answered_at
        and (given.cancellation is None or given.cancellation.pk == known.cancellation_id)
        and score_among(kept, kind, content) == score_among(wanted, kind, content)
        and says_all_of(kept, wanted)
    )
    if not same:
        raise RuleError(_("Something else was recorded under this id."), field="external_id")
    return known


def says_all_of(kept: list[Answer], wanted: list[Answer]) -> bool:
    """Whether what was kept holds everything that is said now."""
    stands = {question: given for question, given in as_given(kept).items() if not given.is_empty}
    said = {question: given for question, given in as_given(wanted).items() if not given.is_empty}
    return all(stands.get(question) == given for question, given in said.items())
