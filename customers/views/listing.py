"""What the customer list shows for an address: filters, order, columns, page."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django_tables2.columns import BoundColumn

from churnapp.common.pages import PAGE_SIZE, CappedCount, Page, page_number, rows_about
from customers.filters import LIST_NAMES, CustomerFilter
from customers.models import Customer, Standing
from customers.models.customer import CustomerQuerySet
from customers.tables import DEFAULT_COLUMNS, SHOWABLE, CustomerTable
from customers.views.access import person, visible_customers
from customers.views.filter_words import filter_label, filter_words

# Each order ends in the key, and each has an index that yields it row by row.
ORDERS: dict[str, tuple[Any, ...]] = {
    "name": ("name", "pk"),
    "-name": ("-name", "-pk"),
    "mrr": ("standing__arr_minor", "-pk"),
    "-mrr": ("-standing__arr_minor", "pk"),
    "-risk": ("-standing__risk", "-standing__arr_minor", "pk"),
    "next_end": ("standing__next_end_on", "pk"),
    "last_used": ("standing__last_used_on", "pk"),
    "-signed_up": (F("signed_up_on").desc(nulls_last=True), "pk"),
}
DEFAULT_ORDER = "-mrr"
STANDING = "standing__"
DEEP = 1_000  # rows from which skipping keys is cheaper than skipping rows
ROW_FIELDS = (
    *("name", "external_id", "organisation_number", "country", "signed_up_on"),
    *("owner__name", "owner__email", "standing__plan__code", "standing__plan__name"),
    *(
        f"standing__{name}"
        for name in (
            "state",
            "arr_minor",
            "risk",
            "first_paid_on",
            "lost_on",
            "next_end_on",
            "contract_ends_on",
            "notice_by",
            "last_used_on",
        )
    ),
)
COUNTED_AT_ONCE = 20_000  # customers up to which counting costs nothing worth naming
# Orders of a column, the one of a first click first.
COLUMN_ORDERS = {
    "name": ("name", "-name"),
    "mrr": ("-mrr", "mrr"),
    "risk": ("-risk",),
    "next_end": ("next_end",),
    "last_used": ("last_used",),
    "signed_up": ("-signed_up",),
}


@dataclass(frozen=True)
class Chip:
    """A filter that is on, with the address of the list without it."""

    label: str | Promise
    value: str
    without: str


@dataclass(frozen=True)
class Heading:
    """A column's head; `href` orders the list by it, `direction` says how it is ordered now."""

    label: str | Promise
    is_number: bool
    href: str = ""
    direction: str = ""


