"""What the customer list costs at a million customers, against bare SQL and against a thousand.

    python benchmarks/pages.py --customers 1000000

Builds its own customers in a database of its own (`pages_data.sql`) and asks warm, in this process.
For each view of the list: the SQL by which the page finds, counts and reads its customers, over one
bare statement that someone would write by hand for the same rows; and the time of the response at
`--customers`, over that at 1,000. The last line is JSON with the ratios of the medians.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment

HERE = Path(__file__).resolve().parent
NAME = "churnapp_benchmark_pages"
PEER_CUSTOMERS = 1_000
PEOPLE, PLANS = 40, 6

sys.path.insert(0, str(HERE.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "churnapp.settings")
os.environ.setdefault("CHURNAPP_LOG_LEVEL", "ERROR")
django.setup()

from django.contrib.auth.models import Group  # noqa: E402 - Django first
from django.urls import reverse  # noqa: E402

from benchmarks.own_database import own_database  # noqa: E402
from churnapp.models import User  # noqa: E402
from customers.models import Customer, Plan  # noqa: E402

# What someone who writes SQL by hand would send for the rows, and what the rows show.
ROWS = """
    SELECT c.id, c.external_id, c.name, c.country, s.state, s.arr_minor, s.risk,
           p.code, p.name, u.name, u.email
    FROM customers_customer AS c
    JOIN customers_standing AS s ON s.customer_id = c.id
    LEFT JOIN customers_plan AS p ON p.id = s.plan_id
    LEFT JOIN churnapp_user AS u ON u.id = c.owner_id
    WHERE {where}
    ORDER BY {order}
    LIMIT 51 OFFSET {offset}
"""
BY_VALUE = "s.arr_minor DESC, c.id"
# What the page asks to find, count and read its customers, told from its menus by what it names.
TELLING = ("customers_standing", "customers_contact", "customers_customeralias", "COUNT(*)")
# A thousand customers don't fill these pages, and a page with fewer rows is no peer.
UNFILLED = {"filtered_narrowly", "page_500"}


def bare(where: str = "true", order: str = BY_VALUE, offset: int = 0) -> str:
    return ROWS.format(where=where, order=order, offset=offset)


VIEWS = {
    "first_page": ("", bare()),
    "search": ("?q=Energi", bare("upper(c.name) LIKE upper('%Energi%')")),
    "search_rare": ("?q=a1b2c", bare("upper(c.name) LIKE upper('%a1b2c%')")),
    "search_address": (
        "?q=@a1b2c",
        bare(
            "c.id IN (SELECT customer_id FROM customers_contact"
            " WHERE upper(email) LIKE upper('%@a1b2c%'))"
        ),
    ),
    "filtered": (
        "?state=active&country=NO",
        bare("s.state = 'active' AND c.country = 'NO'"),
    ),
    "filtered_narrowly": (
        "?state=active&country=NO&plan=plan-1",
        bare("s.state = 'active' AND c.country = 'NO' AND p.code = 'plan-1'"),
    ),
    "attribute": (
        "?industry=i3&sort=name",
        bare("""c.attributes @> '{"industry": "i3"}'""", "c.name, c.id"),
    ),
    "page_500": ("?page=500", bare(offset=24_950)),
}


def build(customers: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE customers_customer CASCADE")
        text = (HERE / "pages_data.sql").read_text().format(customers=customers)
        for statement in text.split(";\n\n"):
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE customers_customer")
        cursor.execute("VACUUM ANALYZE customers_standing")
        cursor.execute("VACUUM ANALYZE customers_contact")


def signed_in() -> Client:
    """A manager's browser, among colleagues and plans."""
    for number in range(PEOPLE):
        User.objects.create(email=f"person{number}@example.com", name=f"Person {number}")
    for number in range(PLANS):
        Plan.objects.create(code=f"plan-{number}", name=f"Plan {number}")
    manager = User.objects.get(email="person0@example.com")
    manager.groups.add(Group.objects.get(name="manager"))
    client = Client()
    client.force_login(manager)
    return client


def median_of(act: Callable[[], float], rounds: int) -> float:
    """The median of the rounds in seconds, after one to warm up."""
    act()
    return statistics.median(act() for _ in range(rounds))


def time_response(client: Client, address: str) -> float:
    began = time.perf_counter()
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return time.perf_counter() - began


def time_page_sql(client: Client, address: str) -> float:
    """What one page asked of customers and standings, asked again as it was sent.

    Filters' menus are no part of it: they are the same whatever the list shows.
    """
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    sent = [query["sql"] for query in asked]
    return time_statements([sql for sql in sent if any(name in sql for name in TELLING)])


def time_statements(statements: list[str]) -> float:
    """How long the database takes to answer, every row fetched."""
    connection.ensure_connection()
    began = time.perf_counter()
    for statement in statements:
        connection.connection.execute(statement).fetchall()
    return time.perf_counter() - began


def same_rows(client: Client, address: str, statement: str) -> bool:
    """Whether page and bare statement show the same customers, in the same order."""
    shown = [row.pk for row in client.get(address).context["listing"].page.rows]
    wanted = [row[0] for row in connection.connection.execute(statement).fetchall()]
    return shown == wanted[:50]


def measure_sql(client: Client, page: str, rounds: int) -> dict[str, float]:
    ratios = {}
    for name, (query, statement) in VIEWS.items():
        assert same_rows(client, page + query, statement), name
        ours = median_of(lambda query=query: time_page_sql(client, page + query), rounds)
        theirs = median_of(lambda statement=statement: time_statements([statement]), rounds)
        ratios[name] = round(ours / theirs, 2)
        print(f"{name:12} page's SQL {ours * 1e3:8.1f} ms   bare {theirs * 1e3:8.1f} ms")
    return ratios


def measure_responses(client: Client, page: str, rounds: int) -> dict[str, float]:
    return {
        name: median_of(lambda query=query: time_response(client, page + query), rounds)
        for name, (query, _statement) in VIEWS.items()
        if name not in UNFILLED
    }


def main(arguments: Any) -> None:
    setup_test_environment(debug=False)
    with own_database(NAME):
        client, page = signed_in(), reverse("customers:list")
        build(PEER_CUSTOMERS)
        peer = measure_responses(client, page, arguments.rounds)
        build(arguments.customers)
        print(f"{Customer.objects.count():,} customers")
        sql = measure_sql(client, page, arguments.rounds)
        responses = measure_responses(client, page, arguments.rounds)
        for name, took in responses.items():
            few = peer[name]
            print(f"{name:12} response {took * 1e3:8.1f} ms   of 1,000 {few * 1e3:8.1f} ms")
    ratios = {name: round(took / peer[name], 2) for name, took in responses.items()}
    report = {"sql_over_bare": sql, "response_over_thousand": ratios}
    print(json.dumps({"customers": arguments.customers} | report))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    main(parser.parse_args())
