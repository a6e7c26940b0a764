"""Suggest the known themes for comments: each with the words that speak for it.

May be repeated and run twice at once: a pair of theme and comment is one row, and what a person
judged stays as it was judged.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import batched

from django.db.models import Q

from customers.stems import Stems
from feedback.models import CommentTheme, Theme
from feedback.themes.comments import CHUNK, Comment
from feedback.themes.words import Line, lines_of

LONGEST = 300
Sought = Sequence[tuple[int, list[Line]]]


def suggest(comments: Iterable[Comment], *, now: datetime) -> int:
    """Suggest themes and take back suggestions that the words no longer bear; how many are new."""
    sought, stems = sought_lines(), Stems()
    stems.learn(
        word for _pk, lines in sought for line in lines for group in line.groups for word in group
    )
    return sum(suggest_for(chunk, sought, stems, now) for chunk in batched(comments, CHUNK))


def sought_lines() -> Sought:
    """The lines of every theme that is looked for, by its key."""
    rows = Theme.objects.looked_for().values_list("pk", "words")
    return [(pk, lines_of(words)) for pk, words in rows]


def suggest_for(chunk: Sequence[Comment], sought: Sought, stems: Stems, now: datetime) -> int:
    stems.learn(word for comment in chunk for word in comment.words)
    found = {
        (theme, *comment.key): words
        for comment in chunk
        for theme, words in matches(comment, sought, stems)
    }
    there = rows_about(chunk)
    take_back(chunk, set(found), there)
    return len(
        CommentTheme.objects.bulk_create(
            [
                CommentTheme(
                    theme_id=theme,
                    answer_id=answer,
                    cancellation_id=cancellation,
                    matched=", ".join(words)[:LONGEST],
                    suggested_at=now,
                )
                for (theme, answer, cancellation), words in found.items()
                if (theme, answer, cancellation) not in there
            ],
            ignore_conflicts=True,
        )
    )


def matches(comment: Comment, sought: Sought, stems: Stems) -> Iterator[tuple[int, list[str]]]:
    """Themes of a comment with its words that speak for them, its own language's lines first.

    Lines of every language are tried: people don't always write the language of the page.
    """
    for theme, lines in sought:
        ordered = sorted(lines, key=lambda line: line.language != comment.language)
        hits = (line.found_in(comment.words, stems) for line in ordered)
        words = next((hit for hit in hits if hit), None)
        if words:
            yield theme, list(dict.fromkeys(words))


def rows_about(chunk: Sequence[Comment]) -> dict[tuple[int, int | None, int | None], str]:
    """The state of what is known of these comments, by theme and comment."""
    rows = CommentTheme.objects.filter(of_these(chunk)).order_by()
    return {
        (theme, answer, cancellation): state
        for theme, answer, cancellation, state in rows.values_list(
            "theme", "answer", "cancellation", "state"
        )
    }


def of_these(chunk: Sequence[Comment]) -> Q:
    answers = [comment.answer for comment in chunk if comment.answer]
    cancellations = [comment.cancellation for comment in chunk if comment.cancellation]
    return Q(answer__in=answers) | Q(cancellation__in=cancellations)


def take_back(
    chunk: Sequence[Comment],
    found: set[tuple[int, int | None, int | None]],
    there: dict[tuple[int, int | None, int | None], str],
) -> None:
    """Suggestions that no word bears any more, after a change of the words or of the theme."""
    suggested = CommentTheme.State.SUGGESTED
    if all(pair in found for pair, state in there.items() if state == suggested):
        return
    rows = CommentTheme.objects.filter(of_these(chunk), state=suggested)
    gone = [
        pk
        for pk, *pair in rows.values_list("pk", "theme", "answer", "cancellation")
        if tuple(pair) not in found
    ]
    CommentTheme.objects.filter(pk__in=gone, state=suggested).delete()