class CustomerListing:
    """The answer to one address of the customer list."""

    def __init__(self, request: HttpRequest) -> None:
        self.user = person(request)
        self.customers: CustomerQuerySet = visible_customers(request)
        self.filter = CustomerFilter(request.GET, self.customers, user=self.user)
        self.query: QueryDict = self.filter.data

    @cached_property
    def found(self) -> CustomerQuerySet:
        """Every customer the filters choose; none where a filter can't be read."""
        chosen: CustomerQuerySet = self.filter.qs
        return chosen if self.filter.is_valid() else chosen.none()

    @cached_property
    def count(self) -> CappedCount:
        """How many were found, at once where that is cheap; else at least how many."""
        page = self.page
        if not page.has_next and (page.rows or page.number == 1):
            return CappedCount(page.last)
        if rows_about("customers_customer") <= COUNTED_AT_ONCE:
            return CappedCount.of(self.found)
        return CappedCount(page.last, is_more=True)

    @property
    def order(self) -> str:
        asked = self.query.get("sort", DEFAULT_ORDER)
        return asked if asked in ORDERS else DEFAULT_ORDER

    @cached_property
    def page(self) -> Page[Customer]:
        """The page asked for; deep in the list only keys are skipped over, not whole rows."""
        number = page_number(self.query.get("page"))
        start = (number - 1) * PAGE_SIZE
        stop = start + PAGE_SIZE + 1
        if start < DEEP:
            found = self.with_what_shows(self.found).order_by(*ORDERS[self.order])[start:stop]
        else:
            at_hand = Customer.objects.filter(pk__in=self.keys_in_order[start:stop])
            found = self.with_what_shows(at_hand).order_by(*ORDERS[self.order])
        rows = list(found)
        return Page(rows[:PAGE_SIZE], number, len(rows) > PAGE_SIZE)

    @property
    def keys_in_order(self) -> QuerySet[Any, Any]:
        """Keys along the index of the order; without filters, standings alone will do."""
        order = ORDERS[self.order]
        by_standing = str(order[0]).lstrip("-").startswith(STANDING)
        if by_standing and not self.found.query.where:
            own = [str(name).replace(STANDING, "") for name in order]
            return Standing.objects.order_by(*own).values("pk")
        # Without the condition an outer join would keep the database from walking the index.
        found = self.found.filter(standing__isnull=False) if by_standing else self.found
        return found.order_by(*order).values("pk")

    def with_what_shows(self, customers: CustomerQuerySet) -> CustomerQuerySet:
        """What a row needs; attributes only where a column shows one."""
        own = ["attributes"] if self.attribute_columns else []
        return customers.for_list().only(*ROW_FIELDS, *own)

    @property
    def columns(self) -> list[str]:
        """Columns in the order asked for; the name always comes first."""
        asked = [name for name in self.query.getlist("columns") if name and len(name) <= 100]
        chosen = [name for name in dict.fromkeys(asked) if name != "name"] or DEFAULT_COLUMNS
        return ["name", *chosen]

    @property
    def attribute_columns(self) -> list[str]:
        return [name for name in self.columns if name not in SHOWABLE]

    @cached_property
    def filter_query(self) -> str:
        """The filters alone, without order, columns and page: what bulk work and exports take."""
        kept = self.query.copy()
        for name in LIST_NAMES:
            kept.pop(name, None)
        return without_empty(kept).urlencode()

    @cached_property
    def view_query(self) -> str:
        """What a saved view keeps: all but the page, and nothing that is so anyway."""
        kept = self.query.copy()
        for name in LIST_NAMES - {"sort", "columns"}:
            kept.pop(name, None)
        if kept.get("sort") == DEFAULT_ORDER:
            kept.pop("sort")
        if self.columns == ["name", *DEFAULT_COLUMNS]:
            kept.pop("columns", None)
        return without_empty(kept).urlencode()

    @property
    def address(self) -> str:
        """The page itself as a query string."""
        page = f"page={self.page.number}" if self.page.number > 1 else ""
        return "?" + "&".join(part for part in (self.view_query, page) if part)

    @property
    def is_filtered(self) -> bool:
        return bool(self.filter_query)


def without_empty(query: QueryDict) -> QueryDict:
    """The same query without fields left blank, so that addresses stay short."""
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        given = [value for value in values if value]
        if given:
            kept.setlist(name, given)
    return kept


def headings(listing: CustomerListing, table: CustomerTable) -> list[Heading]:
    """Heads of the columns shown, those that have an order as links."""
    return [heading(listing, column) for column in table.columns]


def heading(listing: CustomerListing, column: BoundColumn) -> Heading:
    is_number = getattr(column.column, "is_number", False)
    orders = COLUMN_ORDERS.get(column.name, ())
    if not orders:
        return Heading(column.header, is_number)
    now = listing.order if listing.order in orders else ""
    following = orders[-1] if now == orders[0] else orders[0]
    direction = {"": "", "-": "descending"}.get(now[:1], "ascending")
    return Heading(column.header, is_number, ordered_by(listing, following), direction)


def ordered_by(listing: CustomerListing, order: str) -> str:
    """The address of the list in another order, from its first page."""
    kept = without_empty(listing.query)
    kept.pop("page", None)
    kept["sort"] = order
    return f"?{kept.urlencode()}"


def chips(listing: CustomerListing, path: str) -> list[Chip]:
    """The filters that are on, each with a way to take it off."""
    found = []
    for name, values in without_empty(listing.query).lists():
        if name in LIST_NAMES or name == "q":
            continue
        words = filter_words(name, values)
        found += [
            Chip(filter_label(name), words[value], path + without(listing, name, value))
            for value in values
        ]
    return found


def without(listing: CustomerListing, name: str, value: str) -> str:
    """The query string with one value of one field taken away."""
    kept = without_empty(listing.query)
    kept.setlist(name, [other for other in kept.getlist(name) if other != value])
    kept.pop("page", None)
    return f"?{kept.urlencode()}"


def among_contacts(listing: CustomerListing) -> str:
    """The query string that searches contacts for what was sought in names; empty if it is none."""
    kept = without_empty(listing.query)
    sought = kept.get("q", "")
    if not sought or "contact" in kept:
        return ""
    for name in ("q", "page"):
        kept.pop(name, None)
    kept["contact"] = sought
    return f"?{kept.urlencode()}"
