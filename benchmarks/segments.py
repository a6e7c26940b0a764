"""What the audience of a segment costs at a million customers, against the same by hand.

    python benchmarks/segments.py --customers 1000000

Builds its own customers in a database of its own (`pages_data.sql`, `segments_data.sql`) and asks
warm, in this process, in turns. For each segment: counting its members with what they pay, as the
editor does, and writing them down, as freezing does, over one statement that someone who knows SQL
would write for the same customers: of two ways to write it, the faster. The last line is JSON with
the ratios of the medians.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import django
from django.db import connection, transaction

HERE = Path(__file__).resolve().parent
NAME = "churnapp_benchmark_segments"
PEOPLE, PLANS, REASONS = 40, 6, ("price", "product", "service", "closed", "other")

sys.path.insert(0, str(HERE.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "churnapp.settings")
os.environ.setdefault("CHURNAPP_LOG_LEVEL", "ERROR")
django.setup()

from django.utils import timezone  # noqa: E402 - Django first

from benchmarks.own_database import own_database  # noqa: E402
from churnapp.models import Organisation, User  # noqa: E402
from customers.models import CancellationReason, Plan, Segment  # noqa: E402
from customers.segments import Size, members  # noqa: E402
from customers.services.segments import freeze_segment  # noqa: E402
from feedback.models import Survey, SurveyVersion  # noqa: E402

# By hand in two ways; the faster one is the peer. All conditions at once:
AT_ONCE = """
    SELECT c.id, s.arr_minor
    FROM customers_customer AS c
    JOIN customers_standing AS s ON s.customer_id = c.id
    WHERE {plain} AND {rest}
"""
# The plain conditions first, by somebody who knows that they leave few:
NARROWED = """
    WITH few AS MATERIALIZED (
        SELECT c.id, s.arr_minor
        FROM customers_customer AS c
        JOIN customers_standing AS s ON s.customer_id = c.id
        WHERE {plain}
    )
    SELECT c.id, c.arr_minor FROM few AS c WHERE {rest}
"""
SIZE = "SELECT count(*), coalesce(sum(arr_minor), 0) FROM ({}) AS chosen"
FREEZE = """
    INSERT INTO customers_segmentmember (segment_id, customer_id) SELECT {}, id FROM ({}) AS chosen
"""
# The last cancellation that stands, and the last recommendation that counts.
LAST_REASON = """
    EXISTS (SELECT FROM customers_cancellation AS d
            JOIN customers_cancellationreason AS r ON r.id = d.reason_id
            WHERE d.customer_id = c.id AND d.withdrawn_at IS NULL AND r.key = 'price'
              AND NOT EXISTS (SELECT FROM customers_cancellation AS l
                              WHERE l.customer_id = d.customer_id AND l.withdrawn_at IS NULL
                                AND (l.effective_on, l.id) > (d.effective_on, d.id)))
"""
LAST_SCORE = """
    {score} >= (SELECT a.number FROM feedback_response AS f
                JOIN feedback_answer AS a ON a.response_id = f.id
                WHERE f.customer_id = c.id AND f.answered_at IS NOT NULL
                  AND f.quarantined_at IS NULL AND a.kind = 'nps' AND a.number IS NOT NULL
                ORDER BY f.answered_at DESC, a.id DESC LIMIT 1)
