"""The reason that a customer's words speak for, by stems of PostgreSQL's own dictionaries."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection

from customers.models import ReasonVersion
from customers.reading.lexicon import LEXICON, NEGATIONS

LANGUAGES = ("en", "nb", "da", "sv")
WORD = re.compile(r"[^\W\d_]{2,}")
MOST_WORDS = 400  # of one comment; nobody writes more
NEAR = 2  # words before one in which a negation counts
LEAST = 4  # letters of a label's word that says something
STEMS = """
    SELECT word, ts_lexize('english_stem', word), ts_lexize('norwegian_stem', word),
           ts_lexize('danish_stem', word), ts_lexize('swedish_stem', word)
    FROM unnest(%s::text[]) AS word
"""
Group = tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """Of every group one word must stand there."""

    language: str
    groups: tuple[Group, ...]

    @property
    def is_negation(self) -> bool:
        return any(word in NEGATIONS for group in self.groups for word in group)


@dataclass
class Stems:
    """The stem of each word in each language; a word that says nothing has none."""

    known: dict[str, dict[str, str]] = field(default_factory=dict)

    def learn(self, words: Iterable[str]) -> None:
        """Ask for the words that are not known yet; one question."""
        new = sorted(set(words) - self.known.keys())
        if not new:
            return
        with connection.cursor() as cursor:
            cursor.execute(STEMS, [new])
            for word, *lexemes in cursor.fetchall():
                found = zip(LANGUAGES, lexemes, strict=True)
                self.known[word] = {name: stem[0] for name, stem in found if stem}

    def of(self, word: str, language: str) -> str:
        """A word's stem; one that a dictionary leaves out stands for itself."""
        return self.known.get(word, {}).get(language) or word


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, in their order."""
    return [word.casefold() for word in WORD.findall(text)[:MOST_WORDS]]


def lines_of(reason_key: str, version: ReasonVersion | None) -> list[Line]:
    """What speaks for a reason: the words of a ready one, and all words of how it is worded."""
    known = LEXICON.get(reason_key, {})
    lines = [
        Line(language, tuple(tuple(group.split("/")) for group in line.split()))
        for language, sought in known.items()
        for line in sought
    ]
    labels: Mapping[str, str] = version.labels if version else {}
    for language, label in labels.items():
        told = tuple((word,) for word in words_of(label) if len(word) >= LEAST)
        if language in LANGUAGES and len(told) > 1:
            lines.append(Line(language, told))
    return lines


@dataclass(frozen=True)
class Reader:
    """Reads comments by the lines of each reason."""

    lines: Mapping[int, list[Line]]
    stems: Stems = field(default_factory=Stems)

    def read(self, text: str) -> tuple[int, list[str]] | None:
        """The one reason that most of the words speak for, and those words; None in doubt."""
        words = words_of(text)
        if not words:
            return None
        sought = (word for lines in self.lines.values() for line in lines for group in line.groups
                  for word in group)  # fmt: skip
        self.stems.learn([*words, *sought])
        found = {reason: self.said(words, lines) for reason, lines in self.lines.items()}
        ranked = sorted(found, key=lambda reason: -len(found[reason]))
        if not ranked or not found[ranked[0]]:
            return None
        best = ranked[0]
        if len(ranked) > 1 and len(found[ranked[1]]) == len(found[best]):
            return None
        return best, [words[at] for at in sorted(found[best])]

    def said(self, words: list[str], lines: list[Line]) -> set[int]:
        """Where the words stand that fulfil any of the lines."""
        places: set[int] = set()
        for line in lines:
            stems = [self.stems.of(word, line.language) for word in words]
            hits = [self.hit(words, stems, group, line) for group in line.groups]
            if all(hit is not None for hit in hits):
                places |= {hit for hit in hits if hit is not None}
        return places

    def hit(self, words: list[str], stems: list[str], group: Group, line: Line) -> int | None:
        wanted = {self.stems.of(word, line.language) for word in group}
        alone = len(line.groups) == 1 and not line.is_negation
        for at, stem in enumerate(stems):
            denied = alone and NEGATIONS & set(words[max(0, at - NEAR) : at])
            if stem in wanted and not denied:
                return at
        return None
