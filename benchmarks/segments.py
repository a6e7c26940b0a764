"""What the audience of a segment costs at a million customers, against the same by hand.

    python benchmarks/segments.py --customers 1000000

Builds its own customers in a database of its own (`pages_data.sql`, `segments_data.sql`) and asks
warm, in this process, in turns. For each segment: counting its members with what they pay, as the
editor does, and writing them down, as freezing does, over one statement that someone who knows SQL
would write for the same customers. The last line is JSON with the ratios of the medians.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
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

FROM = """
    FROM customers_customer AS c
    JOIN customers_standing AS s ON s.customer_id = c.id
    WHERE {where}
"""
SIZE = "SELECT count(*), coalesce(sum(s.arr_minor), 0)" + FROM
FREEZE = (
    "INSERT INTO customers_segmentmember (segment_id, customer_id) SELECT {segment}, c.id" + FROM
)
# The last cancellation that stands, and the last recommendation that counts.
LAST_REASON = """
    EXISTS (SELECT FROM customers_cancellation AS d
            JOIN customers_cancellationreason AS r ON r.id = d.reason_id
            WHERE d.customer_id = c.id AND d.withdrawn_at IS NULL AND r.key = '{reason}'
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
LOST = "s.lost_on BETWEEN date '{today}' - {days} AND date '{today}'"
# By name: the query, and the condition that someone would write by hand.
SEGMENTS = {
    "six_conditions": (
        "state=lost&country=NO&industry=i3&lost_in_days=365&reason=price&nps_to=6",
        " AND ".join(
            [
                "s.state = 'lost' AND c.country = 'NO'",
                """c.attributes @> '{{"industry": "i3"}}'""",
                LOST.replace("{days}", "365"),
                LAST_REASON.replace("{reason}", "price"),
                LAST_SCORE.replace("{score}", "6"),
            ]
        ),
    ),
    "six_wide": (
        "state=lost&plan=plan-1&plan=plan-2&country=NO&country=SE&lost_in_days=500&reason=price&nps_to=8",
        " AND ".join(
            [
                "s.state = 'lost' AND c.country IN ('NO', 'SE')",
                "s.plan_id IN (SELECT id FROM customers_plan WHERE code IN ('plan-1', 'plan-2'))",
                LOST.replace("{days}", "500"),
                LAST_REASON.replace("{reason}", "price"),
                LAST_SCORE.replace("{score}", "8"),
            ]
        ),
    ),
    "reason_alone": ("reason=price", LAST_REASON.replace("{reason}", "price")),
    "score_alone": ("nps_to=6", LAST_SCORE.replace("{score}", "6")),
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


def bare(condition: str) -> str:
    """The condition with the days and words in it, for the statement by hand."""
    today = timezone.localdate(timezone=Organisation.current().zone)
    return condition.format(today=today.isoformat())


def asked(statement: str) -> tuple[Any, ...]:
    connection.ensure_connection()
    found: tuple[Any, ...] = connection.connection.execute(statement).fetchone()
    return found


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def medians(ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> list[float]:
    """Of both in seconds, asked in turns after one of each to warm up."""
    took = [(timed(ours), timed(theirs)) for _round in range(rounds + 1)][1:]
    return [statistics.median(times) for times in zip(*took, strict=True)]


def frozen(segment: Segment) -> None:
    """Freeze it, and take that back."""
    with transaction.atomic():
        freeze_segment(Segment.objects.get(pk=segment.pk), by=None)
        transaction.set_rollback(True)


def frozen_by_hand(segment: Segment, condition: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FREEZE.format(segment=segment.pk, where=condition).replace("%", "%%"))
        transaction.set_rollback(True)


def measure(name: str, rounds: int) -> dict[str, float]:
    """Both ratios of one segment; its size must be the same by hand."""
    query, condition = SEGMENTS[name]
    now = timezone.now()
    segment = Segment.objects.create(name=name, query=query, created_at=now, changed_at=now)
    where = bare(condition)
    by_hand = SIZE.format(where=where)
    size = Size.of(members(segment))
    assert (size.customers, size.arr_minor) == asked(by_hand), name
    assert size.customers, name
    count = medians(lambda: Size.of(members(segment)), lambda: asked(by_hand), rounds)
    write = medians(lambda: frozen(segment), lambda: frozen_by_hand(segment, where), rounds)
    print(
        f"{name:15} {size.customers:9,} members   counted {count[0] * 1e3:8.1f} ms,"
        f" bare {count[1] * 1e3:8.1f} ms   frozen {write[0] * 1e3:8.1f} ms,"
        f" bare {write[1] * 1e3:8.1f} ms"
    )
    return {"counted": round(count[0] / count[1], 2), "frozen": round(write[0] / write[1], 2)}


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
