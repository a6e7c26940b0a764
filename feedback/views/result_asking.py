"""What the address of a results page asks: a period, whose answers, and which of them to list."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from churnapp.permissions import sees_everything
from customers.models import Customer
from customers.views.access import organisation, person, today_here, visible_customers
from customers.views.departures import given, read_day, same_day_last_year
from feedback.answering import ReasonEver, reasons_ever
from feedback.content import CHOOSING
from feedback.models import Answer, Invitation, Response, Survey, SurveyKind
from feedback.results import (
    Chosen,
    begun_responses,
    invitations,
    is_answered,
    responses,
    scoring_answers,
    unknown_responses,
    unscored_answers,
)
from feedback.score_words import PARTS
from feedback.views.asked_ever import CHOICE, AskedEver, Family, questions_ever
from feedback.views.traits import conditions, paid_until_they_left, paying_for

PERIODS: dict[str, str | Promise] = {
    "month": _("Last 30 days"),
    "quarter": _("Last 90 days"),
    "year": _("Last 12 months"),
    "all": _("All time"),
}
DEFAULT_PERIOD = "year"
SILENT = "silent"  # those who were asked and did not answer, instead of answers
BEGUN = "begun"  # answers that were begun and not sent in
UNKNOWN = "unknown"  # answers of people whom nobody knows, instead of customers'
OPEN = "open"  # answers whose score was left open
SCORED = "scored"  # answers with a score
LISTING = ("show", "score", "choice", "scale")  # what of an address narrows the list, and no figure
ONE_DAY = timedelta(days=1)


def first_day(period: str, today: date) -> date | None:
    """The first day of a period that ends today; None for all time."""
    starts = {
        "month": today - timedelta(days=29),
        "quarter": today - timedelta(days=89),
        "year": same_day_last_year(today) + ONE_DAY,
    }
    return starts.get(period)


class ResultAsked:
    """One address of a survey's results, read; nonsense in it is left out."""

    def __init__(self, request: HttpRequest, survey: Survey) -> None:
        self.request, self.query, self.survey = request, request.GET, survey
        self.today = today_here()
        self.zone = organisation(request).zone
        self.language = (get_language() or "en").split("-")[0]

    @cached_property
    def questions(self) -> dict[Family, AskedEver]:
        """What the survey asks and once asked."""
        return questions_ever(self.survey)

    @cached_property
    def reasons(self) -> dict[str, ReasonEver]:
        """Every reason for leaving, for questions that offer them."""
        return reasons_ever(self.language)

    @property
    def period(self) -> str:
        asked = self.query.get("period", "")
        if not asked and (self.given_day("from") or self.given_day("to")):
            return ""
        return asked if asked in PERIODS else DEFAULT_PERIOD

    def given_day(self, name: str) -> date | None:
        return read_day(self.query.get(name, ""))

    @property
    def first(self) -> date | None:
        """The first day asked for; None without a limit."""
        if not self.period:
            return self.given_day("from")
        return first_day(self.period, self.today)

    @property
    def last(self) -> date:
        """The last day asked for, at most today."""
        return (
            min(self.given_day("to") or self.today, self.today) if not self.period else self.today
        )

    @property
    def is_exit(self) -> bool:
        return self.survey.kind == SurveyKind.EXIT

    @property
    def is_set_aside_too(self) -> bool:
        return self.query.get("aside") == "1"

    @property
    def shows_silent(self) -> bool:
        return self.query.get("show") == SILENT

    @property
    def shows_begun(self) -> bool:
        return self.query.get("show") == BEGUN

    @property
    def shows_unknown(self) -> bool:
        return self.query.get("show") == UNKNOWN

    def chosen(self) -> Chosen:
        """What the figures of the page are made of."""
        return Chosen(
            since=self.midnight(self.first) if self.first else None,
            until=self.midnight(self.last + ONE_DAY),
            customers=self.customers(),
            languages=tuple(given(self.query, "language")),
            about=paid_until_they_left(self.query) if self.is_exit else Q(),
            aside=self.is_set_aside_too,
        )

    def before(self) -> Chosen | None:
        """The same for as many days before; None for all time."""
        if self.first is None:
            return None
        days = self.last + ONE_DAY - self.first
        since, until = self.midnight(self.first - days), self.midnight(self.first)
        return replace(self.chosen(), since=since, until=until)

    def midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)

    def customers(self) -> QuerySet[Customer] | None:
        """Those that the reader may see and the filters choose; None for every customer."""
        is_all = sees_everything(person(self.request), organisation(self.request))
        traits = list(conditions(self.query, person(self.request)))
        if not self.is_exit:
            traits += paying_for(self.query, self.today)
        if is_all and not traits:
            return None
        return visible_customers(self.request).filter(*traits)

    @property
    def part(self) -> str:
        """A part of the scale, one number, `open` or `scored`; empty for every answer."""
        return self.query.get("score", "")

    @property
    def choice(self) -> str:
        """A question and one of its choices, with a colon between; empty for every answer."""
        return self.query.get("choice", "").replace("\0", "")

    @property
    def scale(self) -> str:
        """A question, its kind and maybe a number, with colons between; empty for every answer."""
        return self.query.get("scale", "").replace("\0", "")

    def numbers(self) -> tuple[int, int] | None:
        """Lowest and highest number of the answers to list; None sets no limit."""
        for key, _label, low, high, _tone in PARTS.get(self.survey.kind, ()):
            if key == self.part:
                return low, high
        if is_small(self.part):
            return int(self.part), int(self.part)
        return None

    def listed(self) -> QuerySet[Response]:
        """The answers to list or export, the newest first."""
        known = responses([self.survey], self.chosen()).order_by("-answered_at", "-pk")
        found = self.unknown() if self.shows_unknown else known
        scored = scoring_answers([self.survey]).filter(
            response=OuterRef("pk"), number__isnull=False
        )
        if self.part == OPEN:
            return found.exclude(Exists(scored))
        for said in self.said():
            found = found.filter(Exists(said.filter(response=OuterRef("pk"))))
        numbers = self.numbers()
        if numbers is not None:
            scored = scored.filter(number__range=numbers)
        return found if numbers is None and self.part != SCORED else found.filter(Exists(scored))

    def said(self) -> Iterator[QuerySet[Answer]]:
        """Answers of which a response to list has one each: a choice, a number beside the score."""
        question, _colon, choice = self.choice.partition(":")
        if choice:
            keys = self.counted_together(question, choice)
            yield Answer.objects.filter(kind__in=CHOOSING, question=question, choices__overlap=keys)
        question, _colon, rest = self.scale.partition(":")
        kind, _colon, number = rest.partition(":")
        if kind:
            numbers = unscored_answers(self.survey).filter(question=question, kind=kind)
            yield numbers.filter(number=int(number)) if is_small(number) else numbers

    def counted_as(self, question: str, choice: str) -> str:
        """The choice that one of a question counts as: a merged reason as what it went into."""
        asked = self.questions.get((question, CHOICE))
        reason = self.reasons.get(choice) if asked and asked.is_of_reasons else None
        return reason.counts_as if reason else choice

    def counted_together(self, question: str, choice: str) -> list[str]:
        """Every choice that counts as the same as this one."""
        whole = self.counted_as(question, choice)
        asked = self.questions.get((question, CHOICE))
        known = self.reasons if asked and asked.is_of_reasons else {}
        return [whole, *(key for key, reason in known.items() if reason.counts_as == whole)]

    def unknown(self) -> QuerySet[Response]:
        """Answers of unknown people in the period and languages asked for, the newest first."""
        return unknown_responses(self.survey, self.chosen()).order_by("-answered_at", "-pk")

    def begun(self) -> QuerySet[Response]:
        """Answers that were begun and not sent in, the newest first; they are in no export."""
        return begun_responses(self.survey, self.chosen()).order_by("-begun_at", "-pk")

    def silent(self) -> QuerySet[Invitation]:
        """Invitations that nobody answered, the newest first."""
        chosen = self.chosen()
        asked = invitations([self.survey], chosen).exclude(is_answered(chosen))
        return asked.select_related("customer__standing__plan", "contact").order_by("-pk")

    @property
    def filter_query(self) -> str:
        """All that the address asks but for its page: what an export takes."""
        return self.address().removeprefix("?")

    def answers_address(self, **wanted: str | None) -> str:
        """Where what one figure counts is listed: whatever else was listed is left."""
        return self.address(**(dict.fromkeys(LISTING) | wanted)) + "#answers"

    def address(self, **changes: str | None) -> str:
        """The page's address with some fields changed; None takes a field away."""
        kept = self.query.copy()
        for name in ("page", *changes):
            kept.pop(name, None)
        for name, value in changes.items():
            if value is not None:
                kept[name] = value
        return f"?{kept.urlencode()}"


def is_small(text: str) -> bool:
    """Whether it is a number as a scale has them."""
    return text.isascii() and text.isdecimal() and len(text) < 3
