"""The commands that other programs rely on: their JSON, their refusals, what they leave behind."""

import csv
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from churnapp.models import Organisation
from customers.metrics.definitions import DEFINITIONS
from customers.models import CheckRun, Standing, Term
from tests.factories import (
    make_cancellation,
    make_customer,
    make_plan,
    make_rate,
    make_spend,
    make_subscription,
    make_term,
    make_usage,
    make_user,
)

pytestmark = pytest.mark.django_db(transaction=True)

JANUARY, MARCH = date(2025, 1, 1), date(2025, 3, 1)


def answer(command: str, *options: str) -> Any:
    out = StringIO()
    call_command(command, *options, "--format", "json", stdout=out)
    return json.loads(out.getvalue())


def month(text: str, *options: str) -> dict[str, Any]:
    return answer("metrics", "--from", text, "--to", text, *options)["periods"][0]


def test_metrics_answer_every_key_with_money_as_text() -> None:
    make_subscription(arr=1200, starts_on=JANUARY)
    found = answer("metrics", "--from", "2025-02", "--to", "2025-Q1")
    assert (found["currency"], found["interval"], found["convention"]) == (
        "EUR",
        "month",
        "churnapp",
    )
    assert [period["start"] for period in found["periods"]] == ["2025-02-01", "2025-03-01"]
    period = found["periods"][0]
    assert set(period) == {"start", "end", "partial", *DEFINITIONS}
    assert (period["mrr_end"], period["arr_end_minor"], period["partial"]) == (
        "100.00",
        120_000,
        False,
    )
    assert period["customer_retention_rate"] == 1


def test_every_definition_has_a_value_and_every_value_a_definition() -> None:
    assert set(month("2025-01")) - {"start", "end", "partial"} == set(DEFINITIONS)


def test_the_periods_of_each_interval() -> None:
    options = ("--from", "2025-02-17", "--to", "2025-W10", "--interval")
    starts = {
        interval: [period["start"] for period in answer("metrics", *options, interval)["periods"]]
        for interval in ("week", "month", "quarter", "year")
    }
    assert starts["week"] == ["2025-02-17", "2025-02-24", "2025-03-03"]
    assert starts["month"] == ["2025-02-01", "2025-03-01"]
    assert (starts["quarter"], starts["year"]) == (["2025-01-01"], ["2025-01-01"])


def test_as_known_then_and_as_known_now() -> None:
    """Recorded on 3 May: "ended on 20 March". On 1 April March had no churn; now it has."""
    late = datetime(2025, 5, 3, tzinfo=UTC)
    subscription = make_subscription(starts_on=JANUARY, superseded_at=late)
    make_term(subscription, starts_on=JANUARY, ends_on=date(2025, 3, 20), recorded_at=late)
    assert month("2025-03", "--known-at", "2025-04-01T00:00:00Z")["churned_customers"] == 0
    assert month("2025-03")["churned_customers"] == 1


def test_a_segment_takes_fields_attributes_and_the_plan_as_known() -> None:
    pro = make_customer(country="NO", attributes={"case": "A01"})
    make_subscription(pro, arr=1200, plan="pro", starts_on=JANUARY)
    make_subscription(pro, arr=600, plan="mini", starts_on=JANUARY)
    make_subscription(make_customer(country="SE"), arr=2400, plan="mini", starts_on=JANUARY)
    assert month("2025-03", "--segment", "country=NO")["mrr_end"] == "150.00"
    assert month("2025-03", "--segment", "case=A01&plan=pro")["mrr_end"] == "150.00"
    assert month("2025-03", "--segment", "plan=mini")["mrr_end"] == "200.00"
    assert month("2025-03", "--segment", "plan=mini&plan=pro")["mrr_end"] == "350.00"


def test_a_segment_takes_an_attribute_that_is_called_like_a_field() -> None:
    make_subscription(make_customer(attributes={"plan": "old", "sort": "A"}), plan="pro", arr=1200)
    make_subscription(make_customer(attributes={"plan": "new"}), plan="pro", arr=2400)
    for segment in ("attribute.plan=old", "plan=pro&attribute.plan=old", "attribute.sort=A"):
        assert month("2025-03", "--segment", segment)["mrr_end"] == "100.00"
    with pytest.raises(CommandError, match=r"“nope” is neither.*attribute\.plan.*attribute\.sort"):
        month("2025-03", "--segment", "attribute.nope=x")


