"""Approve, stop, resume and archive an offer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.models import Offer
from campaigns.services import offers as services
from customers.views.access import allowed, person
from customers.views.dialogs import Done, take_back

change = allowed("campaigns.change_offer")
may_approve = allowed("campaigns.approve_offer")


def done(
    request: HttpRequest, pk: int, deed: Callable[..., Offer], text: str, undo: str = ""
) -> HttpResponse:
    """Back to the page with what was done, and a way to undo it; or why not."""
    found = get_object_or_404(Offer, pk=pk)
    undo_at = reverse(f"offers:{undo}", args=[pk]) if undo else ""
    goal = Done(text, undo=undo_at, to=reverse("offers:offer", args=[pk]))
    return take_back(request, lambda: deed(found, by=person(request)), goal)


@require_POST
@may_approve
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    text = _("Approved: it can be made.")
    return done(request, pk, services.approve_offer, text, undo="withdraw_approval")


@require_POST
@may_approve
def withdraw_approval(request: HttpRequest, pk: int) -> HttpResponse:
    return done(request, pk, services.withdraw_approval, _("The approval is taken back."))


@require_POST
@change
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    text = _("Stopped: it is made to nobody, and nobody can accept it.")
    return done(request, pk, services.stop_offer, text, undo="resume")


@require_POST
@change
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    return done(request, pk, services.resume_offer, _("It can be made and accepted again."))


@require_POST
@change
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    text = _("Archived: its figures stay.")
    return done(request, pk, services.archive_offer, text, undo="bring_back")


@require_POST
@change
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    return done(request, pk, services.bring_back_offer, _("It is in use again."))
