"""The list of reasons with their history and use, and departures that wait to be sorted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_GET

from customers.models import Cancellation, ReasonCategory, ReasonKind, ReasonVersion, ReasonView
from customers.services.confirming import unsorted_reasons
from customers.views.access import allowed, person, today_here, visible_customers
from customers.views.kinds import Kind, kinds_of

MOST = 50  # departures to sort at once


@dataclass(frozen=True)
class ReasonLine:
    """A reason as it is worded now, how it was before, and what was merged into it."""

    newest: ReasonVersion
    category: str | Promise
    earlier: tuple[ReasonVersion, ...]
    merged: tuple[ReasonVersion, ...]
    count: int


@dataclass(frozen=True)
class ToSort:
    """A departure without a reason that says anything, and the one that is suggested."""

    gone: Cancellation
    suggestion: Kind

    @property
    def token(self) -> str:
        return f"{self.gone.pk}.{self.suggestion.kind}"


@require_GET
@allowed("customers.view_cancellation")
def reasons(request: HttpRequest) -> HttpResponse:
    """Every reason of the organisation, and what could be sorted among them."""
    departures = Cancellation.objects.in_force().filter(customer__in=visible_customers(request))
    counts = Counter(dict(departures.order_by().values_list("reason").annotate(Count("pk"))))
    silent = unsorted_reasons()
    context = {
        "lines": lines_of(counts),
        "to_sort": to_sort(departures, silent),
        "unsorted": sum(counts[reason] for reason in silent),
        "may_change": person(request).has_perm("customers.change_cancellationreason"),
    }
    return render(request, "customers/reasons.html", context)


def lines_of(counts: Counter[int | None]) -> list[ReasonLine]:
    """Those in use first, as they are offered; one question."""
    versions = ReasonVersion.objects.select_related("reason", "recorded_by")
    told = versions.order_by("reason__position", "reason__key", "-version")
    history = [list(group) for _pk, group in groupby(told, key=lambda one: one.reason_id)]
    lines = [
        ReasonLine(
            newest=newest,
            category=ReasonCategory(newest.category).label,
            earlier=tuple(earlier),
            merged=tuple(
                other for other, *_rest in history
                if other.reason.merged_into_id == newest.reason_id
            ),
            count=counts[newest.reason_id],
        )
        for newest, *earlier in history
        if newest.reason.merged_into_id is None
    ]  # fmt: skip
    return sorted(lines, key=lambda line: line.newest.reason.retired_at is not None)


def to_sort(departures: QuerySet[Cancellation], silent: Iterable[int | None]) -> list[ToSort]:
    """The newest whose headline says nothing, where words or behaviour suggest one."""
    speaks = ReasonView.objects.standing().filter(cancellation=OuterRef("pk"), suggested=True)
    known = [pk for pk in silent if pk]
    rows = departures.filter(Q(reason=None) | Q(reason__in=known)).filter(Exists(speaks))
    chosen = list(rows.select_related("customer", "reason_version")[:MOST])
    kinds = kinds_of(chosen, today=today_here())
    found = []
    for gone in chosen:
        suggested = {kind.kind: kind for kind in kinds[gone.pk] if kind.suggested}
        best = suggested.get(ReasonKind.TEXT) or suggested.get(ReasonKind.BEHAVIOUR)
        if best:
            found.append(ToSort(gone, best))
    return found
