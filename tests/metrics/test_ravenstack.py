"""Real files through import and engine, against two engines that know nothing of ours.

One is the slow reference, fed from the CSV file; the other a plain grid of months in SQL over the
same file. Opening MRR, customers at the start, lost, GRR and NRR must agree exactly.
"""

import csv
import json
from collections import Counter
from datetime import UTC, date, datetime
from fractions import Fraction
from io import StringIO
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.core.management import call_command

from churnapp.common.periods import ONE_DAY, between
from churnapp.models import Organisation
from customers.metrics.figures import MOVEMENT_KEYS
from tests.reference import Lives
from tests.world import Fact, World

pytestmark = pytest.mark.django_db(transaction=True)

MONTHS = between(date(2023, 2, 1), date(2024, 12, 31), "month")
COMPARED = ("arr_start_minor", "customers_start", "lost_customers", "grr", "nrr")

GRID = """
WITH terms AS (
    SELECT account_id, start_date::DATE AS starts,
           coalesce(end_date::DATE, DATE '9999-01-01') AS ends,
           mrr_amount::BIGINT * 1200 AS arr
    FROM read_csv($path, all_varchar = true)
    WHERE is_trial = 'FALSE' AND start_date <> coalesce(end_date, '')
),
edges AS (
    SELECT month::DATE AS opens, (month + INTERVAL 1 MONTH)::DATE AS closes
    FROM range(DATE '2023-02-01', DATE '2025-01-01', INTERVAL 1 MONTH) AS months(month)
),
sides AS (
    SELECT opens, account_id,
           sum(arr) FILTER (starts < opens AND ends >= opens)   AS before,
           sum(arr) FILTER (starts < closes AND ends >= closes) AS after
    FROM edges, terms
    GROUP BY opens, account_id
)
SELECT opens, sum(before)::BIGINT, count(*) FILTER (before > 0),
       count(*) FILTER (before > 0 AND coalesce(after, 0) = 0),
       sum(least(before, coalesce(after, 0))) FILTER (before > 0)::BIGINT,
       sum(coalesce(after, 0)) FILTER (before > 0)::BIGINT
FROM sides
GROUP BY opens
ORDER BY opens
"""


@pytest.fixture
def ravenstack(shared: Path) -> Path:
    """The files imported as an administrator would, nothing massaged."""
    folder = shared / "data" / "ravenstack"
    Organisation.objects.update(currency="USD")
    imported("customers", folder / "ravenstack_accounts.csv", "account_id=customer_id",
             "account_name=name", "signup_date=signed_up_on", "plan_tier=first_plan")  # fmt: skip
    imported("subscriptions", folder / "ravenstack_subscriptions.csv", "account_id=customer_id",
             "start_date=starts_on", "end_date=ends_on", "plan_tier=plan", "mrr_amount=amount",
             "seats=", "arr_amount=", "billing_frequency=",
             "auto_renew_flag=auto_renews")  # fmt: skip
    return folder / "ravenstack_subscriptions.csv"


def imported(kind: str, path: Path, *maps: str) -> None:
    call_command("importcsv", kind, str(path), "--map", *maps, stdout=StringIO(), stderr=StringIO())


def answer(command: str, *options: str) -> Any:
    """What a command writes as JSON."""
    out = StringIO()
    call_command(command, *options, "--format", "json", stdout=out)
    return json.loads(out.getvalue())


def asked(*options: str) -> list[dict[str, object]]:
    """The periods that `manage.py metrics` answers."""
    return answer("metrics", "--from", "2023-02", "--to", "2024-12", *options)["periods"]


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of the file that were ever in force."""
    with path.open() as file:
        return [row for row in csv.DictReader(file) if row["start_date"] != row["end_date"]]


def numbered(path: Path) -> dict[str, int]:
    """The file's customers by a number each."""
    return {row["account_id"]: number for number, row in enumerate(rows_of(path))}


def reference(path: Path) -> Lives:
    """The slow reference over the file itself."""
    rows, customers = rows_of(path), numbered(path)
    facts = [
        Fact(
            customer=customers[row["account_id"]],
            subscription=number,
            arr=int(row["mrr_amount"]) * 1200,
            starts=date.fromisoformat(row["start_date"]),
            ends=date.fromisoformat(row["end_date"]) if row["end_date"] else None,
            kind="trial" if row["is_trial"] == "TRUE" else "paid",
            currency="USD",
        )
        for number, row in enumerate(rows)
    ]
    return Lives(World(facts, datetime(2025, 6, 1, tzinfo=UTC), currency="USD"))


def grid(path: Path) -> list[dict[str, object]]:
    """The months as sides of a grid, in SQL over the file itself."""
    rows = duckdb.connect().execute(GRID, {"path": str(path)}).fetchall()
    return [
        {
            "arr_start_minor": before,
            "customers_start": customers,
            "lost_customers": lost,
            "grr": Fraction(capped, before),
            "nrr": Fraction(after, before),
        }
        for _opens, before, customers, lost, capped, after in rows
    ]


def compared(figures: dict[str, object]) -> tuple[object, ...]:
    """Counts and amounts as they are, rates to the last digit that a float can hold."""
    return tuple(
        float(value) if key in {"grr", "nrr"} else value
        for key, value in ((key, figures[key]) for key in COMPARED)
    )


def test_every_month_equals_two_independent_engines(ravenstack: Path) -> None:
    ours = [compared(period) for period in asked()]
    lives = reference(ravenstack)
    slow = [compared(lives.figures(each.start, each.end, "month")) for each in MONTHS]
    assert ours == slow == [compared(each) for each in grid(ravenstack)]


def test_the_identity_holds_for_every_customer(ravenstack: Path) -> None:
    """What each customer paid before and after each month is counted from the file itself."""
    numbers, lives = numbered(ravenstack), reference(ravenstack)
    moved: Counter[tuple[int, date]] = Counter()
    for row in answer("movements", "--from", "2023-02", "--to", "2024-12"):
        on = date.fromisoformat(row["on"])
        moved[numbers[row["customer_id"]], on.replace(day=1)] += row["arr_minor"]
    assert len(moved) > 1_000
    for life, each in product(lives.all, MONTHS):
        before, after = (life.on(day)[1] for day in (each.start - ONE_DAY, each.last_on))
        assert before + moved.pop((life.customer, each.start), 0) == after, (life.customer, each)
    assert not moved


def test_the_identity_holds_in_total_and_in_segments(ravenstack: Path) -> None:
    plans = [asked("--segment", f"plan={plan}") for plan in ("Basic", "Pro", "Enterprise")]
    countries = ("US", "IN", "UK", "DE", "AU", "CA", "FR")
    parts = [asked("--segment", f"country={country}") for country in countries]
    total = asked()
    for periods in [total, *plans, *parts]:
        for period in periods:
            moved = sum(period[f"arr_{name}_minor"] for name in MOVEMENT_KEYS)
            assert period["arr_start_minor"] + moved == period["arr_end_minor"]
    for number, whole in enumerate(total):
        for key in ("arr_end_minor", "lost_customers", "customers_start", "arr_churn_minor"):
            assert sum(part[number][key] for part in parts) == whole[key]
            assert sum(plan[number][key] for plan in plans) == whole[key]
