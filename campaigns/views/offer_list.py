"""All offers with how they were received, a form for another, and the rules that all keep."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from campaigns.approving import needs_approval
from campaigns.forms.offers import OfferForm, RulesForm, in_major, in_minor
from campaigns.models import Offer, OfferKind, OfferRules
from campaigns.promises import gist
from campaigns.services.offers import change_rules, make_offer
from campaigns.views.finding import audiences
from campaigns.views.saving import made
from campaigns.worth import Reception, receptions
from churnapp.common import formats
from customers.views.access import allowed, person, reporting_currency
from customers.views.dialogs import Dialog, Done, asks, converse, dialog_view

ON, WAITING, STOPPED, ARCHIVED = "on", "waiting", "stopped", "archived"


@dataclass(frozen=True)
class OfferRow:
    """One line of the list."""

    offer: Offer
    gist: str
    state: str
    reception: Reception
    share: float | None  # of the budget that is used or promised

    @property
    def between(self) -> str:
        """The range that chance leaves open, in words; "" where there is too little to say."""
        return between_words(self.reception)


def between_words(reception: Reception) -> str:
    if not reception.is_enough or reception.interval is None:
        return ""
    low, high = (formats.percent(share, 0) for share in reception.interval)
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def state_of(offer: Offer, rules: OfferRules) -> str:
    if offer.archived_at is not None:
        return ARCHIVED
    if offer.stopped_at is not None:
        return STOPPED
    waits = offer.approved_at is None and needs_approval(offer, rules)
    return WAITING if waits else ON


def share_of(offer: Offer, reception: Reception) -> float | None:
    if offer.budget_minor is None:
        return None
    return min(1.0, reception.bound_minor / offer.budget_minor) if offer.budget_minor else 1.0


@require_GET
@allowed("campaigns.view_offer")
def offer_list(request: HttpRequest) -> HttpResponse:
    """Every offer in use, or those archived: state, made, accepted, cost."""
    is_archived = request.GET.get("show") == "archived"
    found = list(Offer.objects.filter(archived_at__isnull=not is_archived).select_related("plan"))
    rules, told = OfferRules.current(), receptions(found)
    rows = [
        OfferRow(
            offer,
            gist(offer),
            state_of(offer, rules),
            told[offer.pk],
            share_of(offer, told[offer.pk]),
        )
        for offer in found
    ]
    context = {
        "rows": rows,
        "is_archived": is_archived,
        "rules": rules,
        "currency": reporting_currency(request),
        "has_archived": is_archived or Offer.objects.exclude(archived_at=None).exists(),
        "computed_at": timezone.now(),
    }
    return render(request, "campaigns/offers.html", context)


@require_http_methods(["GET", "POST"])
@allowed("campaigns.add_offer")
def new(request: HttpRequest) -> HttpResponse:
    """A new offer; choosing another kind shows its fields and keeps what was typed."""
    form = asked_form(request, OfferKind.PERCENT, {"currency": reporting_currency(request)})
    if is_sent(request) and form.is_valid():
        row = made(form, lambda: make_offer(form.values, by=person(request)))
        if row is not None:
            return redirect("offers:offer", row.pk)
    return shown_form(request, form, {"title": _("New offer"), "back": reverse("offers:list")})


def asked_form(request: HttpRequest, kind: str, initial: dict[str, object]) -> OfferForm:
    """The form of the kind asked for; shown anew for another kind it says nothing is wrong yet."""
    post, get = request.POST, request.GET
    asked = post.get("kind") or get.get("kind") or kind
    asked = asked if asked in OfferKind.values else kind
    reporting = reporting_currency(request)
    known: dict[str, Any] = {
        "kind": asked,
        "reporting": reporting,
        "saved": audiences(person(request)),
    }
    if is_sent(request):
        return OfferForm(post, **known)
    typed = {name: value for name, value in post.items() if name != "csrfmiddlewaretoken"}
    return OfferForm(initial=initial | typed | {"kind": asked}, **known)


def is_sent(request: HttpRequest) -> bool:
    """Whether the form is to be kept, and not only shown with other fields."""
    return request.method == "POST" and "show" not in request.POST


def shown_form(request: HttpRequest, form: OfferForm, context: dict[str, object]) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "campaigns/offer_form.html", context | {"form": form}, status=status)


@asks
@dialog_view
@allowed("campaigns.change_offerrules")
def rules(request: HttpRequest) -> HttpResponse:
    """The limits above which a second person approves."""
    now, currency = OfferRules.current(), reporting_currency(request)
    beginning = {
        "most_cost": in_major(now.most_cost_minor, currency),
        "most_budget": in_major(now.most_budget_minor, currency),
    }
    form = RulesForm(request.POST or None, initial=beginning)

    def act() -> Done:
        given = form.cleaned_data
        limits = {f"{name}_minor": in_minor(given[name], currency) for name in beginning}
        change_rules(limits, by=person(request))
        return Done(_("Saved."))

    intro = _("Amounts are in %(currency)s. Nobody approves their own offer.")
    dialog = Dialog(
        _("When a second person approves"),
        _("Save"),
        reverse("offers:list"),
        intro=intro % {"currency": currency},
    )
    return converse(request, dialog, form, act)
