"""A campaign to a million: its launch against a bare INSERT … SELECT, and what a due step costs.

    python benchmarks/campaigns.py --customers 1000000 --due 100000

Builds its own data in a database of its own, which it drops in the end. The last line is JSON, its
ratios last:

- `launch_over_insert`: judging, drawing and writing a row a customer, against a bare INSERT
  … SELECT of as many rows into the same table. One address in a thousand is stopped. Limit: at
  most 4.
- `steps_exponent`: due mail steps are taken for an eighth, a quarter, a half and all of `--due`
  recipients; the exponent of their number in the time it takes. 1 is linear.
  Limit: at most 1.15.
"""

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "churnapp.settings")

import django
from django.db import connection

from benchmarks.own_database import own_database

NAME = "churnapp_benchmark_campaigns"
PARTS = (8, 4, 2, 1)
PEOPLE = """
INSERT INTO customers_customer (external_id, name, organisation_number, country, language, currency,
                                attributes, never_automatic, created_at)
SELECT 'C-' || n, 'Customer ' || n, '', (ARRAY['NO', 'SE', 'DK', 'DE'])[1 + n %% 4], '', 'EUR',
       '{}', n %% 100 = 0, now()
  FROM generate_series(1, %s) AS n;
INSERT INTO customers_contact (customer_id, email, name, role, language)
SELECT id, 'person' || id || '@example.com', 'Person ' || id, 'user', '' FROM customers_customer;
"""
BARE = """
INSERT INTO campaigns_recipient (campaign_id, customer_id, contact_id, held_out, variant, language,
                                 state, why, step, arrived_at, due_at, entered_at, nonce)
SELECT %s, customer_id, id, false, 'a', 'en', 'under_way', '', 'hello', now(), now(), now(),
       'a nonce of sixty-four characters that is the same in every one..'
  FROM customers_contact
"""
WORDS = {"subject": "We miss you", "body": "Hi {{ contact.first_name }}, come back to us."}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=100_000)
    given = parser.parse_args()
    django.setup()
    with own_database(NAME):
        print(json.dumps(measured(given.customers, given.due)))


def measured(customers: int, due: int) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, [customers])
        for table in ("customers_customer", "customers_contact"):
            cursor.execute(f"VACUUM ANALYZE {table}")
    stop_some(customers)
    campaign = campaign_to("country=NO&country=SE&country=DK&country=DE")
    bare, launch = both_launches(campaign)
    seconds = {count: stepped(count) for count in (due // part for part in PARTS)}
    return {
        "customers": customers,
        "bare_insert_seconds": round(bare, 2),
        "launch_seconds": round(launch, 2),
        "steps_seconds": {str(count): round(took, 2) for count, took in seconds.items()},
        "launch_over_insert": round(launch / bare, 2),
        "steps_exponent": round(exponent(seconds), 3),
    }


def stop_some(customers: int) -> None:
    """One address in a thousand takes no mail."""
    suppression = import_module("customers.mail.suppression")
    contacts = import_module("customers.models").Contact.objects.order_by("pk")
    for address in contacts.values_list("email", flat=True)[: max(1, customers // 1_000)]:
        suppression.suppress(address, "unsubscribe", purpose="campaign")


def campaign_to(audience: str) -> Any:
    """A campaign that runs: a mail, then a wait of a day, then another mail."""
    models = import_module("campaigns.models")
    batch = import_module("customers.models").MailBatch.objects.create(name="Benchmark")
    texts = {"a": {"en": WORDS, "nb": WORDS}, "b": {"en": WORDS, "nb": WORDS}}
    path = {
        "languages": ["en", "nb"],
        "variants": [{"key": "a", "weight": 50}, {"key": "b", "weight": 50}],
        "steps": [
            {"key": "hello", "kind": "mail", "texts": texts},
            {"key": "wait", "kind": "wait", "days": 1},
            {"key": "again", "kind": "mail", "texts": texts},
        ],
    }
    return models.Campaign.objects.create(
        name="Benchmark", kind="check_in", audience=audience, goal="accepted", path=path,
        salt="benchmark", batch=batch, state="running", launched_at=now(), holdout_percent=10,
    )  # fmt: skip


def both_launches(campaign: Any) -> tuple[float, float]:
    """Seconds of the bare statement and of ours, each into an empty table."""
    entering = import_module("campaigns.sequences.entering")
    with connection.cursor() as cursor:
        bare = into_empty_table(lambda: cursor.execute(BARE, [campaign.pk]))
    return bare, into_empty_table(lambda: entering.enter(campaign, now()))


def stepped(count: int) -> float:
    """Seconds in which the first mail step is taken for so many recipients, from empty tables."""
    advancing = import_module("campaigns.sequences.advancing")
    models = import_module("campaigns.models")
    campaign = models.Campaign.objects.select_related("batch").get()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE campaigns_recipient, customers_outgoingemail CASCADE")
        cursor.execute(f"{BARE} LIMIT %s", [campaign.pk, count])
        cursor.execute("VACUUM ANALYZE campaigns_recipient")
    models.Campaign.objects.update(flowed_at=now(), state="running")
    start = time.perf_counter()
    done = advancing.advance(campaign, now)
    took = time.perf_counter() - start
    # The mail and the beginning of the wait; one in a hundred leaves as never automatic.
    assert 1.97 * count <= done <= 2 * count, done
    return took


def exponent(seconds: dict[int, float]) -> float:
    """The slope of the logarithms, by least squares."""
    points = [(math.log(count), math.log(took)) for count, took in seconds.items()]
    mean_x, mean_y = (sum(each) / len(points) for each in zip(*points, strict=True))
    above = sum((x - mean_x) * (y - mean_y) for x, y in points)
    return above / sum((x - mean_x) ** 2 for x, _y in points)


def into_empty_table(work: Callable[[], object]) -> float:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE campaigns_recipient CASCADE")
        cursor.execute("CHECKPOINT")
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def now() -> Any:
    return import_module("django.utils.timezone").now()


if __name__ == "__main__":
    main()
