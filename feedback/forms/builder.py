"""A draft's document as the builder's form changes it: words, required or not, order, choices."""

import copy
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from feedback.content import CHOOSING, END, REASONS, SCALES, SOURCE_LANGUAGE, Content, Question
from feedback.models import Answer
from feedback.translations import without_mark

Document = dict[str, Any]
WORDS: dict[str, Promise] = {
    "title": _("Title"),
    "intro": _("Introduction"),
    "thanks": _("Thanks"),
    "next": _("What happens next"),
    "mail.subject": _("Subject of the mail"),
    "mail.body": _("Mail"),
    "mail.button": _("Button in the mail"),
    "reminder.subject": _("Subject of the reminder"),
    "reminder.body": _("Reminder"),
}
ENDINGS: dict[str, Promise] = {
    "": _("Question"),
    ".help": _("Help"),
    ".low": _("Lowest"),
    ".high": _("Highest"),
}


MOVES = {"up", "down", "move"}


@dataclass(frozen=True)
class Cell:
    """One text in one language."""

    name: str
    language: str
    words: str
    is_missing: bool
    is_outdated: bool = False

    @property
    def field(self) -> str:
        return f"t-{self.language}-{self.name}"


@dataclass(frozen=True)
class Row:
    """One text in the languages shown, side by side."""

    label: str | Promise
    is_long: bool
    cells: list[Cell]
    choice: str = ""


def general_rows(content: Content, languages: Iterable[str]) -> list[Row]:
    """The texts that belong to no question."""
    return [row(content, name, label, languages) for name, label in WORDS.items()]


def question_rows(content: Content, question: Question, languages: Iterable[str]) -> list[Row]:
    """The texts of a question: itself, its help, the ends of its scale, its choices."""
    name, shown = f"q.{question.key}", list(languages)
    known = content.known_texts
    own = [
        row(content, name + ending, label, shown)
        for ending, label in ENDINGS.items()
        if name + ending in known
    ]
    choices = [
        row(content, f"c.{question.key}.{choice}", _("Choice"), shown, choice)
        for choice in question.choices
    ]
    return own + choices


def row(
    content: Content, name: str, label: Promise, languages: Iterable[str], choice: str = ""
) -> Row:
    needed = name in content.needed_texts
    cells = []
    for language in languages:
        words = content.texts.get(language, {}).get(name, "")
        is_outdated = name in content.outdated.get(language, ())
        cells.append(Cell(name, language, words, needed and not words.strip(), is_outdated))
    return Row(label, name.endswith((".body", "intro", "next")), cells, choice)


@dataclass(frozen=True)
class Way:
    """Where an answer leads: a choice, or the numbers from `least` to `most`; without `to`, on."""

    field: str
    to: str = ""
    choice: str = ""
    least: int | None = None
    most: int | None = None
    words: str = ""


def worded(ways: Iterable[Way], content: Content, question: Question) -> list[Way]:
    """Ways with their choices as they are worded in English, where they have words of their own."""
    return [
        replace(way, words=content.text(f"c.{question.key}.{way.choice}", SOURCE_LANGUAGE))
        for way in ways
    ]


def ways_of(question: Question, reasons: Iterable[str]) -> list[Way]:
    """A way for each choice; for a scale, those there are and one more to fill in.

    `reasons` are the keys of the organisation's own reasons in use.
    """
    name = f"goes-{question.key}"
    if question.kind in SCALES:
        there = [
            Way(f"{name}-{n}", jump.to, least=jump.least, most=jump.most)
            for n, jump in enumerate(question.goes)
        ]
        return [*there, Way(f"{name}-{len(there)}")]
    leads = {jump.choice: jump.to for jump in question.goes}
    choices = [*reasons] if question.source == REASONS else question.choices
    return [Way(f"{name}-{choice}", leads.get(choice, ""), choice) for choice in choices]


def targets_of(content: Content, question: Question) -> list[tuple[str, str | Promise]]:
    """Where the answers of a question may lead: to the questions after the next, or to the end.

    Where they lead already is always among them, so that no form that is sent again loses it.
    """
    here = content.questions.index(question) + 1
    chosen = {jump.to for jump in question.goes}
    named = []
    for number, each in enumerate(content.questions, start=1):
        if number > here + 1 or each.key in chosen:
            words = f"{number}. {short(content, each)}"
            back = _("%(question)s (leads back)") % {"question": words}
            named.append((each.key, words if number > here else back))
    return [*named, (END, _("the end"))]


def short(content: Content, question: Question) -> str:
    """A question in a few words: its own in English, else its number."""
    words = content.text(f"q.{question.key}", SOURCE_LANGUAGE)
    number = content.questions.index(question) + 1
    unnamed = gettext("Question %(number)s") % {"number": number}
    return Truncator(" ".join(words.split())).chars(60) or unnamed


def jumps_in(question: Question, data: QueryDict, reasons: Iterable[str]) -> list[Document]:
    """The ways of a question as a form says them; those that lead to the next are left out."""
    jumps = []
    for way in ways_of(question, reasons):
        to = data.get(way.field, "")
        when: Any = way.choice or {
            "from": number_in(data, f"{way.field}-from"),
            "to": number_in(data, f"{way.field}-to"),
        }
        if to:
            jumps.append({"when": when, "to": to})
    return jumps


def number_in(data: QueryDict, name: str) -> int | None:
    text = data.get(name, "").strip()
    return int(text) if is_number(text) else None


