"""What a version of a survey asks and in which words: read from its document, checked, written.

The document is `{"languages": [...], "questions": [...], "texts": {language: {name: words}}}`. A
question leads to the next one of the list, unless one of its `goes` fits the answer.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from feedback.models import Answer

Kind = Answer.Kind
SOURCE_LANGUAGE = "en"
REASONS = "reasons"
END = "end"
SCALES: dict[str, tuple[int, int]] = {Kind.NPS: (0, 10), Kind.RATING: (1, 5), Kind.EFFORT: (1, 7)}
CHOOSING = (Kind.SINGLE, Kind.MULTIPLE)
WRITING = (Kind.SHORT, Kind.LONG)

NEEDED_TEXTS = (
    "title", "thanks", "mail.subject", "mail.body", "mail.button",
    "reminder.subject", "reminder.body",
)  # fmt: skip
# What mails may say of whom they go to; pages know nobody.
PLACEHOLDERS = {"contact.first_name", "contact.name", "customer.name", "organisation.name"}
FIRST_QUESTION = "first_question"  # stands for the question itself, with a link for each answer
PLACEHOLDER = re.compile(r"\{\{\s*([^}|\s]*)[^}]*\}\}")
EXTRA_TEXTS = ("intro", "next")
ALLOWED = {
    "": {"languages", "questions", "texts"},
    "questions": {"key", "kind", "required", "choices", "source", "goes"},
    "choices": {"key"},
    "goes": {"when", "to"},
    "when": {"from", "to"},
}

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Jump:
    """Where an answer leads: a choice, or a number from `least` to `most`."""

    to: str
    choice: str = ""
    least: int | None = None
    most: int | None = None

    @classmethod
    def read(cls, document: Document) -> Self:
        when = document.get("when")
        if isinstance(when, Mapping):
            return cls(str(document.get("to", "")), least=when.get("from"), most=when.get("to"))
        return cls(str(document.get("to", "")), choice=str(when or ""))

    def written(self) -> dict[str, Any]:
        when = self.choice or {"from": self.least, "to": self.most}
        return {"when": when, "to": self.to}

    def covers(self, number: int) -> bool:
        return (
            self.least is not None and self.most is not None and self.least <= number <= self.most
        )


@dataclass(frozen=True)
class Question:
    """One question; with `source` reasons, its choices are the organisation's own reasons."""

    key: str
    kind: str
    required: bool = False
    choices: tuple[str, ...] = ()
    source: str = ""
    goes: tuple[Jump, ...] = ()

    @classmethod
    def read(cls, document: Document) -> Self:
        return cls(
            key=str(document.get("key", "")),
            kind=str(document.get("kind", "")),
            required=bool(document.get("required", False)),
            choices=tuple(str(choice.get("key", "")) for choice in document.get("choices", ())),
            source=str(document.get("source", "")),
            goes=tuple(Jump.read(jump) for jump in document.get("goes", ())),
        )

    def written(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "kind": self.kind,
            "required": self.required,
            "choices": [{"key": key} for key in self.choices],
            "source": self.source,
            "goes": [jump.written() for jump in self.goes],
        }

    @property
    def numbers(self) -> range:
        """The numbers of its scale; empty for questions without one."""
        if self.kind not in SCALES:
            return range(0)
        least, most = SCALES[self.kind]
        return range(least, most + 1)

    @property
    def always_jumps(self) -> bool:
        """Whether no answer leads on to the next question of the list."""
        if not self.required:
            return False
        if self.kind in SCALES:
            return all(any(jump.covers(number) for jump in self.goes) for number in self.numbers)
        named = {jump.choice for jump in self.goes}
        return self.source != REASONS and bool(self.choices) and named >= set(self.choices)

    @property
    def needed_texts(self) -> tuple[str, ...]:
        name = f"q.{self.key}"
        ends = (f"{name}.low", f"{name}.high") if self.kind in SCALES else ()
        return (name, *ends, *(f"c.{self.key}.{choice}" for choice in self.choices))


