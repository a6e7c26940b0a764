"""Which questions a person is asked, by what they have answered. No database, no clock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from feedback.content import Content, Jump, Question


@dataclass(frozen=True)
class Given:
    """An answer as given; without anything in it, a question left open."""

    number: int | None = None
    choices: tuple[str, ...] = ()
    text: str = ""

    @property
    def is_empty(self) -> bool:
        return self.number is None and not self.choices and not self.text


Answers = Mapping[str, Given]


def path(content: Content, answers: Answers) -> list[Question]:
    """The questions from the first to the end, as these answers lead; each at most once."""
    places = {question.key: number for number, question in enumerate(content.questions)}
    walked: list[Question] = []
    number = 0
    while number < len(content.questions):
        question = content.questions[number]
        walked.append(question)
        to = leads_to(question, answers.get(question.key))
        number = max(places.get(to, len(content.questions)), number + 1) if to else number + 1
    return walked


def leads_to(question: Question, given: Given | None) -> str:
    """The key that an answer jumps to, or the end; empty for the next question of the list."""
    if given is None:
        return ""
    return next((jump.to for jump in question.goes if fits(jump, given)), "")


def fits(jump: Jump, given: Given) -> bool:
    if given.number is not None:
        return jump.covers(given.number)
    return bool(jump.choice) and jump.choice in given.choices


def next_question(content: Content, answers: Answers) -> Question | None:
    """The first question on the way that was neither answered nor left open; None at the end."""
    return next((each for each in path(content, answers) if each.key not in answers), None)


def missing(content: Content, answers: Answers) -> list[Question]:
    """Required questions on the way without an answer."""
    return [
        question
        for question in path(content, answers)
        if question.required and answers.get(question.key, Given()).is_empty
    ]


def on_the_way(content: Content, answers: Answers) -> dict[str, Given]:
    """The answers that still count: those of questions on the way."""
    return {
        question.key: answers[question.key]
        for question in path(content, answers)
        if question.key in answers
    }


LONGEST = {"short": 200, "long": 5000, "single": 200}


def check_given(question: Question, given: Given, offered: Collection[str]) -> None:
    """Raise RuleError, its field the question's key, for what is no answer to the question.

    `offered` are the choices it offers. An answer left open is fine: `missing` asks for it later.
    """
    if given.number is not None and given.number not in question.numbers:
        raise RuleError(_("Choose one of the numbers."), field=question.key)
    if not set(given.choices) <= set(offered):
        raise RuleError(_("Choose one of the answers offered."), field=question.key)
    if len(given.choices) > 1 and question.kind != "multiple":
        raise RuleError(_("Choose only one."), field=question.key)
    longest = LONGEST.get(question.kind, 0)
    if len(given.text) > longest:
        raise RuleError(
            _("Write at most %(limit)s characters.") % {"limit": longest}, field=question.key
        )
