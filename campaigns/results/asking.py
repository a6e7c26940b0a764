"""A question about campaigns: which, as of when, of whose customers; and how it is put in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

from django.db import connection
from django.db.models import QuerySet

from churnapp.models import Organisation
from customers.models import Customer, OutgoingEmail

_FOLDER = Path(__file__).parent.parent / "sql" / "results"
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Asked:
    """Campaigns by their keys, and what has happened in them until `now`.

    `customers` are those that the reader may see; None for all.
    """

    campaigns: tuple[int, ...]
    now: datetime
    zone: str
    today: date
    pause_limit_days: int = 90
    customers: QuerySet[Customer] | None = None

    @classmethod
    def of(
        cls,
        campaigns: Sequence[int],
        organisation: Organisation,
        *,
        now: datetime,
        customers: QuerySet[Customer] | None = None,
    ) -> Self:
        today = now.astimezone(organisation.zone).date()
        limit = organisation.pause_limit_days
        return cls(tuple(campaigns), now, organisation.timezone, today, limit, customers)

    def run(self, names: Sequence[str], *, places: dict[str, str], **values: Any) -> list[Row]:
        """The rows of the last of these files, the others being what it stands on.

        `places` are SQL of ours that goes in by name, `values` what is asked with.
        """
        *before, last = (_read(name) for name in names)
        written = (f"WITH {',\n'.join(before)}\n" if before else "") + last
        places = {"visible": self.sees("recipient.customer_id")} | places
        given: dict[str, Any] = {
            "campaigns": list(self.campaigns),
            "now": self.now,
            "today": self.today,
            "zone": self.zone,
            "pause_limit": self.pause_limit_days,
            "gone_out": list(map(str, OutgoingEmail.GONE_OUT)),
        }
        with connection.cursor() as cursor:
            cursor.execute(written.format(**places), given | values)
            return cursor.fetchall()

    def sees(self, column: str) -> str:
        """Whether the reader may see the customer in a column, as SQL."""
        if self.customers is None:
            return "true"
        rows = self.customers.order_by().values("id").query.sql_with_params()
        written: str = connection.ops.compose_sql(*rows)  # type: ignore[attr-defined]
        return f"{column} IN ({written.replace('%', '%%')})"


def _read(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
