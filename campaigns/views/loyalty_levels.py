"""Loyalty levels: who stands on each, what they pay, which rewards are due; and their form."""

from dataclasses import dataclass
from functools import partial

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from campaigns.forms.loyalty import LevelForm, beginning
from campaigns.levels import counted
from campaigns.models import LoyaltyLevel, Offer
from campaigns.promises import gist
from campaigns.referring.loyalty import due_counts
from campaigns.services.loyalty import archive_level, bring_back_level, change_level, make_level
from campaigns.views.saving import keep
from customers.views.access import (
    allowed,
    person,
    reporting_currency,
    today_here,
    visible_customers,
)
from customers.views.dialogs import Dialog, Done, asks, converse, dialog_view, take_back


@dataclass(frozen=True)
class LevelRow:
    """One line of the list."""

    level: LoyaltyLevel
    customers: int
    year_minor: int
    due: int
    gist: str


@require_GET
@allowed("campaigns.view_loyaltylevel")
def levels(request: HttpRequest) -> HttpResponse:
    """Every level in use from the highest down, or those archived."""
    is_archived = request.GET.get("show") == "archived"
    found = list(
        LoyaltyLevel.objects.filter(archived_at__isnull=not is_archived)
        .select_related("reward__plan")
        .order_by("-position", "-pk")
    )
    today = today_here()
    on = [] if is_archived else found
    customers = visible_customers(request)
    stands, due = counted(on, customers, today), due_counts(on, customers, today)
    rows = [
        LevelRow(
            each,
            *stands.get(each.pk, (0, 0)),
            due.get(each.pk, 0),
            gist(each.reward) if each.reward else "",
        )
        for each in found
    ]
    context = {
        "rows": rows,
        "is_archived": is_archived,
        "currency": reporting_currency(request),
        "computed_at": timezone.now(),
    }
    return render(request, "campaigns/loyalty_levels.html", context)


@asks
@dialog_view
@allowed("campaigns.add_loyaltylevel")
def new(request: HttpRequest) -> HttpResponse:
    return asked(request, None, _("New loyalty level"))


@asks
@dialog_view
@allowed("campaigns.change_loyaltylevel")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    level = get_object_or_404(LoyaltyLevel, pk=pk)
    return asked(request, level, _("Edit %(name)s") % {"name": level})


def asked(request: HttpRequest, level: LoyaltyLevel | None, title: str) -> HttpResponse:
    currency = reporting_currency(request)
    on = Q(stopped_at=None, archived_at=None) | Q(pk=level.reward_id if level else None)
    form = LevelForm(
        request.POST or None,
        initial=beginning(level, currency) if level else {},
        offers=Offer.objects.filter(on).select_related("plan"),
        reporting=currency,
    )

    def act() -> Done:
        if level is None:
            make_level(form.values, by=person(request))
        else:
            save = partial(change_level, level, form.values, by=person(request))
            keep(form, level, save, lambda: beginning(level, currency))
        return Done(_("Saved."))

    return converse(request, Dialog(title, _("Save"), reverse("referrals:levels")), form, act)


@require_POST
@allowed("campaigns.change_loyaltylevel")
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    level = get_object_or_404(LoyaltyLevel, pk=pk)
    undo = reverse("referrals:bring_back_level", args=[pk])
    goal = Done(_("Archived."), undo, reverse("referrals:levels"))
    return take_back(request, lambda: archive_level(level, by=person(request)), goal)


@require_POST
@allowed("campaigns.change_loyaltylevel")
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    level = get_object_or_404(LoyaltyLevel, pk=pk)
    goal = Done(_("It is back in use."), "", reverse("referrals:levels"))
    return take_back(request, lambda: bring_back_level(level, by=person(request)), goal)
