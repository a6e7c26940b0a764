"""Checks before a launch, and the launch itself, which shows first whom it reaches."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from campaigns.effect_words import in_points
from campaigns.forms.launching import LaunchForm
from campaigns.models import Campaign
from campaigns.paths import Path
from campaigns.services.campaigns import launch
from campaigns.services.launch_checks import Checked, check_launch, language_name, smallest_told
from campaigns.views.finding import LAUNCH, VIEW, audience_words, campaign_or_404, tabs
from campaigns.views.overview import said
from churnapp.common.errors import RuleError
from churnapp.common.htmx import page_or_fragment
from customers.views.access import allowed, person, reporting_currency
from customers.views.dialogs import REFUSED, show_rule


@require_GET
@vary_on_headers("HX-Request")
@allowed(VIEW)
def checks(request: HttpRequest, pk: int) -> HttpResponse:
    """What stops a launch, what to know before it, and whom it would reach: all tried out now."""
    campaign = campaign_or_404(pk)
    context = tabs(request, campaign, "checks") | checked(request, campaign)
    template = page_or_fragment(request, "campaigns/checks.html", "campaigns/_checks.html")
    return render(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(LAUNCH)
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom it reaches and how many, then the launch, now or from a moment on."""
    campaign = campaign_or_404(pk)
    form = LaunchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            held = launch(campaign, at=form.starts_at, by=person(request))
        except RuleError as error:
            show_rule(form, error)
        else:
            messages.success(request, launched_words(held))
            return redirect("campaigns:overview", pk)
    context = tabs(request, campaign, "checks") | checked(request, campaign) | {"form": form}
    status = REFUSED if form.errors else 200
    return render(request, "campaigns/launch.html", context, status=status)


def launched_words(campaign: Campaign) -> str:
    if campaign.state == Campaign.State.SCHEDULED:
        return _("%(name)s begins by itself at the moment you chose.") % {"name": campaign}
    return _("%(name)s runs. The first ones come in within a minute.") % {"name": campaign}


def checked(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    """The checks of a campaign that has not begun, in words."""
    if not campaign.may_change:
        return {"checked": None}
    told: Checked = check_launch(campaign, timezone.now())
    rehearsal = told.rehearsal
    context: dict[str, Any] = {
        "checked": told,
        "audience": audience_words(campaign.audience),
        "currency": reporting_currency(request),
        "steps": {
            step.key: number for number, step in enumerate(Path.read(campaign.path).steps, start=1)
        },
    }
    if rehearsal is None:
        return context
    smallest = smallest_told(rehearsal) if rehearsal.held_out else None
    spoken = [*rehearsal.languages.items(), *rehearsal.lacking.items()]
    return context | {
        "left_out": said(rehearsal.left_out),
        "variants": [
            (one.name or one.key, rehearsal.variants.get(one.key, 0))
            for one in Path.read(campaign.path).variants
        ],
        "spoken": [(language_name(code), count) for code, count in sorted(spoken)],
        "smallest": in_points(smallest) if smallest is not None else "",
    }