def is_number(text: str) -> bool:
    """Whether it is a number of one or two digits."""
    return text.isascii() and text.isdecimal() and len(text) <= 2


def written(document: Document, data: QueryDict, reasons: Iterable[str] = ()) -> Document:
    """The document with the words and ticks of a form in it; `reasons` as in `ways_of`."""
    document = copy.deepcopy(document)
    content = Content.read(document)
    for language in content.languages:
        texts = document.setdefault("texts", {}).setdefault(language, {})
        for name in content.known_texts:
            words = data.get(f"t-{language}-{name}")
            if words is not None:
                texts[name] = words.replace("\r\n", "\n").replace("\x00", "").strip()
    for question in document.get("questions", []):
        question["required"] = f"required-{question['key']}" in data
        if f"ways-{question['key']}" in data:
            question["goes"] = jumps_in(Question.read(question), data, reasons)
    return document


def done(document: Document, deed: str) -> Document:
    """The document after a button: `up:KEY`, `down:KEY`, `move:KEY:PLACE` (the first is 1),
    `remove:KEY`, `add:KIND`, `add_choice:KEY`, `remove_choice:KEY:CHOICE`, `add_language:CODE`,
    `remove_language:CODE` or `looked:CODE:TEXT`; as it was for what is no button.
    """
    document = copy.deepcopy(document)
    verb, _colon, rest = deed.partition(":")
    key, _colon, choice = rest.partition(":")
    questions = document.setdefault("questions", [])
    place = place_of(document, key)
    if verb in {"add_language", "remove_language"}:
        change_languages(document, verb, key)
    elif verb == "looked":
        without_mark(document, key, choice)
    elif verb == "add" and key in Answer.Kind.values:
        questions.append(new_question(key, [each["key"] for each in questions]))
    elif place is not None and verb in MOVES:
        questions.insert(goal_of(verb, place, choice, len(questions)), questions.pop(place))
    elif place is not None and verb == "remove":
        del questions[place]
        forget(document, f"q.{key}", f"c.{key}.")
        drop_jumps(questions, to=key)
    elif place is not None:
        change_choices(document, questions[place], verb, choice)
    return document


def goal_of(verb: str, place: int, there: str, count: int) -> int:
    """Where a question goes from its place; `there` is the number that the button says."""
    if verb == "move":
        to = int(there) - 1 if is_number(there) else place
    else:
        to = place + 1 if verb == "down" else place - 1
    return min(max(to, 0), count - 1)


def place_of(document: Document, key: str) -> int | None:
    """Which question of the list it is, the first being 0."""
    keys = [each["key"] for each in document.get("questions", [])]
    return keys.index(key) if key in keys else None


def touched(before: Document, after: Document, deed: str) -> str:
    """The key of the question that a button was about; empty where it was about none.

    Of a new question its own, of a removed one that of the question which stands there now.
    """
    verb, _colon, rest = deed.partition(":")
    key, _colon, text = rest.partition(":")
    keys = [each["key"] for each in after.get("questions", [])]
    if verb == "looked":  # `q.KEY` or `c.KEY.CHOICE`
        key = text.partition(".")[2].partition(".")[0]
    if verb == "add" and len(keys) > len(before.get("questions", [])):
        return keys[-1]
    if verb == "remove" and keys:
        return keys[min(place_of(before, key) or 0, len(keys) - 1)]
    return key if key in keys else ""


def change_languages(document: Document, verb: str, language: str) -> None:
    """Speak one language more, or one less with its words; English stays."""
    spoken = list(document.get("languages", [SOURCE_LANGUAGE]))
    if language == SOURCE_LANGUAGE or language not in dict(settings.LANGUAGES):
        return
    others = [code for code in spoken if code != language]
    document["languages"] = [*others, language] if verb == "add_language" else others
    if verb == "remove_language":
        document.get("texts", {}).pop(language, None)


def new_question(kind: str, taken: Collection[str]) -> Document:
    """A question without words, its key the number of its place."""
    choices = ["choice-1", "choice-2"] if kind in CHOOSING else []
    return {
        "key": free_key("question", taken, at_least=len(taken) + 1),
        "kind": kind,
        "required": False,
        "choices": [{"key": choice} for choice in choices],
        "source": "",
        "goes": [],
    }


def change_choices(document: Document, question: Document, verb: str, choice: str) -> None:
    if question.get("source") == REASONS or question["kind"] not in CHOOSING:
        return
    choices = question["choices"]
    if verb == "add_choice":
        choices.append({"key": free_key("choice", {each["key"] for each in choices})})
    elif verb == "remove_choice":
        question["choices"] = [each for each in choices if each["key"] != choice]
        question["goes"] = [jump for jump in question["goes"] if jump.get("when") != choice]
        forget(document, f"c.{question['key']}.{choice}")


def drop_jumps(questions: list[Document], *, to: str) -> None:
    for question in questions:
        question["goes"] = [jump for jump in question.get("goes", []) if jump.get("to") != to]


def forget(document: Document, *names: str) -> None:
    """Drop the texts of that name, and those that begin with it and a full stop."""
    for language, texts in document.get("texts", {}).items():
        kept = {
            name: words
            for name, words in texts.items()
            if not any(name == gone or name.startswith(gone.rstrip(".") + ".") for gone in names)
        }
        document["texts"][language] = kept


def free_key(stem: str, taken: Collection[str], at_least: int = 1) -> str:
    numbers = range(at_least, at_least + len(taken) + 1)
    return next(f"{stem}-{n}" for n in numbers if f"{stem}-{n}" not in taken)
