"""Record how often customers used what on which day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from churnapp.models import User
from customers.models import Usage
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit
from customers.standings import refresh_standings

# Customer, feature, day.
UsageKey = tuple[int, int, date]

# In the order of the key, so that two at once wait for each other instead of locking up.
RECORD = """
INSERT INTO customers_usage (customer_id, feature_id, day, count)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::bigint[]) AS given
ORDER BY 1, 2, 3
ON CONFLICT (customer_id, feature_id, day) DO UPDATE
SET count = EXCLUDED.count, source_id = NULL
WHERE customers_usage.count <> EXCLUDED.count
RETURNING xmax = 0
"""


@dataclass(frozen=True)
class UsageChanges:
    """How many counts there are now that were not, that were other ones, that were the same."""

    created: int
    changed: int
    unchanged: int


@transaction.atomic
def record_usage(counts: Mapping[UsageKey, int], *, by: User | None) -> UsageChanges:
    """Let each count replace what was known of its customer, feature and day."""
    if not counts:
        return UsageChanges(0, 0, 0)
    columns = [list(column) for column in zip(*counts, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(RECORD, [*columns, list(counts.values())])
        written = [is_new for (is_new,) in cursor.fetchall()]
    at = database_clock()
    if written:
        refresh_standings({customer for customer, _feature, _day in counts}, now=at)
        audit(Deed("usage_recorded", by, at), Usage(), {"rows": [0, len(written)]})
    created = sum(written)
    return UsageChanges(created, len(written) - created, len(counts) - len(written))
