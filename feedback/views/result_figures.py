"""The figures of a results page: scores, bars and trend."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Value
from django.urls import reverse

from feedback import scores
from feedback.results import (
    Chosen,
    Result,
    counts_of,
    results,
    score_of,
    unknown_counts,
)
from feedback.score_words import (
    NAMES,
    PARTS,
    Shown,
    change_words,
    shown,
    shown_share,
)
from feedback.scores import Asked, Counts
from feedback.views.asked_words import lately_words
from feedback.views.result_asking import (
    BEGUN,
    LISTING,
    OPEN,
    SCORED,
    SILENT,
    UNKNOWN,
    ResultAsked,
)
from feedback.views.score_trend import ScoreTrend


@dataclass(frozen=True)
class Bar:
    """How many answers are of one number or part of the scale; `href` lists them."""

    label: str
    count: int
    share: float
    tone: str
    href: str
    length: float = 0


@dataclass(frozen=True)
class UnknownFigures:
    """What people whom nobody knows answered, by open links: apart from the figures of customers.

    `scored` of the responses make the score.
    """

    responses: int
    scored: int
    score: Shown
    href: str
    scored_href: str
    open_href: str

    @property
    def left_open(self) -> int:
        return self.responses - self.scored


def number_bars(kind: str, counts: Counts, address: Callable[[int], str]) -> list[Bar]:
    """Every number of the scale of a kind of score, the highest first, against the most frequent.

    `address` lists the answers of a number.
    """
    lowest, highest = scores.SCALES[scores.SCORED_BY[kind]]
    most, total = max(counts.values(), default=0), scores.total(counts)
    return [
        Bar(
            label=str(number),
            count=counts.get(number, 0),
            share=counts.get(number, 0) / total if total else 0,
            tone=tone_of(kind, number),
            href=address(number),
            length=counts.get(number, 0) / most if most else 0,
        )
        for number in range(highest, lowest - 1, -1)
    ]


def tone_of(kind: str, number: int) -> str:
    parts = PARTS[kind]
    return next(tone for _key, _label, low, high, tone in parts if low <= number <= high)


class ResultFigures:
    """Every figure for one address; each asks the database when it is first used."""

    def __init__(self, asked: ResultAsked) -> None:
        self.asked, self.survey, self.kind = asked, asked.survey, asked.survey.kind
        self.chosen = asked.chosen()

    @cached_property
    def result(self) -> Result:
        return results([self.survey], self.chosen)[0]

    @property
    def has_score(self) -> bool:
        return self.kind in scores.SCORED_BY

    @property
    def name(self) -> str:
        return str(NAMES.get(self.kind, ""))

    @property
    def score(self) -> Shown:
        return shown(self.kind, self.result.score)

    @cached_property
    def change(self) -> tuple[str, str]:
        """Tone and words against as long a time before."""
        before = self.asked.before()
        if before is None or not self.has_score:
            return "", ""
        was = score_of(self.kind, self.counts(before))
        noise = scores.is_noise(self.result.score, was)
        return change_words(self.kind, self.result.score, was, noise)

    @cached_property
    def other_way(self) -> tuple[int, Shown]:
        """How many answers set aside change the score, and what it would be with or without."""
        other = self.counts(self.chosen.with_aside(aside=not self.chosen.aside))
        apart = abs(scores.total(other) - scores.total(self.result.counts))
        return apart, shown(self.kind, score_of(self.kind, other))

    def counts(self, chosen: Chosen) -> Counts:
        return counts_of(self.survey, chosen)

    @property
    def left_open(self) -> int:
        return self.result.responses - scores.total(self.result.counts)

    @property
    def index(self) -> float | None:
        """The satisfaction index, where it can stand beside CSAT."""
        return scores.satisfaction_index(self.result.counts) if self.kind == "csat" else None

    @property
    def settled(self) -> Asked:
        """Who was asked so long ago that who answers has done so."""
        return self.result.asked.settled

    @property
    def rate(self) -> Shown:
        return shown_share(self.settled.rate)

    @property
    def not_counted_yet(self) -> str:
        """Who was asked so lately that the response rate leaves them out; empty for nobody."""
        return lately_words(self.result.asked)

    @property
    def unanswered(self) -> int:
        return self.result.asked.invited - self.result.asked.answered

    @property
    def open_address(self) -> str:
        return self.asked.answers_address(score=OPEN)

    @property
    def silent_address(self) -> str:
        return self.asked.answers_address(show=SILENT)

    @cached_property
    def apart(self) -> dict[str, int]:
        """How many answers stand outside the figures; one question for all of them."""
        told = [
            rows.order_by().values(of=Value(name)).annotate(number=Count("pk"))
            for name, rows in ((BEGUN, self.asked.begun()), (UNKNOWN, self.asked.unknown()))
        ]
        first, *others = [rows.values_list("of", "number") for rows in told]
        return dict(first.union(*others, all=True).order_by())

    @property
    def begun(self) -> int:
        """How many began and did not send in."""
        return self.apart.get(BEGUN, 0)

    @property
    def begun_address(self) -> str:
        return self.asked.answers_address(show=BEGUN)

    @cached_property
    def unknown(self) -> UnknownFigures | None:
        """What unknown people answered; None where none did."""
        number = self.apart.get(UNKNOWN, 0)
        if not number:
            return None
        counts = unknown_counts(self.survey, self.chosen) if self.has_score else {}
        score, address = score_of(self.kind, counts), self.asked.answers_address
        return UnknownFigures(
            responses=number,
            scored=score.n,
            score=shown(self.kind, score),
            href=address(show=UNKNOWN),
            scored_href=address(show=UNKNOWN, score=SCORED),
            open_href=address(show=UNKNOWN, score=OPEN),
        )

    @property
    def groups_address(self) -> str:
        """Where the response rates of groups are: for the same period and customers."""
        page = reverse("surveys:who_answers", args=[self.survey.pk])
        return page + self.asked.address(**dict.fromkeys(LISTING))

    @property
    def every_address(self) -> str:
        return self.asked.answers_address()

    def parts(self) -> list[Bar]:
        """The parts of the scale that make the score."""
        counts = self.result.counts
        total = scores.total(counts)
        return [
            self.bar(str(label), found, total, tone, key)
            for key, label, low, high, tone in PARTS.get(self.kind, ())
            for found in [sum(counts.get(number, 0) for number in range(low, high + 1))]
        ]

    def distribution(self) -> list[Bar]:
        """Every number of the scale, the highest first, against the most frequent one."""
        if not self.has_score:
            return []
        return number_bars(self.kind, self.result.counts, self.number_address)

    def number_address(self, number: int) -> str:
        return self.asked.answers_address(score=str(number))

    def bar(self, label: str, count: int, whole: int, tone: str, part: str) -> Bar:
        """`whole` is what the bar's length is measured by; the share is of all scores."""
        total = scores.total(self.result.counts)
        return Bar(
            label=label,
            count=count,
            share=count / total if total else 0,
            tone=tone,
            href=self.asked.answers_address(score=part),
            length=count / whole if whole else 0,
        )

    @cached_property
    def trend(self) -> ScoreTrend | None:
        """The score over time; None for a kind without a score."""
        return ScoreTrend(self.asked) if self.has_score else None
