"""Complaints: the open ones, those overdue on top, and what became of the others."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
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
from customers.models import Complaint
from customers.views.access import allowed, organisation, person, today_here
from customers.views.cancellations import reason_choices
from customers.views.conditions import owner_choices
from customers.views.departures import NO_REASON, given, worded
from customers.views.owner_filter import of_owners

SHOWN: dict[str, str | Promise] = {
    "open": _lazy("Open"),
    "overdue": _lazy("Overdue"),
    "late": _lazy("Not settled in time"),
    "waiting": _lazy("Waiting for the customer's answer"),
    "confirmed": _lazy("Settled, the customer agrees"),
    "all": _lazy("All"),
}
DEFAULT_SHOWN = "open"
STATES: dict[str, tuple[str | Promise, str]] = {
    "open": (_lazy("open"), "pill-warn"),
    "reopened": (_lazy("open again"), "pill-bad"),
    "resolved": (_lazy("resolved, not confirmed"), "pill-accent"),
    "confirmed": (_lazy("settled"), "pill-good"),
}
LOOKING_BACK = timedelta(days=90)
OPEN = Q(resolved_at=None)
WAITING = Q(resolved_at__isnull=False, confirmed=None)


class ComplaintList:
    """The answer to one address of the page of complaints."""

    def __init__(self, request: HttpRequest) -> None:
        self.query = request.GET
        self.today = today_here()
        self.user = person(request)
        self.visible = Complaint.objects.visible_to(self.user, organisation(request))

    @property
    def shown(self) -> str:
        asked = self.query.get("show", "")
        return asked if asked in SHOWN else DEFAULT_SHOWN

    @property
    def overdue(self) -> Q:
        """Open past their deadline."""
        return OPEN & Q(due_on__lt=self.today)

    @property
    def settled_lately(self) -> Q:
        return Q(resolved_at__gte=timezone.now() - LOOKING_BACK)

    @property
    def late(self) -> Q:
        """Not settled by their deadline: lately after it, or not yet."""
        return self.overdue | self.settled_lately & Q(resolved_at__date__gt=F("due_on"))

    @cached_property
    def narrowed(self) -> QuerySet[Complaint]:
        """Those of the owners and causes asked for, in whatever state; merged causes count too."""
        chosen = self.visible
        if owners := given(self.query, "owner"):
            chosen = chosen.filter(of_owners(owners, self.user))
        if keys := given(self.query, "reason"):
            named = Q(reason__key__in=keys) | Q(reason__merged_into__key__in=keys)
            chosen = chosen.filter(named | Q(reason=None) if NO_REASON in keys else named)
        return chosen

    @cached_property
    def found(self) -> QuerySet[Complaint]:
        """Every complaint that the address chooses: open ones by deadline, then the latest."""
        choices = {
            "open": OPEN,
            "overdue": self.overdue,
            "late": self.late,
            "waiting": WAITING,
            "confirmed": Q(confirmed=True),
            "all": Q(),
        }
        chosen = self.narrowed.filter(choices[self.shown])
        return chosen.order_by(F("resolved_at").desc(nulls_first=True), "due_on", "pk")

    @cached_property
    def page(self) -> Page[Complaint]:
        page = page_of(self.found.with_all(), page_number(self.query.get("page")))
        words = worded([row.reason.counts_as.pk for row in page.rows if row.reason])
        for row in page.rows:
            cause = row.reason and words.get(row.reason.counts_as.pk)
            row.cause = cause  # type: ignore[attr-defined]
            row.pill = STATES[row.state]  # type: ignore[attr-defined]
        return page

    @cached_property
    def figures(self) -> dict[str, Any]:
        """How many are open, overdue and to be confirmed, and how many were settled in time."""
        counts = self.narrowed.order_by().aggregate(
            open=Count("pk", filter=OPEN),
            overdue=Count("pk", filter=self.overdue),
            waiting=Count("pk", filter=WAITING),
            settled=Count("pk", filter=self.settled_lately),
            late=Count("pk", filter=self.late),
            all=Count("pk"),
        )
        return counts | resolved_in_time(counts["settled"], counts["overdue"], counts["late"])

    @property
    def filter_query(self) -> str:
        return without_page(self.query)


def resolved_in_time(settled: int, overdue: int, late: int) -> dict[str, Any]:
    """The share settled by their deadline, of `due`: those settled and those open past it.

    What is open and not due yet can still be in time, so it counts in neither.
    """
    due = settled + overdue
    return {"due": due, "in_time_share": (due - late) / due if due else None}


@require_GET
@vary_on_headers("HX-Request")
@allowed("customers.view_complaint")
def complaints(request: HttpRequest) -> HttpResponse:
    """Complaints as the address asks for them, with their figures on top."""
    listing = ComplaintList(request)
    context: dict[str, Any] = {"listing": listing, "query": request.GET}
    if not wants_fragment(request):
        context |= {
            "shown_choices": SHOWN.items(),
            "owner_choices": owner_choices(),
            "reason_choices": reason_choices(),
            "may_export": person(request).has_perm("customers.export_customer"),
        }
    template = page_or_fragment(request, "customers/complaints.html", "customers/_complaints.html")
    return render(request, template, context)


@require_GET
@allowed("customers.export_customer")
def export_complaints(request: HttpRequest) -> StreamingHttpResponse:
    """Exactly the complaints that the filters choose, as CSV."""
    listing = ComplaintList(request)
    header = [
        _("Customer id"),
        _("Customer"),
        _("Complained on"),
        _("What they complain about"),
        _("Owner"),
        _("To be settled by"),
        _("State"),
        _("Cause"),
        _("Feature"),
        _("How it was resolved"),
        _("Resolved on"),
        _("Customer's answer"),
    ]
    return csv_download(f"complaints-{listing.today:%Y-%m-%d}.csv", header, export_rows(listing))


def export_rows(listing: ComplaintList) -> Iterator[list[Cell]]:
    counted = Coalesce("reason__merged_into", "reason")
    reasons = listing.found.order_by().exclude(reason=None).values_list(counted, flat=True)
    words = worded(list(reasons.distinct()))
    for row in listing.found.with_all().iterator(chunk_size=2_000):
        entry = row.entry
        yield [
            entry.customer.external_id,
            entry.customer.name,
            timezone.localdate(entry.occurred_at),
            entry.summary,
            str(row.owner or ""),
            row.due_on,
            str(STATES[row.state][0]),
            str(words.get(row.reason.counts_as.pk, "")) if row.reason else "",
            str(row.feature or ""),
            row.resolution,
            timezone.localdate(row.resolved_at) if row.resolved_at else None,
            "" if row.confirmed is None else _("agrees") if row.confirmed else _("does not agree"),
        ]
