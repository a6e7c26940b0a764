"""Responses as rows to read: the score, the words and the choices of each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from customers.models import Customer, Plan
from feedback.answering import offered_reasons
from feedback.content import REASONS
from feedback.models import Answer, Response, Survey, SurveyKind
from feedback.results import score_among
from feedback.views.score_words import PARTS

TOGETHER = ("customer__standing__plan", "contact", "version")
TONES = {"tone-gain": "pill-good", "tone-loss": "pill-bad"}


@dataclass(frozen=True)
class AnswerRow:
    """One response; `words` are its comments and the choices made, in order."""

    response: Response
    customer: Customer
    score: int | None
    tone: str
    words: list[str]

    @property
    def plan(self) -> Plan | None:
        standing = getattr(self.customer, "standing", None)
        return standing.plan if standing else None


def answer_rows(responses: Iterable[Response], survey: Survey) -> Iterator[AnswerRow]:
    """Rows of responses that come with their customer, version and answers."""
    labels = reason_labels() if survey.kind == SurveyKind.EXIT else {}
    for response in responses:
        if response.customer is not None:
            given = list(response.answers.all())
            yield answer_row(response, response.customer, survey.kind, given, labels)


def reason_labels() -> Mapping[str, str]:
    """The organisation's reasons for leaving by key, as the reader's language calls them."""
    return {offer.key: offer.label for offer in offered_reasons(get_language() or "en")}


def answer_row(
    response: Response,
    customer: Customer,
    kind: str,
    answers: Sequence[Answer],
    reasons: Mapping[str, str],
) -> AnswerRow:
    content = response.version.content
    score = score_among(answers, kind, content)
    words = [words_of(answer, content, reasons) for answer in answers]
    said = [text for text in words if text]
    return AnswerRow(response, customer, score, tone_of(kind, score), said)


def words_of(answer: Answer, content: Mapping[str, Any], reasons: Mapping[str, str]) -> str:
    """What was written, or the choices as the reader's language, or English, calls them."""
    if not answer.choices:
        return answer.text
    texts = content.get("texts", {})
    spoken = {**texts.get("en", {}), **texts.get(get_language() or "en", {})}
    named = reasons if is_about_reasons(answer, content) else {}
    names = [
        spoken.get(f"c.{answer.question}.{choice}") or named.get(choice, choice)
        for choice in answer.choices
    ]
    return ", ".join([*names, answer.text] if answer.text else names)


def is_about_reasons(answer: Answer, content: Mapping[str, Any]) -> bool:
    """Whether the choices of a question are the organisation's reasons for leaving."""
    asked = content.get("questions", [])
    return any(q.get("key") == answer.question and q.get("source") == REASONS for q in asked)


def tone_of(kind: str, score: int | None) -> str:
    parts = PARTS.get(kind, ()) if score is not None else ()
    found = (TONES.get(tone, "") for _key, _label, low, high, tone in parts if low <= score <= high)  # type: ignore[operator]
    return next(found, "")