"""
LOST = "s.lost_on BETWEEN date '{{today}}' - {days} AND date '{{today}}'"
# By name: the query, and by hand what a row of customers and standings tells, and the rest.
SEGMENTS = {
    "six_conditions": (
        "state=lost&country=NO&industry=i3&lost_in_days=365&reason=price&nps_to=6",
        "s.state = 'lost' AND c.country = 'NO'"
        """ AND c.attributes @> '{{"industry": "i3"}}' AND """ + LOST.format(days=365),
        f"{LAST_REASON} AND {LAST_SCORE.format(score=6)}",
    ),
    "six_wide": (
        "state=lost&plan=plan-1&plan=plan-2&country=NO&lost_in_days=500&reason=price&nps_to=8",
        "s.state = 'lost' AND c.country = 'NO' AND s.plan_id IN"
        " (SELECT id FROM customers_plan WHERE code IN ('plan-1', 'plan-2'))"
        " AND " + LOST.format(days=500),
        f"{LAST_REASON} AND {LAST_SCORE.format(score=8)}",
    ),
    "reason_alone": ("reason=price", "true", LAST_REASON),
}


def build(customers: int) -> None:
    """Colleagues, plans, reasons and a survey, then the customers with all that hangs on them."""
    for number in range(PEOPLE):
        User.objects.create(email=f"person{number}@example.com", name=f"Person {number}")
    for number in range(PLANS):
        Plan.objects.create(code=f"plan-{number}", name=f"Plan {number}")
    for key in REASONS:
        CancellationReason.objects.get_or_create(key=key)
    survey = Survey.objects.create(kind="nps", name="NPS")
    SurveyVersion.objects.create(
        survey=survey, number=1, content={}, published_at=timezone.now() - timedelta(days=900)
    )
    with connection.cursor() as cursor:
        for name in ("pages_data.sql", "segments_data.sql"):
            for statement in (HERE / name).read_text().format(customers=customers).split(";\n\n"):
                cursor.execute(statement)
        for table in ("customer", "standing", "cancellation"):
            cursor.execute(f"VACUUM ANALYZE customers_{table}")
        cursor.execute("VACUUM ANALYZE feedback_response, feedback_answer")


def by_hand(name: str) -> list[str]:
    """Both ways to choose the customers of a segment, with the day in them."""
    _query, plain, rest = SEGMENTS[name]
    today = timezone.localdate(timezone=Organisation.current().zone).isoformat()
    return [way.format(plain=plain.format(today=today), rest=rest) for way in (AT_ONCE, NARROWED)]


def asked(statement: str) -> tuple[Any, ...]:
    connection.ensure_connection()
    found: tuple[Any, ...] = connection.connection.execute(statement).fetchone()
    return found


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def medians(acts: list[Callable[[], object]], rounds: int) -> list[float]:
    """Of each in seconds, asked in turns after one of each to warm up."""
    took = [[timed(act) for act in acts] for _round in range(rounds + 1)][1:]
    return [statistics.median(times) for times in zip(*took, strict=True)]


def frozen(segment: Segment) -> None:
    """Freeze it, and take that back."""
    with transaction.atomic():
        freeze_segment(Segment.objects.get(pk=segment.pk), by=None)
        transaction.set_rollback(True)


def frozen_by_hand(segment: Segment, chosen: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FREEZE.format(segment.pk, chosen).replace("%", "%%"))
        transaction.set_rollback(True)


def measure(name: str, rounds: int) -> dict[str, float]:
    """Both ratios of one segment; its size must be the same by hand, either way."""
    now = timezone.now()
    segment = Segment.objects.create(
        name=name, query=SEGMENTS[name][0], created_at=now, changed_at=now
    )
    size, ways = Size.of(members(segment)), by_hand(name)
    assert size.customers, name
    assert {(size.customers, size.arr_minor)} == {asked(SIZE.format(way)) for way in ways}, name
    hands = [partial(asked, SIZE.format(way)) for way in ways]
    count, *counts = medians([lambda: Size.of(members(segment)), *hands], rounds)
    hands = [partial(frozen_by_hand, segment, way) for way in ways]
    write, *writes = medians([partial(frozen, segment), *hands], rounds)
    for what, ours, theirs in (("counted", count, counts), ("frozen", write, writes)):
        told = " and ".join(f"{each * 1e3:.1f} ms" for each in theirs)
        print(f"{name:15} {size.customers:9,} {what:8} {ours * 1e3:8.1f} ms, by hand {told}")
    return {"counted": round(count / min(counts), 2), "frozen": round(write / min(writes), 2)}


def main(arguments: Any) -> None:
    with own_database(NAME):
        build(arguments.customers)
        ratios = {name: measure(name, arguments.rounds) for name in SEGMENTS}
    told = {name: each["counted"] for name, each in ratios.items()}
    report = {
        "customers": arguments.customers,
        "frozen_over_bare": {name: each["frozen"] for name, each in ratios.items()},
        "audience_over_bare": told,
    }
    print(json.dumps(report))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    main(parser.parse_args())
