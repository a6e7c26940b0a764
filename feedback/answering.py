"""What stands behind a link: who is asked what, and what speaks for a person having answered.

Looking a link up changes nothing: mail scanners open every link of a mail.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from customers.mail.links import hash_of
from customers.models import CancellationReason, ReasonVersion
from feedback.content import CHOOSING, REASONS, Content, Question
from feedback.logic import Answers, Given
from feedback.models import Answer, Invitation, OpenLink, Response
from feedback.offers import OTHER, offers_of

EDITABLE_FOR = timedelta(hours=24)
TOO_FAST = timedelta(seconds=3)
TOO_FAST_ONCE_CHOSEN = timedelta(seconds=1)  # who chose in the mail has only to send
MANY_LINKS = "many_links"
MOST_TOKENS = 10  # different private links from one address in a minute


@dataclass(frozen=True)
class Signs:
    """What a form tells about who sent it: when it was made for them, the trap, other links.

    `chosen`: it came with the answer that they had clicked in the mail. `said_customer`: the id
    that the address of an open link names, which anybody can write.
    """

    issued_at: datetime | None = None
    trap_filled: bool = False
    links_lately: int = 1
    chosen: bool = False
    said_customer: str = ""


def find_invitation(token: str, *, now: datetime) -> Invitation | None:
    """The invitation of a token that may be answered now; None for any other, for whatever reason.

    What was sent in may be changed for its 24 hours, also when the link expires meanwhile. One
    question whatever the token is, so that its time tells nothing.
    """
    editable = Q(response__answered_at__gt=now - EDITABLE_FOR)
    usable = Invitation.objects.filter(Q(expires_at__gt=now) | editable, called_back_at=None)
    return (
        usable.select_related("version", "response")  # what a page needs; forms ask for more
        .defer("version__earlier")
        .filter(token_sha256=hash_of(token))
        .first()
    )


def find_open_link(code: str) -> OpenLink | None:
    """An open link that is not closed, with its survey, which may be archived."""
    links = OpenLink.objects.filter(closed_at=None)
    return links.select_related("survey").filter(code=code).first()


def words_of(
    content: Content, asked: Iterable[Question], answers: Answers, language: str
) -> Iterable[str]:
    """What was chosen and written, in the order of the questions."""
    for question in asked:
        given = answers.get(question.key)
        if given is None:
            continue
        if question.kind in CHOOSING and given.choices:
            offers = offers_of(content, question, language, given.choices)
            labels = {offer.key: offer.label for offer in offers}
            yield ", ".join(labels.get(choice, choice) for choice in given.choices)
        if given.text:
            yield given.text


@dataclass(frozen=True)
class ReasonEver:
    """A reason that there ever was, as it is worded now; `counts_as` is what it was merged into."""

    label: str
    counts_as: str
    is_offered: bool


def reasons_ever(language: str) -> dict[str, ReasonEver]:
    """Every reason there ever was by its key, and something else."""
    newest = ReasonVersion.objects.order_by("reason_id", "-version").distinct("reason_id")
    other = ReasonEver(_("Something else"), OTHER, is_offered=True)
    return {OTHER: other} | {
        version.reason.key: ReasonEver(
            version.labels.get(language) or version.labels.get("en") or version.reason.key,
            version.reason.counts_as.key,
            version.reason.retired_at is None,
        )
        for version in newest.select_related("reason__merged_into")
    }


def reason_labels(language: str) -> dict[str, str]:
    """Every reason there ever was as it is worded now, for those who read what was chosen.

    A merged one keeps its words: they are what a person chose.
    """
    return {key: reason.label for key, reason in reasons_ever(language).items()}


def known_reasons() -> set[str]:
    """Every reason there ever was: what was offered when a page was opened may be retired now."""
    return {OTHER, *CancellationReason.objects.values_list("key", flat=True)}


def choices_taken(questions: Iterable[Question]) -> dict[str, set[str]]:
    """By question, the choices that are taken as an answer, whenever its page was opened."""
    asked = list(questions)
    reasons = known_reasons() if any(each.source == REASONS for each in asked) else set()
    return {each.key: reasons if each.source == REASONS else set(each.choices) for each in asked}


def given_answers(response: Response) -> dict[str, Given]:
    """What was answered so far, by question."""
    return as_given(response.answers.all())


def as_given(answers: Iterable[Answer]) -> dict[str, Given]:
    """Rows of answers, by question."""
    return {
        answer.question: Given(answer.number, tuple(answer.choices), answer.text)
        for answer in answers
    }


def as_row(response: Response, question: Question, given: Given) -> Answer:
    return Answer(
        response=response,
        question=question.key,
        kind=question.kind,
        number=given.number,
        choices=list(given.choices),
        text=given.text,
    )


def may_change(response: Response | None, *, now: datetime) -> bool:
    """Whether answers may still be given or changed: for a day after they were sent in."""
    if response is None or response.answered_at is None:
        return True
    return now < response.answered_at + EDITABLE_FOR


def noted(evidence: dict[str, Any], signs: Signs, *, now: datetime) -> dict[str, Any]:
    """What was known of a response with what its newest form tells; doubts stay once raised."""
    first = evidence.get("form_made_at") or (signs.issued_at and signs.issued_at.isoformat())
    said = {"said_customer": signs.said_customer} if signs.said_customer else {}
    return (
        evidence
        | said
        | {
            "form_made_at": first,
            "unmarked": evidence.get("unmarked", False) or signs.issued_at is None,
            "chosen": evidence.get("chosen", False) or signs.chosen,
            "trap_filled": evidence.get("trap_filled", False) or signs.trap_filled,
            "links_lately": max(evidence.get("links_lately", 0), signs.links_lately),
            "last_form_at": now.isoformat(),
        }
    )


def quickest(evidence: dict[str, Any]) -> timedelta:
    """What a person needs at least from seeing the first page to sending in."""
    return TOO_FAST_ONCE_CHOSEN if evidence.get("chosen") else TOO_FAST


def why_set_aside(evidence: dict[str, Any], *, mailed_at: datetime | None, now: datetime) -> str:
    """Why a response sent in now is likelier a program's than a person's; empty when it isn't.

    A person needs a moment to read a mail, open a page and answer; a scanner needs none.
    """
    shown_at = evidence.get("form_made_at")
    on_page = now - datetime.fromisoformat(shown_at) if shown_at else None
    since_mail = now - mailed_at if mailed_at else None
    signs = {
        "trap_filled": evidence.get("trap_filled", False),
        "unmarked": evidence.get("unmarked", False),
        "too_fast": (on_page is not None and on_page < quickest(evidence))
        or (since_mail is not None and since_mail < TOO_FAST),
        MANY_LINKS: evidence.get("links_lately", 0) > MOST_TOKENS,
    }
    return next((name for name, speaks in signs.items() if speaks), "")
