"""The worked examples that begin with a file: imported and asked as another program would."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = "customer_id,subscription_id,plan,starts_on,ends_on,amount,interval,currency,recorded_at"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def imported(folder: Path, kind: str, *lines: str) -> None:
    path = folder / f"{kind}.csv"
    path.write_text("\n".join(lines) + "\n")
    call_command("importcsv", kind, str(path), stdout=StringIO(), stderr=StringIO())


def month(text: str, *options: str) -> dict[str, object]:
    out = StringIO()
    given = ("--from", text, "--to", text, "--format", "json", *options)
    call_command("metrics", *given, stdout=out)
    return json.loads(out.getvalue())["periods"][0]


def test_8_a_week_billed_100(folder: Path) -> None:
    imported(folder, "subscriptions", HEADER, "C1,S1,pro,2025-01-01,,100,week,EUR,")
    assert month("2025-02")["mrr_end"] == "433.33"


@pytest.mark.parametrize("currency, mrr", [("JPY", "1000"), ("KWD", "1000.000")])
def test_9_currencies_without_decimals_and_with_three(
    folder: Path, currency: str, mrr: str
) -> None:
    call_command("organisation", "--currency", currency, stdout=StringIO())
    imported(folder, "subscriptions", HEADER, f"C1,S1,pro,2025-01-01,,12000,year,{currency},")
    assert month("2025-02")["mrr_end"] == mrr


def test_12_an_end_recorded_late(folder: Path) -> None:
    """Recorded on 3 May: "ended on 20 March". As known on 1 April March has no churn."""
    running = "C1,S1,pro,2025-01-01,,100,month,EUR,2025-01-01T09:00:00Z"
    ended = "C1,S1,pro,2025-01-01,2025-03-20,100,month,EUR,2025-05-03T09:00:00Z"
    imported(folder, "subscriptions", HEADER, running)
    imported(folder, "subscriptions", HEADER, ended)
    then = month("2025-03", "--known-at", "2025-04-01T00:00:00Z")
    assert (then["churned_customers"], then["customers_end"]) == (0, 1)
    assert (month("2025-03")["churned_customers"], month("2025-03")["mrr_churn"]) == (1, "-100.00")


@pytest.mark.parametrize("zone, lost_in", [("Europe/Oslo", "2025-04"), ("UTC", "2025-03")])
def test_14_midnight_is_the_organisations(folder: Path, zone: str, lost_in: str) -> None:
    call_command("organisation", "--timezone", zone, stdout=StringIO())
    line = "C1,S1,pro,2025-01-01,2025-03-31T22:30:00Z,100,month,EUR,"
    imported(folder, "subscriptions", HEADER, line)
    churned = {text: month(text)["churned_customers"] for text in ("2025-03", "2025-04")}
    assert churned == {"2025-03": 0, "2025-04": 0} | {lost_in: 1}


def test_16_rates_of_the_first_day(folder: Path) -> None:
    imported(
        folder,
        "rates",
        "on,currency,rate",
        "2025-01-01,USD,1.10",
        "2025-02-01,USD,1.05",
        "2025-01-01,JPY,0.006",
    )
    imported(
        folder,
        "subscriptions",
        HEADER,
        "C1,S1,pro,2025-01-01,2025-02-01,100,month,USD,",
        "C1,S1,pro,2025-02-01,,120,month,USD,",
        "C2,S2,pro,2025-01-01,,12000,year,JPY,",
    )
    found = month("2025-02")
    assert (found["mrr_fx"], found["mrr_expansion"], found["grr"]) == ("-5.00", "21.00", 1)
    assert found["mrr_end"] == "132.00"
