"""The summary of new answers: each morning or each Monday, to whoever wants it, once.

It covers what has counted since the summary before, so that neither an outage of some days nor an
answer that is told late is lost.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import structlog
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from churnapp.common import formats
from churnapp.models import Organisation, ScheduledRun, User
from customers.mail.drafts import Draft, queue
from customers.mail.rendering import Button
from customers.models import Customer
from customers.services.staff import language_of
from feedback.answering import given_answers, words_of
from feedback.content import Content
from feedback.logic import path
from feedback.models import Channel, Response, Survey
from feedback.notices.letters import Letter, draft, page
from feedback.results import Chosen, score_among, score_of, scoring_answers, tallies
from feedback.score_words import NAMES, change_words, out_of, writer
from feedback.scores import SCORED_BY, Counts, is_noise, sentiment, total

log = structlog.get_logger(__name__)
Often = User.Often
HOUR = 7
USUAL = {Often.DAILY: timedelta(days=1), Often.WEEKLY: timedelta(days=7)}
LONGEST = timedelta(days=14)
SCORE_DAYS = timedelta(days=30)
MOST_ROWS, MOST_READ, MOST_LETTERS = 5, 200, 240


@dataclass(frozen=True)
class Window:
    """Answers that first counted within `[since, until)`."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class News:
    """What is new of one survey, and its score lately and before."""

    survey: Survey
    count: int
    unhappy: int
    now: Counts
    before: Counts
    rows: list[Response]


def run_digests(now: datetime) -> int:
    """Queue each summary that is due; how many. Safe to repeat, and to run twice at once."""
    organisation = Organisation.current()
    here = now.astimezone(organisation.zone)
    if here.hour < HOUR:
        return 0
    monday = here.date() - timedelta(days=here.weekday())
    return sum(
        run_digest(often, day, organisation, now)
        for often, day in ((Often.DAILY, here.date()), (Often.WEEKLY, monday))
    )


def run_digest(often: Often, day: date, organisation: Organisation, now: datetime) -> int:
    """The summaries of one kind and day; a day that is done is left alone."""
    job = f"digest_{often}"
    run, _made = ScheduledRun.objects.get_or_create(job=job, period=day.isoformat())
    if run.finished_at is not None:
        return 0
    window = window_of(often, day, organisation)
    with timezone.override(organisation.zone):
        drafts = [found for reader in readers(often) if (found := summary(reader, window, often))]
        queue(drafts, now=now)
    ScheduledRun.objects.filter(pk=run.pk).update(finished_at=Now())
    if drafts:
        log.info("digests_queued", often=str(often), mails=len(drafts))
    return len(drafts)


def window_of(often: Often, day: date, organisation: Organisation) -> Window:
    """From the summary before, but not for ever back, to the hour of this one."""
    until = datetime.combine(day, time(HOUR), organisation.zone)
    last = (
        ScheduledRun.objects.filter(job=f"digest_{often}", period__lt=day.isoformat())
        .exclude(finished_at=None)
        .order_by("-period")
        .values_list("period", flat=True)
        .first()
    )
    since = until - USUAL[often]
    if last:
        since = datetime.combine(date.fromisoformat(last), time(HOUR), organisation.zone)
    return Window(max(since, until - LONGEST), until)


def readers(often: Often) -> QuerySet[User]:
    return User.objects.who_may("feedback.view_response").filter(mail_digest=often)


def summary(reader: User, window: Window, often: Often) -> Draft | None:
    """The mail to one reader in their language; None where nothing is new."""
    with translation.override(language_of(reader)):
        news = news_for(Customer.objects.visible_to(reader), window)
        if not news:
            return None
        letter = Letter()
        for each in news:
            tell(letter, each)
        count = sum(each.count for each in news)
        subject = ngettext("%(count)s new answer", "%(count)s new answers", count)
        key = f"digest:{often}:{window.until.date().isoformat()}:{reader.pk}"
        words = subject % {"count": formats.number(count)}
        return draft(key, reader, words, letter, Button(_("Open surveys"), page("surveys:list")))


def news_for(customers: QuerySet[Customer], window: Window) -> list[News]:
    """Surveys with new answers of these customers, by name."""
    fresh = fresh_answers(window).filter(customer__in=customers)
    counts = dict(fresh.order_by().values_list("survey").annotate(count=Count("pk")))
    surveys = list(Survey.objects.filter(pk__in=counts).order_by("name"))
    if not surveys:
        return []
    tally = [
        tallies(surveys, Chosen(since, until, customers), F("response__survey"))
        for since, until in spans(window)
    ]
    numbers, rows = numbers_among(fresh, surveys), read(fresh)
    return [
        News(
            survey,
            counts[survey.pk],
            unhappy_among(survey.kind, numbers.get(survey.pk, {})),
            tally[0].get(survey.pk, {}),
            tally[1].get(survey.pk, {}),
            [row for row in rows if row.survey_id == survey.pk][:MOST_ROWS],
        )
        for survey in surveys
    ]


