"""Numbers answered beside the score: each question with its mean, its score and its bars."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from churnapp.common import formats
from feedback import scores
from feedback.results import other_scales, score_of
from feedback.score_words import NAMES, Shown, between, shown
from feedback.scores import Counts, Score
from feedback.views.asked_ever import AskedEver
from feedback.views.result_asking import ResultAsked
from feedback.views.result_figures import Bar, number_bars

SCORES = {kind: score for score, kind in scores.SCORED_BY.items()}  # by kind of question


@dataclass(frozen=True)
class ScaleTable:
    """`also` are other words that some were asked in; `is_asked` holds for the newest version.

    `score` is what a survey of its own would have for a score, where that is not the mean; `index`
    is the satisfaction index of a rating.
    """

    title: str
    also: list[str]
    is_asked: bool
    n: int
    mean: Shown
    name: str | Promise
    score: Shown | None
    index: float | None
    bars: list[Bar]
    href: str


def scale_tables(asked: ResultAsked) -> list[ScaleTable]:
    """One a question that gives the survey no score, in whichever version; one question."""
    return list(tables(asked)) if any(each in SCORES for _key, each in asked.questions) else []


def tables(asked: ResultAsked) -> Iterator[ScaleTable]:
    found = other_scales(asked.survey, asked.chosen())
    for family, question in asked.questions.items():
        if family in found:
            yield table(asked, question, family[1], found[family])


def table(
    asked: ResultAsked, question: AskedEver, kind: str, by_version: Mapping[int, Counts]
) -> ScaleTable:
    scored, counts = SCORES[kind], together(by_version.values())
    address = f"{question.key}:{kind}"
    title, *also = question.titles(by_version, asked.language)
    return ScaleTable(
        title=title,
        also=also,
        is_asked=question.is_asked,
        n=scores.total(counts),
        mean=shown_mean(scores.mean_on(scores.SCALES[kind], counts)),
        name=NAMES[scored],
        score=None if scored == "ces" else shown(scored, score_of(scored, counts)),
        index=scores.satisfaction_index(counts) if scored == "csat" else None,
        bars=number_bars(
            scored, counts, lambda number: asked.answers_address(scale=f"{address}:{number}")
        ),
        href=asked.answers_address(scale=address),
    )


def together(several: Iterable[Counts]) -> Counts:
    """The answers to all versions of a question."""
    whole: Counter[int] = Counter()
    for counts in several:
        whole.update(counts)
    return whole


def shown_mean(found: Score) -> Shown:
    return Shown(write_mean(found.value), between(found, write_mean))


def write_mean(value: float | None) -> str:
    return formats.number(value, 1)
