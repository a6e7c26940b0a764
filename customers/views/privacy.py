"""All about a person: look it up, hand it out, erase it; and the receipts of erasures."""

from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from churnapp.common.errors import RuleError
from churnapp.common.personal import registry
from churnapp.common.typed_numbers import fits_bigint
from customers.forms.privacy import EraseForm, PersonForm
from customers.models import Contact, Erasure, Interaction
from customers.privacy.gathering import all_about
from customers.privacy.people import Person
from customers.privacy.purging import periods
from customers.services.privacy import erase_person, export_person
from customers.views.access import allowed
from customers.views.access import person as who_asks
from customers.views.dialogs import asks
from customers.views.receipts import counted_rows


@asks
@allowed("customers.add_erasure")
def privacy(request: HttpRequest) -> HttpResponse:
    """Look for a person by address; receipts and periods below.

    An address comes by POST, so that none stands in a log of requests; a contact by its number.
    """
    form = PersonForm(request.POST or asked_contact(request))
    found = found_for(form) if form.is_bound and form.is_valid() else {}
    return render(request, "customers/privacy.html", {"form": form, **found, **standing()})


@require_POST
@allowed("customers.add_erasure")
def export(request: HttpRequest) -> HttpResponse:
    """All about a person as a file."""
    try:
        document = export_person(request.POST.get("address", ""), by=who_asks(request))
    except RuleError as refusal:
        messages.error(request, str(refusal))
        return redirect("customers:privacy")
    answer = HttpResponse(document, content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="person.json"'
    return answer


@require_POST
@allowed("customers.add_erasure")
def erase(request: HttpRequest) -> HttpResponse:
    """Erase a person whose address was typed twice."""
    form = EraseForm(request.POST)
    if not form.is_valid():
        looked_for = PersonForm({"address": request.POST.get("address", "")})
        found = found_for(looked_for) if looked_for.is_valid() else {}
        context = {"form": looked_for, **found, "erase_form": form, **standing()}
        return render(request, "customers/privacy.html", context, status=422)
    try:
        receipt = erase_person(form.cleaned_data["address"], by=who_asks(request))
    except RuleError as refusal:
        messages.error(request, str(refusal))
        return redirect("customers:privacy")
    said = _("Erased. The receipt has number %(number)s.") % {"number": receipt.pk}
    messages.success(request, said)
    return redirect("customers:privacy")


def asked_contact(request: HttpRequest) -> dict[str, str] | None:
    """The address of the contact whose number the request names, as the form has it."""
    number = request.GET.get("contact", "")
    contact = Contact.objects.filter(pk=int(number)).first() if fits_bigint(number) else None
    return {"address": contact.email} if contact else None


def found_for(form: PersonForm) -> dict[str, Any]:
    """What there is about the person that was looked for."""
    person = Person.at(form.cleaned_data["address"])
    kept = all_about(person)["kept"]
    return {
        "person": person,
        "contacts": contacts_of(person),
        "kept": [(kind, len(rows)) for kind, rows in kept.items()],
        "erase_form": EraseForm(initial={"address": person.address}),
    }


def contacts_of(person: Person) -> QuerySet[Contact]:
    """Who it is: each contact with its customer, and when we last heard of them there."""
    lately = Interaction.objects.filter(contact=OuterRef("pk")).order_by("-occurred_at")
    told = Contact.objects.filter(pk__in=person.contacts).select_related("customer")
    return told.annotate(spoken_at=Subquery(lately.values("occurred_at")[:1])).order_by("pk")


def standing() -> dict[str, Any]:
    """Receipts of erasures, and how long each kind of thing is kept."""
    days = periods()
    return {
        "erasures": [
            (erasure, counted_rows(erasure))
            for erasure in Erasure.objects.select_related("by")[:50]
        ],
        "periods": [(kept.what, days[key]) for key, kept in registry.kept.items()],
    }
