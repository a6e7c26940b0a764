"""A round by hand: whom it would ask and whom not, asked before it is sent; then its mails."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from customers.models import Contact, Customer
from customers.views.access import allowed, person, visible_customers
from customers.views.dialogs import Dialog, Done, asked_page, asks, confirm, dialog_view
from feedback.inviting.previews import Preview, preview
from feedback.inviting.words import COUNTED
from feedback.models import SendingRule
from feedback.services.sending import switch_on

MAY_SEND = "feedback.change_sendingrule"
FIRST, A_PAGE = 50, 100


@dataclass(frozen=True)
class Line:
    """One customer: the person who would be asked, or why nobody is; `customer` if one sees it."""

    customer: Customer | None
    contact: Contact | None = None
    why_not: str | Promise = ""


@asks
@dialog_view
@allowed(MAY_SEND)
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a round to all whom it finds, once that is sure."""
    rules = SendingRule.objects.filter(trigger=SendingRule.Trigger.BY_HAND)
    found = get_object_or_404(rules.select_related("survey"), pk=pk)
    back = asked_page(request) or reverse("surveys:rule", args=[pk])

    def act() -> Done:
        switch_on(found, by=person(request))
        return Done(_("The round is on its way."), to=back)

    told = None if request.method == "POST" else preview(found, now=timezone.now())
    dialog = Dialog(
        title_of(found, told),
        _("Send it now"),
        back,
        body="feedback/_round.html",
        more={"rule": found, "preview": told} | (first_of(request, told) if told else {}),
    )
    return confirm(request, dialog, act)


def title_of(rule: SendingRule, told: Preview | None) -> str:
    if told is None:
        return _("Send %(survey)s?") % {"survey": rule.survey}
    said = ngettext(
        "Send %(survey)s to %(count)s person?", "Send %(survey)s to %(count)s people?", told.asked
    )
    return said % {"survey": rule.survey, "count": told.asked}


def first_of(request: HttpRequest, told: Preview) -> dict[str, object]:
    """The first who would be asked, and why others are not."""
    asked = sorted(told.chosen.asked)[:FIRST]
    left_out = [(COUNTED[reason], count) for reason, count in told.left_out.items()]
    return {"lines": lines_of(request, told, asked), "left_out": left_out}


@require_GET
@allowed(MAY_SEND)
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """All whom a rule would ask now, then all whom it would not, with the reason."""
    found = get_object_or_404(SendingRule.objects.select_related("survey"), pk=pk)
    told = preview(found, now=timezone.now())
    ids = [*sorted(told.chosen.asked), *sorted(told.chosen.left_out)]
    page = Paginator(ids, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rule": found,
        "survey": found.survey,
        "preview": told,
        "page": page,
        "lines": lines_of(request, told, page.object_list),
    }
    return render(request, "feedback/rule_people.html", context)


def lines_of(request: HttpRequest, told: Preview, customers: Iterable[int]) -> list[Line]:
    """A line for each of these customers; those whom the reader may not see have no name."""
    ids = list(customers)
    seen = visible_customers(request).in_bulk(ids)
    asked, left_out = told.chosen.asked, told.chosen.left_out
    return [
        Line(
            seen.get(pk),
            asked.get(pk) if pk in seen else None,
            COUNTED[left_out[pk]] if pk in left_out else "",
        )
        for pk in ids
    ]
