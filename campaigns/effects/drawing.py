"""Who is held out and who gets which variant: by lot, but the same lot each time it is drawn.

A customer's number is the first 32 bits of md5(salt, customer), so nothing needs to be stored for
it to last, and Python and PostgreSQL draw alike. Variants are drawn with another number than the
holdout; else the holdout would be cut out of the first variant alone.

`HELD_OUT` and `VARIANT` are the same draws in SQL. What they name in braces is put in by `format`:
SQL expressions (a column, a placeholder), never values.
"""

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal
from hashlib import md5
from itertools import accumulate

SPAN = 2**32

NUMBER = (
    "('x' || left(md5({salt}::text || '%s:' || ({customer})::bigint::text), 8))::bit(32)::bigint"
)
# {salt}, {customer}, {percent}: a boolean
HELD_OUT = f"({NUMBER % ''} * 100 < ({{percent}})::numeric * {SPAN})"
LAST = "({bounds}::bigint[])[cardinality({bounds}::bigint[])]"
# {salt}, {customer}, {bounds}: the index of a variant; `bounds` as the function below gives them
VARIANT = f"width_bucket({NUMBER % ':variant'} * {LAST} / {SPAN}, {{bounds}}::bigint[])"


def is_held_out(salt: str, customer_id: int, percent: int | Decimal) -> bool:
    """Whether the campaign leaves this customer out: `percent` of 100 of them, at random."""
    return number(salt, customer_id) * 100 < percent * SPAN


def variant_of(salt: str, customer_id: int, weights: Sequence[int]) -> int:
    """The index of the customer's variant; each is drawn as often as its weight says.

    Raises ValueError where no weight is above zero.
    """
    limits = bounds(weights)
    return bisect_right(limits, number(f"{salt}:variant", customer_id) * limits[-1] // SPAN)


def bounds(weights: Sequence[int]) -> list[int]:
    """Where the next variant begins: 50, 30, 20 is 50, 80, 100."""
    if not any(weights) or min(weights) < 0:
        raise ValueError("Weights are whole numbers, none below zero and one above it.")
    return list(accumulate(weights))


def number(salt: str, customer_id: int) -> int:
    """The customer's lot: 0 to 2³² − 1."""
    drawn = md5(f"{salt}:{customer_id}".encode(), usedforsecurity=False)
    return int.from_bytes(drawn.digest()[:4])
