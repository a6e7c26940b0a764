"""Start, change, pause, resume, end and correct a subscription from its customer's page."""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from churnapp.common import formats
from customers.forms.subscriptions import (
    ChangeForm,
    ContractForm,
    CorrectForm,
    DayForm,
    PriceForm,
    StartForm,
    price_of,
)
from customers.models import Subscription, Term
from customers.services.subscriptions import (
    change_contract,
    change_subscription,
    correct_term,
    end_subscription,
    pause_subscription,
    resume_subscription,
    start_subscription,
    withdraw_subscription,
)
from customers.services.taking_back import (
    last_recorded_at,
    take_back_change,
    take_back_term,
)
from customers.views.access import (
    allowed,
    customer_or_404,
    person,
    reporting_currency,
    today_here,
    visible_customers,
)
from customers.views.dialogs import Dialog, Done, asks, converse, dialog_view, take_back
from customers.views.price_words import a_year_of, told, year_of


def page_of(customer_id: int) -> str:
    return reverse("customers:detail", args=[customer_id]) + "#subscriptions"


def subscription_or_404(request: HttpRequest, pk: int) -> Subscription:
    visible = Subscription.objects.filter(customer__in=visible_customers(request))
    return get_object_or_404(visible.select_related("customer"), pk=pk)


def term_or_404(request: HttpRequest, pk: int) -> Term:
    visible = Term.objects.filter(subscription__customer__in=visible_customers(request))
    return get_object_or_404(visible.select_related("subscription", "plan"), pk=pk)


def term_now(subscription: Subscription) -> Term | None:
    """The believed term that forms begin with: today's, else the next, else the last."""
    terms = subscription.terms.standing().select_related("plan").order_by("starts_on")
    today = today_here()
    return terms.filter(Q(ends_on=None) | Q(ends_on__gt=today)).first() or terms.last()


@asks
@dialog_view
@allowed("customers.add_subscription")
def start(request: HttpRequest, pk: int) -> HttpResponse:
    customer = customer_or_404(request, pk)
    beginning = {
        "starts_on": today_here(),
        "currency": customer.currency or reporting_currency(request),
    }
    form = StartForm(request.POST or None, initial=beginning)

    def act() -> Done:
        given = form.cleaned_data
        new = start_subscription(
            customer,
            plan=given["plan"],
            price=form.price,
            starts_on=given["starts_on"],
            kind=given["kind"],
            contract=form.contract,
            by=person(request),
        )
        undo = reverse("customers:withdraw_subscription", args=[new.pk])
        term = new.terms.get()
        words = {"plan": given["plan"], "day": formats.day(given["starts_on"])}
        if term.kind != Term.Kind.PAID:
            return Done(_("%(plan)s starts on %(day)s.") % words, undo)
        words["amount"] = year_of(term)
        return Done(_("%(plan)s starts on %(day)s for %(amount)s a year.") % words, undo)

    title = _("Start a subscription for %(name)s") % {"name": customer}
    dialog = Dialog(title, _("Start"), page_of(pk), **with_price(form))
    return converse(request, dialog, form, act)


@asks
@dialog_view
@allowed("customers.change_subscription")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    subscription = subscription_or_404(request, pk)
    term = term_now(subscription)
    beginning = {"on": today_here()}
    if term:
        beginning = {"on": max(today_here(), term.starts_on)} | price_of(term)
    form = ChangeForm(request.POST or None, initial=beginning)

    @transaction.atomic
    def act() -> Done:
        given = form.cleaned_data
        agreed = {"on": given["on"], "plan": given["plan"], "price": form.price}
        changed = change_subscription(subscription, **agreed, by=person(request))
        words = {"day": formats.day(given["on"]), "amount": year_of(changed)}
        undo = undo_of(subscription)
        if changed.kind != Term.Kind.PAID:
            return Done(_("Changed from %(day)s.") % words, undo)
        return Done(_("Changed from %(day)s: %(amount)s a year.") % words, undo)

    title, back = _("Change plan or price"), page_of(subscription.customer_id)
    dialog = Dialog(title, _("Change"), back, told(term), **with_price(form))
    return converse(request, dialog, form, act)


def undo_of(subscription: Subscription) -> str:
    """The address that takes back what was just recorded; asked in the transaction that did."""
    at = last_recorded_at(subscription)
    path = reverse("customers:take_back_change", args=[subscription.pk])
    return f"{path}?{urlencode({'recorded': at.isoformat() if at else ''})}"


def with_price(form: PriceForm) -> dict[str, Any]:
    """The part of a dialog with what the form's price comes to a year."""
    return {"body": "customers/_price_fields.html", "more": {"year": a_year_of(form.as_written)}}


@require_GET
@allowed("customers.view_subscription")
def price_a_year(request: HttpRequest) -> HttpResponse:
    """What a price comes to a year, while somebody types it."""
    year = a_year_of(PriceForm(request.GET).as_written)
    return render(request, "customers/_price_a_year.html", {"year": year})


