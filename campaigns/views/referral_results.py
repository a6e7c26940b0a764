"""What referrals brought: customers, MRR, and whether they stay longer than others."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from campaigns.referring.results import ENOUGH, Stay, stays, worth_of
from churnapp.common import formats
from churnapp.permissions import sees_everything
from customers.views.access import (
    allowed,
    organisation,
    person,
    reporting_currency,
    today_here,
    visible_customers,
)


@require_GET
@allowed("campaigns.view_referral")
def results(request: HttpRequest) -> HttpResponse:
    ours, today = organisation(request), today_here()
    everything = sees_everything(person(request), ours)
    customers = None if everything else visible_customers(request)
    context = {
        "worth": worth_of(customers, today),
        "rows": [
            (months, cell_of(referred), cell_of(others))
            for months, referred, others in stays(customers, ours, today)
        ],
        "enough": ENOUGH,
        "currency": reporting_currency(request),
        "computed_at": timezone.now(),
    }
    return render(request, "campaigns/referral_results.html", context)


def cell_of(stay: Stay) -> tuple[str, str, int]:
    """The share and its interval in words; "" where there are too few to say."""
    if stay.share is None:
        return "", "", stay.seen
    between = ""
    if stay.low is not None and stay.high is not None:
        words = {"low": formats.percent(stay.low, 0), "high": formats.percent(stay.high, 0)}
        between = _("%(low)s to %(high)s") % words
    return formats.percent(stay.share, 0), between, stay.seen
