"""Referrals on a customer's page: who recommended it, whom it brought, and its link."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from campaigns.forms.referrals import MakeLinkForm
from campaigns.levels import level_of
from campaigns.models import Referral, ReferralLink, ReferralProgram
from campaigns.referral_words import WHY
from campaigns.services.referring import link_for
from campaigns.views.referral_list import hide_unseen
from churnapp.common.htmx import wants_fragment
from customers.views.access import (
    allowed,
    customer_or_404,
    person,
    today_here,
    visible_customers,
)
from customers.views.dialogs import Dialog, Done, asks, converse, dialog_view

MOST_SHOWN = 20


@require_GET
@vary_on_headers("HX-Request")
@allowed("campaigns.view_referral")
def panel(request: HttpRequest, pk: int) -> HttpResponse:
    """A part of the customer's page; a page of its own without script."""
    customer = get_object_or_404(visible_customers(request), pk=pk)
    visible = visible_customers(request)
    brought = Referral.objects.filter(link__customer=customer).with_seen(visible)
    shown = list(brought.select_related("customer", "suggested", "link")[:MOST_SHOWN])
    for each in shown:
        hide_unseen(each)
    links = ReferralLink.objects.filter(customer=customer, program__archived_at=None)
    by = Referral.objects.filter(customer=customer, state__in=["matched", "rewarded"])
    came_by = by.select_related("link__customer", "link__program").first()
    context: dict[str, Any] = {
        "customer": customer,
        "links": links.select_related("program", "contact"),
        "base_url": settings.BASE_URL,
        "brought": [(each, WHY.get(each.why, "")) for each in shown],
        "came_by": came_by,
        "is_by_seen": came_by is not None and visible.filter(pk=came_by.link.customer_id).exists(),
        "has_programs": ReferralProgram.objects.on().exists(),
        "level": level_of(customer, today_here()),
        "is_part": wants_fragment(request),
    }
    template = "_customer_referrals" if context["is_part"] else "customer_referrals"
    return render(request, f"campaigns/{template}.html", context)


@asks
@dialog_view
@allowed("campaigns.add_referrallink")
def make_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link by which a customer recommends us; asked again it is the same one."""
    customer = customer_or_404(request, pk)
    today = today_here()
    people = customer.contacts.filter(left_on=None) | customer.contacts.filter(left_on__gt=today)
    programs = ReferralProgram.objects.on()
    first = programs.first()
    form = MakeLinkForm(
        request.POST or None,
        initial={"program": first.pk if first else None},
        contacts=people.order_by("name", "pk"),
    )

    def act() -> Done:
        given = form.cleaned_data
        link_for(given["program"], customer, given["contact"], by=person(request))
        return Done(_("The link is made: copy it from this page."))

    back = reverse("customers:detail", args=[pk]) + "#referrals"
    title = _("A link to recommend us for %(name)s") % {"name": customer}
    intro = _("Give it to the customer to pass on. Rewards go to the contact that you choose.")
    return converse(request, Dialog(title, _("Make the link"), back, intro), form, act)
