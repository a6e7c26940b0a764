"""The log of visits to cancel flows, the file of each as evidence, and links made by hand."""

import json
import secrets
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from campaigns.forms.flows import LinkForm
from campaigns.leaving.evidence import evidence_of
from campaigns.leaving.jurisdictions import BY_KEY
from campaigns.leaving.links import address_of
from campaigns.models import CancelFlow, CancelVisit
from campaigns.services.leaving import Wish, make_visit
from churnapp.common.csv_export import Cell, csv_download
from churnapp.common.htmx import page_or_fragment
from churnapp.common.pages import Page, page_number, page_of, without_page
from customers.filters.searching import has_words
from customers.models import ReasonVersion, Subscription
from customers.views.access import allowed, customer_or_404, person, today_here, visible_customers
from customers.views.dialogs import Dialog, Done, asks, converse, dialog_view


class VisitList:
    """The visits that an address chooses, of customers that the reader may see."""

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.query, self.now = request, request.GET, timezone.now()

    def chosen(self, name: str) -> str:
        return self.query.get(name, "").replace("\0", "").strip()

    @property
    def state(self) -> str:
        asked = self.chosen("state")
        return asked if asked in CancelVisit.State.values else ""

    @property
    def flow(self) -> str:
        asked = self.chosen("flow")
        return asked if asked.isdecimal() and len(asked) < 18 else ""

    @property
    def arm(self) -> str:
        asked = self.chosen("arm")
        return asked if asked in {"holdout", "treated"} else ""

    @cached_property
    def found(self) -> QuerySet[CancelVisit]:
        visits = CancelVisit.objects.filter(customer__in=visible_customers(self.request)).as_of(
            self.now
        )
        if self.flow:
            visits = visits.filter(flow=int(self.flow))
        if self.state:
            visits = visits.filter(Q(stands=self.state))
        if self.arm:
            visits = visits.filter(held_out=self.arm == "holdout")
        if self.chosen("reason"):
            visits = visits.filter(reason__key=self.chosen("reason"))
        if self.chosen("q"):
            visits = visits.filter(has_words("customer__name", self.chosen("q")))
        together = ("flow", "customer", "contact", "reason_version", "grant__offer", "made_by")
        return visits.select_related(*together)

    @cached_property
    def page(self) -> Page[CancelVisit]:
        return page_of(self.found, page_number(self.query.get("page")))

    @property
    def filter_query(self) -> str:
        return without_page(self.query)

    @property
    def is_narrowed(self) -> bool:
        return any(self.chosen(name) for name in ("state", "flow", "arm", "reason", "q"))

    @property
    def search(self) -> str:
        return self.chosen("q")

    @property
    def reason(self) -> str:
        return self.chosen("reason")


@require_GET
@vary_on_headers("HX-Request")
@allowed("campaigns.view_cancelvisit")
def visits(request: HttpRequest) -> HttpResponse:
    listing = VisitList(request)
    context: dict[str, Any] = {"listing": listing}
    template = page_or_fragment(request, "campaigns/visits.html", "campaigns/_visits.html")
    if template == "campaigns/visits.html":
        context |= {
            "flows": CancelFlow.objects.order_by("name"),
            "states": CancelVisit.State.choices,
            "reasons": reasons_said(),
            "may_export": person(request).has_perm("customers.export_customer"),
            "computed_at": timezone.now(),
        }
    return render(request, template, context)


def reasons_said() -> QuerySet[ReasonVersion]:
    """Each reason that a visitor has given, as it is worded now."""
    said = ReasonVersion.objects.filter(reason__cancel_visits__isnull=False)
    newest = said.order_by("reason_id", "-version").distinct("reason_id")
    return newest.select_related("reason")


def visit_or_404(request: HttpRequest, pk: int) -> CancelVisit:
    together = (
        "flow", "customer", "contact", "subscription", "reason", "reason_version", "grant__offer",
        "mail", "made_by",
    )  # fmt: skip
    visible = CancelVisit.objects.visible_to(person(request)).as_of(timezone.now())
    return get_object_or_404(visible.select_related(*together), pk=pk)