@dataclass(frozen=True)
class Content:
    """All that one version says and asks."""

    languages: tuple[str, ...] = (SOURCE_LANGUAGE,)
    questions: tuple[Question, ...] = ()
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, document: Document) -> Self:
        """Content of a document as it stands, complete or not; `check` says what is wrong."""
        texts = document.get("texts", {})
        return cls(
            languages=tuple(document.get("languages", (SOURCE_LANGUAGE,))),
            questions=tuple(Question.read(each) for each in document.get("questions", ())),
            texts={language: dict(words) for language, words in texts.items()},
        )

    def written(self) -> dict[str, Any]:
        """The document of this content, as JSON keeps it."""
        return {
            "languages": list(self.languages),
            "questions": [question.written() for question in self.questions],
            "texts": {language: dict(words) for language, words in self.texts.items()},
        }

    def text(self, name: str, language: str) -> str:
        """The words of that name, in English where the language lacks them; else empty."""
        for each in (language, SOURCE_LANGUAGE):
            words = self.texts.get(each, {}).get(name, "").strip()
            if words:
                return words
        return ""

    def question(self, key: str) -> Question | None:
        return next((each for each in self.questions if each.key == key), None)

    @property
    def needed_texts(self) -> tuple[str, ...]:
        asked = [name for question in self.questions for name in question.needed_texts]
        return (*NEEDED_TEXTS, *asked)

    @property
    def known_texts(self) -> set[str]:
        helps = {f"q.{question.key}.help" for question in self.questions}
        return {*self.needed_texts, *EXTRA_TEXTS} | helps


def missing_texts(content: Content) -> dict[str, list[str]]:
    """Names of the texts that each language of the survey lacks; only languages that lack some."""
    missing = {
        language: [
            name
            for name in content.needed_texts
            if not content.texts.get(language, {}).get(name, "").strip()
        ]
        for language in content.languages
    }
    return {language: names for language, names in missing.items() if names}


def check(document: Document) -> Content:
    """The content of a document that can be asked. RuleError names the field that can't."""
    check_names(document)
    content = Content.read(document)
    check_languages(content)
    check_questions(content)
    check_branching(content)
    check_texts(content)
    return content


def check_names(document: Document) -> None:
    """Refuse what the document holds that nobody reads."""
    refuse_unknown(document, "", "")
    for number, question in enumerate(document.get("questions", ())):
        place = f"questions.{number}"
        refuse_unknown(question, "questions", place)
        for choice in question.get("choices", ()):
            refuse_unknown(choice, "choices", f"{place}.choices")
        for jump in question.get("goes", ()):
            refuse_unknown(jump, "goes", f"{place}.goes")
            if isinstance(jump.get("when"), Mapping):
                refuse_unknown(jump["when"], "when", f"{place}.goes")


def refuse_unknown(document: Document, kind: str, place: str) -> None:
    unknown = sorted(set(document) - ALLOWED[kind])
    if unknown:
        name = ".".join(part for part in (place, unknown[0]) if part)
        raise RuleError(_("“%(name)s” is not known here.") % {"name": unknown[0]}, field=name)


def check_languages(content: Content) -> None:
    if SOURCE_LANGUAGE not in content.languages:
        raise RuleError(_("English is needed: other languages fall back on it."), field="languages")
    refuse_twice(content.languages, "languages")
    unlisted = sorted(set(content.texts) - set(content.languages))
    if unlisted:
        raise RuleError(
            _("There are texts in %(language)s, which is not a language of this survey.")
            % {"language": unlisted[0]},
            field=f"texts.{unlisted[0]}",
        )


def check_questions(content: Content) -> None:
    if not content.questions:
        raise RuleError(_("Ask at least one question."), field="questions")
    refuse_twice([question.key for question in content.questions], "questions")
    for number, question in enumerate(content.questions):
        check_question(question, f"questions.{number}")


