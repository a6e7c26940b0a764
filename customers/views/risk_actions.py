"""Acknowledge, snooze, resolve flags and take it back; each answers where it was asked."""

from collections.abc import Iterable, Sequence
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from churnapp.common import formats
from churnapp.common.errors import RuleError
from churnapp.common.typed_numbers import fits_bigint
from customers.forms.risk import SOLVED, FlagsForm, ResolveForm, SnoozeForm
from customers.models import Customer, RiskFlag
from customers.risk.sentences import sentence
from customers.services.flags import (
    acknowledge_flags,
    dismiss_flags,
    reopen_flags,
    resolve_flags,
    snooze_flags,
)
from customers.views.access import allowed, person, today_here, visible_customers
from customers.views.dialogs import (
    Dialog,
    Done,
    asked_page,
    asks,
    converse,
    dialog_view,
    take_back,
)


@require_POST
@allowed("customers.change_riskflag")
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one is on it."""
    customer = visible_or_404(request, pk)
    form = FlagsForm(request.POST)
    back = way_back(request, customer)
    if not form.is_valid():
        return redirect(back)

    def act() -> object:
        flags = shown_flags(customer, form)
        return acknowledge_flags(flags, by=person(request), now=timezone.now())

    text = _("You are on it: %(name)s.") % {"name": customer}
    done = Done(text, undo_address(request, customer, form), back)
    return take_back(request, act, done)


@asks
@dialog_view
@allowed("customers.change_riskflag")
def snooze(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave flags alone until a day."""
    customer = visible_or_404(request, pk)
    form = SnoozeForm(request.POST or None, initial=request.GET.dict(), today=today_here())
    form.offer(partial(sentences, customer))

    def act() -> Done:
        given = form.cleaned_data
        until, flags = given["until"], shown_flags(customer, form)
        snooze_flags(flags, until=until, by=person(request), now=timezone.now(), note=given["note"])
        text = _("Snoozed until %(day)s: %(name)s.")
        words = {"day": formats.day(until), "name": customer}
        return Done(text % words, undo_address(request, customer, form))

    dialog = Dialog(
        _("Snooze %(name)s") % {"name": customer}, _("Snooze"), way_back(request, customer)
    )
    return converse(request, dialog, form, act)


@asks
@dialog_view
@allowed("customers.change_riskflag")
def resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Close flags: dealt with, or no warning."""
    customer = visible_or_404(request, pk)
    form = ResolveForm(request.POST or None, initial=request.GET.dict())
    form.offer(partial(sentences, customer))

    def act() -> Done:
        given = form.cleaned_data
        flags = shown_flags(customer, form)
        common = {"by": person(request), "now": timezone.now(), "note": given["note"]}
        if given["outcome"] == SOLVED:
            resolve_flags(flags, **common)
        else:
            dismiss_flags(flags, because=given["outcome"], **common)
        text = ngettext(
            "%(count)s warning closed: %(name)s.",
            "%(count)s warnings closed: %(name)s.",
            len(flags),
        )
        words = {"count": formats.number(len(flags)), "name": customer}
        return Done(text % words, undo_address(request, customer, form))

    intro = _("It is not raised again until the rule was silent once, or it gets worse.")
    title = _("Resolve %(name)s") % {"name": customer}
    dialog = Dialog(title, _("Resolve"), way_back(request, customer), intro)
    return converse(request, dialog, form, act)


@require_POST
@allowed("customers.change_riskflag")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what the address names: `flag` for each, and the page to go back to."""
    customer = visible_or_404(request, pk)
    numbers = [int(text) for text in request.GET.getlist("flag") if fits_bigint(text)]
    done = Done(_("Taken back: %(name)s.") % {"name": customer}, to=way_back(request, customer))

    def act() -> object:
        flags = list(RiskFlag.objects.filter(customer=customer, pk__in=numbers))
        if not flags:
            raise RuleError(_("There is nothing to take back."))
        return reopen_flags(flags, by=person(request), now=timezone.now())

    return take_back(request, act, done)


def visible_or_404(request: HttpRequest, pk: int) -> Customer:
    return get_object_or_404(visible_customers(request), pk=pk)


def sentences(customer: Customer, keys: Iterable[int]) -> dict[int, str]:
    """What each flag of the customer says, by its key."""
    flags = RiskFlag.objects.filter(customer=customer, pk__in=keys).select_related("rule")
    return {flag.pk: sentence(flag, today=today_here()) for flag in flags}


def shown_flags(customer: Customer, form: FlagsForm) -> Sequence[RiskFlag]:
    """The flags of the form as the page showed them. Raises RuleError where one is gone."""
    seen = form.cleaned_data["flags"]
    flags = list(RiskFlag.objects.filter(customer=customer, pk__in=seen))
    if not flags or len(flags) != len(seen):
        raise RuleError(_("That warning is gone. Open the page again."))
    for flag in flags:
        flag.changed_at = seen[flag.pk]
    return flags


def undo_address(request: HttpRequest, customer: Customer, form: FlagsForm) -> str:
    query = {"flag": list(form.cleaned_data["flags"]), "next": way_back(request, customer)}
    return f"{reverse('customers:reopen_flags', args=[customer.pk])}?{urlencode(query, doseq=True)}"


def way_back(request: HttpRequest, customer: Customer) -> str:
    """The page that asked, if it is one of ours; else the customer's."""
    return asked_page(request) or reverse("customers:detail", args=[customer.pk])
