"""Record answers that were given elsewhere."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import Contact, Customer
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit
from feedback.models import Answer, Channel, Response, Survey, SurveyVersion
from feedback.results import first_of, score_among
from feedback.scores import SCALES, SCORED_BY
from feedback.services.bells import ring_for_themes
from feedback.services.telling import tell_customers


@dataclass(frozen=True)
class Given:
    """An answer that another program knows by `external_id`; no score is a question left open."""

    external_id: str
    survey: Survey
    customer: Customer
    answered_at: datetime
    score: int | None = None
    comment: str = ""
    language: str = ""
    contact: Contact | None = None


@transaction.atomic
def record_response(given: Given, *, by: User | None) -> tuple[Response, bool]:
    """Record an answer, and say whether it is new: sent again, it is found and nothing changes.

    Raises RuleError for a score off its scale, a moment in the future, a survey that was never
    published, and an id under which something else was recorded.
    """
    now = database_clock()
    check(given, now)
    version = newest_published(given.survey)
    response = begin(given, version, now)
    try:
        with transaction.atomic():
            response.save(force_insert=True)
    except IntegrityError:
        return found_again(given), False
    Answer.objects.bulk_create(answers_of(given, response))
    tell_customers(response, now=now)
    ring_for_themes(response)
    audit(Deed("response_recorded", by, now), response, {"survey": [None, given.survey.name]})
    return response, True


def check(given: Given, now: datetime) -> None:
    """Raise RuleError for what can't have been answered."""
    if given.answered_at > now:
        raise RuleError(_("It can't have happened in the future."), field="answered_at")
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
        channel=Channel.API,
        language=given.language or given.customer.language or "en",
        external_id=given.external_id,
        begun_at=given.answered_at,
        answered_at=given.answered_at,
        changed_at=now,
    )


def answers_of(given: Given, response: Response) -> list[Answer]:
    """The score, where the survey has one, and the comment, both kept when they are empty."""
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


def found_again(given: Given) -> Response:
    """The response of this id, if it says the same."""
    known = Response.objects.select_related("version", "survey").get(external_id=given.external_id)
    answers = list(known.answers.all())
    said = {answer.text for answer in answers if answer.kind == Answer.Kind.LONG}
    same = (
        (known.survey_id, known.customer_id) == (given.survey.pk, given.customer.pk)
        and known.answered_at == given.answered_at
        and score_among(answers, known.survey.kind, known.version.content) == given.score
        and (given.comment in said or not given.comment)
    )
    if not same:
        raise RuleError(_("Something else was recorded under this id."), field="external_id")
    return known
