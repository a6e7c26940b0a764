"""One page of a long list, at a cost that does not grow with the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db import connection
from django.db.models import Model, QuerySet
from django.http import QueryDict

PAGE_SIZE = 50
COUNT_CAP = 10_000
LAST_PAGE = 2_000  # deeper than anyone reads; a filter or the export goes further


@dataclass(frozen=True)
class CappedCount:
    """How many rows there are, counted up to a cap; `is_more` says that the cap was passed."""

    number: int
    is_more: bool = False

    @classmethod
    def of(cls, rows: QuerySet[Any], cap: int = COUNT_CAP) -> Self:
        counted = rows.order_by()[: cap + 1].count()
        return cls(min(counted, cap), counted > cap)


@dataclass(frozen=True)
class Page[Row: Model]:
    """Rows `first` to `last` of a list, counted from 1."""

    rows: Sequence[Row]
    number: int
    has_next: bool
    size: int = PAGE_SIZE

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def previous_number(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next_number(self) -> int | None:
        return self.number + 1 if self.has_next and self.number < LAST_PAGE else None


def rows_about(table: str) -> int:
    """About how many rows a table has, by the database's own statistics; 0 before the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
        return max(0, int(cursor.fetchone()[0]))


def page_number(text: str | None) -> int:
    """A page number from an address; nonsense is the first page."""
    number = int(text) if text and text.isdecimal() and len(text) < 9 else 1
    return min(max(number, 1), LAST_PAGE)


def page_of[Row: Model](rows: QuerySet[Row], number: int, size: int = PAGE_SIZE) -> Page[Row]:
    """Page `number` of ordered rows; reads one row more to know whether another page follows."""
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    return Page(found[:size], number, len(found) > size, size)


def without_page(query: QueryDict) -> str:
    """What an address asks but for its page: what tabs and exports take over."""
    kept = query.copy()
    kept.pop("page", None)
    return kept.urlencode()
