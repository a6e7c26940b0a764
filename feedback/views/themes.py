"""What comments are about: themes with their figures, proposals, and what waits for a judgement."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from churnapp.common import formats
from churnapp.common.charts.lines import Frame, LineChart, Series, line_chart
from churnapp.common.pages import page_number, page_of
from churnapp.common.periods import months_after
from customers.models import Customer
from customers.views.access import (
    allowed,
    person,
    reporting_currency,
)
from feedback.models import CommentTheme, Theme
from feedback.models.theme import CommentThemeQuerySet
from feedback.themes.figures import ThemeFigures, figures_of
from feedback.views.same_words import numbers_of_same
from feedback.views.theme_people import LEFT, SAID, ThemePeople
from feedback.views.theme_scopes import scope_of, window_of

WAITING = 20  # at a time: the next ones come up as these are judged
EXAMPLES = 3
ALL = "all"  # how an address asks for comments of every year to be judged
State = CommentTheme.State
TOGETHER = (
    "theme__merged_into",
    "answer__response__customer",
    "answer__response__contact",
    "answer__response__survey",
    "cancellation__customer",
)


@dataclass(frozen=True)
class Said:
    """One comment to read: whose it is, and its words with those that matched set apart."""

    row: CommentTheme
    customer: Customer | None
    parts: list[tuple[str, bool]]
    said_at: datetime
    same: int = 1  # how many that wait hold these words, this one with them

    @property
    def theme(self) -> Theme:
        return self.row.theme.counts_as

    @property
    def source(self) -> str:
        """Where it was said: a survey's name, or on leaving."""
        answer = self.row.answer
        return answer.response.survey.name if answer else _("On leaving")

    @property
    def tone(self) -> str:
        return {"confirmed": "pill-good", "suggested": "pill-warn"}.get(self.row.state, "")


@dataclass(frozen=True)
class Proposal:
    """A theme that nobody has taken up yet, with some of its comments of the months looked at."""

    theme: Theme
    number: int
    examples: list[Said]


@require_GET
@allowed("feedback.view_theme")
def theme_list(request: HttpRequest) -> HttpResponse:
    """Every theme in use with its figures, what waits, and what is proposed."""
    window, themes = window_of(request), list(Theme.objects.taken_up_or_gone())
    found = visible(request).once_a_theme().told()
    queue = found.filter(state=State.SUGGESTED, counts_as__in=Theme.objects.in_use())
    shows_all = request.GET.get("wait") == ALL
    waiting = queue if shows_all else queue.filter(said_at__gte=window.since)
    numbers = queue.aggregate(
        every=Count("pk"), lately=Count("pk", filter=Q(said_at__gte=window.since))
    )
    number = numbers["every"] if shows_all else numbers["lately"]
    context = {
        "figures": figures_of([t for t in themes if not t.retired_at], person(request), window),
        "proposals": list(proposals(found.filter(said_at__gte=window.since))),
        "waiting": list(with_same(waiting.order_by("-said_at", "-pk")[:WAITING], queue)),
        "waiting_number": number,
        "waiting_older": numbers["every"] - number,
        "shows_all": shows_all,
        "gone": [each for each in themes if each.retired_at],
        "since": window.since,
        "currency": reporting_currency(request),
        "computed_at": timezone.now(),
    }
    return render(request, "feedback/themes.html", context)


@require_GET
@allowed("feedback.view_theme")
def theme(request: HttpRequest, pk: int) -> HttpResponse:
    """One theme: its course, and its comments to read, or the customers who said it.

    What a merged one holds is counted at the other, so it shows its own comments only.
    """
    shown = get_object_or_404(Theme.objects.select_related("merged_into"), pk=pk)
    (figures,) = figures_of([shown], person(request), window_of(request))
    context: dict[str, Any] = {
        "shown": shown,
        "merged": shown.merged.order_by("key"),
        "figures": figures,
        "chart": course(figures) if figures.confirmed or figures.suggested else None,
        "currency": reporting_currency(request),
        "computed_at": timezone.now(),
    }
    asks_for_people = not shown.merged_into and request.GET.get("show") in {SAID, LEFT}
    context |= people(request, figures) if asks_for_people else comments(request, shown)
    return render(request, "feedback/theme.html", context)


