"""What a kind of file is: its columns, its questions in SQL, and the table that it fills."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models

from customers.importing.columns import Column


@dataclass(frozen=True)
class Target:
    """The table that a kind fills, row by row of the temporary table `resolved`.

    `columns` names each column and the column of ours that must be in the file for it to change an
    existing row (empty: it never changes one). `sourced` tables say which import wrote a row.
    """

    table: str
    columns: Mapping[str, str]
    sourced: bool = True
    # Whether rows get a digest in RowBefore, so that a later edit by a person is noticed.
    digested: bool = True
    # Whether `resolved` says by itself that more of a row changed than its columns.
    also_changed: bool = False
    # How a row is called in reports: an SQL expression over `resolved`.
    called: str = "line::text"


@dataclass(frozen=True)
class Rows:
    """A table of a higher app that its kind fills, so that an undo can take its rows away.

    `called` is how people call row `t`, in SQL. Rows of `part` go with the row that they belong to;
    those that `added_since`, a condition on row `o`, hold it.
    """

    model: type[models.Model]
    called: str
    part: type[models.Model] | None = None
    added_since: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of file; its questions are files in `sql/`, run in order in one transaction.

    A kind of a higher app gives whole paths of its files instead of names.

    `resolve` leaves the table `resolved` and puts what can't be taken into `refused`; refused rows
    then go, and `compare` sees the rest. When the import is published, `before` runs ahead of the
    rows of `target`, and `publish` after them, or alone where there is no target.
    """

    name: str
    columns: tuple[Column, ...]
    resolve: tuple[str, ...]
    compare: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    target: Target | None = None
    publish: tuple[str, ...] = ()
    # Needed columns of which one is enough.
    one_of: tuple[str, ...] = ()
    # Whether columns that are none of ours become attributes.
    keeps_extras: bool = False
    # The column whose rows are taken or refused together.
    together: str = ""
    # Values that its questions ask for by name.
    constants: Mapping[str, str] = field(default_factory=dict)
    # Whose standing changes: an SQL query of customers' ids.
    touched: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)
