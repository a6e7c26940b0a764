"""Write a cancel flow reason by reason, and look at it as a customer of any country does."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods

from campaigns.costs import PAYING, Pays
from campaigns.forms.flows import ANY, FlowForm, Place, beginning
from campaigns.leaving.choosing import answer_to
from campaigns.leaving.jurisdictions import ALL, jurisdiction_of
from campaigns.leaving.showing import (
    Help,
    Page,
    help_page,
    last_page,
    offer_words,
    reason_page,
    words_of,
)
from campaigns.leaving.steps import HELP, REASON, pages_of
from campaigns.models import CancelFlow, CancelVisit, FlowAnswer, Offer
from campaigns.models.offer import SOURCE_LANGUAGE
from campaigns.services.flows import answers_of, change_flow, make_flow
from campaigns.views.finding import audiences
from campaigns.views.flow_list import flow_or_404
from campaigns.views.saving import is_changed, made
from churnapp.common import formats
from churnapp.common.public_pages import POLICY
from customers.models import CancellationReason
from customers.public_views.pages import shown
from customers.views.access import allowed, person, reporting_currency, today_here
from feedback.offers import offered_reasons

EXAMPLE_YEAR = 120_000  # minor units: what a customer who pays 100 a month would see


def places_of(flow: CancelFlow | None = None) -> list[Place]:
    """Every reason that customers can state, those answered before, and all others."""
    language = translation.get_language() or SOURCE_LANGUAGE
    answered = CancellationReason.objects.filter(pk__in=answered_by(flow)) if flow else ()
    given = {reason.key for reason in answered}
    offered = offered_reasons(language, given)
    known = {
        each.key: each
        for each in CancellationReason.objects.filter(key__in=[one.key for one in offered])
    }
    named = [
        Place(f"r-{each.key}", each.label, known[each.key]) for each in offered if each.key in known
    ]
    return [*named, Place(ANY, _("Any other reason, or none"))]


def answered_by(flow: CancelFlow) -> Any:
    return FlowAnswer.objects.filter(flow=flow).exclude(reason=None).values("reason")


def asked_form(request: HttpRequest, flow: CancelFlow | None) -> FlowForm:
    answers = answers_of(flow) if flow else []
    chosen = [each.offer.pk for each in answers if each.offer]
    offers = list(Offer.objects.filter(Q(stopped_at=None, archived_at=None) | Q(pk__in=chosen)))
    initial = beginning(flow, answers) if flow else {}
    return FlowForm(
        request.POST or None,
        initial=initial,
        places=places_of(flow),
        offers=offers,
        saved=audiences(person(request)),
    )


@require_http_methods(["GET", "POST"])
@allowed("campaigns.add_cancelflow")
def new(request: HttpRequest) -> HttpResponse:
    form = asked_form(request, None)
    if form.is_valid():
        row = made(form, lambda: make_flow(form.values, form.given_answers, by=person(request)))
        if row is not None:
            messages.success(request, _("Saved. Look at it, then switch it on."))
            return redirect("cancel_flows:edit", row.pk)
    return shown_form(request, form, _("New cancel flow"), None)


@require_http_methods(["GET", "POST"])
@allowed("campaigns.change_cancelflow")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say it otherwise; refused, what was typed stays."""
    found = flow_or_404(pk)
    form = asked_form(request, found)
    if form.is_valid():
        save = partial(change_flow, found, form.values, form.given_answers, by=person(request))
        if is_changed(form, found, save, lambda: beginning(found, answers_of(found))):
            messages.success(request, _("Saved."))
            return redirect("cancel_flows:edit", pk)
    return shown_form(request, form, _("Edit %(name)s") % {"name": found}, found)


def shown_form(
    request: HttpRequest, form: FlowForm, title: str, flow: CancelFlow | None
) -> HttpResponse:
    countries = [(law.key, law.name, law.most_clicks) for law in ALL]
    context = {
        "form": form,
        "title": title,
        "flow": flow,
        "laws": countries,
        "back": reverse("cancel_flows:list"),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "campaigns/flow_form.html", context, status=status)


@require_GET
@xframe_options_sameorigin
@allowed("campaigns.view_cancelflow")
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """A public page as a customer of a country sees it for a reason; its buttons do nothing."""
    flow = flow_or_404(pk)
    asked = request.GET
    wished, spoken = (asked.get("lang"), translation.get_language()), dict(settings.LANGUAGES)
    language = next((code for code in wished if code in spoken), SOURCE_LANGUAGE)
    reason = CancellationReason.objects.filter(
        key=asked.get("reason", "").replace("\0", "")
    ).first()
    law = jurisdiction_of(asked.get("country", ""), flow.profile)
    answer = answer_to(flow, reason)
    way = pages_of(answer, law.most_clicks)
    name = asked.get("at") if asked.get("at") in way else REASON
    with translation.override(language):
        visit = CancelVisit(flow=flow, nonce="preview", language=language, reason=reason)
        page = previewed(request, visit, answer, name or REASON, language)
        context = {
            "page": page,
            "said": CancelVisit(),
            "title": page.title,
            "languages": [],
            "language": language,
            "is_preview": True,
        }
        template = "leave_reason" if page.name == REASON else "leave"
        response = shown(request, f"campaigns/public/{template}.html", context)
    response.headers["Content-Security-Policy"] = POLICY.format(framed_by="'self'")
    return response


def previewed(
    request: HttpRequest, visit: CancelVisit, answer: FlowAnswer | None, name: str, language: str
) -> Page:
    if name == REASON:
        return reason_page(visit, language)
    found = example_of(answer, language, reporting_currency(request))
    if name == HELP and found is not None:
        return help_page(found)
    last = today_here() + timedelta(days=30)
    said = _("ends after %(day)s") % {"day": formats.day(last)}
    return last_page(found, [(_("Your subscription"), said)], by_mail=True)


def example_of(answer: FlowAnswer | None, language: str, currency: str) -> Help | None:
    """What the answer shows to somebody who pays 100 a month."""
    if answer is None:
        return None
    if answer.offer is None:
        return words_of(answer, language)
    unit = answer.offer.currency or currency
    pays = Pays(PAYING, native_minor=EXAMPLE_YEAR, currency=unit, arr_minor=EXAMPLE_YEAR)
    return offer_words(answer.offer, pays, today_here(), language)
