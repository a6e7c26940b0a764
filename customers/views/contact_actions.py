"""Add and edit the people at a customer from its page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers.forms.customers import ContactForm, NewContactForm, SeenMixin
from customers.models import Contact
from customers.services.contacts import EDITABLE, add_contact, change_contact
from customers.services.customers import plain
from customers.views.access import allowed, customer_or_404, person, today_here, visible_customers
from customers.views.dialogs import Dialog, Done, asks, converse, dialog_view, take_back
from customers.views.editing import or_show_theirs


@asks
@dialog_view
@allowed("customers.add_contact")
def add_person(request: HttpRequest, pk: int) -> HttpResponse:
    customer = customer_or_404(request, pk)
    form = NewContactForm(request.POST or None)

    def act() -> Done:
        new = add_contact(customer, form.cleaned_data, by=person(request))
        return Done(_("%(name)s is added.") % {"name": new})

    back = reverse("customers:detail", args=[pk]) + "#contacts"
    title = _("Add a contact at %(name)s") % {"name": customer}
    return converse(request, Dialog(title, _("Add"), back), form, act)


def contact_or_404(request: HttpRequest, pk: int) -> Contact:
    visible = Contact.objects.filter(customer__in=visible_customers(request))
    return get_object_or_404(visible.select_related("customer"), pk=pk)


@asks
@dialog_view
@allowed("customers.change_contact")
def edit_person(request: HttpRequest, pk: int) -> HttpResponse:
    contact = contact_or_404(request, pk)
    held = {name: getattr(contact, name) for name in EDITABLE}
    sealed = SeenMixin.sealed({name: plain(value) for name, value in held.items()})
    form = ContactForm(request.POST or None, initial=held | {"seen": sealed})

    def act() -> Done:
        given = dict(form.cleaned_data)
        change_contact(contact, given, seen=given.pop("seen"), by=person(request))
        return Done(_("Saved."))

    back = reverse("customers:detail", args=[contact.customer_id]) + "#contacts"
    dialog = Dialog(_("Edit %(name)s") % {"name": contact}, _("Save"), back)
    return converse(request, dialog, form, lambda: or_show_theirs(form, act, sealed))


@require_POST
@allowed("customers.change_contact")
def person_left(request: HttpRequest, pk: int) -> HttpResponse:
    """They left today; sent again, they are back. Each is the other's undo."""
    contact = contact_or_404(request, pk)
    left_on = None if contact.left_on else today_here()
    said = _("%(name)s left.") if left_on else _("%(name)s is still there.")
    back = reverse("customers:detail", args=[contact.customer_id]) + "#contacts"
    done = Done(said % {"name": contact}, request.path, back)
    return take_back(
        request,
        lambda: change_contact(contact, {"left_on": left_on}, seen={}, by=person(request)),
        done,
    )
