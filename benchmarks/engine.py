"""The whole metrics report of five years, against a bare read of its rows and against PostgreSQL.

    python benchmarks/engine.py --customers 1000000

Builds its own company in a database of its own (`engine_data.sql`), then asks warm, in this process
and in turns: the report (every key of 60 months, reads included), a bare read of the same rows as
Arrow record batches that are dropped, and one PostgreSQL statement for the same figures
(`engine_peer.sql`), which must be equal. The last line is JSON: the report over the read, the
statement over the report, and the most memory that this process ever held.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import django
from django.db import connection
from django.db.models import Q

HERE = Path(__file__).resolve().parent
FIRST, LAST = date(2020, 1, 1), date(2024, 12, 1)
ROUNDS = 5
PEER_ROUNDS = 2
MEGABYTE = 1024  # ru_maxrss is in kilobytes

sys.path.insert(0, str(HERE.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "churnapp.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from churnapp.models import Organisation  # noqa: E402 - Django first
from customers.metrics import asides, reading  # noqa: E402
from customers.metrics.question import Question, ask  # noqa: E402
from customers.metrics.reports import Report, metrics_report, widened  # noqa: E402


@contextmanager
def own_database() -> Iterator[None]:
    """A database that is gone afterwards; the organisation's own is not touched."""
    usual = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"{usual}_benchmark_engine"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(usual, verbosity=0)


def build(customers: int) -> None:
    text = (HERE / "engine_data.sql").read_text().format(customers=customers)
    with connection.cursor() as cursor:
        for statement in text.split(";\n\n"):
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE")


def five_years() -> Question:
    return ask(Organisation.current(), FIRST, LAST, known_at=timezone.now())


def read_bare(question: Question) -> int:
    """Everything that the report reads, as record batches, dropped. Gives the rows of terms."""
    with reading.source(question) as source:
        drop(source.owners())
        rows = drop(source.terms())
        drop(source.foreign_terms())
        drop(source.cancellations())
        drop(source.edges())
        drop(source.contracts())
        windows = Q()
        for start, end in asides.looked_back_on(question, question.basis.silent_days):
            windows |= Q(day__gte=start, day__lte=end)
        drop(source.used(windows))
    return rows


def drop(batches: Any) -> int:
    return sum(batch.num_rows for batch in batches)


def ask_peer() -> list[dict[str, Any]]:
    """The figures of PostgreSQL, a row a month."""
    with connection.cursor() as cursor:
        cursor.execute("SET work_mem = '256MB'")
        cursor.execute("SET jit = off")
        cursor.execute((HERE / "engine_peer.sql").read_text().replace("%", "%%"))
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def differences(report: Report, peer: list[dict[str, Any]]) -> list[str]:
    """Where the engine and PostgreSQL disagree."""
    by_month = {row["month"]: row for row in peer}
    found = []
    for figures in report.periods:
        row, values = by_month[figures.period.start], figures.values
        start = values["arr_start_minor"]
        expected = {
            "new_customers": row["new"],
            "reactivated_customers": row["reactivated"],
            "churned_customers": row["churned"],
            "lost_customers": row["lost"],
            "customers_end": row["customers_end"],
            "paused_customers_end": row["paused_end"],
            "grr": float(start - row["shrunk"]) / start if start else None,
            "nrr": float(start + row["kept_change"]) / start if start else None,
        }
        expected |= {f"{name}_minor": row[name] for name in row if name.startswith("arr_")}
        found += [
            f"{figures.period.start} {key}: {values[key]} and {value}"
            for key, value in expected.items()
            if values[key] != value
        ]
    return found


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    answer = work()
    return time.perf_counter() - begun, answer


def shape_of_data() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH believed AS (
                        SELECT s.customer_id, t.starts_on, t.ends_on FROM customers_term AS t
                        JOIN customers_subscription AS s ON s.id = t.subscription_id)
                    SELECT (SELECT count(*) FROM customers_customer),
                           (SELECT count(*) FROM believed),
                           (SELECT count(*) FROM (
                                SELECT customer_id, starts_on FROM believed
                                UNION
                                SELECT customer_id, ends_on FROM believed WHERE ends_on IS NOT NULL
                            ) AS boundaries)"""
        )
        row = cursor.fetchone()
    return dict(zip(("customers", "terms", "boundaries"), row, strict=True))


def measure() -> dict[str, Any]:
    question = five_years()
    whole = widened(question)
    reports, reads, peers = [], [], []
    metrics_report(question)  # warm
    read_bare(whole)
    for number in range(ROUNDS):
        seconds, report = timed(lambda: metrics_report(question))
        reports.append(seconds)
        reads.append(timed(lambda: read_bare(whole))[0])
        if number < PEER_ROUNDS:
            seconds, peer = timed(ask_peer)
            peers.append(seconds)
    unequal = differences(report, peer)
    report_s, read_s, peer_s = (statistics.median(each) for each in (reports, reads, peers))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    print(f"report {report_s:.2f} s, bare read {read_s:.2f} s, PostgreSQL {peer_s:.2f} s")
    for line in unequal[:10]:
        print("unequal:", line)
    return {
        **shape_of_data(),
        "months": len(question.periods),
        "report_over_read": round(report_s / read_s, 2),
        "postgresql_over_report": round(peer_s / report_s, 2),
        "equal": not unequal,
        "peak_memory_mb": round(peak),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=1_000_000)
    customers = parser.parse_args().customers
    with own_database():
        seconds, _ = timed(lambda: build(customers))
        print(f"built in {seconds:.0f} s")
        print(json.dumps(measure()))


if __name__ == "__main__":
    main()