def test_a_plan_segment_follows_the_largest_running_term() -> None:
    customer = make_customer()
    subscription = make_subscription(customer, plan="mini", starts_on=JANUARY, ends_on=MARCH)
    make_term(subscription, plan="pro", starts_on=MARCH)
    inside = ("--known-at", "2025-02-10T00:00:00Z")
    assert month("2025-02", "--segment", "plan=mini")["customers_end"] == 0
    assert month("2025-02", "--segment", "plan=pro")["customers_end"] == 1
    assert month("2025-02", "--segment", "plan=mini", *inside)["customers_end"] == 1


@pytest.mark.parametrize("segment", ["owner=abc", "risk=40000", "mrr_from=1e20", "customer_id=no"])
def test_a_segment_that_nobody_can_be_in_has_figures_of_nobody(segment: str) -> None:
    make_subscription(arr=1200)
    values = month("2025-03", "--segment", segment)
    assert (values["customers_end"], values["mrr_end"]) == (0, "0.00")
    assert values["customer_churn_rate"] is None
    assert answer("cohorts", "--segment", segment)["cohorts"] == []


@pytest.mark.parametrize(
    "segment, refusal",
    [
        ("view=pro", "“view” is neither a field nor an attribute"),
        ("case=", "“case” needs a value"),
        ("owner=me", "“owner=me” needs somebody who asks"),
        ("case=%00", "“case” holds a character"),
        ("&", "“&” is no segment"),
    ],
)
def test_what_would_silently_choose_everyone_is_refused(segment: str, refusal: str) -> None:
    make_customer(attributes={"case": "A01"})
    with pytest.raises(CommandError, match=refusal):
        month("2025-03", "--segment", segment)


def test_an_unknown_name_in_a_segment_is_refused_with_the_known_ones() -> None:
    make_customer(attributes={"channel": "partner"})
    with pytest.raises(
        CommandError, match=r"industri.*channel.*country|industri.*country.*channel"
    ):
        month("2025-01", "--segment", "industri=x")


@pytest.mark.parametrize("query", ["sort=name", "country=", "&", "pro"])
def test_a_segment_that_would_choose_everyone_is_refused(query: str) -> None:
    make_customer()
    with pytest.raises(CommandError):
        month("2025-01", "--segment", query)


def test_a_segment_by_owner_and_day_of_signing_up() -> None:
    owner = make_user()
    customer = make_customer(owner=owner, signed_up_on=JANUARY)
    make_subscription(customer, starts_on=JANUARY)
    make_subscription(make_customer(), starts_on=JANUARY)
    for query in (f"owner_email={owner.email}", "signed_up_on=2025-01-01"):
        assert month("2025-02", "--segment", query)["customers_end"] == 1


