"""What was chosen: each question with choices as a table, with shares, their ranges, and money."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from feedback.answering import reason_labels
from feedback.content import REASONS
from feedback.models import SurveyKind
from feedback.offers import OTHER
from feedback.results import choices_of, choosers_of, lost_by_choice
from feedback.score_words import Shown, shown_share
from feedback.scores import share
from feedback.views.asked_ever import CHOICE, AskedEver, questions_ever
from feedback.views.result_asking import ResultAsked

Taken = Mapping[str, Mapping[int, int]]  # how often each choice was taken, by version answered


@dataclass(frozen=True)
class ChoiceRow:
    """`lost_arr_minor` is what the customers who chose it took with them; None where none left.

    `also` are other words that some of them chose it in.
    """

    label: str
    also: list[str]
    is_offered: bool
    count: int
    share: Shown
    length: float
    href: str
    lost_arr_minor: int | None


@dataclass(frozen=True)
class ChoiceTable:
    """`also` are other words that some were asked in; `is_asked` holds for the newest version."""

    title: str
    also: list[str]
    is_asked: bool
    answered: int
    rows: list[ChoiceRow]
    has_money: bool


def choice_tables(asked: ResultAsked) -> list[ChoiceTable]:
    """One table a question that was answered, in whichever version; those asked now come first."""
    questions = [
        question
        for (_key, family), question in questions_ever(asked.survey).items()
        if family == CHOICE
    ]
    return list(ChoiceTables(asked).tables(questions)) if questions else []


class ChoiceTables:
    """What was chosen, as one address asks; three questions, and one more for the reasons."""

    def __init__(self, asked: ResultAsked) -> None:
        self.asked, survey, chosen = asked, asked.survey, asked.chosen()
        self.language = (get_language() or "en").split("-")[0]
        self.counts, self.choosers = choices_of(survey, chosen), choosers_of(survey, chosen)
        is_exit = survey.kind == SurveyKind.EXIT
        self.lost = lost_by_choice(survey, chosen) if is_exit else {}

    def tables(self, questions: list[AskedEver]) -> Iterator[ChoiceTable]:
        answered = [question for question in questions if self.choosers.get(question.key)]
        of_reasons = any(question.is_of_reasons for question in answered)
        reasons = reason_labels(self.language) if of_reasons else {}
        for question in answered:
            yield self.table(question, reasons if question.is_of_reasons else {})

    def table(self, question: AskedEver, reasons: Mapping[str, str]) -> ChoiceTable:
        taken: Taken = self.counts[question.key]
        versions = {version for by_version in taken.values() for version in by_version}
        title, *also = question.titles(versions, self.language)
        has_money = question.is_of_reasons and bool(self.lost)
        rows = [
            self.row(question, choice, taken, reasons)
            for choice in sorted(taken, key=lambda each: (-sum(taken[each].values()), each))
        ]
        answered = self.choosers[question.key]
        return ChoiceTable(title, also, question.is_asked, answered, rows, has_money)

    def row(
        self, question: AskedEver, choice: str, taken: Taken, reasons: Mapping[str, str]
    ) -> ChoiceRow:
        count = sum(taken[choice].values())
        most = max(sum(by_version.values()) for by_version in taken.values())
        told = question.choices(choice, taken[choice], self.language)
        label, *also = told or [reasons.get(choice, choice)]
        has_money = question.is_of_reasons and bool(self.lost)
        href = self.asked.address(choice=f"{question.key}:{choice}", show=None) + "#answers"
        return ChoiceRow(
            label=label,
            also=also,
            is_offered=not question.is_asked or is_offered(question, choice),
            count=count,
            share=shown_share(share(count, self.choosers[question.key])),
            length=count / most,
            href=href,
            lost_arr_minor=self.lost.get((question.key, choice), 0) if has_money else None,
        )


def is_offered(question: AskedEver, choice: str) -> bool:
    """Whether the newest version still has a choice; reasons come and go on their own page."""
    own = question.newest.source == REASONS or choice == OTHER
    return own or choice in question.newest.choices
