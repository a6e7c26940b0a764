"""Add and edit the people at a customer from its page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from churnapp.common.typed_numbers import fits_bigint
from customers.forms.customers import ConsentForm, ContactForm, NewContactForm, SeenMixin
from customers.models import Consent, Contact
from customers.services.consents import Word, say_consents, take_back_consents
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


@asks
@dialog_view
@allowed("customers.change_contact")
def consents(request: HttpRequest, pk: int) -> HttpResponse:
    """What they agreed to, by purpose of mail."""
    contact = contact_or_404(request, pk)
    last = Consent.objects.last_words().filter(contact=contact)
    held = ConsentForm.held(dict(last.values_list("purpose", "given")))
    sealed = {"seen": SeenMixin.sealed(held), "said_on": today_here()}
    form = ConsentForm(request.POST or None, initial=held | sealed)

    def act() -> Done:
        given = form.cleaned_data
        words = [
            Word(purpose, answer, given["source"], given["said_on"])
            for purpose, answer in form.changed_words().items()
        ]
        said = say_consents(contact, words, by=person(request))
        undo = reverse("customers:take_back_consents", args=[pk])
        ids = urlencode({"said": [word.pk for word in said]}, doseq=True)
        return Done(_("Saved."), f"{undo}?{ids}" if said else "")

    back = reverse("customers:detail", args=[contact.customer_id]) + "#contacts"
    dialog = Dialog(
        _("What mail %(name)s agreed to") % {"name": contact},
        _("Save"),
        back,
        intro=_("Who said no gets no such mail. What was said before stays on record."),
    )
    return converse(request, dialog, form, act)


@require_POST
@allowed("customers.change_contact")
def unsay_consents(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back words that were noted by mistake."""
    contact = contact_or_404(request, pk)
    said = [int(one) for one in request.GET.getlist("said") if fits_bigint(one)]
    back = reverse("customers:detail", args=[contact.customer_id]) + "#contacts"
    done = Done(_("Taken back: it stands as before."), to=back)
    return take_back(request, lambda: take_back_consents(contact, said, by=person(request)), done)


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
