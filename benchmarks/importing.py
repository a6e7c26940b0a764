"""`importcsv subscriptions` against a bare COPY of the same terms into the same table.

    python benchmarks/importing.py --rows 1000000

Builds its own data in a database of its own, which it drops in the end. The customers exist before
the import; its subscriptions do not. The COPY puts the very terms that the import made into the
same empty table with the same indexes and constraints, sorted as the import sorts them, in one
transaction. The last line is JSON, its ratio last.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "churnapp.settings")

import django
from django.core.management import call_command
from django.db import connection, transaction

from benchmarks.own_database import own_database

NAME = "churnapp_benchmark_importing"
LIMIT = 4.0
COLUMNS = (
    "subscription_id, plan_id, quantity, kind, arr_native_minor, currency, fx_rate, arr_minor,"
    " starts_on, ends_on, recorded_at, superseded_at, source_id"
)
CUSTOMERS = """
INSERT INTO customers_customer (external_id, name, organisation_number, country, language, currency,
                                attributes, never_automatic, created_at)
SELECT 'C-' || n, 'Customer ' || n, '', 'NO', 'nb', 'EUR', '{}', false, now()
FROM generate_series(1, %s) AS n
"""
PLANS = ("basic", "pro", "enterprise")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    django.setup()
    with own_database(NAME):
        print(json.dumps(measured(rows)))


def measured(rows: int) -> dict[str, object]:
    """Seconds of both ways, peak memory of this process, and how many times as long."""
    make_customers(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "subscriptions.csv"
        write_file(path, rows)
        megabytes = path.stat().st_size / 1e6
        before = peak_megabytes()
        import_seconds = timed(
            lambda: call_command("importcsv", "subscriptions", str(path), stdout=sys.stderr)
        )
        copied = Path(folder) / "terms"
        copy_out(copied)
        empty_terms()
        copy_seconds = timed(lambda: copy_in(copied))
    return {
        "rows": rows,
        "file_megabytes": round(megabytes, 1),
        "import_seconds": round(import_seconds, 1),
        "import_rows_a_second": round(rows / import_seconds),
        "bare_copy_seconds": round(copy_seconds, 1),
        "peak_megabytes_before": round(before),
        "peak_megabytes": round(peak_megabytes()),
        "limit": LIMIT,
        "within_limit": import_seconds <= LIMIT * copy_seconds,
        "import_over_bare_copy": round(import_seconds / copy_seconds, 2),
    }


def make_customers(rows: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(CUSTOMERS, [rows])
        cursor.execute("VACUUM ANALYZE customers_customer")


def write_file(path: Path, rows: int) -> None:
    """One row a subscription, in no particular order, two in five of them ended."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(
            "customer_id,subscription_id,plan,starts_on,ends_on,amount,interval,quantity,currency\n"
        )
        for n in range(rows):
            number = n * 7_919 % rows + 1  # a prime step: every number once, far from sorted
            start = f"20{20 + number % 5}-{number % 12 + 1:02}-{number % 28 + 1:02}"
            end = f"2025-{number % 12 + 1:02}-{number % 27 + 1:02}" if number % 5 < 2 else ""
            interval = "year" if number % 3 == 0 else "month"
            file.write(
                f"C-{number},S-{number},{PLANS[number % 3]},{start},{end},"
                f"{number % 400 + 10}.50,{interval},{number % 7 + 1},EUR\n"
            )


def copy_out(path: Path) -> None:
    """The terms that the import made, as COPY writes them."""
    statement = f"COPY (SELECT {COLUMNS} FROM customers_term ORDER BY id) TO STDOUT"
    with connection.cursor() as cursor, path.open("wb") as file, cursor.copy(statement) as copy:
        for block in copy:
            file.write(block)


def empty_terms() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE customers_term")
        cursor.execute("VACUUM ANALYZE customers_subscription")


@transaction.atomic
def copy_in(path: Path) -> None:
    """The bare COPY, into the emptied table."""
    statement = f"COPY customers_term ({COLUMNS}) FROM STDIN"
    with connection.cursor() as cursor, path.open("rb") as file, cursor.copy(statement) as copy:
        while block := file.read(1 << 20):
            copy.write(block)


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work` takes on a database that has settled down."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak_megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1024


if __name__ == "__main__":
    main()
