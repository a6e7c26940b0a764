"""Addresses that get no mail: find one, enter one, let mail go to it again.

We keep an HMAC of an address, not the address: those of contacts whom we know are listed, others
can only be asked for. That is done by POST, so that no address stands in a log of requests.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.vary import vary_on_headers

from churnapp.common.htmx import wants_fragment
from customers.forms.mail import AddressForm, BecauseForm, SuppressForm
from customers.mail.reasons import BY_CODE
from customers.mail.suppression import address_hmac, was_erased
from customers.models import Suppression
from customers.services.mail import lift_suppression, suppress_by_hand
from customers.views.access import allowed, person
from customers.views.dialogs import Dialog, Done, asks, converse, dialog_view
from customers.views.mail_blocked import BlockedList

MAY_LIFT = "customers.change_mailbatch"


@asks
@vary_on_headers("HX-Request")
@allowed(MAY_LIFT)
def addresses(request: HttpRequest) -> HttpResponse:
    """Who gets no mail, and what stands against an address that is asked for."""
    form = AddressForm(request.POST or None)
    listed = BlockedList(request)
    context: dict[str, Any] = {"form": form, "asked": False, "blocked": listed}
    context["rows_blocked"] = listed.rows()
    if wants_fragment(request):
        return render(request, "customers/_mail_blocked.html", context)
    if request.method == "POST" and form.is_valid():
        hmac = address_hmac(form.cleaned_data["address"])
        found = Suppression.objects.filter(address_hmac=hmac).order_by("lifted_at", "-pk")
        rows = [(row, BY_CODE.get(row.reason, row.get_reason_display())) for row in found[:50]]
        context |= {"asked": True, "rows": rows, "address": form.cleaned_data["address"]}
        context["was_erased"] = was_erased(hmac)
    return render(request, "customers/mail_addresses.html", context)


@asks
@dialog_view
@allowed(MAY_LIFT)
def add(request: HttpRequest) -> HttpResponse:
    form = SuppressForm(request.POST or None)

    def act() -> Done:
        given = form.cleaned_data
        suppress_by_hand(
            given["address"],
            purpose=given["purpose"],
            because=given["because"],
            by=person(request),
        )
        return Done(_("Noted: %(address)s gets no such mail.") % {"address": given["address"]})

    intro = _("Mail to it that waits is not sent either.")
    back = reverse("customers:mail_addresses")
    dialog = Dialog(_("An address that gets no mail"), _("Enter it"), back, intro=intro)
    return converse(request, dialog, form, act)


@asks
@dialog_view
@allowed(MAY_LIFT)
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Suppression, pk=pk)
    form = BecauseForm(request.POST or None)

    def act() -> Done:
        lift_suppression(row, because=form.cleaned_data["because"], by=person(request))
        return Done(_("Mail goes to this address again."))

    intro = _("%(reason)s Let mail go to it again only if you know that it is wanted.")
    dialog = Dialog(
        _("Let mail go to this address again?"),
        _("Let it go"),
        reverse("customers:mail_addresses"),
        intro=intro % {"reason": BY_CODE.get(row.reason, "")},
        is_grave=True,
    )
    return converse(request, dialog, form, act)
