"""The rate of sending: one token bucket in the database that every worker draws from."""

from datetime import datetime

from django.db import connection

DRAW = """
UPDATE customers_sendingrate AS rate
   SET tokens = filled.tokens - least(%(wanted)s, floor(filled.tokens)),
       filled_at = greatest(%(now)s, rate.filled_at)
  FROM (SELECT least(burst, tokens + coalesce(greatest(
                 extract(epoch FROM %(now)s - filled_at), 0) / 60.0 * per_minute, burst)) AS tokens
          FROM customers_sendingrate
         WHERE id = 1 AND paused_at IS NULL
           FOR UPDATE) AS filled
 WHERE rate.id = 1
RETURNING least(%(wanted)s, floor(filled.tokens))
"""


def draw(wanted: int, now: datetime) -> int:
    """Take at most `wanted` tokens; how many there were. None while all sending is paused."""
    with connection.cursor() as cursor:
        cursor.execute(DRAW, {"wanted": wanted, "now": now})
        row = cursor.fetchone()
    return int(row[0]) if row else 0
