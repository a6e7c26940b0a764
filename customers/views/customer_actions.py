"""Add and edit a customer, and write a note about it."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.forms.customers import (
    CustomerForm,
    NewCustomerForm,
    NoteForm,
    SeenMixin,
    with_their_types,
)
from customers.services.customers import EDITABLE, add_customer, change_customer, plain
from customers.services.timeline import add_note
from customers.views.access import (
    allowed,
    customer_or_404,
    person,
    reporting_currency,
    today_here,
    visible_customers,
)
from customers.views.dialogs import Dialog, Done, asks, converse, dialog_view
from customers.views.editing import or_show_theirs


@asks
@dialog_view
@allowed("customers.add_customer")
def add(request: HttpRequest) -> HttpResponse:
    beginning = {"owner": person(request), "currency": reporting_currency(request)}
    beginning |= {"signed_up_on": today_here()}
    visible = visible_customers(request)
    form = NewCustomerForm(request.POST or None, initial=beginning, visible=visible)

    def act() -> Done:
        given = form.cleaned_data
        new = add_customer(given["external_id"], given, owner=given["owner"], by=person(request))
        page = reverse("customers:detail", args=[new.pk])
        return Done(_("%(name)s is added.") % {"name": new.name}, to=page)

    dialog = Dialog(_("Add a customer"), _("Add"), reverse("customers:list"))
    return converse(request, dialog, form, act)


@asks
@dialog_view
@allowed("customers.change_customer")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known about a customer; what somebody else changed meanwhile is shown."""
    customer = customer_or_404(request, pk)
    held = {name: getattr(customer, name) for name in EDITABLE}
    sealed = SeenMixin.sealed({name: plain(value) for name, value in held.items()})
    beginning = held | {
        "parent": customer.parent.external_id if customer.parent else "",
        "seen": sealed,
    }
    visible = visible_customers(request)
    form = CustomerForm(request.POST or None, initial=beginning, visible=visible)

    def act() -> Done:
        given = dict(form.cleaned_data)
        seen = given.pop("seen")
        given["attributes"] = with_their_types(given["attributes"], seen["attributes"])
        change_customer(customer, given, seen=seen, by=person(request))
        return Done(_("Saved."))

    page = reverse("customers:detail", args=[pk])
    dialog = Dialog(_("Edit %(name)s") % {"name": customer}, _("Save"), page)
    return converse(request, dialog, form, lambda: or_show_theirs(form, act, sealed))


@asks
@dialog_view
@allowed("customers.add_interaction")
def write_note(request: HttpRequest, pk: int) -> HttpResponse:
    customer = customer_or_404(request, pk)
    form = NoteForm(request.POST or None)

    def act() -> Done:
        add_note(customer, form.cleaned_data["text"], by=person(request))
        return Done(_("The note is on the timeline."))

    back = reverse("customers:detail", args=[pk]) + "#timeline"
    title = _("Note about %(name)s") % {"name": customer}
    return converse(request, Dialog(title, _("Save note"), back), form, act)
