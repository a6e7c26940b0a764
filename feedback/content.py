"""What a version of a survey asks and in which words: read from its document, checked, written.

The document is `{"languages": [...], "questions": [...], "texts": {language: {name: words}}}`, and
`"outdated": {language: [name]}` where the English of some was changed since (`translations`). A
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
    "": {"languages", "questions", "texts", "outdated"},
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
    outdated: Mapping[str, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, document: Document) -> Self:
        """Content of a document as it stands, complete or not; `check` says what is wrong."""
        texts = document.get("texts", {})
        return cls(
            languages=tuple(document.get("languages", (SOURCE_LANGUAGE,))),
            questions=tuple(Question.read(each) for each in document.get("questions", ())),
            texts={language: dict(words) for language, words in texts.items()},
            outdated=document.get("outdated", {}),
        )

    def written(self) -> dict[str, Any]:
        """The document of this content, as JSON keeps it."""
        return {
            "languages": list(self.languages),
            "questions": [question.written() for question in self.questions],
            "texts": {language: dict(words) for language, words in self.texts.items()},
        } | ({"outdated": dict(self.outdated)} if self.outdated else {})

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


@dataclass(frozen=True)
class Fault:
    """What keeps a question from being asked, in words; `place` is where the document says so."""

    question: str
    place: str
    words: str


def faults(content: Content) -> list[Fault]:
    """Every question that can't be asked as it stands, or that nobody reaches, the first first."""
    found = branching_faults(content)
    for number, question in enumerate(content.questions):
        try:
            check_question(question, f"questions.{number}")
        except RuleError as refusal:
            found.append(Fault(question.key, refusal.field or "", str(refusal)))
    places = {question.key: number for number, question in enumerate(content.questions)}
    return sorted(found, key=lambda fault: places[fault.question])


def check_branching(content: Content) -> None:
    """Every way leads forward, so that it ends, and every question lies on one."""
    for fault in branching_faults(content):
        raise RuleError(fault.words, field=fault.place)


def branching_faults(content: Content) -> list[Fault]:
    """Questions that nobody reaches, and answers that lead back, nowhere, or that nobody gives."""
    places = {question.key: number for number, question in enumerate(content.questions)}
    places[END] = len(content.questions)
    reached = {0}
    found = []
    for number, question in enumerate(content.questions):
        place = f"questions.{number}"
        if number not in reached:
            said = _("Nobody reaches this question: every answer before it leads past it.")
            found.append(Fault(question.key, f"{place}.key", said))
        wrong = [why_wrong(question, jump, places) for jump in question.goes]
        found += [Fault(question.key, f"{place}.goes", said) for said in wrong if said]
        if number in reached:
            reached |= places_after(question, places)
    return found


def places_after(question: Question, places: Mapping[str, int]) -> set[int]:
    """The places of the questions that may follow it."""
    after = {places[jump.to] for jump in question.goes if jump.to in places}
    return after if question.always_jumps else after | {places[question.key] + 1}


def why_wrong(question: Question, jump: Jump, places: Mapping[str, int]) -> str:
    """Why an answer can't lead where it does; empty where it can."""
    if not fits_some_answer(question, jump):
        return _("No answer to this question fits that condition.")
    to, here = places.get(jump.to), places[question.key]
    if to is None:
        return _("An answer leads to a question that is not there.")
    if to <= here:
        said = _(
            "An answer leads back to question %(number)s, so this would go round in circles. "
            "Lead it to a later question, or to the end."
        )
        return said % {"number": to + 1}
    return ""


def fits_some_answer(question: Question, jump: Jump) -> bool:
    """Whether any answer meets the condition."""
    if question.kind in SCALES:
        numbers = question.numbers
        return jump.least in numbers and jump.most in numbers and jump.covers(jump.least or 0)
    if question.kind in CHOOSING:
        return bool(jump.choice) and (bool(question.source) or jump.choice in question.choices)
    return False


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
