"""Build the path of a campaign: its steps, variants, languages and words.

Every button sends the whole form, so that nothing typed is lost; it works without script.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from campaigns.effect_words import WANTED, reach_words
from campaigns.effects.power import Aim
from campaigns.effects.variants import reach_of
from campaigns.forms.paths import done, touched, typed
from campaigns.models import Campaign
from campaigns.path_checks import problems
from campaigns.path_words import KINDS
from campaigns.paths import Path
from campaigns.sequences.entering import audience_of
from campaigns.services.campaigns import change_campaign, undo_path
from campaigns.services.launch_checks import BASE
from campaigns.views.finding import CHANGE, campaign_or_404, offer_names, tabs
from campaigns.views.path_cards import (
    OFFERED,
    Lists,
    cards,
    kept_aside,
    placeholders,
    problems_by_step,
)
from campaigns.views.seen import seen_at
from churnapp.common.errors import RuleError
from churnapp.common.htmx import wants_fragment
from customers.segments import TookTooLongError, patiently
from customers.views.access import allowed, person, today_here
from customers.views.dialogs import REFUSED


@dataclass(frozen=True)
class Bench:
    """A path as it stands in the form, which step a button was about, and why it was refused."""

    campaign: Campaign
    path: Path
    touched: str = ""
    said: str = ""
    refusal: RuleError | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@allowed(CHANGE)
def edit_path(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = campaign_or_404(pk)
    if request.method != "POST" or not campaign.may_change:
        return show(request, Bench(campaign, Path.read(campaign.path)))
    deed = request.POST.get("do", "")
    before = typed(request.POST)
    after = done(before, deed)
    read = Campaign(pk=pk, changed_at=seen_at(request))
    try:
        kept = carry_out(request, read, after, deed)
    except RuleError as refusal:
        return show(request, Bench(campaign, after, touched(after, deed), refusal=refusal))
    return answer(request, Bench(kept, Path.read(kept.path), touched(after, deed)), deed)


def carry_out(request: HttpRequest, read: Campaign, path: Path, deed: str) -> Campaign:
    """Keep the path as it was typed and as the button changes it, or take the last change back."""
    by = person(request)
    if deed == "undo":
        return undo_path(read, path, by=by)
    return change_campaign(read, {"path": path.written()}, by=by)


def answer(request: HttpRequest, bench: Bench, deed: str) -> HttpResponse:
    """What comes after a button: the form anew for htmx, else the page."""
    address = reverse("campaigns:path", args=[bench.campaign.pk])
    if deed == "checks":
        goal = reverse("campaigns:checks", args=[bench.campaign.pk])
        return HttpResponseClientRedirect(goal) if wants_fragment(request) else redirect_to(goal)
    if not wants_fragment(request):
        messages.success(request, _("Saved."))
        return redirect_to(f"{address}#step-{bench.touched}" if bench.touched else address)
    return show(request, replace(bench, said=said_of(bench, deed)))


def said_of(bench: Bench, deed: str) -> str:
    """What a button has done, for those who don't see it."""
    if deed == "undo":
        return _("The last change was taken back.")
    step = bench.path.step(bench.touched)
    if deed and step:
        place = bench.path.steps.index(step) + 1
        return _("Saved. It is step %(number)s.") % {"number": place}
    return _("Saved.")


def redirect_to(address: str) -> HttpResponse:
    return HttpResponseRedirect(address)


def show(request: HttpRequest, bench: Bench) -> HttpResponse:
    template = "campaigns/_bench.html" if wants_fragment(request) else "campaigns/path.html"
    status = REFUSED if bench.refusal and not wants_fragment(request) else 200
    return render(request, template, context_of(request, bench), status=status)


def context_of(request: HttpRequest, bench: Bench) -> dict[str, Any]:
    campaign, path = bench.campaign, bench.path
    lists = Lists.read(path)
    names = dict(lists.offers) | offer_names(path)
    spoken = [(code, name, code in path.languages) for code, name in settings.LANGUAGES]
    return tabs(request, campaign, "path") | {
        "bench": bench,
        "path": path,
        "cards": [(each, kept_aside(path, each.step)) for each in cards(path, names)],
        "whole": problems_by_step(problems(path))[""],
        "lists": replace(lists, offers=list(names.items())),
        "languages": spoken,
        "kinds": [(kind, KINDS[kind]) for kind in OFFERED],
        "placeholders": placeholders(today_here()),
        "variants_told": told_apart(campaign, path),
        "seen_at": campaign.changed_at.isoformat(),
        "here": reverse("campaigns:path", args=[campaign.pk]),
    }


def told_apart(campaign: Campaign, path: Path) -> str:
    """A warning where the audience can't tell the variants apart; empty where it can."""
    if len(path.variants) < 2 or not campaign.audience:
        return ""
    try:
        with patiently():
            people = audience_of(campaign).order_by().count()
        weights = [variant.weight for variant in path.variants]
        reach = reach_of(people, weights, campaign.holdout_percent, Aim(BASE, WANTED))
    except (RuleError, TookTooLongError):
        return ""
    return reach_words(reach, WANTED)
