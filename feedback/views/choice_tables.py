"""What was chosen: each question with choices as a table, with shares, their ranges, and money."""

from dataclasses import dataclass

from django.utils.translation import get_language

from feedback.answering import reason_labels
from feedback.content import CHOOSING, REASONS, Content, Question
from feedback.models import SurveyKind
from feedback.offers import offers_of
from feedback.results import choices_of, choosers_of, lost_by_choice
from feedback.score_words import Shown, shown_share
from feedback.scores import share
from feedback.views.result_asking import ResultAsked


@dataclass(frozen=True)
class ChoiceRow:
    """`lost_arr_minor` is what the customers who chose it took with them; None where none left."""

    label: str
    count: int
    share: Shown
    length: float
    href: str
    lost_arr_minor: int | None


@dataclass(frozen=True)
class ChoiceTable:
    title: str
    answered: int
    rows: list[ChoiceRow]
    has_money: bool


def choice_tables(asked: ResultAsked) -> list[ChoiceTable]:
    """One table a question of the newest version, the most frequent choice first."""
    version = asked.survey.versions.exclude(published_at=None).first()
    if version is None:
        return []
    content = Content.read(version.content)
    questions = [question for question in content.questions if question.kind in CHOOSING]
    if not questions:
        return []
    chosen = asked.chosen()
    counts, choosers = choices_of(asked.survey, chosen), choosers_of(asked.survey, chosen)
    is_exit = asked.survey.kind == SurveyKind.EXIT
    lost = lost_by_choice(asked.survey, chosen) if is_exit else {}
    return [
        table(asked, content, question, (counts.get(question.key, {}), lost, choosers))
        for question in questions
        if choosers.get(question.key)
    ]


def table(
    asked: ResultAsked,
    content: Content,
    question: Question,
    found: tuple[dict[str, int], dict[tuple[str, str], int], dict[str, int]],
) -> ChoiceTable:
    counts, lost, choosers = found
    language = (get_language() or "en").split("-")[0]
    labels = labels_of(content, question, language)
    most, answered = max(counts.values()), choosers[question.key]
    has_money = question.source == REASONS and bool(lost)
    rows = [
        ChoiceRow(
            label=labels.get(choice, choice),
            count=count,
            share=shown_share(share(count, answered)),
            length=count / most,
            href=asked.address(choice=f"{question.key}:{choice}", show=None) + "#answers",
            lost_arr_minor=lost.get((question.key, choice), 0) if has_money else None,
        )
        for choice, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    return ChoiceTable(content.text(f"q.{question.key}", language), answered, rows, has_money)


def labels_of(content: Content, question: Question, language: str) -> dict[str, str]:
    """Every choice in words, reasons that are no longer offered too."""
    if question.source == REASONS:
        return reason_labels(language)
    return {offer.key: offer.label for offer in offers_of(content, question, language)}
