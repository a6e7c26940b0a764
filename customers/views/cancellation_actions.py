"""Record a cancellation in two steps, amend it, withdraw it.

The first step asks why and from when, and shows what would be lost; the second shows what the
recording does and asks for the word. Nothing is kept between the two but the form itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from churnapp.common import formats
from churnapp.common.errors import RuleError
from customers.forms.cancellations import CancellationForm, beginning
from customers.models import Cancellation, Customer, Term
from customers.services.announcing import Leaving, what_follows
from customers.services.cancellations import (
    amend_cancellation,
    check_cancellation,
    record_cancellation,
    withdraw_cancellation,
)
from customers.services.confirming import (
    confirm_reasons,
    take_back_confirmations,
    take_back_turning_down,
    turn_down_reasons,
)
from customers.views.access import (
    allowed,
    customer_or_404,
    person,
    reporting_currency,
    today_here,
    visible_customers,
)
from customers.views.dialogs import (
    Dialog,
    Done,
    asks,
    converse,
    dialog_view,
    show,
    show_rule,
    take_back,
)
from customers.views.revenue import believed_terms, binds, loss_on, runs_on


def page_of(customer_id: int) -> str:
    return reverse("customers:detail", args=[customer_id])


@asks
@dialog_view
@allowed("customers.add_cancellation")
def record(request: HttpRequest, pk: int) -> HttpResponse:
    customer = customer_or_404(request, pk)
    form = CancellationForm(
        request.POST or None, customer=customer, initial={"effective_on": today_here()}
    )
    step = request.POST.get("step", "")
    if step == "confirm":
        return converse(
            request, asking(request, customer), form, lambda: do(request, form, customer)
        )
    if step == "look" and is_allowed(form, customer):
        return show(request, confirming(request, customer, form), form)
    return show(request, asking(request, customer), form, 422 if form.errors else 200)


def is_allowed(form: CancellationForm, customer: Customer) -> bool:
    """Whether it could be recorded as the form says; else the form says at which field not."""
    if form.is_valid():
        try:
            check_cancellation(customer, form.details(now=timezone.now()))
        except RuleError as error:
            show_rule(form, error)
    return not form.errors


def asking(request: HttpRequest, customer: Customer) -> Dialog:
    """The first step: the reason, the day, and what it loses as things stand."""
    today = today_here()
    terms = believed_terms(customer)
    running = loss_on(terms, today, None, today=today)
    return Dialog(
        title=_("%(name)s cancels") % {"name": customer},
        submit=_("See what it means"),
        back=page_of(customer.pk),
        body="customers/_cancellation_fields.html",
        more={
            "loss": running,
            "bound": contracts_of(terms, today),
            "currency": reporting_currency(request),
            "step": "look",
        },
    )


def confirming(request: HttpRequest, customer: Customer, form: CancellationForm) -> Dialog:
    """The second step: what recording it does, with the form carried along unseen."""
    given = form.cleaned_data
    chosen, day, today = given["subscription"], given["effective_on"], today_here()
    loss = loss_on(believed_terms(customer), day, chosen and chosen.pk, today=today)
    return Dialog(
        title=_("%(name)s cancels") % {"name": customer},
        submit=_("Record the cancellation"),
        back=page_of(customer.pk),
        is_grave=True,
        body="customers/_cancellation_consequence.html",
        more={
            "loss": loss,
            "currency": reporting_currency(request),
            "step": "confirm",
            "customer": customer,
            "is_ahead": day > today,
            "month": formats.period(day, day, "month"),
            "follows": what_follows(Leaving(customer, given["involuntary"], timezone.now())),
        },
    )


def contracts_of(terms: Iterable[Term], today: date) -> list[str]:
    """What binds the subscriptions that run: the day of their contract and that of notice."""
    running = [term for term in terms if runs_on(term, today) and binds(term)]
    told = [(term.plan or _("A subscription"), contract_of(term, today)) for term in running]
    return [f"{plan}: {' '.join(sentences)}" for plan, sentences in told if sentences]


def contract_of(term: Term, today: date) -> list[str]:
    notice_by, end = term.subscription.notice_by, term.subscription.contract_ends_on
    sentences = []
    if notice_by:
        ahead, gone = (
            _("Notice is possible until %(day)s."),
            _("Notice was possible until %(day)s."),
        )
        sentences.append((ahead if notice_by >= today else gone) % {"day": formats.day(notice_by)})
    if end:
        renews, ends = (
            _("The contract renews by itself on %(day)s."),
            _("The contract ends on %(day)s."),
        )
        ran_out = _("The contract ran out on %(day)s.")
        words = ran_out if end < today else renews if term.subscription.auto_renews else ends
        sentences.append(words % {"day": formats.day(end)})
    return sentences


def do(request: HttpRequest, form: CancellationForm, customer: Customer) -> Done:
    details = form.details(now=timezone.now())
    made = record_cancellation(customer, details, by=person(request))
    undo = reverse("customers:withdraw_cancellation", args=[made.pk])
    words = {"name": customer, "day": formats.day(details.effective_on)}
    return Done(_("Recorded: %(name)s leaves on %(day)s.") % words, undo)


def cancellation_or_404(request: HttpRequest, pk: int) -> Cancellation:
    visible = Cancellation.objects.filter(customer__in=visible_customers(request))
    return get_object_or_404(visible.select_related("customer", "reason"), pk=pk)


@asks
@dialog_view
@allowed("customers.change_cancellation")
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    cancellation = cancellation_or_404(request, pk)
    customer = cancellation.customer
    form = CancellationForm(
        request.POST or None, customer=customer, initial=beginning(cancellation)
    )

    def act() -> Done:
        details = form.details(now=timezone.now())
        amend_cancellation(cancellation, details, by=person(request))
        return Done(_("The cancellation is amended."))

    dialog = Dialog(
        title=_("Amend the cancellation of %(name)s") % {"name": customer},
        submit=_("Save"),
        back=page_of(customer.pk),
        intro=_("Another day moves the end of what they pay."),
        body="customers/_cancellation_fields.html",
    )
    return converse(request, dialog, form, act)


@require_POST
@allowed("customers.change_cancellation")
def confirm(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A reason that was only suggested is right."""
    done = Done(_("The reason is confirmed."), undo_at("unconfirm_reason", pk, kind))
    return judge(request, pk, partial(confirm_reasons, {pk: kind}), done)


