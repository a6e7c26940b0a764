"""A new campaign of a kind, and the settings of one."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.effect_words import in_points
from campaigns.effects.power import smallest_lift
from campaigns.forms.settings import CampaignForm, NewCampaignForm
from campaigns.models import Campaign
from campaigns.sequences.entering import audience_of
from campaigns.services.campaigns import change_campaign
from campaigns.services.drafting import draft_of
from campaigns.services.launch_checks import BASE
from campaigns.views.finding import CHANGE, audiences, campaign_or_404, tabs
from campaigns.views.saving import made
from campaigns.views.seen import seen_at
from churnapp.common import formats
from churnapp.common.errors import RuleError
from customers.segments import TookTooLongError, patiently
from customers.views.access import allowed, person
from customers.views.dialogs import REFUSED, show_rule


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("campaigns.add_campaign")
def new(request: HttpRequest) -> HttpResponse:
    """A draft of a kind, to be read and changed before anybody gets anything."""
    form = NewCampaignForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})
    if request.method == "POST" and form.is_valid():
        kind, name = form.cleaned_data["kind"], form.cleaned_data["name"]
        row = made(form, lambda: draft_of(kind, name, by=person(request)))
        if row is not None:
            return redirect("campaigns:edit", row.pk)
    status = REFUSED if form.errors else 200
    return render(request, "campaigns/new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(CHANGE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Its settings; where somebody else has changed them, what was typed stays and theirs shows."""
    campaign = campaign_or_404(pk)
    seen = seen_at(request) if request.method == "POST" else campaign.changed_at
    form = CampaignForm(
        request.POST if request.method == "POST" else None,
        instance=copy(campaign),
        choices=audiences(person(request)),
    )
    if request.method == "POST" and form.is_valid():
        read = Campaign(pk=pk, changed_at=seen)
        try:
            change_campaign(read, form.given(), by=person(request))
        except RuleError as error:
            show_rule(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:path" if "next" in request.POST else "campaigns:edit", pk)
    theirs = differences(form, campaign) if seen != campaign.changed_at else []
    context = tabs(request, campaign, "settings") | {
        "form": form,
        "seen_at": campaign.changed_at.isoformat(),
        "theirs": theirs,
        "told": holdout_words(campaign) if campaign.may_change else "",
    }
    return render(request, "campaigns/edit.html", context, status=REFUSED if form.errors else 200)


def holdout_words(campaign: Campaign) -> str:
    """What the holdout could tell of those who fit now; empty where that can't be known."""
    try:
        with patiently():
            people = audience_of(campaign).order_by().count() if campaign.audience else 0
    except (RuleError, TookTooLongError):
        return ""
    held = round(people * campaign.holdout_percent / 100)
    smallest = smallest_lift(people - held, held, BASE)
    if not people:
        return ""
    facts = {"people": formats.number(people), "held": formats.number(held)}
    if smallest is None:
        said = _("Of %(people)s who fit now, %(held)s would be held out: too few to tell anything.")
        return said % facts
    return _(
        "Of %(people)s who fit now, %(held)s would be held out: that tells a difference of"
        " %(points)s percentage points or more, where 5 of 100 come back by themselves."
    ) % (facts | {"points": in_points(smallest)})


def differences(form: CampaignForm, campaign: Campaign) -> list[tuple[str, Any]]:
    """What stands in the database now where something else was typed."""
    if not hasattr(form, "cleaned_data"):
        return []
    return [
        (str(form.fields[name].label), shown(campaign, name))
        for name, value in form.given().items()
        if name in form.cleaned_data and getattr(campaign, name) != value
    ]


def shown(campaign: Campaign, name: str) -> str:
    display = getattr(campaign, f"get_{name}_display", None)
    value = display() if display else getattr(campaign, name)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "–")
