"""The questions about referrals: one a file, with prose on top."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from churnapp.models import Organisation
from customers.matching import FREE_DOMAINS

Row = tuple[Any, ...]
_FOLDER = Path(__file__).parent.parent / "sql" / "referring"
# Addresses of erased people say nothing of where they work.
NO_COMPANY = [*FREE_DOMAINS, "erased.invalid"]


def ask(name: str, *, places: dict[str, str] | None = None, **values: Any) -> list[Row]:
    """The rows of a file; days are the organisation's. `places` are SQL of ours by name."""
    statement = (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    statement = statement.format(**places) if places else statement
    known = {"zone": Organisation.current().timezone, "free_domains": NO_COMPANY}
    with connection.cursor() as cursor:
        cursor.execute(statement, known | values)
        return cursor.fetchall()


def judged(pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """By referral and customer: the code of why it can't be them; "" where nothing says so."""
    if not pairs:
        return {}
    referrals, customers = zip(*pairs, strict=True)
    rows = ask("judge", referrals=list(referrals), customers=list(customers))
    return {(referral, customer): code for referral, customer, code in rows}


def day_of(now: datetime) -> date:
    return now.astimezone(Organisation.current().zone).date()
