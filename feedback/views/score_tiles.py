"""NPS, CSAT and CES at a glance: what the last ninety days say, and against those before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Case, F, QuerySet, TextField, Value, When
from django.db.models.functions import Concat
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from churnapp.common.htmx import page_or_fragment
from churnapp.permissions import sees_everything
from customers.models import Customer
from customers.views.access import allowed, organisation, person, today_here, visible_customers
from feedback.models import Survey
from feedback.results import Chosen, score_of, tallies
from feedback.score_words import NAMES, Shown, change_words, shown
from feedback.scores import SCORED_BY, Counts, is_noise

DAYS = timedelta(days=90)
NOW, BEFORE, LONG_AGO = "now", "before", "long_ago"
Tallies = dict[str, dict[int, int]]


@dataclass(frozen=True)
class ScoreTile:
    """One score; `n` is 0 where nobody answered lately, `was_answered` whether anybody ever did."""

    kind: str
    name: str | Promise
    n: int
    score: Shown
    tone: str
    change: str
    was_answered: bool
    href: str


@require_GET
@vary_on_headers("HX-Request")
@allowed("feedback.view_response")
def tiles(request: HttpRequest) -> HttpResponse:
    """Tiles of the three scores, each from all surveys of its kind."""
    surveys = list(Survey.objects.in_use().filter(kind__in=SCORED_BY))
    found = counted(surveys, chosen(request), midnight(request))
    context = {"tiles": list(score_tiles(surveys, found)), "days": DAYS.days}
    template = page_or_fragment(request, "feedback/tiles.html", "feedback/_tiles.html")
    return render(request, template, context)


def chosen(request: HttpRequest) -> QuerySet[Customer] | None:
    """Whose answers: None for every customer's."""
    is_all = sees_everything(person(request), organisation(request))
    return None if is_all else visible_customers(request)


def midnight(request: HttpRequest) -> datetime:
    """The end of today."""
    tomorrow = today_here() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), organisation(request).zone)


def counted(
    surveys: list[Survey], customers: QuerySet[Customer] | None, until: datetime
) -> Tallies:
    """How often each number was answered, by kind of survey and time, in one question."""
    when = Case(
        When(response__answered_at__gte=until - DAYS, then=Value(NOW)),
        When(response__answered_at__gte=until - 2 * DAYS, then=Value(BEFORE)),
        default=Value(LONG_AGO),
    )
    by = Concat(F("response__survey__kind"), Value(" "), when, output_field=TextField())
    return tallies(surveys, Chosen(until=until, customers=customers), by)


def score_tiles(surveys: list[Survey], found: Tallies) -> Iterator[ScoreTile]:
    for kind in SCORED_BY:
        now, before = found.get(f"{kind} {NOW}", {}), found.get(f"{kind} {BEFORE}", {})
        of_kind = [survey for survey in surveys if survey.kind == kind]
        is_known = any(f"{kind} {when}" in found for when in (NOW, BEFORE, LONG_AGO))
        yield score_tile(kind, now, before, href=address_of(kind, of_kind), is_known=is_known)


def score_tile(kind: str, now: Counts, before: Counts, *, href: str, is_known: bool) -> ScoreTile:
    score, was = score_of(kind, now), score_of(kind, before)
    tone, change = change_words(kind, score, was, is_noise(score, was))
    return ScoreTile(kind, NAMES[kind], score.n, shown(kind, score), tone, change, is_known, href)


def address_of(kind: str, surveys: list[Survey]) -> str:
    """The results of the one survey that there is; else the list of all of the kind."""
    if len(surveys) == 1:
        return reverse("surveys:results", args=[surveys[0].pk]) + "?period=quarter"
    asked = f"?kind={kind}&period=quarter" if surveys else ""
    return reverse("surveys:list") + asked
