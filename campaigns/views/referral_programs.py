"""All referral programs with what came of them, their forms, and what switches them on and off."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.forms.referrals import ProgramForm, beginning, ready
from campaigns.models import Offer, Referral, ReferralLink, ReferralProgram
from campaigns.models.offer import SOURCE_LANGUAGE
from campaigns.promises import gist
from campaigns.public_views.referring import Visit, said_of
from campaigns.services import referral_programs as services
from campaigns.views.saving import is_changed, made
from churnapp.common.public_pages import POLICY
from customers.models import Customer
from customers.public_views.languages import language_asked
from customers.public_views.pages import shown
from customers.views.access import allowed, person, visible_customers
from customers.views.dialogs import Done, take_back

State = Referral.State


@dataclass(frozen=True)
class ProgramRow:
    """One line of the list: how many came, are customers by now, and were rewarded."""

    program: ReferralProgram
    gist: str
    came: int
    customers: int
    rewarded: int
    suggested: int


@require_GET
@allowed("campaigns.view_referralprogram")
def programs(request: HttpRequest) -> HttpResponse:
    """Every program in use, or those archived."""
    is_archived = request.GET.get("show") == "archived"
    found = ReferralProgram.objects.filter(archived_at__isnull=not is_archived)
    counts = counts_of(request)
    rows = [
        ProgramRow(each, gist(each.reward), **counts.get(each.pk, NOTHING))
        for each in found.select_related("reward__plan")
    ]
    context = {"rows": rows, "is_archived": is_archived, "computed_at": timezone.now()}
    return render(request, "campaigns/referral_programs.html", context)


NOTHING = {"came": 0, "customers": 0, "rewarded": 0, "suggested": 0}


def counts_of(request: HttpRequest) -> dict[int, dict[str, int]]:
    """By program, of links of customers that the reader may see."""
    seen = Referral.objects.filter(link__customer__in=visible_customers(request))
    rows = seen.values_list("link__program").annotate(
        came=Count("pk"),
        customers=Count("pk", filter=Q(state__in=[State.MATCHED, State.REWARDED])),
        rewarded=Count("pk", filter=Q(state=State.REWARDED)),
        suggested=Count("pk", filter=Q(state=State.NEW, suggested__isnull=False)),
    )
    return {key: dict(zip(NOTHING, counts, strict=True)) for key, *counts in rows.order_by()}


def program_or_404(pk: int) -> ReferralProgram:
    together = ("reward__plan", "welcome__plan", "responsible")
    return get_object_or_404(ReferralProgram.objects.select_related(*together), pk=pk)


def asked_form(request: HttpRequest, program: ReferralProgram | None) -> ProgramForm:
    chosen = [program.reward_id, program.welcome_id] if program else []
    on = Q(stopped_at=None, archived_at=None)
    offers = Offer.objects.filter(on | Q(pk__in=[pk for pk in chosen if pk]))
    initial = beginning(program) if program else ready()
    return ProgramForm(request.POST or None, initial=initial, offers=offers.select_related("plan"))


@require_http_methods(["GET", "POST"])
@allowed("campaigns.add_referralprogram")
def new(request: HttpRequest) -> HttpResponse:
    form = asked_form(request, None)
    if form.is_valid():
        row = made(form, lambda: services.make_program(form.values, by=person(request)))
        if row is not None:
            messages.success(request, _("Saved. Look at its page, then switch it on."))
            return redirect("referrals:program", row.pk)
    return shown_form(request, form, _("New referral program"), None)


@require_http_methods(["GET", "POST"])
@allowed("campaigns.change_referralprogram")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say it otherwise; refused, what was typed stays."""
    found = program_or_404(pk)
    form = asked_form(request, found)
    if form.is_valid():
        save = partial(services.change_program, found, form.values, by=person(request))
        if is_changed(form, found, save, lambda: beginning(found)):
            messages.success(request, _("Saved."))
            return redirect("referrals:program", pk)
    return shown_form(request, form, _("Edit %(name)s") % {"name": found}, found)


def shown_form(
    request: HttpRequest, form: ProgramForm, title: str, program: ReferralProgram | None
) -> HttpResponse:
    back = reverse("referrals:program", args=[program.pk]) if program else reverse("referrals:list")
    context = {"form": form, "title": title, "program": program, "back": back}
    context["has_offers"] = form.fields["reward"].queryset.exists()
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "campaigns/referral_form.html", context, status=status)


@require_GET
@xframe_options_sameorigin
@allowed("campaigns.view_referralprogram")
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The public page as it is for an example customer; its button does nothing."""
    program = program_or_404(pk)
    ours = translation.get_language() or SOURCE_LANGUAGE
    language = language_asked(request, dict(settings.LANGUAGES), ours)
    with translation.override(language):
        example = ReferralLink(program=program, customer=Customer(name=_("Example company")))
        context: dict[str, Any] = said_of(Visit(request, example, timezone.now()))
        context |= {"languages": [], "is_preview": True, "longest": {}, "typed": {}}
        response = shown(request, "campaigns/public/recommended.html", context)
    response.headers["Content-Security-Policy"] = POLICY.format(framed_by="'self'")
    return response


def doing(deed: Callable[..., ReferralProgram], text: Callable[[], str], undo: str = "") -> Any:
    """A view that does it, and says so with a way back."""

    @require_POST
    @allowed("campaigns.change_referralprogram")
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        program = program_or_404(pk)
        back = reverse(f"referrals:{undo}", args=[pk]) if undo else ""
        goal = Done(text(), back, reverse("referrals:program", args=[pk]))
        return take_back(request, lambda: deed(program, by=person(request)), goal)

    return view


switch_on = doing(
    services.switch_on,
    lambda: _("It is on: links of customers open its page."),
    "switch_off",
)
switch_off = doing(
    services.switch_off,
    lambda: _("It is off: its links open nothing. What was promised is kept."),
    "switch_on",
)
archive = doing(services.archive_program, lambda: _("Archived."), "bring_back")
bring_back = doing(services.bring_back_program, lambda: _("It is back, and off."))
