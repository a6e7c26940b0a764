"""The list of segments: what each holds, and where it is in use."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from churnapp.common.htmx import page_or_fragment, wants_fragment
from churnapp.common.pages import Page, page_number, page_of, without_page
from customers.models import Segment
from customers.segments import Use, uses
from customers.views.access import allowed, person, reporting_currency
from customers.views.segment_looks import size_of

ARCHIVED = "archived"


@dataclass(frozen=True)
class SegmentRow:
    """A segment with where it is in use."""

    segment: Segment
    uses: list[Use]


class SegmentList:
    """The answer to one address of the page of segments."""

    def __init__(self, request: HttpRequest) -> None:
        self.query = request.GET

    @property
    def is_archived(self) -> bool:
        return self.query.get("show") == ARCHIVED

    @property
    def sought(self) -> str:
        return self.query.get("q", "").strip().replace("\0", "")

    @cached_property
    def page(self) -> Page[Segment]:
        """By name; archived ones apart."""
        found = Segment.objects.filter(archived_at__isnull=not self.is_archived)
        if self.sought:
            found = found.filter(name__icontains=self.sought)
        return page_of(found, page_number(self.query.get("page")))

    @cached_property
    def rows(self) -> list[SegmentRow]:
        used = uses(one.pk for one in self.page.rows)
        return [SegmentRow(one, used.get(one.pk, [])) for one in self.page.rows]

    @property
    def filter_query(self) -> str:
        return without_page(self.query)


@require_GET
@vary_on_headers("HX-Request")
@allowed("customers.view_segment")
def segments(request: HttpRequest) -> HttpResponse:
    """Segments in use, or those put away; each row then asks for its own figures."""
    context: dict[str, Any] = {"listing": SegmentList(request), "query": request.GET}
    if not wants_fragment(request):
        context["title"] = _("Segments")
    template = page_or_fragment(request, "customers/segments.html", "customers/_segments.html")
    return render(request, template, context)


@require_GET
@allowed("customers.view_segment")
def segment_size(request: HttpRequest, pk: int) -> HttpResponse:
    """How many customers one row holds, and what they pay: two cells of the list."""
    segment = get_object_or_404(Segment, pk=pk)
    look = size_of(segment, person(request))
    context = {"segment": segment, "look": look, "currency": reporting_currency(request)}
    return render(request, "customers/_segment_cells.html", context)
