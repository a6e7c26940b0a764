"""Propose themes that nobody has named yet: what several customers write about in their own words.

A topic of the lexicon counts across languages. What the lexicon doesn't know is found by
`feedback.themes.phrases`, and only where different sentences hold it: a form letter is no theme.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from customers.stems import LANGUAGES, Stems
from feedback.models import CommentTheme, Theme
from feedback.themes.comments import Comment
from feedback.themes.lexicon import TOPICS, TROUBLES, Concept
from feedback.themes.phrases import Found, by_phrase, enough, speakers
from feedback.themes.words import Line, lines_of

LATELY = timedelta(days=365)
NARROWED = 1 / 3  # share of a topic's comments with one trouble from which that is the theme
MOST = 8  # proposals that wait at a time: more than anyone wants to name


def propose(comments: Iterable[Comment], *, now: datetime) -> list[Theme]:
    """Add proposals for what no standing theme covers; repeated, it adds nothing.

    A key that was ever used, also by what was turned down, is not proposed again.
    """
    free = uncovered(comments, now)
    stems = Stems()
    stems.learn(word for comment in free for word in comment.words)
    stems.learn(
        word
        for each in (*TOPICS, *TROUBLES)
        for words in each.words.values()
        for word in words.split()
    )
    found = sorted([*by_topic(free, stems), *by_phrases(free, stems)], key=lambda f: -f.customers)
    known = set(Theme.objects.values_list("key", flat=True))
    room = max(0, MOST - Theme.objects.proposed().count())
    new = [each for each in found if each.key not in known][:room]
    rows = [Theme(key=each.key, labels=each.labels, words=each.words) for each in new]
    return Theme.objects.bulk_create(rows, ignore_conflicts=True)


def uncovered(comments: Iterable[Comment], now: datetime) -> list[Comment]:
    """Comments of the last year that hold no theme yet."""
    rows = CommentTheme.objects.exclude(state=CommentTheme.State.REJECTED)
    covered = set(rows.order_by().values_list("answer", "cancellation"))
    return [
        comment
        for comment in comments
        if comment.said_at >= now - LATELY and comment.key not in covered and comment.customer
    ]


def by_topic(comments: list[Comment], stems: Stems) -> Iterator[Found]:
    """Topics that enough customers write about, narrowed to a trouble that many of them name.

    A topic alone mixes thanks and complaints; "invoices: hard to understand" can be acted on.
    """
    for topic in TOPICS:
        about = holding(topic, comments, stems)
        if not enough(about):
            continue
        trouble, about = narrowed(about, stems)
        joined = {
            language: [" ".join(c.line(language) for c in (topic, trouble) if c)]
            for language in LANGUAGES
        }
        labels = dict(topic.labels)
        if trouble:
            labels = {lang: f"{topic.labels[lang]}: {trouble.labels[lang]}" for lang in LANGUAGES}
        yield Found(f"topic:{topic.key}", labels, joined, speakers(about))


def narrowed(about: list[Comment], stems: Stems) -> tuple[Concept | None, list[Comment]]:
    """The trouble most of these comments name, with those that do; none where it is rare."""
    holders = [(each, holding(each, about, stems)) for each in TROUBLES]
    most, found = max(holders, key=lambda each: len(each[1]))
    return (most, found) if len(found) >= NARROWED * len(about) and enough(found) else (None, about)


def holding(sought: Concept, comments: list[Comment], stems: Stems) -> list[Comment]:
    """Comments with one of a concept's words, in any of its languages."""
    lines = lines_of({language: [sought.line(language)] for language in LANGUAGES})
    return [c for c in comments if any(line.found_in(c.words, stems) for line in lines)]


def by_phrases(comments: list[Comment], stems: Stems) -> Iterator[Found]:
    """Phrases of one language in comments that are on no topic of the lexicon."""
    known = topic_lines()
    free = [comment for comment in comments if not is_on_a_topic(comment, known, stems)]
    for language in LANGUAGES:
        yield from by_phrase([c for c in free if c.language == language], language, stems)


def topic_lines() -> list[Line]:
    return [
        line
        for topic in TOPICS
        for line in lines_of({language: [topic.line(language)] for language in LANGUAGES})
    ]


def is_on_a_topic(comment: Comment, known: list[Line], stems: Stems) -> bool:
    return any(line.found_in(comment.words, stems) for line in known)