@require_POST
@allowed("customers.change_cancellation")
def unconfirm(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """What was confirmed is a suggestion again."""
    done = Done(_("It is a suggestion again."))
    return judge(request, pk, partial(take_back_confirmations, {pk: kind}), done)


@require_POST
@allowed("customers.change_cancellation")
def turn_down(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A reason that was only suggested is wrong."""
    done = Done(_("That is not suggested again."), undo_at("suggest_reason_again", pk, kind))
    return judge(request, pk, partial(turn_down_reasons, {pk: kind}), done)


@require_POST
@allowed("customers.change_cancellation")
def suggest_again(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """What was turned down is suggested again."""
    done = Done(_("It is a suggestion again."))
    return judge(request, pk, partial(take_back_turning_down, {pk: kind}), done)


def undo_at(name: str, pk: int, kind: str) -> str:
    return reverse(f"customers:{name}", args=[pk, kind])


def judge(request: HttpRequest, pk: int, deed: Callable[..., Any], done: Done) -> HttpResponse:
    """Do what a person says of a suggested reason, and go back to the customer."""
    cancellation = cancellation_or_404(request, pk)
    done = replace(done, to=page_of(cancellation.customer_id))
    return take_back(request, partial(deed, by=person(request)), done)


@require_POST
@allowed("customers.change_cancellation")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a cancellation back: what it ended runs on."""
    cancellation = cancellation_or_404(request, pk)
    text = _("Taken back: %(name)s stays.") % {"name": cancellation.customer}
    done = Done(text, to=page_of(cancellation.customer_id))
    return take_back(request, lambda: withdraw_cancellation(cancellation, by=person(request)), done)
