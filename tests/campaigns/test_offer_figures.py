"""What accepted offers do to the figures of months: exactly the price, and no invented churn."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from tests.campaigns.payers import accepted, leaver, payer

pytestmark = pytest.mark.django_db(transaction=True)
SHOWN = (
    "mrr_end", "mrr_contraction", "mrr_pause", "mrr_expansion", "mrr_churn", "mrr_reactivation",
    "customers_end", "lost_customers", "reactivated_customers",
)  # fmt: skip


def month(text: str) -> dict[str, Any]:
    out = StringIO()
    call_command("metrics", "--from", text, "--to", text, "--format", "json", stdout=out)
    found = json.loads(out.getvalue())["periods"][0]
    return {name: float(found[name]) for name in SHOWN if float(found[name])}


@pytest.mark.parametrize(
    "kind, march, june",
    [
        ("percent", {"mrr_end": 80, "mrr_contraction": -20}, {"mrr_end": 100, "mrr_expansion": 20}),
        ("amount", {"mrr_end": 90, "mrr_contraction": -10}, {"mrr_end": 100, "mrr_expansion": 10}),
        ("free", {"mrr_pause": -100}, {"mrr_end": 100}),
        ("pause", {"mrr_pause": -100}, {"mrr_end": 100}),
        ("downgrade", {"mrr_end": 50, "mrr_contraction": -50}, {"mrr_end": 50}),
        ("plan", {"mrr_end": 150, "mrr_expansion": 50}, {"mrr_end": 150}),
        ("term", {"mrr_end": 100}, {"mrr_end": 100}),
    ],
)
def test_who_pays_stays_a_customer_at_the_price_of_the_offer(kind, march, june):
    accepted(kind, payer(), **({"months": 6} if kind == "term" else {}))

    assert month("2025-03") == march | {"customers_end": 1}
    assert month("2025-06") == june | {"customers_end": 1}


@pytest.mark.parametrize(
    "kind, march, june",
    [
        ("percent", 80, {"mrr_end": 100, "mrr_expansion": 20}),
        ("amount", 90, {"mrr_end": 100, "mrr_expansion": 10}),
        ("downgrade", 50, {"mrr_end": 50}),
        ("plan", 150, {"mrr_end": 150}),
    ],
)
def test_who_had_left_is_back_at_the_price_of_the_offer(kind, march, june):
    accepted(kind, leaver())

    back = {"mrr_end": march, "mrr_reactivation": march, "reactivated_customers": 1}
    assert month("2025-03") == back | {"customers_end": 1}
    assert month("2025-06") == june | {"customers_end": 1}


def test_who_had_left_and_starts_free_is_back_from_the_day_they_pay():
    accepted("free", leaver())

    assert month("2025-03") == {}
    assert month("2025-05")["reactivated_customers"] == 1
