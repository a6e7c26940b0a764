"""Write down what a competitor offers, correct it, and say that it is over."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers.forms.competitors import EndOfferForm, OfferForm, beginning_of
from customers.models import Competitor, CompetitorOffer
from customers.services.competitor_offers import (
    add_offer,
    edit_offer,
    end_offer,
    remove_offer,
    take_back_end,
)
from customers.views.access import allowed, person, reporting_currency, today_here
from customers.views.competitor_actions import page_of
from customers.views.dialogs import (
    Dialog,
    Done,
    asked_page,
    asks,
    confirm,
    converse,
    dialog_view,
    take_back,
    undo_at,
)


def offer_or_404(pk: int) -> CompetitorOffer:
    together = CompetitorOffer.objects.select_related("competitor__merged_into")
    return get_object_or_404(together, pk=pk)


@asks
@dialog_view
@allowed("customers.add_competitoroffer")
def add(request: HttpRequest, pk: int) -> HttpResponse:
    competitor = get_object_or_404(Competitor, pk=pk)
    beginning = {"seen_on": today_here(), "currency": reporting_currency(request)}
    form, back = OfferForm(request.POST or None, initial=beginning), page_of(competitor)

    def act() -> Done:
        made = add_offer(competitor, form.details(), by=person(request))
        text = _("%(name)s is written down.") % {"name": made.name}
        return Done(text, undo_at("remove_offer", made.pk, back))

    dialog = Dialog(
        _("An offer of %(name)s") % {"name": competitor},
        _("Add"),
        back,
        _("The same offer at a new price: write it down again, the old one then ends by itself."),
    )
    return converse(request, dialog, form, act)


@asks
@dialog_view
@allowed("customers.change_competitoroffer")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    offer = offer_or_404(pk)
    form = OfferForm(request.POST or None, initial=beginning_of(offer))

    def act() -> Done:
        edit_offer(offer, form.details(), by=person(request))
        return Done(_("Saved."))

    title = _("Correct %(name)s") % {"name": offer.name}
    dialog = Dialog(title, _("Save"), page_of(offer.competitor.entry))
    return converse(request, dialog, form, act)


@asks
@dialog_view
@allowed("customers.change_competitoroffer")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    offer = offer_or_404(pk)
    back = page_of(offer.competitor.entry)
    form = EndOfferForm(request.POST or None, initial={"ends_on": today_here()})

    def act() -> Done:
        end_offer(offer, form.cleaned_data["ends_on"], by=person(request))
        text = _("%(name)s is no longer offered.") % {"name": offer.name}
        return Done(text, undo_at("offer_runs_on", offer.pk, back))

    title = _("%(name)s is no longer offered") % {"name": offer.name}
    return converse(request, Dialog(title, _("Save"), back), form, act)


@asks
@dialog_view
@allowed("customers.change_competitoroffer")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    offer = offer_or_404(pk)
    back = asked_page(request) or page_of(offer.competitor.entry)

    def act() -> Done:
        remove_offer(offer, by=person(request))
        return Done(_("%(name)s is removed.") % {"name": offer.name})

    dialog = Dialog(
        _("Remove %(name)s") % {"name": offer.name},
        _("Remove"),
        back,
        _("For what was written down by mistake. An offer that is over is ended instead."),
        is_grave=True,
    )
    return confirm(request, dialog, act)


@require_POST
@allowed("customers.change_competitoroffer")
def runs_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that it has ended."""
    offer = offer_or_404(pk)
    back = asked_page(request) or page_of(offer.competitor.entry)
    text = _("%(name)s is still offered.") % {"name": offer.name}
    return take_back(request, lambda: take_back_end(offer, by=person(request)), Done(text, to=back))
