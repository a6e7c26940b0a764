"""What a cancel flow comes to: still paying 30, 90, 180 days later, against its own holdout."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from campaigns.effect_words import in_points
from campaigns.leaving.figures import figures_of
from campaigns.leaving.results import HORIZONS, Cell, Kept, cells, kept, readable_from, split
from campaigns.leaving.words import kept_words, money_words
from campaigns.models import CancelFlow, Offer
from campaigns.views.flow_list import FlowRow, flow_or_404
from customers.models import ReasonVersion
from customers.views.access import allowed, organisation, reporting_currency, today_here


@dataclass(frozen=True)
class ResultRow:
    """One line: whom it is about, both arms, and what may be said."""

    name: str
    kept: Kept
    words: str
    money: str

    @property
    def between(self) -> str:
        effect = self.kept.effect
        if effect.low is None:
            return ""
        facts = {"low": in_points(effect.low), "high": in_points(effect.high)}
        return _("%(low)s to %(high)s") % facts


@require_GET
@allowed("campaigns.view_cancelflow")
def results(request: HttpRequest, pk: int) -> HttpResponse:
    flow = flow_or_404(pk)
    currency = reporting_currency(request)
    days = asked_days(request)
    found = {each: found_in(request, flow, each) for each in HORIZONS}
    rows = [row_of(str(each), kept(each, found[each]), currency, flow) for each in HORIZONS]
    context = {
        "flow": flow,
        "row": FlowRow(flow, figures_of([flow])[flow.pk]),
        "rows": rows,
        "days": days,
        "horizons": HORIZONS,
        "by_reason": by_reason(found[days], days, currency),
        "by_offer": by_offer(found[days], days, currency),
        "computed_at": timezone.now(),
    }
    return render(request, "campaigns/flow_results.html", context)


def asked_days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in {str(days) for days in HORIZONS} else HORIZONS[0]


def found_in(request: HttpRequest, flow: CancelFlow, days: int) -> list[Cell]:
    return cells(flow, days, today_here(), organisation(request).timezone)


def row_of(name: str, found: Kept, currency: str, flow: CancelFlow) -> ResultRow:
    words = kept_words(found, readable_from(flow, found.days))
    return ResultRow(name, found, words, money_words(found, currency))


def by_reason(found: list[Cell], days: int, currency: str) -> list[ResultRow]:
    groups = split(days, found, lambda cell: cell.reason_id)
    newest = ReasonVersion.objects.filter(reason__in=[key for key in groups if key])
    names = {each.reason_id: str(each) for each in newest.order_by("reason_id", "version")}
    return named(groups, names, _("No reason said"), currency)


def by_offer(found: list[Cell], days: int, currency: str) -> list[ResultRow]:
    groups = split(days, found, lambda cell: cell.offer_id)
    offers = Offer.objects.filter(pk__in=[key for key in groups if key])
    return named(groups, {each.pk: each.name for each in offers}, _("No offer planned"), currency)


def named(
    groups: dict[int | None, Kept], names: dict[int, str], nothing: str, currency: str
) -> list[ResultRow]:
    return [
        ResultRow(
            names.get(key, nothing) if key else nothing,
            each,
            kept_words(each, None),
            money_words(each, currency),
        )
        for key, each in groups.items()
    ]
