"""Add, rename, merge and retire reasons; sort departures that have none."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from churnapp.common import formats
from churnapp.common.typed_numbers import fits_bigint
from customers.forms.reasons import MergeReasonForm, ReasonForm, beginning_of
from customers.models import Cancellation, CancellationReason, ReasonKind
from customers.services.confirming import (
    confirm_reasons,
    take_back_confirmations,
    take_back_turning_down,
    turn_down_reasons,
)
from customers.services.reasons import (
    add_reason,
    bring_back_reason,
    merge_reasons,
    rename_reason,
    retire_reason,
    separate_reason,
)
from customers.templatetags.customer import reason_words
from customers.views.access import allowed, person, visible_customers
from customers.views.dialogs import Dialog, Done, asks, converse, dialog_view, take_back
from customers.views.reasons import MOST

SUGGESTED = {ReasonKind.TEXT, ReasonKind.BEHAVIOUR}


def back() -> str:
    return reverse("customers:reasons")


@asks
@dialog_view
@allowed("customers.add_cancellationreason")
def add(request: HttpRequest) -> HttpResponse:
    form = ReasonForm(request.POST or None)

    def act() -> Done:
        made = add_reason(form.details(), by=person(request))
        return Done(_("Added: %(reason)s.") % {"reason": reason_words(made)})

    return converse(request, Dialog(_("Add a reason"), _("Add"), back()), form, act)


@asks
@dialog_view
@allowed("customers.change_cancellationreason")
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Word or sort a reason otherwise from now on; what is recorded keeps its wording."""
    reason = get_object_or_404(CancellationReason, pk=pk, merged_into=None)
    newest = reason.versions.first()
    form = ReasonForm(request.POST or None, initial=beginning_of(newest) if newest else {})

    def act() -> Done:
        details = form.details()
        sorting = {
            "category": details.category,
            "avoidable": details.avoidable,
            "asks": details.asks,
        }
        rename_reason(reason, labels=details.labels, by=person(request), **sorting)
        return Done(_("The reason is changed."))

    intro = _("Departures on record keep the wording that they were recorded with.")
    dialog = Dialog(reason_words(reason), _("Save"), back(), intro)
    return converse(request, dialog, form, act)


@asks
@dialog_view
@allowed("customers.change_cancellationreason")
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Count a reason under another; says first what that moves."""
    reason = get_object_or_404(CancellationReason, pk=pk, merged_into=None)
    form = MergeReasonForm(request.POST or None, reason=reason)
    words = reason_words(reason)

    def act() -> Done:
        along = [("along", pk) for pk in reason.merged.values_list("pk", flat=True)]
        kept = merge_reasons(form.cleaned_data["into"], reason, by=person(request))
        told = {"reason": words, "kept": reason_words(kept)}
        undo = f"{reverse('customers:separate_reason', args=[pk])}?{urlencode(along)}"
        return Done(_("“%(reason)s” counts under “%(kept)s” now.") % told, undo)

    moved = reason.cancellations.count()
    sentence = ngettext(
        "%(count)s departure moves over and keeps its old wording.",
        "%(count)s departures move over and keep their old wording.",
        moved,
    )
    dialog = Dialog(
        title=_("Merge “%(reason)s” into another") % {"reason": words},
        submit=_("Merge"),
        back=back(),
        intro=sentence % {"count": formats.number(moved)},
        is_grave=True,
    )
    return converse(request, dialog, form, act)


@require_POST
@allowed("customers.change_cancellationreason")
def separate(request: HttpRequest, pk: int) -> HttpResponse:
    """Count a merged reason by itself again; `along` names what had been merged into it."""
    reason = get_object_or_404(CancellationReason, pk=pk)
    named = [one for one in request.GET.getlist("along") if one.isdecimal() and fits_bigint(one)]
    along = CancellationReason.objects.filter(pk__in=named)
    text = _("“%(reason)s” counts by itself again.") % {"reason": reason_words(reason)}
    act = partial(separate_reason, reason, along=along, by=person(request))
    return take_back(request, act, Done(text, to=back()))


@require_POST
@allowed("customers.change_cancellationreason")
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer a reason no longer."""
    reason = get_object_or_404(CancellationReason, pk=pk)
    text = _("“%(reason)s” is offered no longer.") % {"reason": reason_words(reason)}
    done = Done(text, reverse("customers:bring_back_reason", args=[pk]), back())
    return take_back(request, partial(retire_reason, reason, by=person(request)), done)


@require_POST
@allowed("customers.change_cancellationreason")
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer a retired reason again."""
    reason = get_object_or_404(CancellationReason, pk=pk)
    text = _("“%(reason)s” is offered again.") % {"reason": reason_words(reason)}
    act = partial(bring_back_reason, reason, by=person(request))
    return take_back(request, act, Done(text, to=back()))


@require_POST
@allowed("customers.change_cancellation")
def sort(request: HttpRequest) -> HttpResponse:
    """Confirm what is suggested for the departures that were ticked, or for the one named."""
    chosen = chosen_of(request, request.POST.getlist("only") or request.POST.getlist("gone"))
    tokens = [("gone", f"{pk}.{kind}") for pk, kind in chosen.items()]
    text = ngettext("%(count)s departure is sorted.", "%(count)s departures are sorted.",
                    len(chosen)) % {"count": formats.number(len(chosen))}  # fmt: skip
    undo = f"{reverse('customers:unsort_reasons')}?{urlencode(tokens)}"
    act = partial(confirm_reasons, chosen, by=person(request))
    return take_back(request, act, Done(text, undo, back()))


@require_POST
@allowed("customers.change_cancellation")
def unsort(request: HttpRequest) -> HttpResponse:
    """They wait to be sorted again."""
    chosen = chosen_of(request, request.GET.getlist("gone"))
    act = partial(take_back_confirmations, chosen, by=person(request))
    return take_back(request, act, Done(_("They wait to be sorted again."), to=back()))


@require_POST
@allowed("customers.change_cancellation")
def turn_down(request: HttpRequest) -> HttpResponse:
    """What is suggested is wrong, for the departure named or for those that were ticked."""
    chosen = chosen_of(request, request.POST.getlist("only") or request.POST.getlist("gone"))
    tokens = [("gone", f"{pk}.{kind}") for pk, kind in chosen.items()]
    undo = f"{reverse('customers:suggest_reasons_again')}?{urlencode(tokens)}"
    act = partial(turn_down_reasons, chosen, by=person(request))
    return take_back(request, act, Done(_("That is not suggested again."), undo, back()))


@require_POST
@allowed("customers.change_cancellation")
def suggest_again(request: HttpRequest) -> HttpResponse:
    """What was turned down is suggested again."""
    chosen = chosen_of(request, request.GET.getlist("gone"))
    act = partial(take_back_turning_down, chosen, by=person(request))
    return take_back(request, act, Done(_("It is a suggestion again."), to=back()))


def chosen_of(request: HttpRequest, tokens: list[str]) -> dict[int, str]:
    """The kind to confirm by departure, of those that the person may see."""
    parts = [token.partition(".") for token in tokens[:MOST]]
    asked = {
        int(pk): kind
        for pk, _dot, kind in parts
        if pk.isdecimal() and fits_bigint(pk) and kind in SUGGESTED
    }
    visible = Cancellation.objects.filter(pk__in=asked, customer__in=visible_customers(request))
    return {pk: asked[pk] for pk in visible.values_list("pk", flat=True)}
