"""Responses as rows to read: the score, the words and the choices of each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from customers.models import Customer, Plan
from feedback.answering import reason_labels
from feedback.models import Answer, Response, Survey, SurveyKind
from feedback.results import score_among
from feedback.score_words import PARTS, out_of

TOGETHER = ("customer__standing__plan", "contact", "version")
TONES = {"tone-gain": "pill-good", "tone-loss": "pill-bad"}


@dataclass(frozen=True)
class AnswerRow:
    """One response, of a customer or of somebody unknown.

    `words` are its comments and the choices made, in order.
    """

    response: Response
    customer: Customer | None
    score: int | None
    score_words: str
    tone: str
    words: list[str]

    @property
    def plan(self) -> Plan | None:
        return plan_of(self.customer)


def plan_of(customer: Customer | None) -> Plan | None:
    """The plan of a customer today; none for somebody unknown."""
    standing = getattr(customer, "standing", None) if customer else None
    return standing.plan if standing else None


def answer_rows(responses: Iterable[Response], survey: Survey) -> Iterator[AnswerRow]:
    """Rows of responses that come with their customer, version and answers."""
    language = (get_language() or "en").split("-")[0]
    reasons = reason_labels(language) if survey.kind == SurveyKind.EXIT else {}
    for response in responses:
        said = Said(survey.kind, response.version.content, reasons, language)
        yield answer_row(response, response.customer, list(response.answers.all()), said)


def answer_row(
    response: Response, customer: Customer | None, answers: Sequence[Answer], said: "Said"
) -> AnswerRow:
    """One response; without a customer, that of somebody unknown."""
    score = score_among(answers, said.kind, said.content)
    words = [text for text in (words_of(answer, said) for answer in answers) if text]
    scored = "" if score is None else out_of(said.kind, score)
    return AnswerRow(response, customer, score, scored, tone_of(said.kind, score), words)


@dataclass(frozen=True)
class Said:
    """What is asked, and in which words choices are told: its own, or the reasons'."""

    kind: str
    content: Mapping[str, Any]
    reasons: Mapping[str, str]
    language: str

    def label(self, question: str, choice: str) -> str:
        """As the reader's language, or English, calls a choice."""
        texts = self.content.get("texts", {})
        spoken = {**texts.get("en", {}), **texts.get(self.language, {})}
        return spoken.get(f"c.{question}.{choice}") or self.reasons.get(choice, choice)


def words_of(answer: Answer, said: Said) -> str:
    """What was written, or the choices in words."""
    if not answer.choices:
        return answer.text
    names = [said.label(answer.question, choice) for choice in answer.choices]
    return ", ".join([*names, answer.text] if answer.text else names)


def tone_of(kind: str, score: int | None) -> str:
    parts = PARTS.get(kind, ()) if score is not None else ()
    found = (TONES.get(tone, "") for _key, _label, low, high, tone in parts if low <= score <= high)  # type: ignore[operator]
    return next(found, "")
