"""Save answers as they are given, send them in, set them aside and take them back in.

Many requests with one link, however they meet, make one response: its row is unique by invitation,
and whoever changes it holds it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit
from feedback.answering import (
    MANY_LINKS,
    MOST_TOKENS,
    Signs,
    as_row,
    choices_taken,
    given_answers,
    may_change,
    noted,
    why_set_aside,
)
from feedback.content import Content
from feedback.inviting.reminders import call_back_reminders
from feedback.logic import Given, check_given, missing, on_the_way
from feedback.models import Answer, Channel, Invitation, OpenLink, Response, SurveyVersion
from feedback.services.bells import ring_for_themes
from feedback.services.telling import tell_customers

SENT_IN = [
    "answered_at", "changed_at", "counted_at", "swept_at", "quarantined_at", "quarantined_because",
]  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """A form as it came in: answers by question, the language of its page, its signs."""

    answers: Mapping[str, Given]
    language: str = "en"
    signs: Signs = field(default_factory=Signs)


@transaction.atomic
def save_answers(invitation: Invitation, filled: Filled, *, now: datetime) -> Response:
    """Keep some answers of an invited person. RuleError once a day has passed since sending in.

    What was sent in before stays whole at each step of a change: it counts as it stands when
    nothing is lacking, and is told as it was until then.
    """
    begin(invitation, now)
    response = keep(held(invitation=invitation), filled, now=now)
    content = Content.read(response.version.content)
    if response.answered_at is None or missing(content, given_answers(response)):
        return response
    return finish(response, now)


@transaction.atomic
def answer_invitation(invitation: Invitation, filled: Filled, *, now: datetime) -> Response:
    """Keep an invited person's last answers and send all in; see `send_in` for what it refuses."""
    begin(invitation, now)
    response = keep(held(invitation=invitation), filled, now=now)
    response.swept_at = None  # they have come to the end themselves
    return finish(response, now)


def begin(invitation: Invitation, now: datetime) -> None:
    """The response of an invitation, unless it is there; whoever comes second waits here."""
    Response.objects.bulk_create(
        [
            Response(
                survey_id=invitation.survey_id,
                version_id=invitation.version_id,
                invitation=invitation,
                customer_id=invitation.customer_id,
                contact_id=invitation.contact_id,
                cancellation_id=invitation.cancellation_id,
                channel=invitation.channel,
                begun_at=now,
                changed_at=now,
            )
        ],
        ignore_conflicts=True,
    )


@dataclass(frozen=True)
class OpenForm:
    """A form that anybody may fill in; without a version it asks what is asked now."""

    form_id: str
    channel: Channel
    version: SurveyVersion | None = None


