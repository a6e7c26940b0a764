"""Files of exactly what is filtered, safe to open in a spreadsheet."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from churnapp.common.csv_export import csv_lines, safe_cell
from customers.models import Standing
from tests.factories import (
    make_cancellation,
    make_competitor,
    make_complaint,
    make_customer,
    make_flag,
    make_mention,
    make_organisation,
    make_reason,
    make_subscription,
    stand,
)


def read(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    "text", ["=1+1", "+47 22", "-2", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x"]
)
def test_text_that_a_spreadsheet_would_run_is_neutralised(text):
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("value", ["a=b", "", -12, -1.5, None, "Åse & Co"])
def test_other_values_stay_as_they_are(value):
    assert safe_cell(value) == value


def test_a_file_is_made_in_pieces():
    pieces = list(csv_lines(["n"], ([number] for number in range(1200))))
    assert len(pieces) == 3
    assert len("".join(pieces).splitlines()) == 1201


def test_the_export_holds_what_the_filters_choose_with_the_columns_shown(client, bob):
    acme = make_customer("=cmd|' /C calc'!A0", attributes={"seats": 12, "note": "@x"})
    make_subscription(acme, arr=1200, plan="pro")
    make_customer("Elsewhere", country="SE")
    stand()
    client.force_login(bob)
    query = "?country=NO&columns=mrr&columns=seats&columns=note"
    rows = read(client.get(reverse("customers:export") + query))
    assert rows == [
        {
            "Customer id": acme.external_id,
            "Customer": "'=cmd|' /C calc'!A0",
            "MRR": "100.00",
            "seats": "12",
            "note": "'@x",
            "Currency of MRR": "EUR",
        }
    ]


@pytest.mark.parametrize(
    "currency, shown", [("EUR", "100.00"), ("JPY", "10000"), ("KWD", "10.000")]
)
@pytest.mark.parametrize("name", ["customers:export", "customers:risk_export"])
def test_mrr_is_exported_with_the_places_of_its_currency(client, bob, currency, shown, name):
    make_organisation(currency=currency)
    acme = make_customer("Acme")
    make_subscription(acme, arr=1200)
    stand()
    make_flag(acme)
    Standing.objects.update(arr_minor=120_000, risk=50)
    client.force_login(bob)
    rows = read(client.get(reverse(name) + "?columns=mrr"))
    assert [row["MRR"] for row in rows] == [shown]


def test_the_export_of_those_at_risk_follows_the_filters(client, bob):
    client.force_login(bob)
    page, export = reverse("customers:risk"), reverse("customers:risk_export")
    text = client.get(f"{page}?q=acme&page=2&sort=mrr").content.decode()
    assert f'id="export-link" href="{export}?q=acme&amp;sort=mrr"' in text
    assert "js/filters.js" in text
    part = client.get(f"{page}?q=beta", headers={"HX-Request": "true"}).content.decode()
    assert 'id="at-risk" data-view="q=beta"' in part


def test_the_export_of_losses_follows_the_period(client, bob):
    client.force_login(bob)
    planvind = make_competitor("Planvind")
    export = reverse("customers:export_losses")
    for page, name, query in (
        (reverse("customers:competitors"), "competitors", "period=month"),
        (
            reverse("customers:competitor", args=[planvind.pk]),
            "competitor",
            "period=month&amp;competitor=planvind",
        ),
    ):
        assert f'id="export-link" href="{export}?' in client.get(page).content.decode()
        part = client.get(f"{page}?period=month", headers={"HX-Request": "true"}).content.decode()
        assert f'id="{name}" class="stack" data-view="{query}"' in part


def test_days_in_files_are_those_of_the_pages(client, bob):
    """Rows are made when the view is done, and its time zone with it."""
    make_organisation(timezone="Europe/Oslo")
    late = datetime(2025, 3, 31, 22, 30, tzinfo=UTC)
    customer = make_customer("Acme")
    make_subscription(customer, arr=1200, ends_on="2025-06-01")
    make_cancellation(customer, requested_at=late)
    make_complaint(customer, occurred_at=late, resolved_at=late)
    make_mention(occurred_at=late, replied_at=late)
    client.force_login(bob)
    told = {
        "export_cancellations": "Gave notice on",
        "export_complaints": "Complained on",
        "export_mentions": "When",
    }
    for name, head in told.items():
        query = "?period=all&show=all&state=all"
        (row,) = read(client.get(reverse(f"customers:{name}") + query))
        assert row[head] == "2025-04-01", name


def test_a_moment_is_written_to_the_second_with_its_distance_from_utc():
    with timezone.override("Europe/Oslo"):
        moment = datetime(2026, 10, 17, 23, 59, 25, 362_747, tzinfo=UTC)
        assert safe_cell(moment) == "2026-10-18T01:59:25+02:00"


def test_who_may_not_export_is_refused(alices_client):
    assert alices_client.get(reverse("customers:export")).status_code == 403
    assert alices_client.get(reverse("customers:export_cancellations")).status_code == 403


def test_departures_are_exported_with_reason_words_and_loss(client, bob):
    customer = make_customer("Acme")
    make_subscription(customer, arr=1200, ends_on="2025-03-01")
    make_cancellation(customer, reason=make_reason("price"), comment="-too dear")
    client.force_login(bob)
    rows = read(client.get(reverse("customers:export_cancellations") + "?period=all"))
    assert [(row["Customer"], row["Reason"], row["Lost MRR"]) for row in rows] == [
        ("Acme", "Price", "100.00")
    ]
    assert rows[0]["In the customer's words"] == "'-too dear"