@asks
@dialog_view
@allowed("customers.change_subscription")
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    subscription = subscription_or_404(request, pk)
    form = DayForm(request.POST or None, initial={"on": today_here()})

    @transaction.atomic
    def act() -> Done:
        day = form.cleaned_data["on"]
        pause_subscription(subscription, on=day, by=person(request))
        return Done(_("Paused from %(day)s.") % {"day": formats.day(day)}, undo_of(subscription))

    intro = _("Nothing is paid while it is paused; the customer stays a customer for a while.")
    back = page_of(subscription.customer_id)
    dialog = Dialog(_("Pause this subscription"), _("Pause"), back, intro)
    return converse(request, dialog, form, act)


@asks
@dialog_view
@allowed("customers.change_subscription")
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    subscription = subscription_or_404(request, pk)
    form = DayForm(request.POST or None, initial={"on": today_here()})

    @transaction.atomic
    def act() -> Done:
        day = form.cleaned_data["on"]
        resume_subscription(subscription, on=day, by=person(request))
        text = _("Paid again from %(day)s.") % {"day": formats.day(day)}
        return Done(text, undo_of(subscription))

    intro = _("What was paid before the pause is paid again from this day.")
    back = page_of(subscription.customer_id)
    dialog = Dialog(_("Resume this subscription"), _("Resume"), back, intro)
    return converse(request, dialog, form, act)


@asks
@dialog_view
@allowed("customers.change_subscription")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    subscription = subscription_or_404(request, pk)
    form = DayForm(request.POST or None, initial={"on": today_here()})
    form.fields["on"].label = _("First day not paid for")

    @transaction.atomic
    def act() -> Done:
        day = form.cleaned_data["on"]
        end_subscription(subscription, on=day, by=person(request))
        return Done(_("Ends on %(day)s.") % {"day": formats.day(day)}, undo_of(subscription))

    intro = _(
        "This ends what they pay, without a reason. If the customer cancels, record a cancellation "
        "instead: it ends the subscription too, and says why."
    )
    back = page_of(subscription.customer_id)
    dialog = Dialog(_("End this subscription"), _("End"), back, intro, is_grave=True)
    return converse(request, dialog, form, act)


@asks
@dialog_view
@allowed("customers.change_subscription")
def contract(request: HttpRequest, pk: int) -> HttpResponse:
    subscription = subscription_or_404(request, pk)
    renews = {True: "true", False: "false", None: ""}[subscription.auto_renews]
    beginning = {
        "contract_ends_on": subscription.contract_ends_on,
        "notice_by": subscription.notice_by,
        "auto_renews": renews,
    }
    form = ContractForm(request.POST or None, initial=beginning)

    def act() -> Done:
        change_contract(subscription, contract=form.contract, by=person(request))
        return Done(_("The contract is saved."))

    intro = _("That a contract runs out without a word is not an end: it shows as undecided.")
    dialog = Dialog(_("Contract and notice"), _("Save"), page_of(subscription.customer_id), intro)
    return converse(request, dialog, form, act)


@asks
@dialog_view
@allowed("customers.change_term")
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a term was otherwise than believed; what was believed stays in its history."""
    term = term_or_404(request, pk)
    beginning = {name: getattr(term, name) for name in ("starts_on", "ends_on", "kind")}
    beginning |= {"plan": term.plan_id} | price_of(term)
    form = CorrectForm(request.POST or None, initial=beginning)

    @transaction.atomic
    def act() -> Done:
        correct_term(term, changes=form.changes, by=person(request))
        text = _("Corrected. Past figures follow; what was believed stays in the history.")
        return Done(text, undo_of(term.subscription))

    intro = _("For what was wrong all along. Something new from a day on is a change instead.")
    back = page_of(term.subscription.customer_id)
    dialog = Dialog(_("Correct this term"), _("Correct"), back, intro, **with_price(form))
    return converse(request, dialog, form, act)


@require_POST
@allowed("customers.change_subscription")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that a subscription was started."""
    subscription = subscription_or_404(request, pk)
    return take_back(
        request,
        lambda: withdraw_subscription(subscription, by=person(request)),
        Done(_("Taken back: it never started."), to=page_of(subscription.customer_id)),
    )


@require_POST
@allowed("customers.change_subscription")
def take_back_last(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a change, pause, end or correction, if nothing was recorded since."""
    subscription = subscription_or_404(request, pk)
    recorded_at = recorded(request)
    return take_back(
        request,
        lambda: take_back_change(subscription, recorded_at=recorded_at, by=person(request)),
        Done(_("Taken back: it is as it was before."), to=page_of(subscription.customer_id)),
    )


def recorded(request: HttpRequest) -> datetime:
    """The moment that an undo names; one long ago where it names none, which is no last change."""
    try:
        moment = parse_datetime(request.GET.get("recorded", ""))
    except ValueError:
        moment = None
    return moment if moment and timezone.is_aware(moment) else datetime.min.replace(tzinfo=UTC)


@require_POST
@allowed("customers.change_subscription")
def take_back_planned(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a term that is still ahead."""
    term = term_or_404(request, pk)
    done = _("Taken back: what was planned from %(day)s is off.")
    return take_back(
        request,
        lambda: take_back_term(term, by=person(request)),
        Done(
            done % {"day": formats.day(term.starts_on)},
            to=page_of(term.subscription.customer_id),
        ),
    )