def check_question(question: Question, place: str) -> None:
    if not is_key(question.key) or question.key == END:
        raise RuleError(
            _("A key has lower-case letters, digits and hyphens, at most 50."), field=f"{place}.key"
        )
    if question.kind not in Kind.values:
        raise RuleError(_("Choose one of the kinds of question."), field=f"{place}.kind")
    if question.source not in {"", REASONS} or (question.source and question.kind != Kind.SINGLE):
        raise RuleError(
            _("Only a question with one choice can offer your reasons."), field=f"{place}.source"
        )
    check_choices(question, f"{place}.choices")


def check_choices(question: Question, place: str) -> None:
    offers = question.kind in CHOOSING and not question.source
    if offers and len(question.choices) < 2:
        raise RuleError(_("Offer at least two choices."), field=place)
    if question.choices and not offers:
        raise RuleError(_("This question has no choices of its own."), field=place)
    refuse_twice(question.choices, place)
    if not all(is_key(choice) for choice in question.choices):
        raise RuleError(
            _("A key has lower-case letters, digits and hyphens, at most 50."), field=place
        )


def check_branching(content: Content) -> None:
    """Every way leads forward, so that it ends, and every question lies on one."""
    places = {question.key: number for number, question in enumerate(content.questions)}
    places[END] = len(content.questions)
    reached = {0}
    for number, question in enumerate(content.questions):
        place = f"questions.{number}"
        if number not in reached:
            raise RuleError(_("No answer leads to this question."), field=f"{place}.key")
        for jump in question.goes:
            check_jump(question, jump, f"{place}.goes")
            if places.get(jump.to, -1) <= number:
                raise RuleError(
                    _("An answer can only lead to a later question, or to the end."),
                    field=f"{place}.goes",
                )
            reached.add(places[jump.to])
        if not question.always_jumps:
            reached.add(number + 1)


def check_jump(question: Question, jump: Jump, place: str) -> None:
    """Refuse a condition that no answer can meet."""
    if question.kind in SCALES:
        numbers = question.numbers
        fits = jump.least in numbers and jump.most in numbers and jump.covers(jump.least or 0)
    elif question.kind in CHOOSING:
        fits = bool(jump.choice) and (bool(question.source) or jump.choice in question.choices)
    else:
        fits = False
    if not fits:
        raise RuleError(_("No answer to this question fits that condition."), field=place)


def check_texts(content: Content) -> None:
    for language, words in content.texts.items():
        unknown = sorted(set(words) - content.known_texts)
        if unknown:
            raise RuleError(
                _("“%(name)s” is not known here.") % {"name": unknown[0]},
                field=f"texts.{language}.{unknown[0]}",
            )
        check_placeholders(language, words)
    missing = missing_texts(content).get(SOURCE_LANGUAGE)
    if missing:
        raise RuleError(
            _("The English words are missing."), field=f"texts.{SOURCE_LANGUAGE}.{missing[0]}"
        )


def check_placeholders(language: str, words: Mapping[str, str]) -> None:
    """Refuse names that no mail can fill in, any name on a page, and subjects of several lines."""
    for name, text in words.items():
        place = f"texts.{language}.{name}"
        known = PLACEHOLDERS if name.startswith(("mail.", "reminder.")) else set()
        known = known | {FIRST_QUESTION} if name in {"mail.body", "reminder.body"} else known
        unknown = sorted(set(PLACEHOLDER.findall(text)) - known)
        if unknown:
            raise RuleError(_("“%(name)s” is not known here.") % {"name": unknown[0]}, field=place)
        if name.endswith(".subject") and "\n" in text:
            raise RuleError(_("A subject has one line."), field=place)


def refuse_twice(keys: Iterable[str], place: str) -> None:
    twice = [key for key, count in Counter(keys).items() if count > 1]
    if twice:
        raise RuleError(_("“%(key)s” is there twice.") % {"key": twice[0]}, field=place)


def is_key(text: str) -> bool:
    plain = text.replace("-", "").replace("_", "")
    return plain.isascii() and plain.isalnum() and text == text.lower() and len(text) <= 50
