"""One referral program: who came by it, narrowed by the address; and the same as a file."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from campaigns.models import Referral, ReferralProgram
from campaigns.promises import gift_words
from campaigns.referral_words import WHY
from campaigns.referring.clashes import clashes
from campaigns.views.referral_programs import program_or_404
from churnapp.common.csv_export import Cell, csv_download
from churnapp.common.htmx import page_or_fragment
from churnapp.common.pages import Page, page_number, page_of, without_page
from customers.filters.searching import has_words
from customers.views.access import allowed, person, today_here, visible_customers

SUGGESTED = "suggested"  # beside the states: new ones of whom a customer may be the one


class ReferralList:
    """The referrals of a program that an address chooses, by customers the reader may see."""

    def __init__(self, request: HttpRequest, program: ReferralProgram) -> None:
        self.request, self.query, self.program = request, request.GET, program

    @property
    def state(self) -> str:
        asked = self.query.get("state", "")
        return asked if asked in {SUGGESTED, *Referral.State.values} else ""

    @property
    def search(self) -> str:
        return self.query.get("q", "").replace("\0", "").strip()

    @property
    def states(self) -> list[tuple[str, str]]:
        chosen = [(value, str(label)) for value, label in Referral.State.choices]
        return [*chosen, (SUGGESTED, _("to be confirmed"))]

    @cached_property
    def found(self) -> QuerySet[Referral]:
        rows = Referral.objects.filter(
            link__program=self.program, link__customer__in=visible_customers(self.request)
        )
        if self.state == SUGGESTED:
            rows = rows.filter(state=Referral.State.NEW, suggested__isnull=False)
        elif self.state:
            rows = rows.filter(state=self.state)
        if self.search:
            rows = rows.filter(
                has_words("company", self.search)
                | has_words("link__customer__name", self.search)
                | Q(email__iexact=self.search)
            )
        return rows.with_seen(visible_customers(self.request)).select_related(
            "link__customer", "link__contact", "customer", "suggested", "grant__offer", "matched_by"
        )

    @cached_property
    def page(self) -> Page[Referral]:
        found = page_of(self.found, page_number(self.query.get("page")))
        for referral in found.rows:
            referral.why_words = str(WHY.get(referral.why, referral.why))
            hide_unseen(referral)
        return found

    @property
    def filter_query(self) -> str:
        return without_page(self.query)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.state or self.search)


def hide_unseen(referral: Referral) -> None:
    """Leave out a customer that the reader may not see; the row is for showing only."""
    others = [
        name
        for name in ("customer", "suggested")
        if getattr(referral, f"{name}_id") and getattr(referral, f"seen_{name}") is None
    ]
    for name in others:
        setattr(referral, name, None)
    referral.is_with_colleague = bool(others)


@require_GET
@vary_on_headers("HX-Request")
@allowed("campaigns.view_referral")
def program(request: HttpRequest, pk: int) -> HttpResponse:
    found = program_or_404(pk)
    context: dict[str, Any] = {"program": found, "listing": ReferralList(request, found)}
    template = page_or_fragment(request, "campaigns/referrals.html", "campaigns/_referrals.html")
    if template == "campaigns/referrals.html":
        context |= {
            "clashes": clashes(found),
            "reward": gift_words(found.reward),
            "welcome": gift_words(found.welcome) if found.welcome else "",
            "languages": [(code, name, code in found.texts) for code, name in settings.LANGUAGES],
            "may_export": person(request).has_perm("customers.export_customer"),
            "computed_at": timezone.now(),
        }
    return render(request, template, context)


@require_GET
@allowed("customers.export_customer")
def export(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The referrals that the filters choose, as CSV."""
    header = [
        _("Recommended by, id"),
        _("Recommended by"),
        _("Name"),
        _("E-mail address"),
        _("Company"),
        _("When"),
        _("Came from"),
        _("State"),
        _("Why"),
        _("Customer id"),
        _("Customer"),
        _("Matched"),
        _("Matched by"),
        _("Rewarded"),
        _("Offer"),
    ]
    name = f"referrals-{today_here():%Y-%m-%d}.csv"
    return csv_download(name, header, export_rows(ReferralList(request, program_or_404(pk))))


def export_rows(listing: ReferralList) -> Iterator[list[Cell]]:
    for referral in listing.found.iterator(chunk_size=2_000):
        hide_unseen(referral)
        yield [
            referral.link.customer.external_id,
            referral.link.customer.name,
            referral.name,
            referral.email,
            referral.company,
            referral.at,
            referral.get_came_from_display(),
            referral.get_state_display(),
            str(WHY.get(referral.why, referral.why)),
            referral.customer.external_id if referral.customer else "",
            referral.customer.name if referral.customer else "",
            referral.matched_at,
            referral.get_matched_how_display(),
            referral.rewarded_at,
            referral.grant.offer.name if referral.grant else "",
        ]
