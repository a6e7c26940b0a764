"""What a theme looks for in comments: lines of words, compared by their stems."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from customers.stems import LANGUAGES, Stems, words_of

VOWELS = "aeiouyåäöæø"
COMPOUND = 5  # letters that a part of a longer word must have to be the same thing


def folded(stem: str) -> str:
    """A stem without the vowels it ends with: the stemmers leave them in some forms only."""
    return stem.rstrip(VOWELS) if len(stem) > 3 else stem


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
        stem = folded(stems.stem(word, self.language))
        wanted = (folded(stems.stem(sought, self.language)) for sought in group)
        return bool(stem) and any(is_same(stem, one, self.language) for one in wanted if one)


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
