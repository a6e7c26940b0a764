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
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import django
from django.db import connection
from django.db.models import Q

HERE = Path(__file__).resolve().parent
NAME = "churnapp_benchmark_engine"
FIRST, LAST = date(2020, 1, 1), date(2024, 12, 1)
ROUNDS = 5
PEER_ROUNDS = 2
MEGABYTE = 1024  # ru_maxrss is in kilobytes
PEER_SETTINGS = {"work_mem": "1GB", "jit": "off"}
MISSING = "missing"

sys.path.insert(0, str(HERE.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "churnapp.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from benchmarks.own_database import own_database  # noqa: E402 - Django first
from churnapp.common import money  # noqa: E402
from churnapp.models import Organisation  # noqa: E402
from customers.metrics import asides, reading  # noqa: E402
from customers.metrics.definitions import DEFINITIONS  # noqa: E402
from customers.metrics.figures import FEWEST_CHURNS, MOVEMENT_KEYS  # noqa: E402
from customers.metrics.question import Basis, Question, ask  # noqa: E402
from customers.metrics.reports import Report, metrics_report, widened  # noqa: E402


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
        drop(source.recordings())
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
        for name, value in PEER_SETTINGS.items():
            cursor.execute(f"SET {name} = '{value}'")
        cursor.execute((HERE / "engine_peer.sql").read_text().replace("%", "%%"))
        names = [column.name for column in cursor.description]
        return [dict(zip(names, map(whole, row), strict=True)) for row in cursor.fetchall()]


def whole(value: Any) -> Any:
    """Sums come as decimals without a fraction."""
    return int(value) if isinstance(value, Decimal) else value


def differences(report: Report, peer: list[dict[str, Any]]) -> list[str]:
    """Where the engine and PostgreSQL disagree, in any key of the report."""
    by_month = {row["month"]: row for row in peer}
    found = []
    for figures in report.periods:
        row, values = by_month[figures.period.start], figures.values
        expected = expected_figures(row, report.question.basis)
        found += [
            f"{figures.period.start} {key}: {values.get(key, MISSING)} and "
            f"{expected.get(key, MISSING)}"
            for key in DEFINITIONS
            if values.get(key, MISSING) != expected.get(key, MISSING)
        ]
    return found


def expected_figures(row: dict[str, Any], basis: Basis) -> dict[str, Any]:
    """What the report must say of a month by PostgreSQL's integers: at most a quotient of them."""
    return (
        expected_of_customers(row)
        | expected_of_revenue(row, basis)
        | expected_value(row, basis)
        | expected_cost(row, basis)
        | expected_ahead(row, basis)
    )


def share(part: int, of: int) -> float | None:
    return part / of if of else None


def quotient(part: Fraction | int | None, of: Fraction | int | None) -> Fraction | None:
    return Fraction(part) / of if part is not None and of else None


def shown(minor: Fraction | int | None, basis: Basis) -> Decimal | None:
    return None if minor is None else money.to_major(minor, basis.currency)


def expected_of_customers(row: dict[str, Any]) -> dict[str, Any]:
    start, lost = row["customers_start"], row["lost"]
    rate = share(lost, start)
    return {
        "customers_start": start,
        "customers_end": row["customers_end"],
        "paused_customers_end": row["paused_end"],
        "silent_customers_end": row["silent"],
        "new_customers": row["new"],
        "reactivated_customers": row["reactivated"],
        "churned_customers": row["churned"],
        "lost_customers": lost,
        "customer_churn_rate": rate,
        "customer_retention_rate": share(start - lost, start),
        "annualised_churn_rate": None if rate is None else 1 - (1 - rate) ** 12,
        "voluntary_churn_rate": share(row["voluntary"], start),
        "involuntary_churn_rate": share(row["involuntary"], start),
        "unexplained_churn_rate": share(lost - row["voluntary"] - row["involuntary"], start),
    }


def expected_of_revenue(row: dict[str, Any], basis: Basis) -> dict[str, Any]:
    sums = {name: row[f"arr_{name}"] for name in ("start", *MOVEMENT_KEYS, "end")}
    start, shrunk, kept_change = sums["start"], row["shrunk"], row["kept_change"]
    gained = sums["new"] + sums["reactivation"] + sums["expansion"]
    return {
        **{f"arr_{name}_minor": arr for name, arr in sums.items()},
        **{f"mrr_{name}": money.mrr(arr, basis.currency) for name, arr in sums.items()},
        "arr_end": money.to_major(sums["end"], basis.currency),
        "grr": share(start - shrunk, start),
        "nrr": share(start + kept_change, start),
        "gross_mrr_churn_rate": share(shrunk, start),
        "net_mrr_churn_rate": share(-kept_change, start),
        "quick_ratio": share(gained, -sums["contraction"] - sums["churn"]),
    }


def expected_value(row: dict[str, Any], basis: Basis) -> dict[str, Any]:
    arpa = quotient(Fraction(row["arr_end"], 12), row["customers_end"] - row["paused_end"])
    lifetime = None
    if row["churns_before"] >= FEWEST_CHURNS:
        lifetime = quotient(row["starts_before"], row["lost_before"])
    known = arpa is not None and lifetime is not None
    return {
        "arpa": shown(arpa, basis),
        "lifetime_months": None if lifetime is None else float(lifetime),
        "ltv": shown(arpa * Fraction(basis.gross_margin) * lifetime, basis) if known else None,
        "mrr_top10_share": share(row["arr_top10"], row["arr_end"]),
    }


def expected_cost(row: dict[str, Any], basis: Basis) -> dict[str, Any]:
    cac = quotient(row["acquisition"], row["new"])
    gained, lost = Fraction(row["arr_new"], 12), Fraction(-row["arr_churn"], 12)
    figures = {
        "cac": shown(cac, basis),
        "cac_payback_months": None,
        "retention_cost_per_customer": shown(
            quotient(row["retention"], row["customers_start"]), basis
        ),
        "lost_recurring_revenue": shown(lost, basis),
        "cost_of_churn": None,
        "replacement_cost": None,
    }
    if cac is not None:
        replaced = row["churned"] * cac + lost * basis.replacement_months
        figures |= {
            "cac_payback_months": float(
                row["acquisition"] / (gained * Fraction(basis.gross_margin))
            ),
            "cost_of_churn": float(lost * cac / 100**2),
            "replacement_cost": shown(replaced, basis),
        }
    return figures


def expected_ahead(row: dict[str, Any], basis: Basis) -> dict[str, Any]:
    renewed, arr_renewed = row["renewed"], row["arr_renewed"]
    return {
        "customers_under_notice": row["under_notice"],
        "mrr_under_notice": money.mrr(row["arr_under_notice"], basis.currency),
        "arr_under_notice_minor": row["arr_under_notice"],
        "renewal_rate": share(renewed, renewed + row["not_renewed"]),
        "renewal_rate_mrr": share(arr_renewed, arr_renewed + row["arr_not_renewed"]),
        "undecided_renewals": row["undecided"],
        "early_termination_rate": share(row["terminated_early"], row["contracts_start"]),
    }


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
    with own_database(NAME):
        seconds, _ = timed(lambda: build(customers))
        print(f"built in {seconds:.0f} s")
        print(json.dumps(measure()))


if __name__ == "__main__":
    main()