@require_GET
@allowed("campaigns.view_cancelvisit")
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit, step by step; with its link as long as it is open, for who may make one."""
    found = visit_or_404(request, pk)
    may_see_link = person(request).has_perm("campaigns.add_cancelvisit")
    context = {
        "visit": found,
        "law": BY_KEY.get(found.profile),
        "steps": [(step, said_of(found, step.verb)) for step in found.steps.order_by("pk")],
        "link": address_of(found) if may_see_link and found.is_open(timezone.now()) else "",
        "taken_back_at": found.taken_back_at(),
        "may_export": person(request).has_perm("customers.export_customer"),
    }
    return render(request, "campaigns/visit.html", context)


def said_of(visit: CancelVisit, verb: str) -> str:
    """A step in words; an end that nobody could be written to about is not called confirmed."""
    if verb == "confirmed" and visit.mail_id is None:
        return _("The end was recorded. No confirmation was mailed: there was nobody to write to.")
    return str(STEPS.get(verb, ""))


STEPS: dict[str, Promise] = {
    "made": _lazy("The link was made."),
    "answered": _lazy("They went on from the first page."),
    "offered": _lazy("The offer of their reason was made."),
    "not_offered": _lazy("The offer of their reason could not be made."),
    "went_on": _lazy("They went on from the answer."),
    "saved": _lazy("They stay."),
    "offer_stays": _lazy("What they had accepted could not be undone."),
    "left": _lazy("They cancelled."),
    "confirmed": _lazy("The end was recorded and confirmed."),
}


@require_GET
@allowed("customers.export_customer")
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The visits that the filters choose, as CSV."""
    header = [
        _("Customer id"),
        _("Customer"),
        _("Contact"),
        _("Flow"),
        _("Made"),
        _("State"),
        _("Held out"),
        _("Reason"),
        _("In the customer's words"),
        _("Offer"),
        _("Saved by"),
        _("Clicks"),
        _("Most clicks"),
        _("Left"),
        _("First day not paid for"),
    ]
    name = f"cancel-visits-{today_here():%Y-%m-%d}.csv"
    return csv_download(name, header, export_rows(VisitList(request)))


def export_rows(listing: VisitList) -> Iterator[list[Cell]]:
    for visit in listing.found.iterator(chunk_size=2_000):
        yield [
            visit.customer.external_id,
            visit.customer.name,
            str(visit.contact or ""),
            visit.flow.name,
            visit.made_at,
            str(CancelVisit.State(visit.stands).label),
            _("yes") if visit.held_out else _("no"),
            str(visit.reason_version or ""),
            visit.comment,
            visit.grant.offer.name if visit.grant else "",
            visit.get_saved_by_display(),
            visit.clicks,
            visit.most_clicks,
            visit.left_at,
            visit.ends_on,
        ]


@require_GET
@allowed("customers.export_customer")
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """What was shown, clicked and confirmed, as a JSON file with its SHA-256."""
    found = visit_or_404(request, pk)
    text = json.dumps(evidence_of(found), ensure_ascii=False, indent=2, sort_keys=True)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="cancel-visit-{pk}.json"'
    response["Cache-Control"] = "no-store"
    return response


@asks
@dialog_view
@allowed("campaigns.add_cancelvisit")
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link for a customer, to be given to somebody there."""
    customer = customer_or_404(request, pk)
    today = today_here()
    people = customer.contacts.filter(left_on=None) | customer.contacts.filter(left_on__gt=today)
    form = LinkForm(
        request.POST or None,
        initial={"key": secrets.token_urlsafe(12)},
        contacts=people.order_by("name", "pk"),
        subscriptions=Subscription.objects.filter(customer=customer).order_by("pk"),
    )

    def act() -> Done:
        given = form.cleaned_data
        wish = Wish(
            customer,
            given["contact"],
            f"hand:{person(request).pk}:{given['key']}",
            given["subscription"],
            CancelVisit.From.STAFF,
        )
        made = make_visit(wish, now=timezone.now(), by=person(request))
        page = reverse("cancel_flows:visit", args=[made.pk])
        return Done(_("The link is made: copy it from this page."), to=page)

    back = reverse("customers:detail", args=[pk])
    title = _("A link to cancel for %(name)s") % {"name": customer}
    intro = _("Give it to the customer: there they say why, see what may help, and can cancel.")
    return converse(request, Dialog(title, _("Make the link"), back, intro), form, act)
