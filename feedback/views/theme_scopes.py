"""Themes of some comments only: of a survey's answers, or of departures as a page chooses them.

Each figure leads to its comments: the page of a theme reads the same address (`of`) again.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from churnapp.common import formats
from churnapp.common.periods import months_after
from churnapp.common.typed_numbers import fits_bigint
from customers.models import Cancellation
from customers.views.access import organisation, person, today_here
from customers.views.departures import DepartureList
from feedback.models import CommentTheme, Response, Survey, Theme
from feedback.themes.figures import Window
from feedback.views.result_asking import PERIODS, ResultAsked

State = CommentTheme.State
MOST = 8
MONTHS = 12
DEPARTURES = "departures"
WINDOW = "window"  # the months that the figures of the list of themes are of


@dataclass(frozen=True)
class Scope:
    """The comments that an address is about, said in words, and the page that chose them."""

    rows: Q
    label: str | Promise
    period: str | Promise
    back: str


@dataclass(frozen=True)
class ThemeBar:
    """How many comments a theme was confirmed in, and in how many it is only suggested."""

    theme: Theme
    confirmed: int
    suggested: int
    share: float
    confirmed_href: str
    suggested_href: str


def scope_of(request: HttpRequest) -> Scope | None:
    """What `of` in the address narrows comments of `told` to; None for all. 404 for no survey."""
    of = request.GET.get("of", "")
    if of == WINDOW:
        since = window_of(request).since
        day = formats.day(since.date())
        return Scope(Q(said_at__gte=since), _("From"), day, reverse("surveys:themes"))
    if of == DEPARTURES:
        chosen = DepartureList(request)
        back = f"{reverse('customers:insights')}?{plain(request.GET)}"
        return Scope(of_departures(chosen.found), _("Departures"), chosen.period_label, back)
    if not of.isdecimal() or not fits_bigint(of):
        return None
    survey = get_object_or_404(Survey, pk=of)
    asked = ResultAsked(request, survey)
    back = f"{reverse('surveys:results', args=[survey.pk])}?{plain(request.GET)}"
    period = PERIODS.get(asked.period, _("From and to"))
    return Scope(of_answers(asked.listed()), survey.name, period, back)


def window_of(request: HttpRequest) -> Window:
    """The last twelve months, this one with them."""
    today, zone = today_here(), organisation(request).zone
    first = months_after(today.replace(day=1), 1 - MONTHS)
    months = [months_after(first, number) for number in range(MONTHS)]
    return Window(months, datetime.combine(first, time(), zone), today, zone)


def plain(query: QueryDict) -> str:
    """An address's fields without those that only the page of a theme reads."""
    kept = query.copy()
    for gone in ("of", "state", "page"):
        kept.pop(gone, None)
    return kept.urlencode()


def of_answers(listed: QuerySet[Response]) -> Q:
    return Q(answer__response__in=listed.order_by())


def of_departures(found: QuerySet[Cancellation]) -> Q:
    """What was said on leaving: to us, or in the survey that the departure brought about."""
    chosen = Cancellation.objects.filter(pk__in=found.order_by().values("pk"))
    return Q(cancellation__in=chosen) | Q(answer__response__cancellation__in=chosen)


def theme_bars(request: HttpRequest, rows: Q, of: str) -> list[ThemeBar]:
    """Themes in use among these comments, the most confirmed first; two questions."""
    seen = (
        CommentTheme.objects.visible_to(person(request))
        .counted()
        .once_a_theme()
        .told()
        .filter(rows)
    )
    pairs = seen.exclude(state=State.REJECTED).order_by().values_list("counts_as", "state")
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for theme, state, number in pairs.annotate(number=Count("pk")):
        counts[theme][state] = number
    themes = Theme.objects.in_use().filter(pk__in=counts)
    most = max((counts[each.pk].get(State.CONFIRMED, 0) for each in themes), default=0)
    query = "&".join(part for part in (plain(request.GET), f"of={of}") if part)
    bars = [theme_bar(each, counts[each.pk], most, query) for each in themes]
    return sorted(bars, key=lambda bar: (-bar.confirmed, -bar.suggested))[:MOST]


def theme_bar(theme: Theme, counts: Mapping[Any, int], most: int, query: str) -> ThemeBar:
    sure, maybe = counts.get(State.CONFIRMED, 0), counts.get(State.SUGGESTED, 0)
    page = reverse("surveys:theme", args=[theme.pk])
    hrefs = [f"{page}?{query}&state={each}#comments" for each in ("confirmed", "suggested")]
    return ThemeBar(theme, sure, maybe, sure / most if most else 0, *hrefs)
