"""The words of comments, brought to their stems by PostgreSQL's own dictionaries."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection

from feedback.themes.lexicon import LANGUAGES

WORD = re.compile(r"[^\W\d_]{2,}")
VOWELS = "aeiouyåäöæø"
COMPOUND = 5  # letters that a part of a longer word must have to be the same thing
MOST_WORDS = 400  # of one comment; nobody writes more
STEMS = """
    SELECT word, ts_lexize('english_stem', word), ts_lexize('norwegian_stem', word),
           ts_lexize('danish_stem', word), ts_lexize('swedish_stem', word)
    FROM unnest(%s::text[]) AS word
"""


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, in their order."""
    return [word.casefold() for word in WORD.findall(text)[:MOST_WORDS]]


def folded(stem: str) -> str:
    """A stem without the vowels it ends with: the stemmers leave them in some forms only."""
    return stem.rstrip(VOWELS) if len(stem) > 3 else stem


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
                self.known[word] = {lang: folded(stem[0]) for lang, stem in found if stem}

    def stem(self, word: str, language: str) -> str:
        return self.known.get(word, {}).get(language, "")


def is_same(stem: str, sought: str, language: str) -> bool:
    """Whether a stem is the one sought, or a compound that begins or ends with it."""
    if stem == sought or language == "en" or len(sought) < COMPOUND:
        return stem == sought
    return stem.startswith(sought) or stem.endswith(sought)


@dataclass(frozen=True)
class Line:
    """One line of a theme: of every group one word must stand in the comment."""

    language: str
    groups: tuple[tuple[str, ...], ...]

    def found_in(self, words: list[str], stems: Stems) -> list[str]:
        """The comment's own words that fulfil the line; none where a group has no word."""
        found = []
        for group in self.groups:
            hit = next((word for word in words if self.fits(word, group, stems)), None)
            if hit is None:
                return []
            found.append(hit)
        return found

    def fits(self, word: str, group: tuple[str, ...], stems: Stems) -> bool:
        stem = stems.stem(word, self.language)
        return bool(stem) and any(
            is_same(stem, stems.stem(sought, self.language), self.language)
            for sought in group
            if stems.stem(sought, self.language)
        )


def lines_of(words: Mapping[str, Iterable[str]]) -> list[Line]:
    """A theme's words as they are looked for."""
    return [
        Line(language, groups)
        for language, lines in words.items()
        if language in LANGUAGES
        for line in lines
        if (groups := groups_of(line))
    ]


def groups_of(line: str) -> tuple[tuple[str, ...], ...]:
    groups = (tuple(words_of(group.replace("/", " "))) for group in line.split())
    return tuple(group for group in groups if group)
