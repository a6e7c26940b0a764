"""Write a complaint down, give it to somebody, settle it, and record what the customer says."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from churnapp.common import formats
from customers.forms.complaints import AssignComplaintForm, ComplaintForm, ResolveForm
from customers.models import Complaint, Customer
from customers.services.complaints import (
    assign_complaint,
    confirm_complaint,
    forget_answer,
    open_complaint,
    reopen_complaint,
    resolve_complaint,
    usual_deadline,
)
from customers.services.staff import is_at_work
from customers.views.access import allowed, customer_or_404, organisation, person, today_here
from customers.views.dialogs import (
    Dialog,
    Done,
    asked_page,
    asks,
    converse,
    dialog_view,
    take_back,
    undo_at,
)

INTRO_LENGTH = 300


@asks
@dialog_view
@allowed("customers.add_complaint")
def add(request: HttpRequest, pk: int) -> HttpResponse:
    customer = customer_or_404(request, pk)
    form = ComplaintForm(
        request.POST or None, customer=customer, initial=beginning(request, customer)
    )

    def act() -> Done:
        open_complaint(customer, form.said(), by=person(request))
        return Done(_("The complaint is recorded."))

    back = asked_page(request) or reverse("customers:detail", args=[pk]) + "#complaints"
    title = _("Complaint of %(name)s") % {"name": customer}
    return converse(request, Dialog(title, _("Record complaint"), back), form, act)


def beginning(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """It is for the customer's owner, or me where there is none who can, by the usual deadline."""
    is_theirs = customer.owner is not None and is_at_work(customer.owner)
    return {
        "owner": customer.owner if is_theirs else person(request),
        "due_on": usual_deadline(timezone.now()),
        "said_on": today_here(),
    }


def complaint_or_404(request: HttpRequest, pk: int) -> Complaint:
    visible = Complaint.objects.visible_to(person(request), organisation(request))
    return get_object_or_404(visible.with_all(), pk=pk)


def way_back(request: HttpRequest, complaint: Complaint) -> str:
    """The page that asked, if it is one of ours; else the customer's."""
    own = reverse("customers:detail", args=[complaint.entry.customer_id]) + "#complaints"
    return asked_page(request) or own


def intro(complaint: Complaint) -> str:
    words = complaint.entry.summary
    return words if len(words) <= INTRO_LENGTH else words[: INTRO_LENGTH - 1] + "…"


@asks
@dialog_view
@allowed("customers.change_complaint")
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    complaint = complaint_or_404(request, pk)
    form = AssignComplaintForm(request.POST or None, complaint=complaint)

    def act() -> Done:
        given = assign_complaint(complaint, by=person(request), **form.cleaned_data)
        words = {"name": given.owner, "day": formats.day(given.due_on)}
        return Done(_("%(name)s settles it by %(day)s.") % words)

    title = _("Give this complaint to")
    dialog = Dialog(title, _("Give"), way_back(request, complaint), intro(complaint))
    return converse(request, dialog, form, act)


@asks
@dialog_view
@allowed("customers.change_complaint")
def resolve(request: HttpRequest, pk: int) -> HttpResponse:
    complaint = complaint_or_404(request, pk)
    form = ResolveForm(request.POST or None, complaint=complaint)
    back = way_back(request, complaint)

    def act() -> Done:
        resolve_complaint(complaint, form.settlement(), by=person(request))
        return Done(
            _("The complaint is resolved."),
            undo_at("reopen_complaint", complaint.pk, way_back(request, complaint)),
        )

    title = _("Resolve a complaint of %(name)s") % {"name": complaint.entry.customer}
    return converse(request, Dialog(title, _("Resolve"), back, intro(complaint)), form, act)


@require_POST
@allowed("customers.change_complaint")
def agrees(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer says that it is resolved."""
    return answered(request, pk, agrees=True)


@require_POST
@allowed("customers.change_complaint")
def refuses(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer says that it is not resolved."""
    return answered(request, pk, agrees=False)


def answered(request: HttpRequest, pk: int, *, agrees: bool) -> HttpResponse:
    complaint = complaint_or_404(request, pk)
    text = (
        _("The customer agrees: the complaint is settled.")
        if agrees
        else _("The customer does not agree: the complaint is open again.")
    )
    back = way_back(request, complaint)
    done = Done(text, undo_at("forget_complaint_answer", complaint.pk, back), back)

    def act() -> object:
        return confirm_complaint(complaint, agrees=agrees, by=person(request))

    return take_back(request, act, done)


@require_POST
@allowed("customers.change_complaint")
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what the customer was said to say."""
    complaint = complaint_or_404(request, pk)
    done = Done(_("The customer's answer is taken back."), to=way_back(request, complaint))
    return take_back(request, lambda: forget_answer(complaint, by=person(request)), done)


@require_POST
@allowed("customers.change_complaint")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    complaint = complaint_or_404(request, pk)
    done = Done(_("The complaint is open again."), to=way_back(request, complaint))
    return take_back(request, lambda: reopen_complaint(complaint, by=person(request)), done)
