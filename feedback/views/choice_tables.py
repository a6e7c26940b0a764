"""What was chosen: each question with choices as a table, with shares, their ranges, and money."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from feedback.content import REASONS
from feedback.results import choices_of, choosers_of, lost_by_choice
from feedback.score_words import Shown, shown_share
from feedback.scores import share
from feedback.views.asked_ever import CHOICE, AskedEver, unique
from feedback.views.result_asking import ResultAsked

Taken = dict[str, dict[int, int]]  # how often each choice was taken, by version answered


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
    questions = [each for (_key, family), each in asked.questions.items() if family == CHOICE]
    return list(ChoiceTables(asked).tables(questions)) if questions else []


class ChoiceTables:
    """What was chosen, as one address asks; three questions, and one more for the reasons.

    Reasons that were merged stand in one row, with the words of each.
    """

    def __init__(self, asked: ResultAsked) -> None:
        self.asked, survey, chosen = asked, asked.survey, asked.chosen()
        self.counts, self.choosers = choices_of(survey, chosen), choosers_of(survey, chosen)
        self.lost = lost_by_choice(survey, chosen, asked.counted_as) if asked.is_exit else {}

    def tables(self, questions: list[AskedEver]) -> Iterator[ChoiceTable]:
        for question in questions:
            if self.choosers.get(question.key):
                yield self.table(question)

    def table(self, question: AskedEver) -> ChoiceTable:
        taken = self.counts[question.key]
        versions = {version for by_version in taken.values() for version in by_version}
        title, *also = question.titles(versions, self.asked.language)
        groups: dict[str, Taken] = {}
        for choice, by_version in taken.items():
            whole = self.asked.counted_as(question.key, choice)
            groups.setdefault(whole, {})[choice] = by_version
        most = max(map(number_of, groups.values()))
        rows = [
            self.row(question, choice, groups[choice], most)
            for choice in sorted(groups, key=lambda each: (-number_of(groups[each]), each))
        ]
        answered, has_money = self.choosers[question.key], self.has_money(question)
        return ChoiceTable(title, also, question.is_asked, answered, rows, has_money)

    def row(self, question: AskedEver, choice: str, taken: Taken, most: int) -> ChoiceRow:
        count = number_of(taken)
        label, *also = self.words(question, choice, taken)
        href = self.asked.answers_address(choice=f"{question.key}:{choice}")
        lost = self.lost.get((question.key, choice), 0) if self.has_money(question) else None
        return ChoiceRow(
            label=label,
            also=also,
            is_offered=not question.is_asked or self.is_offered(question, choice),
            count=count,
            share=shown_share(share(count, self.choosers[question.key])),
            length=count / most,
            href=href,
            lost_arr_minor=lost,
        )

    def has_money(self, question: AskedEver) -> bool:
        return question.is_of_reasons and bool(self.lost)

    def words(self, question: AskedEver, choice: str, taken: Taken) -> list[str]:
        """The words of a choice now, then those that it, and what counts as it, was chosen in."""
        keys = {choice: taken.get(choice, {})} | dict(taken)
        told = (word for key in keys for word in self.words_of(question, key, keys[key]))
        return list(unique(told))

    def words_of(self, question: AskedEver, choice: str, versions: Mapping[int, int]) -> list[str]:
        reason = self.asked.reasons.get(choice) if question.is_of_reasons else None
        told = question.choices(choice, versions, self.asked.language)
        return told or [reason.label if reason else choice]

    def is_offered(self, question: AskedEver, choice: str) -> bool:
        """Whether the newest version still has a choice, or the list of reasons this one."""
        if question.newest.source != REASONS:
            return choice in question.newest.choices
        reason = self.asked.reasons.get(choice)
        return reason is not None and reason.is_offered


def number_of(taken: Taken) -> int:
    """How many answers took one of these choices."""
    return sum(sum(by_version.values()) for by_version in taken.values())
