"""All campaigns: what each is, whom it reached, and what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from campaigns.models import Campaign, CampaignKind, Recipient
from campaigns.sequences.entering import audience_of
from campaigns.sequences.exits import SEEN_AT_ONCE
from campaigns.views.finding import VIEW
from churnapp.common.errors import RuleError
from churnapp.common.htmx import page_or_fragment
from churnapp.common.pages import Page, page_number, page_of
from customers.models import OutgoingEmail
from customers.segments import Size, TookTooLongError, patiently
from customers.views.access import allowed, reporting_currency

State = Campaign.State
PAUSED = "paused"
STATES = (State.DRAFT, State.SCHEDULED, State.RUNNING, PAUSED, State.FINISHED)


@dataclass(frozen=True)
class Row:
    """A campaign with its counts; `reached` is None where the goal shows at the horizon only."""

    campaign: Campaign
    treated: int = 0
    held_out: int = 0
    sent: int = 0
    next_due: datetime | None = None
    reached: int | None = None


class CampaignsAsked:
    """One address of the list, read; nonsense in it is left out."""

    def __init__(self, request: HttpRequest) -> None:
        self.query = request.GET

    @property
    def is_archived(self) -> bool:
        return self.query.get("show") == "archived"

    @property
    def kind(self) -> str:
        asked = self.query.get("kind", "")
        return asked if asked in CampaignKind.values else ""

    @property
    def state(self) -> str:
        asked = self.query.get("state", "")
        return asked if asked in STATES and not self.is_archived else ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kind or self.state)

    @property
    def found(self) -> QuerySet[Campaign]:
        found = Campaign.objects.to_show()
        if self.is_archived:
            found = Campaign.objects.filter(state=State.ARCHIVED)
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.state == PAUSED:
            found = found.filter(state=State.RUNNING).exclude(paused_at=None)
        elif self.state == State.RUNNING:
            found = found.running()
        elif self.state:
            found = found.filter(state=self.state)
        return found.order_by("-pk")


@require_GET
@vary_on_headers("HX-Request")
@allowed(VIEW)
def campaign_list(request: HttpRequest) -> HttpResponse:
    asked = CampaignsAsked(request)
    page: Page[Campaign] = page_of(asked.found, page_number(request.GET.get("page")))
    context: dict[str, Any] = {
        "asked": asked,
        "page": page,
        "rows": rows_of(page.rows),
        "kinds": CampaignKind.choices,
        "states": [(state, label_of(state)) for state in STATES],
    }
    template = page_or_fragment(request, "campaigns/list.html", "campaigns/_list.html")
    return render(request, template, context)


def label_of(state: str) -> str:
    return str(State(state).label) if state != PAUSED else PAUSED


def rows_of(campaigns: Iterable[Campaign]) -> list[Row]:
    """The campaigns with their counts, in two questions whatever their number."""
    campaigns = list(campaigns)
    counts = counts_of([campaign.pk for campaign in campaigns])
    gone = OutgoingEmail.objects.filter(
        batch__in=[campaign.batch_id for campaign in campaigns if campaign.batch_id],
        state__in=OutgoingEmail.GONE_OUT,
    )
    sent = dict(gone.order_by().values_list("batch").annotate(number=Count("pk")))
    return [
        row_of(campaign, counts.get(campaign.pk, {}), sent.get(campaign.batch_id, 0))
        for campaign in campaigns
    ]


def counts_of(keys: list[int]) -> dict[int, dict[str, Any]]:
    under_way = Q(state=Recipient.State.UNDER_WAY)
    rows = (
        Recipient.objects.in_it()
        .filter(campaign__in=keys)
        .order_by()
        .values("campaign")
        .annotate(
            treated=Count("pk", filter=Q(held_out=False)),
            held=Count("pk", filter=Q(held_out=True)),
            reached=Count("pk", filter=Q(why="goal")),
            next_due=Min("due_at", filter=under_way),
        )
    )
    return {row["campaign"]: dict(row) for row in rows}


def row_of(campaign: Campaign, counts: dict[str, Any], sent: int) -> Row:
    shows_now = campaign.goal in SEEN_AT_ONCE and bool(counts)
    runs = campaign.state == State.RUNNING and not campaign.is_paused
    return Row(
        campaign,
        treated=counts.get("treated", 0),
        held_out=counts.get("held", 0),
        sent=sent,
        next_due=counts.get("next_due") if runs else None,
        reached=counts["reached"] if shows_now else None,
    )


@require_GET
@allowed(VIEW)
def audience_size(request: HttpRequest, pk: int) -> HttpResponse:
    """How many fit a draft now: a part of the list, which asks for it, since it may take long."""
    campaign = get_object_or_404(Campaign, pk=pk)
    context: dict[str, Any] = {"campaign": campaign, "currency": reporting_currency(request)}
    try:
        with patiently():
            context["size"] = Size.of(audience_of(campaign)) if campaign.audience else None
    except TookTooLongError:
        context["is_slow"] = True
    except RuleError as error:
        context["problem"] = str(error)
    return render(request, "campaigns/_size.html", context)
