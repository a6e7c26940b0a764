"""What a survey lacks in its other languages, told before it is published."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise

from churnapp.common.errors import RuleError
from feedback.content import SOURCE_LANGUAGE, Content, check
from feedback.forms.builder import Row, general_rows, question_rows, short
from feedback.public_views.pages import spoken_languages


@dataclass(frozen=True)
class Lack:
    """The texts of one language that are missing, and those whose English was changed since.

    Texts of one question are named once, by the question.
    """

    name: str
    missing: list[str | Promise]
    outdated: list[str | Promise]


def lacks(content: Content) -> list[Lack]:
    """Of each language but English that lacks something."""
    found = []
    for code, name in spoken_languages(content).items():
        if code == SOURCE_LANGUAGE:
            continue
        rows = list(rows_of(content, code))
        missing = [label for label, row in rows if row.cells[0].is_missing]
        outdated = [label for label, row in rows if row.cells[0].is_outdated]
        if missing or outdated:
            found.append(Lack(name, once(missing), once(outdated)))
    return found


def lacks_before_publishing(content: Content) -> list[Lack]:
    """As `lacks`; nothing where it can't be published, which says so by itself."""
    try:
        check(content.written())
    except RuleError:
        return []
    return lacks(content)


def rows_of(content: Content, language: str) -> Iterator[tuple[str | Promise, Row]]:
    """Each text in a language, with what it is called."""
    for row in general_rows(content, [language]):
        yield row.label, row
    for number, question in enumerate(content.questions, start=1):
        for row in question_rows(content, question, [language]):
            yield f"{number}. {short(content, question)}", row


def once(labels: list[str | Promise]) -> list[str | Promise]:
    return list(dict.fromkeys(labels))
