"""Offers made to one customer: a part of its page, and what colleagues do about them."""

import secrets
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from campaigns.forms.offers import ChooseOfferForm
from campaigns.models import Grant, Offer
from campaigns.promises import gist, said_steps
from campaigns.services import accepting
from campaigns.services.handing import Handing, begun, offer_to
from campaigns.services.undoing import undo_acceptance
from campaigns.showing import agreed_steps, as_agreed
from churnapp.common.htmx import wants_fragment
from customers.models import Customer
from customers.services.personal_mail import Letter
from customers.views.access import (
    allowed,
    customer_or_404,
    person,
    reporting_currency,
    today_here,
    visible_customers,
)
from customers.views.dialogs import Dialog, Done, asks, confirm, converse, dialog_view, take_back

MOST_BESIDE, MOST_ALONE = 5, 100
change = allowed("campaigns.change_grant")


@require_GET
@vary_on_headers("HX-Request")
@allowed("campaigns.view_grant")
def panel(request: HttpRequest, pk: int) -> HttpResponse:
    """A part of the customer's page with the newest; a page of its own with all of them."""
    customer = get_object_or_404(visible_customers(request), pk=pk)
    is_part = wants_fragment(request)
    most = MOST_BESIDE if is_part else MOST_ALONE
    found = list(made_to(customer)[: most + 1])
    context: dict[str, Any] = {
        "customer": customer,
        "grants": [row_of(grant) for grant in found[:most]],
        "more": len(found) > most,
        "is_part": is_part,
        "currency": reporting_currency(request),
    }
    template = "campaigns/_customer_panel.html" if is_part else "campaigns/customer_offers.html"
    return render(request, template, context)


def made_to(customer: Customer) -> QuerySet[Grant]:
    grants = Grant.objects.filter(customer=customer).as_of(timezone.now())
    return grants.select_related("offer__plan", "contact", "made_by", "settled_by", "undone_by")


def row_of(grant: Grant) -> dict[str, Any]:
    return {
        "grant": grant,
        "gist": gist(as_agreed(grant.offer, grant.agreed)),
        "state": Grant.State(grant.stands).label,
        "agreed": said_steps(agreed_steps(grant.agreed)),
    }


@asks
@dialog_view
@allowed("campaigns.add_grant")
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an offer to a customer, and tell somebody there in a mail if wished."""
    customer = customer_or_404(request, pk)
    people = customer.contacts.filter(left_on=None) | customer.contacts.filter(
        left_on__gt=today_here()
    )
    form = ChooseOfferForm(
        request.POST or None,
        initial={"key": secrets.token_urlsafe(12)},
        contacts=people.order_by("name", "pk"),
        offers=Offer.objects.on().select_related("plan"),
    )

    def act() -> Done:
        given = form.cleaned_data
        letter = letter_of(given, request) if given["by_mail"] else None
        handing = Handing(customer, given["contact"], given["key"], letter)
        made = offer_to(given["offer"], handing, now=timezone.now(), by=person(request))
        undo = reverse("offers:take_back", args=[made.pk])
        return Done(_("The offer is made: %(offer)s") % {"offer": made.offer}, undo=undo)

    back = reverse("customers:detail", args=[pk]) + "#offers"
    title = _("Make an offer to %(name)s") % {"name": customer}
    return converse(request, Dialog(title, _("Make the offer"), back), form, act)


def letter_of(given: dict[str, Any], request: HttpRequest) -> Letter:
    """What was written; where nothing was, what the offer says, with a greeting."""
    ready = begun(given["offer"], given["contact"], by=person(request))
    return Letter(given["subject"] or ready.subject, given["text"] or ready.text)


def grant_or_404(request: HttpRequest, pk: int) -> Grant:
    visible = Grant.objects.visible_to(person(request))
    return get_object_or_404(visible.select_related("offer", "customer"), pk=pk)


def page_of_customer(grant: Grant) -> str:
    return reverse("customers:detail", args=[grant.customer_id]) + "#offers"


@require_POST
@change
def take_back_grant(request: HttpRequest, pk: int) -> HttpResponse:
    grant = grant_or_404(request, pk)
    undo = reverse("offers:give_again", args=[pk])
    goal = Done(_("Taken back: its link opens nothing any more."), undo, page_of_customer(grant))
    return take_back(request, partial_of(accepting.take_back, grant, request), goal)


@require_POST
@change
def give_again(request: HttpRequest, pk: int) -> HttpResponse:
    grant = grant_or_404(request, pk)
    goal = Done(_("It is open again."), to=page_of_customer(grant))
    return take_back(request, partial_of(accepting.give_again, grant, request), goal)


@asks
@dialog_view
@change
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept it in the customer's name, such as after a call."""
    grant = grant_or_404(request, pk)
    intro = _("Do so once the customer has told you. What they pay changes today.")
    dialog = Dialog(_("Accept it for the customer?"), _("Accept"), page_of_customer(grant), intro)
    deed = partial_of(accepting.accept, grant, request)
    return sure(request, dialog, deed, _("Accepted, and carried out."))


@asks
@dialog_view
@change
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    grant = grant_or_404(request, pk)
    intro = _("Do so once the customer has told you.")
    dialog = Dialog(_("Decline it for the customer?"), _("Decline"), page_of_customer(grant), intro)
    return sure(
        request, dialog, partial_of(accepting.decline, grant, request), _("Noted: declined.")
    )


@asks
@dialog_view
@change
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo what an accepted offer agreed."""
    grant = grant_or_404(request, pk)
    intro = _("From today on it is as it was before. That it was accepted stays visible.")
    back = page_of_customer(grant)
    dialog = Dialog(_("Undo what was agreed?"), _("Undo it"), back, intro, is_grave=True)
    deed = partial_of(undo_acceptance, grant, request)
    return sure(request, dialog, deed, _("Undone: from today on it is as before."))


def partial_of(
    deed: Callable[..., Grant], grant: Grant, request: HttpRequest
) -> Callable[[], Grant]:
    return lambda: deed(grant, now=timezone.now(), by=person(request))


def sure(
    request: HttpRequest, dialog: Dialog, deed: Callable[[], object], text: str
) -> HttpResponse:
    def act() -> Done:
        deed()
        return Done(text)

    return confirm(request, dialog, act)
