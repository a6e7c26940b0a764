"""The reason that a customer's words speak for, by stems of PostgreSQL's own dictionaries."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from customers.models import ReasonVersion
from customers.reading.lexicon import LEXICON, NEGATIONS
from customers.stems import LANGUAGES, Stems, words_of

NEAR = 2  # words before one in which a negation counts
LEAST = 4  # letters of a label's word that says something
Group = tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """Of every group one word must stand there."""

    language: str
    groups: tuple[Group, ...]

    @property
    def is_negation(self) -> bool:
        return any(word in NEGATIONS for group in self.groups for word in group)


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

    def stem(self, word: str, language: str) -> str:
        """A word's stem; one that a dictionary leaves out stands for itself."""
        return self.stems.stem(word, language) or word

    def said(self, words: list[str], lines: list[Line]) -> set[int]:
        """Where the words stand that fulfil any of the lines."""
        places: set[int] = set()
        for line in lines:
            stems = [self.stem(word, line.language) for word in words]
            hits = [self.hit(words, stems, group, line) for group in line.groups]
            if all(hit is not None for hit in hits):
                places |= {hit for hit in hits if hit is not None}
        return places

    def hit(self, words: list[str], stems: list[str], group: Group, line: Line) -> int | None:
        wanted = {self.stem(word, line.language) for word in group}
        alone = len(line.groups) == 1 and not line.is_negation
        for at, stem in enumerate(stems):
            denied = alone and NEGATIONS & set(words[max(0, at - NEAR) : at])
            if stem in wanted and not denied:
                return at
        return None