def comments(request: HttpRequest, shown: Theme) -> dict[str, Any]:
    """One page of a theme's comments, as the address asks for them."""
    state, scope = request.GET.get("state", ""), scope_of(request)
    found = visible(request)
    held = found.filter(theme=shown) if shown.merged_into else found.once_a_theme()
    rows = held.told().filter(scope.rows if scope else Q())
    rows = rows if shown.merged_into else rows.filter(counts_as=shown.pk)
    rows = rows.filter(state=state) if state in State.values else rows
    page = page_of(rows.order_by("-said_at", "-pk"), page_number(request.GET.get("page")))
    return {
        "page": page,
        "comments": list(to_read(page.rows)),
        "state": state,
        "scope": scope,
        "states": State.choices,
    }


def people(request: HttpRequest, figures: ThemeFigures) -> dict[str, Any]:
    """One page of the customers that the figures of a theme count."""
    found = ThemePeople(figures, request.GET["show"])
    page = found.page(page_number(request.GET.get("page")))
    return {"people_shown": found.shown, "page": page, "sayers": found.rows(page)}


def visible(request: HttpRequest) -> CommentThemeQuerySet:
    """Comments with themes that the reader may see, with all that a line shows."""
    found = CommentTheme.objects.visible_to(person(request)).counted()
    return found.select_related(*TOGETHER)


def proposals(found: QuerySet[Any]) -> Iterator[Proposal]:
    """Proposals with comments that the reader may see, the most said first."""
    told = sorted_by_theme(found.filter(counts_as__in=Theme.objects.proposed()))
    for rows in sorted(told.values(), key=len, reverse=True):
        yield Proposal(rows[0].theme.counts_as, len(rows), list(to_read(different(rows))))


def sorted_by_theme(rows: QuerySet[Any]) -> dict[int, list[Any]]:
    by_theme: dict[int, list[Any]] = {}
    for row in rows.filter(state=State.SUGGESTED).order_by("-said_at")[:1000]:
        by_theme.setdefault(row.counts_as, []).append(row)
    return by_theme


def different(rows: Iterable[Any]) -> list[Any]:
    """The first few that don't say the same."""
    by_words = {row.said: row for row in rows}
    return list(by_words.values())[:EXAMPLES]


def to_read(rows: Iterable[Any]) -> Iterator[Said]:
    """Rows of `visible` as lines to read."""
    for row in rows:
        said = row.answer.response if row.answer else row.cancellation
        yield Said(row, said.customer, parts_of(row.said, row.matched), row.said_at)


def with_same(rows: Iterable[Any], queue: QuerySet[Any]) -> Iterator[Said]:
    """Rows as lines to read, each with how many others of `queue` say the same."""
    waiting = list(rows)
    numbers = numbers_of_same(waiting, queue)
    for line in to_read(waiting):
        yield replace(line, same=numbers.get((line.row.counts_as, line.row.said), 1))


def parts_of(text: str, matched: str) -> list[tuple[str, bool]]:
    """A text in parts, and whether each is a word that matched."""
    words = [re.escape(word) for word in matched.split(", ") if word]
    if not words:
        return [(text, False)]
    split = re.split(rf"\b({'|'.join(words)})\b", text, flags=re.IGNORECASE)
    return [(part, bool(number % 2)) for number, part in enumerate(split) if part]


def course(figures: ThemeFigures) -> LineChart:
    """Confirmed comments by month, and those only suggested beside them."""
    frame = Frame(
        title=_("Comments by month"),
        names=[formats.period(m, months_after(m, 1), "month") for m in figures.months],
        text=formats.number,
        unknown=formats.not_available(),
        partial=True,
        finest=1,
    )
    series = [Series(_("Confirmed"), figures.course)]
    if figures.suggested:
        series.append(Series(_("Suggested"), figures.suggested_course, "tone-3"))
    return line_chart(frame, series)