@transaction.atomic
def answer_openly(link: OpenLink, form: OpenForm, filled: Filled, *, now: datetime) -> Response:
    """Keep and send in the answers of somebody unknown; the same form twice is one response."""
    version = form.version or link.survey.versions.exclude(published_at=None).first()
    if version is None:
        raise RuleError(_("This survey asks nothing yet."))
    Response.objects.bulk_create(
        [
            Response(
                survey_id=link.survey_id,
                version=version,
                open_link=link,
                external_id=form_of(link, form.form_id),
                channel=form.channel,
                begun_at=now,
                changed_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    response = held(external_id=form_of(link, form.form_id))
    return finish(keep(response, filled, now=now), now)


def form_of(link: OpenLink, form_id: str) -> str:
    """What names the response of a form: the same form of another link is another one."""
    return f"open-{link.pk}-{form_id}"


@transaction.atomic
def send_in(response: Response, *, now: datetime) -> Response:
    """Count a response from now on; what no longer lies on its way is dropped.

    Raises RuleError, its field the key of the question, for a required one without an answer.
    Sending in again, after a change, keeps the first moment.
    """
    return finish(held(pk=response.pk), now)


def finish(response: Response, now: datetime, *, left_at: datetime | None = None) -> Response:
    """Send in a response that is held; one that its person left counts from when they did."""
    refuse_late(response, now)
    content = Content.read(response.version.content)
    answers = given_answers(response)
    lacking = missing(content, answers)
    if lacking:
        raise RuleError(_("This one needs an answer."), field=lacking[0].key)
    response.answers.exclude(question__in=on_the_way(content, answers)).delete()
    response.answered_at = response.answered_at or left_at or now
    response.changed_at = now
    set_aside_if_doubtful(response, left_at or now)
    response.note_counting(now)
    response.save(update_fields=SENT_IN)
    call_back_reminders(Invitation.objects.filter(response=response))
    tell_customers(response, now=now)
    ring_for_themes(response)
    return response


@transaction.atomic
def quarantine(response: Response, *, because: str, by: User | None) -> Response:
    """Keep a response out of every figure; it stays to be looked at, and can be taken back in."""
    if not because.strip():
        raise RuleError(_("Say why."), field="because")
    response = held(pk=response.pk)
    if response.quarantined_at is not None:
        raise RuleError(_("This answer is set aside already."))
    now = database_clock()
    response.quarantined_at = now
    return moved(response, because.strip()[:50], Deed("response_set_aside", by, now))


@transaction.atomic
def release(response: Response, *, by: User | None) -> Response:
    """Count a response that was set aside: a person says that a person answered."""
    response = held(pk=response.pk)
    if response.quarantined_at is None:
        raise RuleError(_("This answer counts already."))
    now = database_clock()
    response.evidence = response.evidence | {"released": True}
    response.quarantined_at = None
    return moved(response, "", Deed("response_released", by, now))


def set_aside_links(tokens: Collection[str]) -> None:
    """Set aside what came by so many links from one address within a minute, the first ones too.

    What a person has taken in stays counted; what is only begun is set aside when it is sent in.
    """
    sent = Response.objects.filter(invitation__token_sha256__in=tokens, quarantined_at=None)
    known = Q(answered_at=None, evidence__links_lately__gt=MOST_TOKENS)
    doubtful = sent.exclude(evidence__has_key="released").exclude(known).order_by("pk")
    for pk in list(doubtful.values_list("pk", flat=True)):
        doubt(pk, len(tokens))


@transaction.atomic
def doubt(pk: int, links: int) -> None:
    """Note of one response how many links were answered with it."""
    response = held(pk=pk)
    if response.quarantined_at is not None or response.evidence.get("released"):
        return
    most = max(links, response.evidence.get("links_lately", 0))
    response.evidence = response.evidence | {"links_lately": most}
    if response.answered_at is None:
        response.save(update_fields=["evidence"])
        return
    now = database_clock()
    response.quarantined_at = now
    moved(response, MANY_LINKS, Deed("response_set_aside", None, now))


def held(**which: object) -> Response:
    """The response as it is now; others who change it wait until the transaction ends."""
    responses = Response.objects.select_for_update(of=("self",), no_key=True)
    return responses.select_related("survey", "version").get(**which)


def keep(response: Response, filled: Filled, *, now: datetime) -> Response:
    refuse_late(response, now)
    rows = checked(response, filled)
    Answer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["response", "question"],
        update_fields=["kind", "number", "choices", "text"],
    )
    response.language, response.changed_at = filled.language, now
    if response.answered_at is None:
        response.swept_at = None
    response.evidence = noted(response.evidence, filled.signs, now=now)
    response.save(update_fields=["language", "changed_at", "swept_at", "evidence"])
    return response


def checked(response: Response, filled: Filled) -> list[Answer]:
    """The rows of what was given. Raises RuleError for what is no answer to its question."""
    content = Content.read(response.version.content)
    asked = {key: content.question(key) for key in filled.answers}
    taken = choices_taken(question for question in asked.values() if question)
    rows = []
    for key, given in filled.answers.items():
        question = asked[key]
        if question is None:
            raise RuleError(_("This question is not asked here."), field=key)
        check_given(question, given, taken[key])
        rows.append(as_row(response, question, given))
    return rows


def refuse_late(response: Response, now: datetime) -> None:
    if not may_change(response, now=now):
        raise RuleError(_("Your answers were sent in more than a day ago and stay as they are."))


def set_aside_if_doubtful(response: Response, now: datetime) -> None:
    if response.quarantined_at is not None or response.evidence.get("released"):
        return
    invitation = response.invitation
    mailed_at = invitation.mail.sent_at if invitation and invitation.mail else None
    because = why_set_aside(response.evidence, mailed_at=mailed_at, now=now)
    if because:
        response.quarantined_at, response.quarantined_because = now, because


def moved(response: Response, because: str, deed: Deed) -> Response:
    told = {"because": [response.quarantined_because, because]}
    response.quarantined_because, response.changed_at = because, deed.at
    response.note_counting(deed.at)
    response.save(
        update_fields=[
            "evidence", "changed_at", "counted_at", "quarantined_at", "quarantined_because",
        ]
    )  # fmt: skip
    audit(deed, response, told)
    tell_customers(response, now=deed.at)
    ring_for_themes(response)
    return response
