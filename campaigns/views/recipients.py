"""The log of a campaign: everybody of its audience, what they got, why not, and what comes next."""

from collections.abc import Iterator
from functools import cached_property
from itertools import batched
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from campaigns.models import Campaign, Recipient
from campaigns.path_words import KINDS
from campaigns.paths import Path
from campaigns.sequences.words import LEFT_OUT, WENT, WHY, why_words
from campaigns.views.finding import VIEW, campaign_or_404, offer_names, tabs
from campaigns.views.recipient_rows import RecipientRow, rows
from churnapp.common.csv_export import Cell, csv_download
from churnapp.common.htmx import page_or_fragment
from churnapp.common.pages import CappedCount, Page, page_number, page_of, without_page
from customers.filters import fitting
from customers.models import Customer
from customers.views.access import allowed, organisation, person, visible_customers

A_READ = 1_000
REASONS = {**LEFT_OUT, **WENT}


class LogAsked:
    """One address of the log, read; nonsense in it is left out."""

    def __init__(self, request: HttpRequest, campaign: Campaign) -> None:
        self.request, self.query, self.campaign = request, request.GET, campaign
        self.path = Path.read(campaign.path)

    def among(self, name: str, known: Any) -> str:
        asked = self.query.get(name, "")
        return asked if asked in known else ""

    @property
    def state(self) -> str:
        return self.among("state", Recipient.State.values)

    @property
    def why(self) -> str:
        return self.among("why", WHY)

    @property
    def step(self) -> str:
        return self.among("step", {step.key for step in self.path.steps})

    @property
    def variant(self) -> str:
        return self.among("variant", {variant.key for variant in self.path.variants})

    @property
    def q(self) -> str:
        return self.query.get("q", "").strip().replace("\x00", "")

    @property
    def is_narrowed(self) -> bool:
        return bool(self.state or self.why or self.step or self.variant or self.q)

    @cached_property
    def found(self) -> QuerySet[Recipient]:
        mine = Recipient.objects.filter(campaign=self.campaign)
        mine = mine.visible_to(person(self.request), organisation(self.request))
        exact = {name: getattr(self, name) for name in ("state", "why", "step", "variant")}
        found = mine.filter(**{name: value for name, value in exact.items() if value})
        if self.q:
            named = visible_customers(self.request).filter(fitting(self.q))
            found = found.filter(customer__in=named.order_by().values("pk"))
        return found

    def with_all(self) -> QuerySet[Recipient]:
        return self.found.select_related("customer", "contact").order_by("pk")

    def choices(self) -> dict[str, Any]:
        return {
            "states": Recipient.State.choices,
            "reasons": list(REASONS.items()),
            "steps": [
                (step.key, f"{number}. {KINDS.get(step.kind, step.kind)}")
                for number, step in enumerate(self.path.steps, start=1)
            ],
            "variants": [(one.key, one.name or one.key) for one in self.path.variants],
        }


@require_GET
@vary_on_headers("HX-Request")
@allowed(VIEW)
def recipients(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = campaign_or_404(pk)
    asked = LogAsked(request, campaign)
    page: Page[Recipient] = page_of(asked.with_all(), page_number(request.GET.get("page")))
    is_all = not page.has_next and (page.rows or page.number == 1)
    context = tabs(request, campaign, "recipients") | {
        "asked": asked,
        "page": page,
        "count": CappedCount(page.last) if is_all else CappedCount.of(asked.found),
        "rows": rows(page.rows, asked.path, offer_names(asked.path)),
        "choices": asked.choices(),
        "export_query": without_page(request.GET),
        "computed_at": timezone.now(),
    }
    template = page_or_fragment(request, "campaigns/recipients.html", "campaigns/_recipients.html")
    return render(request, template, context)


@require_GET
@allowed("customers.export_customer")
def export(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Exactly those that the filters choose, as CSV: a line for each."""
    asked = LogAsked(request, campaign_or_404(pk))
    name = f"campaign-{pk}-{timezone.localdate():%Y-%m-%d}.csv"
    return csv_download(name, head(), lines(asked))


def head() -> list[Cell]:
    return [
        _("Customer id"), _("Customer"), _("Contact"), _("Held out"), _("Variant"), _("Language"),
        _("State"), _("Why"), _("Entered"), _("Ended"), _("Steps done"), _("Next step"), _("Due"),
    ]  # fmt: skip


def lines(asked: LogAsked) -> Iterator[list[Cell]]:
    names = offer_names(asked.path)
    for chunk in batched(asked.with_all().iterator(A_READ), A_READ):
        for row in rows(chunk, asked.path, names):
            yield line(row)


def line(row: RecipientRow) -> list[Cell]:
    one = row.recipient
    customer: Customer = one.customer
    done = "; ".join(
        f"{trace.number}. {trace.words}: {trace.became}" + (f" ({trace.why})" if trace.why else "")
        for trace in row.traces
    )
    return [
        customer.external_id, customer.name, str(one.contact or ""), one.held_out, one.variant,
        one.language, one.get_state_display(), why_words(one.why), one.entered_at,
        one.ended_at, done, row.next_step, row.next_at,
    ]  # fmt: skip