def fresh_answers(window: Window) -> QuerySet[Response]:
    """What is new. Of history that a file or a program brings, only what is lately answered."""
    counted = Response.objects.counted().filter(
        counted_at__gte=window.since, counted_at__lt=window.until
    )
    by_file = Q(channel=Channel.FILE, answered_at__lt=window.since)
    by_program = Q(channel=Channel.API, answered_at__lt=window.until - LONGEST)
    return counted.exclude(by_file | by_program)


def numbers_among(
    fresh: QuerySet[Response], surveys: Iterable[Survey]
) -> dict[int, dict[int, int]]:
    """How often each number was answered, by survey."""
    answers = scoring_answers(surveys).filter(response__in=fresh, number__isnull=False)
    rows = answers.order_by().values_list("response__survey", "number")
    found: dict[int, dict[int, int]] = {}
    for survey, number, count in rows.annotate(count=Count("pk")):
        found.setdefault(survey, {})[number] = count
    return found


def spans(window: Window) -> Iterable[tuple[datetime, datetime]]:
    """The days that the score is of, and as many before them."""
    lately = window.until - SCORE_DAYS
    yield lately, window.until
    yield lately - SCORE_DAYS, lately


def unhappy_among(kind: str, counts: Counts) -> int:
    scale = SCORED_BY.get(kind, "")
    return sum(many for number, many in counts.items() if sentiment(scale, number) == -1)


def read(fresh: QuerySet[Response]) -> list[Response]:
    """The newest answers, the unhappiest first."""
    together = fresh.select_related("customer", "survey", "version").prefetch_related("answers")
    rows = list(together.order_by("-counted_at", "-pk")[:MOST_READ])
    return sorted(rows, key=height)


def height(response: Response) -> float:
    """Where an answer stands on its scale, from 0 to 1; one without a score after the others."""
    number = number_of(response)
    return 2.0 if number is None else number / most_of(response)


def number_of(response: Response) -> int | None:
    content = response.version.content
    return score_among(response.answers.all(), response.survey.kind, content)


def most_of(response: Response) -> int:
    return {"nps": 10, "csat": 5, "ces": 7}.get(response.survey.kind, 1)


def tell(letter: Letter, news: News) -> None:
    """One survey: how many, its score, the words."""
    letter.head(news.survey.name)
    letter.say(" ".join(filter(None, [how_many(news), score_words(news)])))
    for row in news.rows:
        tell_row(letter, row)
    left = news.count - len(news.rows)
    if left > 0:
        more = ngettext("%(count)s more answer", "%(count)s more answers", left)
        results = page("surveys:results", news.survey.pk)
        letter.link(more % {"count": formats.number(left)}, results)


def how_many(news: News) -> str:
    new = ngettext("%(count)s new answer", "%(count)s new answers", news.count)
    said = new % {"count": formats.number(news.count)}
    if not news.unhappy:
        return f"{said}."
    unhappy = ngettext("%(count)s unhappy", "%(count)s unhappy", news.unhappy)
    return f"{said}, {unhappy % {'count': formats.number(news.unhappy)}}."


def score_words(news: News) -> str:
    """The score of thirty days with the number of its answers, against the thirty before."""
    kind = news.survey.kind
    score, was = score_of(kind, news.now), score_of(kind, news.before)
    if score.value is None:
        return ""
    said = _("%(name)s of the last 30 days: %(score)s from %(n)s.") % {
        "name": NAMES[kind],
        "score": writer(kind)(score.value),
        "n": answers(total(news.now)),
    }
    _tone, change = change_words(kind, score, was, is_noise(score, was))
    if not change:
        return said
    return f"{said[:-1]}, {change} ({answers(total(news.before))})."


def answers(count: int) -> str:
    words = ngettext("%(count)s answer", "%(count)s answers", count)
    return words % {"count": formats.number(count)}


def tell_row(letter: Letter, row: Response) -> None:
    number, customer = number_of(row), row.customer
    if customer is None:
        return
    content = Content.read(row.version.content)
    given = given_answers(row)
    said = " · ".join(words_of(content, path(content, given), given, row.language))
    short = said if len(said) <= MOST_LETTERS else said[: MOST_LETTERS - 1] + "…"
    parts = ["" if number is None else out_of(row.survey.kind, number), " ".join(short.split())]
    words = ", ".join(filter(None, parts)) or _("no comment")
    name = customer.name or customer.external_id
    letter.point_to(name, words, page("customers:detail", customer.pk))
