"""The words of a text and their stems in four languages, by PostgreSQL's own dictionaries."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

LANGUAGES = ("en", "nb", "da", "sv")
WORD = re.compile(r"[^\W\d_]{2,}")
MOST_WORDS = 400  # of one comment; nobody writes more
STEMS = """
    SELECT word, ts_lexize('english_stem', word), ts_lexize('norwegian_stem', word),
           ts_lexize('danish_stem', word), ts_lexize('swedish_stem', word)
    FROM unnest(%s::text[]) AS word
"""


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, in their order."""
    return [word.casefold() for word in WORD.findall(text)[:MOST_WORDS]]


@dataclass
class Stems:
    """The stem of each word in each of `LANGUAGES`; a word that says nothing has none."""

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

    def stem(self, word: str, language: str) -> str:
        """A word's stem; empty for one that was not learnt, or that a dictionary leaves out."""
        return self.known.get(word, {}).get(language, "")
