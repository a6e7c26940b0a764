"""Find phrases that customers of one language share: two telling words close to each other.

Words that anybody uses of anything (`feedback.themes.common_words`) name no theme, nor do two that
only happen to stand in the same comments: a phrase must be said far more often than its words would
meet by chance.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from customers.stems import Stems
from feedback.themes.comments import Comment
from feedback.themes.common_words import COMMON
from feedback.themes.words import folded

CUSTOMERS = 5  # who must say it
SENTENCES = 3  # different ones that must say it
FURTHEST = 3  # words from the first of a phrase to the second
SHORTEST = 4  # letters of a word that may name a theme
TOGETHER = 1 / 3  # share of the comments with either word that must hold both as a phrase
LONGEST_KEY = 100
Pair = tuple[str, str]


@dataclass(frozen=True)
class Found:
    """A theme to be proposed, with how many customers say it."""

    key: str
    labels: dict[str, str]
    words: dict[str, list[str]]
    customers: int


def enough(comments: list[Comment]) -> bool:
    return speakers(comments) >= CUSTOMERS and len({c.text for c in comments}) >= SENTENCES


def speakers(comments: list[Comment]) -> int:
    return len({comment.customer for comment in comments})


def by_phrase(comments: list[Comment], language: str, stems: Stems) -> Iterator[Found]:
    """Phrases that enough customers use, the most said first; of each comment one."""
    holders: dict[Pair, list[Comment]] = defaultdict(list)
    named: dict[Pair, Counter[Pair]] = defaultdict(Counter)
    single: Counter[str] = Counter()
    for comment in comments:
        stemmed = [telling(word, language, stems) for word in comment.words]
        phrases = phrases_of(stemmed, comment.words)
        single.update({stem for stem in stemmed if stem})
        for pair, words in phrases.items():
            holders[pair].append(comment)
            named[pair][words] += 1
    taken: set[tuple[int | None, int | None]] = set()
    for pair, about in sorted(holders.items(), key=lambda item: (-speakers(item[1]), item[0])):
        left = [comment for comment in about if comment.key not in taken]
        if enough(left) and belongs_together(len(about), pair, single):
            taken |= {comment.key for comment in left}
            label = " ".join(named[pair].most_common(1)[0][0])
            key = f"words:{language}:{'+'.join(sorted(pair))}"[:LONGEST_KEY]
            yield Found(key, {language: label}, {language: [label]}, speakers(left))


def phrases_of(stemmed: list[str], words: list[str]) -> dict[Pair, Pair]:
    """The words of a comment that stand close and may name a theme, by their stems."""
    told = [(place, stem) for place, stem in enumerate(stemmed) if stem]
    return {
        (one, other): (words[first], words[second])
        for (first, one), (second, other) in pairwise(told)
        if second - first <= FURTHEST and one != other
    }


def telling(word: str, language: str, stems: Stems) -> str:
    """The stem of a word that may name a theme; empty for one that says nothing by itself."""
    if len(word) < SHORTEST or word in COMMON[language]:
        return ""
    return folded(stems.stem(word, language))


def belongs_together(both: int, pair: Pair, single: Counter[str]) -> bool:
    """Whether the words are said together often, compared with how often each is said at all."""
    return all(both >= TOGETHER * single[stem] for stem in pair)
