"""All campaigns with a holdout, always on: what they did together, and each of them."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from campaigns.effect_words import gain_words, in_money
from campaigns.results.asking import Asked
from campaigns.results.together import (
    Measured,
    Together,
    campaigns_with_a_holdout,
    measured_together,
)
from campaigns.views.result_definitions import DEFINITIONS
from campaigns.views.result_figures import between_points
from campaigns.views.result_file import HEADER, lines_of_all
from campaigns.views.result_parts import item_of, points_text
from campaigns.views.result_words import DONE, together_words, verdict_words
from campaigns.views.results import asked_by
from churnapp.common import formats
from churnapp.common.charts.forest import Forest, forest
from churnapp.common.csv_export import csv_download
from customers.views.access import allowed, person, reporting_currency

FEWEST = 2  # campaigns that can be told as one


@require_GET
@allowed("campaigns.view_campaign")
def all_results(request: HttpRequest) -> HttpResponse:
    """What campaigns did together, a sentence first; then each of them."""
    asked, together = measured(request)
    currency = reporting_currency(request)
    context: dict[str, Any] = {
        "together": together,
        "verdict": verdict(together),
        "effect_text": formats.points(together.effect.difference),
        "effect_between": between_points(together.effect),
        "gain_words": gain_words(together.gain, currency),
        "gain_text": money_text(together, currency),
        "offers_cost": in_money(together.offers_minor, currency),
        "rows": [row_of(one, currency) for one in together.measured],
        "chart": chart_of(together),
        "definitions": DEFINITIONS,
        "is_part": asked.customers is not None,
        "computed_at": asked.now,
        "may_export": person(request).has_perm("customers.export_customer"),
    }
    return render(request, "campaigns/all_results.html", context)


@require_GET
@allowed("customers.export_customer")
def export_all(request: HttpRequest) -> StreamingHttpResponse:
    """A line a campaign, as CSV."""
    asked, together = measured(request)
    name = f"campaign-results-{asked.today:%Y-%m-%d}.csv"
    lines = lines_of_all(together, reporting_currency(request))
    return csv_download(name, [str(cell) for cell in HEADER], lines)


def measured(request: HttpRequest) -> tuple[Asked, Together]:
    campaigns = campaigns_with_a_holdout()
    asked = asked_by(request, [campaign.pk for campaign in campaigns])
    return asked, measured_together(asked, campaigns)


def verdict(together: Together) -> str:
    """One sentence over all; that it is too early where none may be read."""
    if not together.counted:
        return _("No campaign has come to its day yet: nothing can be said before.")
    return together_words(together.outcome, together.effect)


def money_text(together: Together, currency: str) -> str:
    """What they brought in; nothing where too few have paid to say."""
    gain = together.gain
    if gain.total is None or gain.low is None:
        return formats.not_available()
    return in_money(gain.total, currency)


def row_of(one: Measured, currency: str) -> dict[str, Any]:
    """One campaign as a line of the table."""
    outcome = one.outcomes.outcome
    total = one.gain.total if one.gain else None
    return {
        "campaign": one.campaign,
        "href": href_of(one),
        "done": DONE[one.campaign.goal],
        "treated": outcome.treated,
        "treated_rate": outcome.treated_rate,
        "holdout": outcome.holdout,
        "holdout_rate": outcome.holdout_rate,
        "effect": formats.points(one.effect.difference),
        "between": between_points(one.effect),
        "words": verdict_words(one.outcomes, one.effect),
        "gain": "" if total is None else in_money(total, currency),
        "is_left_out": total is not None and one.gain is not None and one.gain.low is None,
    }


def href_of(one: Measured) -> str:
    return reverse("campaign_results:results", args=[one.campaign.pk])


def chart_of(together: Together) -> Forest | None:
    """Each campaign that may be read, and all together where there are several."""
    items = [item_of(one.campaign.name, one.effect, href_of(one)) for one in together.counted]
    if len(items) >= FEWEST:
        items.append(item_of(_("All together"), together.effect, is_sum=True))
    chart = forest(_("Effect in percentage points, by campaign"), items, points_text)
    return None if chart.is_empty else chart
