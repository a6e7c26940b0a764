"""How customers stand, kept as a read model so that lists sort and filter quickly.

Made from terms, usage and flags by one set-based question, `sql/standings.sql`. Repeatable: what
has not changed is not written, so a quiet night costs a read. Figures never come from here.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import batched
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from churnapp.models import Organisation

_SQL = Path(__file__).with_name("sql")
QUESTION, DIFFERING, FILL, RENEW, LOCK = (
    (_SQL / name).read_text(encoding="utf-8")
    for name in (
        "standings.sql",
        "standings_differing.sql",
        "standings_fill.sql",
        "standings_renew.sql",
        "standings_lock.sql",
    )
)
# Above this many customers, ask first which differ: a lock is a write too. A chunk that is renewed
# reads all terms once, so few large ones.
LOCK_AT_ONCE = 1_000
CHUNK = 250_000


def refresh_standings(customer_ids: Iterable[int] | None, *, now: datetime) -> int:
    """Renew the standings of these customers (None: of all) as of the organisation's day of `now`.

    Gives the number of rows that changed. `as_of` and `computed_at` of a row that did not change
    stay: they tell since when it has stood so.
    """
    organisation = Organisation.current()
    numbers = {
        "today": now.astimezone(organisation.zone).date(),
        "pause_limit_days": organisation.pause_limit_days,
    }
    ids = None if customer_ids is None else sorted(set(customer_ids))
    made = 0
    if ids is None or len(ids) > LOCK_AT_ONCE:
        made, ids = _fill_in(ids, numbers)
    return made + sum(_renew(list(chunk), numbers) for chunk in batched(ids, CHUNK))


@transaction.atomic(savepoint=False)
def _fill_in(ids: list[int] | None, numbers: dict[str, Any]) -> tuple[int, list[int]]:
    """Write what is missing; gives how many, and which of the others are no longer true."""
    scope = "true" if ids is None else "c.id = ANY(%(ids)s)"
    differing = QUESTION.format(scope=scope) + DIFFERING
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE differing AS {differing}", numbers | {"ids": ids})
        cursor.execute(FILL, numbers)
        made = cursor.rowcount
        cursor.execute("SELECT customer_id FROM differing WHERE NOT missing ORDER BY customer_id")
        untrue = [customer_id for (customer_id,) in cursor.fetchall()]
        cursor.execute("DROP TABLE differing")
    return made, untrue


@transaction.atomic(savepoint=False)
def _renew(ids: list[int], numbers: dict[str, Any]) -> int:
    """Lock first, ask then: the question sees what whoever held the lock has committed."""
    params = numbers | {"ids": ids}
    with connection.cursor() as cursor:
        cursor.execute(LOCK, params)
        cursor.execute(QUESTION.format(scope="c.id = ANY(%(ids)s)") + RENEW, params)
        return int(cursor.fetchone()[0])
