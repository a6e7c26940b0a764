"""Figures over the API: the same answers as the commands give."""

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from customers.metrics.definitions import DEFINITIONS
from tests.api.calls import Caller, found
from tests.factories import make_customer, make_organisation, make_subscription, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def command(name: str, *arguments: str) -> Any:
    out = StringIO()
    call_command(name, *arguments, "--format=json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def facts(transactional_db: None) -> None:
    """Two customers in Norway, of whom one leaves, and one in Sweden."""
    for country, ends_on in (("NO", None), ("NO", date(2026, 2, 10)), ("SE", None)):
        customer = make_customer(country=country, attributes={"case": country.lower()})
        make_subscription(customer, arr=1200, starts_on=date(2026, 1, 1), ends_on=ends_on)


@pytest.mark.usefixtures("facts")
def test_metrics_answer_as_the_command_does(alices: Caller) -> None:
    asked = {"from": "2026-01", "to": "2026-03", "known_at": "2026-06-01T00:00:00Z"}
    answer = found(alices.get("metrics/", **asked))
    assert answer == command(
        "metrics", "--from=2026-01", "--to=2026-03", "--known-at=2026-06-01T00:00:00Z"
    )
    february = answer["periods"][1]
    assert february["lost_customers"] == 1
    assert february["mrr_churn"] == "-100.00"
    assert set(DEFINITIONS) <= set(february)


@pytest.mark.usefixtures("facts")
@pytest.mark.parametrize("segment", ["country=NO", "case=no", "country=NO&case=no"])
def test_a_segment_chooses_customers(alices: Caller, segment: str) -> None:
    answer = found(alices.get("metrics/", **{"from": "2026-02", "to": "2026-02"}, segment=segment))
    assert answer["periods"][0]["customers_start"] == 2


@pytest.mark.usefixtures("facts")
def test_movements_answer_as_the_command_does(alices: Caller) -> None:
    asked = {"from": "2026-02-01", "to": "2026-02-28", "kind": "churn"}
    answer = found(alices.get("movements/", **asked))
    assert answer == command("movements", "--from=2026-02-01", "--to=2026-02-28", "--kind=churn")
    assert [(m["on"], m["mrr"]) for m in answer] == [("2026-02-10", "-100.00")]


@pytest.mark.usefixtures("facts")
def test_cohorts_answer_as_the_command_does(alices: Caller) -> None:
    known_at = "2026-04-01T00:00:00Z"
    answer = found(alices.get("cohorts/", measure="mrr", group="country", known_at=known_at))
    assert answer == command(
        "cohorts", "--measure=mrr", "--group=country", f"--known-at={known_at}"
    )


@pytest.mark.usefixtures("facts")
def test_figures_count_only_customers_that_the_caller_may_see() -> None:
    make_organisation(csm_sees_own_only=True)
    nobody = make_user("csm")
    answer = found(Caller(nobody).get("metrics/", **{"from": "2026-02", "to": "2026-02"}))
    assert answer["periods"][0]["customers_start"] == 0
    assert found(Caller(nobody).get("movements/", **{"from": "2026-01", "to": "2026-03"})) == []


@pytest.mark.parametrize(
    "path, asked, field",
    [
        ("metrics/", {"to": "2026-01"}, "from"),
        ("metrics/", {"from": "2026-01", "to": "2026-01", "interval": "moon"}, "interval"),
        ("metrics/", {"from": "2026-01", "to": "2026-01", "colour": "red"}, "colour"),
        ("metrics/", {"from": "2026-01", "to": "2026-01", "known_at": "soon"}, "known_at"),
        ("metrics/", {"from": "winter", "to": "2026-01"}, None),
        ("metrics/", {"from": "2026-01", "to": "2026-01", "segment": "colour=red"}, None),
        ("metrics/", {"from": "0001-01-01", "to": "9999-12-31", "interval": "day"}, None),
        ("movements/", {"from": "2026-02", "to": "2026-01"}, None),
        ("movements/", {"from": "2026-02", "to": "2026-02", "kind": "magic"}, "kind"),
        ("cohorts/", {"by": "fortnight"}, "by"),
        ("cohorts/", {"group": "colour"}, None),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    alices: Caller, path: str, asked: dict[str, str], field: str | None
) -> None:
    answer = found(alices.get(path, **asked), 400)
    assert field is None or field in answer
