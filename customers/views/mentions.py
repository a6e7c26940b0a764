"""Mentions: the unmatched ones on top, those to answer by their deadline, and the trend."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from churnapp.common.csv_export import Cell, csv_download
from churnapp.common.htmx import page_or_fragment, wants_fragment
from churnapp.common.pages import Page, page_number, page_of, without_page
from customers.models import Mention
from customers.views.access import allowed, organisation, person, today_here
from customers.views.conditions import owner_choices
from customers.views.departures import given
from customers.views.owner_filter import of_owners
from customers.views.reputation import BY_NAMES, TONE_NAMES, as_said, reputation

SHOWN: dict[str, str | Promise] = {
    "todo": _lazy("To do"),
    "unmatched": _lazy("Not matched"),
    "answer": _lazy("To answer"),
    "overdue": _lazy("Overdue"),
    "all": _lazy("All"),
}
DEFAULT_SHOWN = "todo"
UNMATCHED = Q(customer=None) & ~Q(matched_by=Mention.Matched.NOBODY)
TO_ANSWER = Q(replied_at=None, reply_by__isnull=False)


class MentionList:
    """The answer to one address of the page of mentions."""

    def __init__(self, request: HttpRequest) -> None:
        self.query = request.GET
        self.today = today_here()
        self.user = person(request)
        self.visible = Mention.objects.visible_to(self.user, organisation(request))

    @property
    def shown(self) -> str:
        asked = self.query.get("show", "")
        return asked if asked in SHOWN else DEFAULT_SHOWN

    @property
    def overdue(self) -> Q:
        return TO_ANSWER & Q(reply_by__lt=self.today)

    @cached_property
    def narrowed(self) -> QuerySet[Mention]:
        """Those of the kinds, owners, month and tone asked for, in whatever state."""
        chosen = self.visible
        if kinds := given(self.query, "kind"):
            chosen = chosen.filter(kind__in=kinds)
        if owners := given(self.query, "owner"):
            chosen = chosen.filter(of_owners(owners, self.user))
        return as_said(chosen, self.query)

    @cached_property
    def found(self) -> QuerySet[Mention]:
        """Every mention that the address chooses: unmatched ones, those to answer, the latest."""
        choices = {
            "todo": UNMATCHED | TO_ANSWER,
            "unmatched": UNMATCHED,
            "answer": TO_ANSWER,
            "overdue": self.overdue,
            "all": Q(),
        }
        rank = Case(When(UNMATCHED, then=Value(0)), When(TO_ANSWER, then=Value(1)), default=2)
        deadline = Case(When(TO_ANSWER, then=F("reply_by")))
        chosen = self.narrowed.filter(choices[self.shown]).alias(rank=rank, deadline=deadline)
        return chosen.order_by("rank", F("deadline").asc(nulls_last=True), "-occurred_at", "-pk")

    @cached_property
    def page(self) -> Page[Mention]:
        return page_of(self.found.with_all(), page_number(self.query.get("page")))

    @cached_property
    def figures(self) -> dict[str, int]:
        return self.narrowed.order_by().aggregate(
            unmatched=Count("pk", filter=UNMATCHED),
            to_answer=Count("pk", filter=TO_ANSWER),
            overdue=Count("pk", filter=self.overdue),
            all=Count("pk"),
        )

    @property
    def filter_query(self) -> str:
        return without_page(self.query)


@require_GET
@vary_on_headers("HX-Request")
@allowed("customers.view_mention")
def mentions(request: HttpRequest) -> HttpResponse:
    """Mentions as the address asks for them."""
    listing = MentionList(request)
    context: dict[str, Any] = {
        "listing": listing,
        "query": request.GET,
        "working_days": settings.MENTION_WORKING_DAYS,
    }
    if not wants_fragment(request):
        context |= {
            "shown_choices": SHOWN.items(),
            "kind_choices": Mention.Kind.choices,
            "owner_choices": owner_choices(),
            "tone_choices": TONE_NAMES.items(),
            "by_choices": BY_NAMES.items(),
            "may_export": person(request).has_perm("customers.export_customer"),
        }
    template = page_or_fragment(request, "customers/mentions.html", "customers/_mentions.html")
    return render(request, template, context)


@require_GET
@allowed("customers.view_mention")
def trend(request: HttpRequest) -> HttpResponse:
    """How much is said of us month by month, and how it sounds."""
    visible = Mention.objects.visible_to(person(request), organisation(request))
    context = {"reputation": reputation(visible, today=today_here())}
    return render(request, "customers/mention_trend.html", context)


@require_GET
@allowed("customers.export_customer")
def export_mentions(request: HttpRequest) -> StreamingHttpResponse:
    """Exactly the mentions that the filters choose, as CSV."""
    listing = MentionList(request)
    header = [
        _("When"),
        _("Kind"),
        _("Where"),
        _("What was said"),
        _("Address"),
        _("Author"),
        _("Company"),
        _("Rating of 5"),
        _("Tone"),
        _("Customer id"),
        _("Customer"),
        _("Matched"),
        _("Owner"),
        _("Reply by"),
        _("Replied"),
        _("What was answered"),
        _("Address of the answer"),
    ]
    return csv_download(f"mentions-{listing.today:%Y-%m-%d}.csv", header, export_rows(listing))


def export_rows(listing: MentionList) -> Iterator[list[Cell]]:
    for row in listing.found.with_all().iterator(chunk_size=2_000):
        yield [
            timezone.localdate(row.occurred_at),
            row.get_kind_display(),
            row.site,
            row.text,
            row.url,
            row.author,
            row.company,
            row.rating,
            row.sentiment,
            row.customer.external_id if row.customer else "",
            row.customer.name if row.customer else "",
            row.get_matched_by_display(),
            str(row.owner or ""),
            row.reply_by,
            timezone.localdate(row.replied_at) if row.replied_at else None,
            row.reply_text,
            row.reply_url,
        ]
