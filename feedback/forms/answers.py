"""Questions as fields of a page: what they offer, what was given, what is wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from churnapp.common.errors import RuleError
from feedback.content import CHOOSING, REASONS, SCALES, Content, Question
from feedback.logic import Answers, Given, check_given, path
from feedback.offers import Offer, in_turn, offers_of

ASKING: dict[str, Promise] = {
    "feature": _lazy("What did you miss?"),
    "competitor": _lazy("Which one?"),
}


@dataclass(frozen=True)
class Option:
    """A button or a box; `asks` is what a line of text beside it is for."""

    value: str
    label: str
    id: str
    checked: bool = False
    asks: str | Promise = ""
    more: str = ""


@dataclass(frozen=True)
class Field:
    """One question in one language, with what was given to it."""

    question: Question
    content: Content
    language: str
    offers: list[Offer]
    given: Given = field(default_factory=Given)
    error: str = ""

    @property
    def name(self) -> str:
        return f"q-{self.question.key}"

    @property
    def label(self) -> str:
        return self.words("")

    @property
    def help(self) -> str:
        return self.words(".help")

    @property
    def low(self) -> str:
        return self.words(".low")

    @property
    def high(self) -> str:
        return self.words(".high")

    @property
    def is_scale(self) -> bool:
        return self.question.kind in SCALES

    @property
    def is_choice(self) -> bool:
        return self.question.kind in CHOOSING

    @property
    def described_by(self) -> str:
        """The ids of what explains the field, for those who hear the page."""
        parts = [(self.help, f"{self.name}-help"), (self.error, f"{self.name}-error")]
        return " ".join(part for words, part in parts if words)

    @property
    def options(self) -> list[Option]:
        if self.is_scale:
            given = self.given.number
            return [
                Option(str(n), str(n), f"{self.name}-{n}", n == given)
                for n in self.question.numbers
            ]
        return [self.option(offer) for offer in self.offers]

    def option(self, offer: Offer) -> Option:
        checked = offer.key in self.given.choices
        return Option(
            offer.key,
            offer.label,
            f"{self.name}-{offer.key}",
            checked,
            ASKING.get(offer.asks, ""),
            self.given.text if checked else "",
        )

    def in_turn(self, turn: int) -> "Field":
        """The field with reasons in the order of an invitation; what a survey offers stays put."""
        if self.question.source != REASONS:
            return self
        return replace(self, offers=in_turn(self.offers, lambda offer: offer.key, turn))

    def words(self, ending: str) -> str:
        return self.content.text(f"q.{self.question.key}{ending}", self.language)


def fields_of(
    content: Content,
    questions: Iterable[Question],
    language: str,
    answers: Answers,
    errors: Mapping[str, str] | None = None,
) -> list[Field]:
    """The fields of some questions, each with its answer and what is wrong with that."""
    given = {question: answers.get(question.key, Given()) for question in questions}
    return [
        Field(
            question,
            content,
            language,
            offers_of(content, question, language, answer.choices),
            answer,
            (errors or {}).get(question.key, ""),
        )
        for question, answer in given.items()
    ]


def read_given(question: Question, data: QueryDict) -> Given:
    """What a form says about a question. Raises RuleError for a number that is none."""
    name = f"q-{question.key}"
    values = [value for value in data.getlist(name) if value]
    if question.kind in SCALES:
        return Given(number=whole(values[-1], question.key) if values else None)
    if question.kind in CHOOSING:
        more = data.get(f"{name}-more-{values[0]}", "") if question.source and values else ""
        return Given(choices=tuple(dict.fromkeys(values)), text=plain(more))
    return Given(text=plain(values[0]) if values else "")


def whole(text: str, key: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 2):
        raise RuleError(_("Choose one of the numbers."), field=key)
    return int(text)


def plain(text: str) -> str:
    """Words as they are kept: one kind of line ending, and nothing that PostgreSQL refuses."""
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def read_form(
    content: Content,
    questions: Iterable[Question],
    data: QueryDict,
    taken: Mapping[str, set[str]],
) -> tuple[dict[str, Given], dict[str, str]]:
    """What a form gives to these questions, and by question what is wrong with it.

    `taken` are the choices that answer each question. What is required is asked for only on the way
    that the answers themselves lead.
    """
    answers: dict[str, Given] = {}
    errors: dict[str, str] = {}
    asked = list(questions)
    for question in asked:
        try:
            answers[question.key] = read_given(question, data)
            check_given(question, answers[question.key], taken[question.key])
        except RuleError as refusal:
            errors[question.key] = str(refusal)
    on_way = {question.key for question in path(content, answers)} if len(asked) > 1 else None
    for question in asked:
        lacks = question.required and answers.get(question.key, Given()).is_empty
        if lacks and question.key not in errors and (on_way is None or question.key in on_way):
            errors[question.key] = _("This one needs an answer.")
    return answers, errors
