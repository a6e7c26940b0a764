"""Freeze a segment, copy it, put it away, and take its members along as a file."""

from collections.abc import Callable, Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from churnapp.common.csv_export import Cell, csv_download
from churnapp.common.errors import RuleError
from customers.models import Customer, Segment
from customers.models.customer import CustomerQuerySet
from customers.segments import members
from customers.services.segments import (
    archive_segment,
    bring_back_segment,
    copy_segment,
    freeze_segment,
    thaw_segment,
)
from customers.tables import DEFAULT_COLUMNS, SHOWABLE
from customers.views.access import allowed, person, reporting_currency, today_here
from customers.views.customer_list import export_cell
from customers.views.dialogs import Done, asked_page, leave, take_back, undo_at
from customers.views.segment_editor import page_of

COLUMNS = ("customer_id", "name", *DEFAULT_COLUMNS)
CHANGE = "customers.change_segment"


@require_POST
@allowed(CHANGE)
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    return do(request, pk, freeze_segment, (_("Its members are kept as they are now."), "thaw"))


@require_POST
@allowed(CHANGE)
def thaw(request: HttpRequest, pk: int) -> HttpResponse:
    """Without a way back: who was in it is no longer kept."""
    return do(request, pk, thaw_segment, (_("It has who meets its conditions again."), ""))


@require_POST
@allowed(CHANGE)
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    return do(request, pk, archive_segment, (_("Archived: it is no longer offered."), "bring_back"))


@require_POST
@allowed(CHANGE)
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    return do(request, pk, bring_back_segment, (_("It is offered again."), "archive"))


def do(
    request: HttpRequest, pk: int, verb: Callable[..., object], said: tuple[str, str]
) -> HttpResponse:
    """Do it to a segment; `said` is the toast and the verb that undoes it."""
    segment = get_object_or_404(Segment, pk=pk)
    back = asked_page(request) or page_of(segment)
    text, undo = said
    done = Done(text, undo_at(f"{undo}_segment", pk, back) if undo else "", back)
    return take_back(request, lambda: verb(segment, by=person(request)), done)


@require_POST
@allowed("customers.add_segment")
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Another one with the same conditions, to be changed next."""
    segment = get_object_or_404(Segment, pk=pk)
    try:
        made = copy_segment(segment, by=person(request))
    except RuleError as error:
        messages.error(request, str(error))
        return redirect(page_of(segment))
    done = Done(_("A copy of “%(name)s”. Change what is different.") % {"name": segment})
    return leave(request, done, page_of(made))


@require_GET
@allowed("customers.export_customer")
def export_members(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Its members that the reader may see, as CSV."""
    segment = get_object_or_404(Segment, pk=pk)
    try:
        chosen = members(segment, person(request))
    except RuleError as error:
        messages.error(request, str(error))
        return redirect(page_of(segment))
    header = [str(SHOWABLE[name]) for name in COLUMNS] + [_("Currency of MRR")]
    name = f"segment-{segment.pk}-{today_here():%Y-%m-%d}.csv"
    return csv_download(name, header, member_rows(chosen, reporting_currency(request)))


def member_rows(chosen: CustomerQuerySet, currency: str) -> Iterator[list[Cell]]:
    """Rows as the database hands them out, never all at once."""
    whole = Customer.objects.for_list().filter(pk__in=chosen.order_by().values("pk"))
    for customer in whole.order_by("name", "pk").iterator(chunk_size=2_000):
        yield [*(export_cell(customer, name, currency) for name in COLUMNS), currency]
