"""One survey's answers as a file: a row for each, a column for each question it ever asked.

Heads of columns are in the reader's language. Questions and choices are in the survey's own, the
first that its newest version lists: files of two colleagues agree.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from churnapp.common.csv_export import Cell
from feedback import scores
from feedback.answering import ReasonEver, reasons_ever
from feedback.content import CHOOSING, SOURCE_LANGUAGE
from feedback.models import Answer, Response, SurveyVersion
from feedback.results import first_of, score_among
from feedback.views.answer_rows import TOGETHER, plan_of
from feedback.views.asked_ever import CHOICE, AskedEver, Family, family_of
from feedback.views.evidence_words import because_words, signs_of
from feedback.views.result_asking import ResultAsked

COMMENT = "comment"  # the question's key where a version does not say its questions
ROWS_A_READ = 2_000
Given = Mapping[Family, Answer]


@dataclass(frozen=True)
class QuestionColumn:
    """What was said to one question; `labels` are its choices in words.

    `names_more` holds where a choice asks for words of its own, such as a competitor's name: they
    stand in a column beside it.
    """

    family: Family
    title: str
    labels: Mapping[str, str] = field(default_factory=dict)
    names_more: bool = False

    def heads(self, title: str) -> list[str]:
        more = _("%(question)s: what they named") % {"question": title}
        return [title, more] if self.names_more else [title]

    def cells(self, given: Given) -> list[Cell]:
        answer = given.get(self.family)
        if answer is None:
            return ["", ""] if self.names_more else [""]
        if answer.kind not in CHOOSING:
            return [answer.text if answer.number is None else answer.number]
        chosen = [self.labels.get(choice, choice) for choice in answer.choices]
        if self.names_more:
            return [", ".join(chosen), answer.text]
        return [", ".join([*chosen, answer.text] if answer.text else chosen)]


class AnswerFile:
    """The answers that one address of a survey's results lists.

    Three questions to the database for the columns, one more for reasons; then two for each read.
    """

    def __init__(self, asked: ResultAsked) -> None:
        self.asked, self.survey = asked, asked.survey
        self.has_score = self.survey.kind in scores.SCORED_BY

    def header(self) -> list[str]:
        titles = distinct([(each.title, each.family[0]) for each in self.columns])
        each = zip(self.columns, titles, strict=True)
        return [
            *(_("Customer id"), _("Customer"), _("Contact"), _("Plan"), _("Country")),
            *(_("Sent"), _("Answered"), _("Language")),
            *([_("Score")] if self.has_score else []),
            _("Comment"),
            *(head for column, title in each for head in column.heads(title)),
            *(pgettext("an answer", "Set aside"), _("Set aside because"), _("Doubtful signs")),
        ]

    def rows(self) -> Iterator[list[Cell]]:
        found = self.asked.listed().select_related(*TOGETHER, "invitation__mail")
        whole = found.prefetch_related("answers")
        return map(self.row, whole.iterator(chunk_size=ROWS_A_READ))

    def row(self, response: Response) -> list[Cell]:
        answers = list(response.answers.all())
        given = {(each.question, family_of(each.kind)): each for each in answers}
        score = score_among(answers, self.survey.kind, response.version.content)
        comment = given.get((comment_key(response.version), Answer.Kind.LONG))
        return [
            *about(response),
            *([score] if self.has_score else []),
            comment.text if comment else "",
            *(cell for column in self.columns for cell in column.cells(given)),
            int(response.quarantined_at is not None),
            because_words(response.quarantined_because) if response.quarantined_at else "",
            " ".join(sign.words for sign in signs_of(response) if sign.doubtful),
        ]

    @cached_property
    def columns(self) -> list[QuestionColumn]:
        """The questions asked now, then those of older versions that were answered.

        Without those whose answers are all told as the score or the comment.
        """
        families = [key for key, each in self.asked.questions.items() if each.is_asked]
        families += [family for family in self.answered if family not in families]
        return [self.column(family) for family in families if not self.is_told(family)]

    @cached_property
    def answered(self) -> dict[Family, set[int]]:
        """The questions that have answers, with the versions that were answered."""
        answers = Answer.objects.filter(response__in=self.asked.listed()).order_by()
        told = answers.values_list("question", "kind", "response__version").distinct()
        found: dict[Family, set[int]] = {}
        for key, kind, version in sorted(told):
            found.setdefault((key, family_of(kind)), set()).add(version)
        return found

    def is_told(self, family: Family) -> bool:
        """Whether in every version that asks it, or was answered, it is the score or comment."""
        ever = self.asked.questions.get(family)
        asking = {each.version for each in ever.wordings} if ever else set()
        versions = asking | self.answered.get(family, set())
        return all(family in self.mains[version] for version in versions)

    @cached_property
    def mains(self) -> dict[int, set[Family]]:
        """By version, the questions that give its score and its comment."""
        kind = scores.SCORED_BY.get(self.survey.kind)
        return {
            version.pk: {(comment_key(version), str(Answer.Kind.LONG))}
            | ({(first_of(kind, version.content), kind)} if kind else set())
            for version in self.survey.versions.all()
        }

    @cached_property
    def language(self) -> str:
        """The survey's own: the first language of the newest version that was published."""
        published = (each for each in self.survey.versions.all() if each.published_at)
        languages = next((each.content.get("languages", ()) for each in published), ())
        return languages[0] if languages else SOURCE_LANGUAGE

    @cached_property
    def reasons(self) -> dict[str, ReasonEver]:
        with translation.override(self.language):
            return reasons_ever(self.language)

    def column(self, family: Family) -> QuestionColumn:
        ever = self.asked.questions.get(family)
        if ever is None:
            return QuestionColumn(family, family[0])
        title = ever.wordings[0].title(self.language) or ever.key
        if family[1] != CHOICE:
            return QuestionColumn(family, title)
        return QuestionColumn(family, title, self.labels(ever), ever.is_of_reasons)

    def labels(self, ever: AskedEver) -> dict[str, str]:
        """Its choices in their newest words, those of older versions among them."""
        found = {}
        if ever.is_of_reasons:
            found = {key: reason.label for key, reason in self.reasons.items()}
        for wording in reversed(ever.wordings):
            told = {key: wording.choice(key, self.language) for key in wording.question.choices}
            found |= {key: words for key, words in told.items() if words}
        return found


def about(response: Response) -> list[Cell]:
    """Whose answer it is, when it was asked for and given, in which language."""
    customer = response.customer
    return [
        customer.external_id if customer else "",
        customer.name if customer else "",
        str(response.contact or ""),
        str(plan_of(customer) or ""),
        customer.country if customer else "",
        sent_at(response),
        response.answered_at,
        response.language,
    ]


def sent_at(response: Response) -> datetime | None:
    """When it was asked for: the mail went out, or the link was made for a program."""
    invitation = response.invitation
    if invitation is None:
        return None
    return invitation.mail.sent_at if invitation.mail else invitation.created_at


def comment_key(version: SurveyVersion) -> str:
    """The question whose answer is the comment: the first for a long text."""
    return first_of(Answer.Kind.LONG, version.content, COMMENT)


def distinct(titles: Sequence[tuple[str, str]]) -> list[str]:
    """Titles of columns; those worded alike have their key beside them."""
    times = Counter(title for title, _key in titles)
    return [f"{title} ({key})" if times[title] > 1 else title for title, key in titles]
