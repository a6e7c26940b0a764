"""The campaigns of one customer: a part of the customer's page, or a page of its own."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from campaigns.models import Campaign, Offer, Recipient, StepDone
from campaigns.paths import Path
from campaigns.views.finding import VIEW
from campaigns.views.recipient_rows import TOGETHER, RecipientRow, by_recipient, row
from churnapp.common.htmx import wants_fragment
from customers.views.access import allowed, visible_customers

MOST_BESIDE, MOST_ALONE = 5, 100


@require_GET
@vary_on_headers("HX-Request")
@allowed(VIEW)
def customer_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """What of campaigns came to a customer, the newest first, and why what did not."""
    customer = get_object_or_404(visible_customers(request), pk=pk)
    is_part = wants_fragment(request)
    most = MOST_BESIDE if is_part else MOST_ALONE
    mine = Recipient.objects.filter(customer=customer).exclude(campaign__state="archived")
    found = list(mine.select_related("campaign", "contact").order_by("-pk")[: most + 1])
    context: dict[str, Any] = {
        "customer": customer,
        "rows": rows_of(found[:most]),
        "more": len(found) > most,
        "is_part": is_part,
        "here": reverse("customers:detail", args=[pk]) if is_part else request.path,
    }
    template = (
        "campaigns/_customer_campaigns.html" if is_part else "campaigns/customer_campaigns.html"
    )
    return render(request, template, context)


def rows_of(recipients: list[Recipient]) -> list[tuple[Campaign, RecipientRow]]:
    """Recipients of several campaigns, each told by the path of its own."""
    paths = {one.campaign_id: Path.read(one.campaign.path) for one in recipients}
    offers = {number for path in paths.values() for number in path.offers()}
    names = dict(Offer.objects.filter(pk__in=offers).values_list("pk", "name")) if offers else {}
    done = by_recipient(StepDone.objects.filter(recipient__in=recipients).select_related(*TOGETHER))
    return [
        (one.campaign, row(one, paths[one.campaign_id], names, done.get(one.pk, [])))
        for one in recipients
    ]
