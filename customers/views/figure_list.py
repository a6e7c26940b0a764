"""The customers behind a figure, page by page, and as a file.

They come as columns of an Arrow table: customer_id, arr_minor, and where there are, on and kind.
Only those of the page become objects, so that a list of a million weighs little.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext as _

from churnapp.common import money
from churnapp.common.csv_export import Cell, csv_download
from churnapp.common.pages import PAGE_SIZE, page_number
from customers.models import Customer, Standing
from customers.views.access import allowed, visible_customers

ROWS_A_READ = 2_000


@dataclass(frozen=True)
class Entry:
    """A customer's part in a figure: ARR in minor units, the day it happened, what happened."""

    customer_id: int
    arr_minor: int
    on: date | None = None
    kind: str = ""


@dataclass(frozen=True)
class Line:
    customer: Customer
    entry: Entry

    @property
    def standing(self) -> Standing | None:
        """How the customer stands now; None before it was ever computed."""
        return getattr(self.customer, "standing", None)


@dataclass(frozen=True)
class FigureList:
    """One page of entries, with the count and the sum of all of them."""

    lines: list[Line]
    count: int
    total_minor: int
    number: int
    has_dates: bool
    has_kinds: bool

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        return min(self.number * PAGE_SIZE, self.count)

    @property
    def earlier(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def later(self) -> int | None:
        return self.number + 1 if self.last < self.count else None


def listed(request: HttpRequest, found: pa.Table) -> FigureList:
    """The page of the list that the address asks for."""
    pages = max(1, -(-found.num_rows // PAGE_SIZE))
    number = min(page_number(request.GET.get("page")), pages)
    shown = entries_of(found, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    return FigureList(
        lines=list(lines_of(request, shown)),
        count=found.num_rows,
        total_minor=pc.sum(found["arr_minor"]).as_py() or 0,
        number=number,
        has_dates=any(entry.on for entry in shown),
        has_kinds=any(entry.kind for entry in shown),
    )


def entries_of(found: pa.Table, start: int, count: int) -> list[Entry]:
    return [Entry(**row) for row in found.slice(start, count).to_pylist()]


def lines_of(request: HttpRequest, entries: list[Entry]) -> Iterator[Line]:
    """Entries with their customers; whom the reader may not see is left out."""
    keys = {entry.customer_id for entry in entries}
    together = ("standing__plan", "owner")
    found = visible_customers(request).select_related(*together).in_bulk(keys)
    for entry in entries:
        if entry.customer_id in found:
            yield Line(found[entry.customer_id], entry)


@allowed("customers.export_customer")
def export_entries(
    request: HttpRequest, name: str, found: pa.Table, currency: str
) -> StreamingHttpResponse:
    """The whole list as CSV."""
    header = [_("Customer id"), _("Customer"), _("What"), _("On"), _("MRR"), _("ARR, minor units")]
    rows = export_rows(request, found, currency)
    return csv_download(f"{name}.csv", [*header, _("Currency")], rows)


def export_rows(request: HttpRequest, found: pa.Table, currency: str) -> Iterator[list[Cell]]:
    for start in range(0, found.num_rows, ROWS_A_READ):
        for line in lines_of(request, entries_of(found, start, ROWS_A_READ)):
            customer, entry = line.customer, line.entry
            mrr = money.mrr(entry.arr_minor, currency)
            about = [customer.external_id, customer.name, entry.kind, entry.on]
            yield [*about, mrr, entry.arr_minor, currency]
