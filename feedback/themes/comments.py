"""Comments that are looked through: the words of answers that count, and of departures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet

from customers.models import Cancellation
from customers.stems import words_of
from feedback.models import Answer, Response

CHUNK = 2_000


@dataclass(frozen=True)
class Comment:
    """One comment; exactly one of `answer` and `cancellation` says whose words they are."""

    text: str
    language: str
    customer: int | None
    said_at: datetime
    answer: int | None = None
    cancellation: int | None = None

    @cached_property
    def words(self) -> list[str]:
        return words_of(self.text)

    @property
    def key(self) -> tuple[int | None, int | None]:
        return self.answer, self.cancellation


def comments_of(
    answers: QuerySet[Answer] | None = None, departures: QuerySet[Cancellation] | None = None
) -> Iterator[Comment]:
    """Comments of these rows; all there are, unless rows are given."""
    if answers is None and departures is None:
        answers, departures = Answer.objects.all(), Cancellation.objects.all()
    if answers is not None:
        yield from said_in_answers(answers)
    if departures is not None:
        yield from said_on_leaving(departures)


def said_in_answers(answers: QuerySet[Answer]) -> Iterator[Comment]:
    sent_in = Response.objects.finished().filter(quarantined_at=None)
    found = answers.exclude(text="").filter(response__in=sent_in).order_by("pk")
    rows = found.values_list(
        "text", "response__language", "response__customer", "response__answered_at", "pk"
    )
    for row in rows.iterator(chunk_size=CHUNK):
        yield Comment(*row)  # type: ignore[arg-type]  # finished: it has its moment


def said_on_leaving(departures: QuerySet[Cancellation]) -> Iterator[Comment]:
    found = departures.in_force().with_their_words().order_by("pk")  # type: ignore[attr-defined]
    rows = found.values_list("comment", "customer__language", "customer", "recorded_at", "pk")
    for text, language, customer, said_at, pk in rows.iterator(chunk_size=CHUNK):
        yield Comment(text, language, customer, said_at, cancellation=pk)
