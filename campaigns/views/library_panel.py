"""What is worth showing to one customer: a part of its page, and what colleagues do about it."""

import secrets
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from campaigns.forms.contents import ShowForm
from campaigns.library.fitting import fits
from campaigns.models import Content, ContentSent, Recommendation
from campaigns.models.offer import SOURCE_LANGUAGE
from campaigns.services import recommendations as hints
from campaigns.services.showing_contents import (
    Showing,
    begun,
    mail_content,
    note_shown,
    take_back_note,
)
from campaigns.views.library_list import VIEW
from churnapp.common.htmx import wants_fragment
from customers.models import Contact, Customer
from customers.services.personal_mail import Letter
from customers.views.access import (
    allowed,
    customer_or_404,
    person,
    today_here,
    visible_customers,
)
from customers.views.dialogs import Dialog, Done, asks, converse, dialog_view, take_back
from feedback.inviting.letters import ALIKE, OF_COUNTRY

MOST, MOST_SENT = 5, 5
SHOW = "campaigns.add_contentsent"


@require_GET
@vary_on_headers("HX-Request")
@allowed(VIEW)
def panel(request: HttpRequest, pk: int) -> HttpResponse:
    """What fits them, what similar customers use, and what they were shown lately."""
    customer = get_object_or_404(visible_customers(request), pk=pk)
    is_part = wants_fragment(request)
    told = Recommendation.objects.filter(customer=customer).open()
    sent = ContentSent.objects.filter(customer=customer).select_related("content", "by")
    context: dict[str, Any] = {
        "customer": customer,
        "hints": told.select_related("feature", "plan").order_by("-strength"),
        "fits": fits(customer, language_of(customer), today_here(), most=MOST),
        "sent": sent[:MOST_SENT],
        "is_part": is_part,
    }
    template = "campaigns/_worth_showing.html" if is_part else "campaigns/worth_showing.html"
    return render(request, template, context)


def language_of(customer: Customer) -> str:
    """The customer's language, or its country's; English failing both."""
    of_country = OF_COUNTRY.get(customer.country.strip().lower(), "")
    for wish in (customer.language, of_country):
        code = wish.strip().lower().replace("_", "-").split("-")[0]
        if (code := ALIKE.get(code, code)) in dict(settings.LANGUAGES):
            return code
    return SOURCE_LANGUAGE


def people_at(customer: Customer) -> QuerySet[Contact]:
    staying = customer.contacts.filter(left_on=None)
    still = customer.contacts.filter(left_on__gt=today_here())
    return (staying | still).order_by("name", "pk")


@asks
@dialog_view
@allowed(SHOW)
def send(request: HttpRequest, pk: int, content: int) -> HttpResponse:
    """Put a content in a personal mail to somebody at a customer."""
    customer = customer_or_404(request, pk)
    shown = get_object_or_404(Content.objects.published(today_here()), pk=content)
    people = people_at(customer)
    first = people.first()
    letter = begun(shown, first, by=person(request))
    beginning = {
        "key": secrets.token_urlsafe(12),
        "contact": first,
        "subject": letter.subject,
        "text": letter.text,
    }
    form = ShowForm(request.POST or None, initial=beginning, contacts=people)

    def act() -> Done:
        given = form.cleaned_data
        showing = Showing(shown, customer, given["key"])
        written = Letter(given["subject"], given["text"])
        mail_content(showing, given["contact"], written, by=person(request))
        return Done(_("The mail goes out: %(subject)s") % {"subject": given["subject"]})

    back = page_of(pk)
    title = _("Show “%(content)s” to %(name)s") % {"content": shown, "name": customer}
    return converse(request, Dialog(title, _("Send the mail"), back), form, act)


def page_of(pk: int) -> str:
    return reverse("customers:detail", args=[pk]) + "#worth-showing"


@require_POST
@allowed(SHOW)
def note(request: HttpRequest, pk: int, content: int) -> HttpResponse:
    """Note that they were shown it: it is suggested no more."""
    customer = customer_or_404(request, pk)
    shown = get_object_or_404(Content, pk=content)
    showing = Showing(shown, customer, f"note:{shown.pk}")
    sent = note_shown(showing, by=person(request))
    undo = reverse("library:take_back", args=[sent.pk])
    done = Done(_("Noted as sent: %(content)s.") % {"content": shown}, undo, page_of(pk))
    return take_back(request, lambda: None, done)


@require_POST
@allowed(SHOW)
def take_back_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a note."""
    mine = ContentSent.objects.visible_to(person(request))
    sent = get_object_or_404(mine.select_related("content"), pk=pk)
    done = Done(
        _("Not noted any more: %(content)s.") % {"content": sent.content},
        to=page_of(sent.customer_id),
    )
    return take_back(request, lambda: take_back_note(sent, by=person(request)), done)


@require_POST
@allowed("campaigns.change_recommendation")
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Not for this customer."""
    hint = hint_or_404(request, pk)
    undo = reverse("library:recommend_again", args=[pk])
    done = Done(_("Not shown any more: %(name)s.") % {"name": hint.thing}, undo, here(hint))
    return take_back(request, lambda: hints.dismiss(hint, by=person(request)), done)


@require_POST
@allowed("campaigns.change_recommendation")
def recommend_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a dismissal."""
    hint = hint_or_404(request, pk)
    done = Done(_("Shown again: %(name)s.") % {"name": hint.thing}, to=here(hint))
    return take_back(request, lambda: hints.bring_back(hint, by=person(request)), done)


def hint_or_404(request: HttpRequest, pk: int) -> Recommendation:
    visible = Recommendation.objects.visible_to(person(request))
    return get_object_or_404(visible.select_related("feature", "plan"), pk=pk)


def here(hint: Recommendation) -> str:
    return page_of(hint.customer_id)
