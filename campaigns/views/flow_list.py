"""All cancel flows with what became of their visits, and what switches them on and off."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from campaigns.leaving.figures import Figures, figures_of
from campaigns.leaving.jurisdictions import BY_KEY
from campaigns.models import CancelFlow
from campaigns.services import flows as services
from churnapp.common import formats
from customers.views.access import allowed, person
from customers.views.dialogs import Done, take_back


@dataclass(frozen=True)
class FlowRow:
    """One line of the list."""

    flow: CancelFlow
    figures: Figures

    @property
    def law(self) -> str:
        law = BY_KEY.get(self.flow.profile)
        return str(law.name) if law else _("by the customer's country")

    @property
    def between(self) -> str:
        """The range that chance leaves open; "" where there is too little to say."""
        if not self.figures.is_enough or self.figures.interval is None:
            return ""
        low, high = (formats.percent(share, 0) for share in self.figures.interval)
        return _("%(low)s to %(high)s") % {"low": low, "high": high}


@require_GET
@allowed("campaigns.view_cancelflow")
def flow_list(request: HttpRequest) -> HttpResponse:
    """Every flow in use, or those archived."""
    is_archived = request.GET.get("show") == "archived"
    found = list(CancelFlow.objects.filter(archived_at__isnull=not is_archived))
    figures = figures_of(found)
    context = {
        "rows": [FlowRow(flow, figures[flow.pk]) for flow in found],
        "is_archived": is_archived,
        "computed_at": timezone.now(),
    }
    return render(request, "campaigns/flows.html", context)


def flow_or_404(pk: int) -> CancelFlow:
    return get_object_or_404(CancelFlow, pk=pk)


def doing(deed: Callable[..., CancelFlow], text: Callable[[], str], undo: str = "") -> Callable:
    """A view that does it, and says so with a way back."""

    @require_POST
    @allowed("campaigns.change_cancelflow")
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        flow = flow_or_404(pk)
        back = reverse(f"cancel_flows:{undo}", args=[pk]) if undo else ""
        goal = Done(text(), back, reverse("cancel_flows:list"))
        return take_back(request, lambda: deed(flow, by=person(request)), goal)

    return view


switch_on = doing(
    services.switch_on, lambda: _("It is on: new links lead through it."), "switch_off"
)
switch_off = doing(
    services.switch_off, lambda: _("It is off. Links that were made stay open."), "switch_on"
)
archive = doing(services.archive_flow, lambda: _("Archived."), "bring_back")
bring_back = doing(services.bring_back_flow, lambda: _("It is back, and off."))