@pytest.mark.parametrize(
    "options",
    [
        ("--from", "2025-13", "--to", "2025-12"),
        ("--from", "2025-02", "--to", "2025-01"),
        ("--from", "2025", "--to", "2025", "--interval", "fortnight"),
        ("--from", "2025", "--to", "2025", "--convention", "stripe"),
        ("--from", "2025", "--to", "2025", "--churn-date", "requested"),
        ("--from", "2025", "--to", "2025", "--known-at", "yesterday"),
        ("--from", "1200", "--to", "2025", "--interval", "day"),
    ],
)
def test_what_can_not_be_answered_ends_with_a_sentence(options: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        answer("metrics", *options)


def test_csv_has_a_row_a_period_and_a_table_a_column() -> None:
    out = StringIO()
    options = ("--from", "2025-01", "--to", "2025-03")
    call_command("metrics", *options, "--format", "csv", stdout=out)
    rows = list(csv.DictReader(StringIO(out.getvalue())))
    assert [row["start"] for row in rows] == ["2025-01-01", "2025-02-01", "2025-03-01"]
    table = StringIO()
    call_command("metrics", *options, "--format", "table", stdout=table)
    assert table.getvalue().splitlines()[0].split() == [row["start"] for row in rows]


def test_lost_customers_by_the_kind_of_their_cancellation() -> None:
    asked, failed, silent = make_customer(), make_customer(), make_customer()
    for customer in (asked, failed, silent):
        make_subscription(customer, starts_on=JANUARY, ends_on=MARCH)
    make_cancellation(asked, effective_on=date(2025, 2, 28))
    make_cancellation(failed, effective_on=MARCH, involuntary=True)
    make_cancellation(silent, effective_on=MARCH, withdrawn_at=datetime(2025, 2, 1, tzinfo=UTC))
    make_cancellation(silent, effective_on=date(2025, 5, 1))
    found = month("2025-03")
    rates = ("voluntary_churn_rate", "involuntary_churn_rate", "unexplained_churn_rate")
    assert [round(found[key] * 3) for key in rates] == [1, 1, 1]
    assert found["lost_customers"] == 3


def test_silent_customers_pay_and_do_not_use() -> None:
    used, silent = make_customer(), make_customer()
    for customer in (used, silent):
        make_subscription(customer, starts_on=JANUARY)
    assert month("2025-03")["silent_customers_end"] is None
    make_usage(used, date(2025, 3, 2))
    make_usage(silent, date(2025, 3, 1))
    make_usage(silent, date(2025, 3, 30), count=0, feature="other")
    assert month("2025-03")["silent_customers_end"] == 1
    assert month("2025-02")["silent_customers_end"] is None
    assert month("2025-04")["silent_customers_end"] == 2


def test_what_customers_cost() -> None:
    """1,000 spent on two new customers of 100 a month, one of them lost in the month after."""
    make_subscription(make_customer(), arr=1200, starts_on=date(2025, 2, 3))
    make_subscription(
        make_customer(), arr=1200, starts_on=date(2025, 2, 3), ends_on=date(2025, 3, 9)
    )
    make_subscription(make_customer(), arr=600, starts_on=date(2025, 3, 20))
    make_spend(date(2025, 2, 1), 1000)
    make_spend(MARCH, 250)
    make_spend(MARCH, 80, purpose="retention")
    february, march = month("2025-02"), month("2025-03")
    assert (february["cac"], february["cac_payback_months"]) == ("500.00", 6.25)
    assert february["retention_cost_per_customer"] is None
    assert (march["cac"], march["retention_cost_per_customer"]) == ("250.00", "40.00")
    assert march["lost_recurring_revenue"] == "100.00"
    assert march["cost_of_churn"] == 25_000
    assert march["replacement_cost"] == "1450.00"
    quarter = answer("metrics", "--from", "2025-Q1", "--to", "2025-Q1", "--interval", "quarter")
    assert quarter["periods"][0]["cost_of_churn"] == 25_000
    assert quarter["periods"][0]["cac"] == "416.67"


def test_spend_in_another_currency_takes_the_rate_of_its_month() -> None:
    make_subscription(make_customer(), starts_on=date(2025, 2, 3))
    make_rate("NOK", "0.1", on=JANUARY)
    make_rate("NOK", "0.2", on=MARCH)
    make_spend(date(2025, 2, 1), 1000, currency="NOK")
    assert month("2025-02")["cac"] == "100.00"


def test_contracts_renewed_ended_undecided_and_left_early() -> None:
    ends = date(2025, 3, 15)
    make_subscription(starts_on=JANUARY, contract_ends_on=ends, auto_renews=True)
    make_subscription(starts_on=JANUARY, contract_ends_on=ends, auto_renews=False)
    make_subscription(arr=2400, starts_on=JANUARY, ends_on=ends, contract_ends_on=ends)
    make_subscription(starts_on=JANUARY, ends_on=MARCH, contract_ends_on=date(2025, 12, 1))
    found = month("2025-03")
    assert (found["renewal_rate"], found["undecided_renewals"]) == (0.5, 1)
    assert round(found["renewal_rate_mrr"], 6) == round(1 / 3, 6)
    assert found["early_termination_rate"] == 0.25


def test_the_ten_largest_count_groups_as_one() -> None:
    parent = make_customer()
    for number in range(12):
        customer = make_customer(parent=parent if number < 2 else None)
        make_subscription(customer, arr=100, starts_on=JANUARY)
    assert round(month("2025-03")["mrr_top10_share"], 6) == round(11 / 12, 6)


def test_movements_list_the_customers_behind_a_sum() -> None:
    customer = make_customer(external_id="C-lost")
    make_subscription(customer, arr=1200, starts_on=JANUARY, ends_on=date(2025, 3, 15))
    found = answer("movements", "--from", "2025-03-01", "--to", "2025-03-31", "--kind", "churn")
    assert found == [
        {
            "on": "2025-03-15",
            "customer_id": "C-lost",
            "kind": "churn",
            "arr_minor": -120_000,
            "mrr": "-100.00",
            "currency": "EUR",
        }
    ]
    assert answer("movements", "--from", "2025-03-16", "--to", "2025-03-31") == []
    with pytest.raises(CommandError, match="expansion"):
        answer("movements", "--from", "2025", "--to", "2025", "--kind", "churned")


def test_cohorts_keep_their_members_and_leave_open_ages_empty() -> None:
    for ends_on in (None, date(2025, 1, 20), MARCH):
        make_subscription(make_customer(country="NO"), starts_on=date(2025, 1, 5), ends_on=ends_on)
    make_subscription(make_customer(country="SE"), starts_on=date(2025, 2, 5))
    known = ("--known-at", "2025-03-15T00:00:00Z")
    found = answer("cohorts", *known)
    assert [(each["cohort"], each["size"]) for each in found["cohorts"]] == [
        ("2025-01-01", 3),
        ("2025-02-01", 1),
    ]
    assert [round(cell * 3) for cell in found["cohorts"][0]["cells"]] == [2, 2]
    assert found["cohorts"][1]["cells"] == [1.0]
    assert found["weighted_mean"] == [0.75, pytest.approx(2 / 3)]
    grouped = answer("cohorts", "--by", "quarter", "--group", "country", *known)
    assert [(each["group"], each["size"]) for each in grouped["cohorts"]] == [("NO", 3), ("SE", 1)]


def test_cohorts_by_sign_up_and_in_money() -> None:
    customer = make_customer(signed_up_on=date(2024, 11, 20))
    make_subscription(customer, arr=1200, starts_on=JANUARY, ends_on=MARCH)
    make_term(customer.subscriptions.get(), arr=1800, starts_on=MARCH)
    known = ("--known-at", "2025-04-01T00:00:00Z")
    found = answer("cohorts", "--cohort", "signed_up", "--measure", "mrr", *known)
    assert [each["cohort"] for each in found["cohorts"]] == ["2024-11-01"]
    assert found["cohorts"][0]["cells"] == [0.0, 0.0, 1.0, 1.0, 1.5]
    by_plan = answer("cohorts", "--group", "plan", *known)
    assert [each["group"] for each in by_plan["cohorts"]] == ["pro"]
    with pytest.raises(CommandError, match="country"):
        answer("cohorts", "--group", "shoe_size")


def test_the_organisation_is_set_and_its_currency_fixed_by_terms() -> None:
    out = StringIO()
    call_command("organisation", "--name", "Acme", "--gross-margin", "0.75", stdout=out)
    organisation = Organisation.current()
    assert (organisation.name, organisation.gross_margin) == ("Acme", Decimal("0.75"))
    assert "gross margin: 0.75" in out.getvalue()
    call_command("organisation", "--currency", "NOK", stdout=out)
    make_subscription()
    with pytest.raises(CommandError, match="fixed"):
        call_command("organisation", "--currency", "EUR", stdout=out)
    with pytest.raises(CommandError, match="time zone"):
        call_command("organisation", "--timezone", "Mars/Olympus", stdout=out)


def test_recompute_checks_the_figures_and_twice_changes_nothing() -> None:
    customer = make_customer()
    make_subscription(customer, starts_on=JANUARY, ends_on=MARCH)
    for _ in range(2):
        call_command("recompute", "--full", stdout=StringIO())
    assert Standing.objects.get(customer=customer).state == "lost"
    names = set(CheckRun.objects.filter(ok=True).values_list("name", flat=True))
    assert names == {
        "identity_total",
        "identity_customers",
        "identity_plan",
        "identity_country",
        "full_equals_recent",
        "two_ways_agree",
    }
    assert not CheckRun.objects.filter(ok=False).exists()


def test_recompute_as_of_an_earlier_day() -> None:
    customer = make_customer()
    make_subscription(customer, starts_on=JANUARY, ends_on=MARCH)
    call_command("recompute", "--as-of", "2025-02-10", stdout=StringIO())
    assert Standing.objects.get(customer=customer).state == "active"
    with pytest.raises(CommandError, match="no day"):
        call_command("recompute", "--as-of", "2025-02-40", stdout=StringIO())


def test_rates_that_come_later_change_terms_only_when_asked() -> None:
    make_plan()
    make_rate("USD", "1.10", on=JANUARY)
    subscription = make_subscription(arr=1200, currency="USD", fx_rate="1.05", starts_on=JANUARY)
    before = month("2025-02")["mrr_end"]
    then = timezone.now().isoformat()
    for expected in ("1", "0"):
        out = StringIO()
        call_command("recompute", "--rates", stdout=out)
        assert out.getvalue().splitlines()[0] == f"terms with a new rate: {expected}"
    assert (before, month("2025-02")["mrr_end"]) == ("105.00", "110.00")
    assert month("2025-02", "--known-at", then)["mrr_end"] == "105.00"
    assert Term.objects.filter(subscription=subscription).count() == 2
