"""What section 7 of the contract says of files of subscriptions."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from customers.importing.undo import undo
from customers.models import Customer, Standing, Subscription, Term
from customers.services.subscriptions import Contract, change_contract
from tests.factories import make_organisation, make_rate, make_subscription
from tests.importing.conftest import Take, counts, refusals

HEADER = "customer_id,subscription_id,plan,starts_on,ends_on,amount,currency\n"


def terms(subscription: str) -> list[tuple[date, date | None, int]]:
    """Believed terms of a subscription: from, until, ARR."""
    believed = Term.objects.standing().filter(subscription__external_id=subscription)
    return list(believed.order_by("starts_on").values_list("starts_on", "ends_on", "arr_minor"))


def test_rows_of_one_subscription_are_its_terms(take: Take) -> None:
    taken = take(
        "subscriptions",
        HEADER
        + "C1,S1,basic,2024-01-01,2024-07-01,100,EUR\n"
        + "C1,S1,pro,2024-07-01,,150.50,EUR\n",
    )
    assert counts(taken) == (2, 0, 0, 0)
    assert terms("S1") == [
        (date(2024, 1, 1), date(2024, 7, 1), 120_000),
        (date(2024, 7, 1), None, 180_600),
    ]
    assert Customer.objects.get(external_id="C1").name == "C1"
    assert taken.report["notes"]["customer_created"]["examples"] == ["C1"]
    assert Standing.objects.get(customer__external_id="C1").arr_minor == 180_600


def test_second_import_changes_nothing(take: Take) -> None:
    text = HEADER + "C1,S1,basic,2024-01-01,2024-07-01,100,EUR\nC2,,pro,2024-07-01,,1,EUR\n"
    take("subscriptions", text)
    before = list(Term.objects.order_by("pk").values())
    assert counts(take("subscriptions", text)) == (0, 0, 2, 0)
    assert list(Term.objects.order_by("pk").values()) == before


def test_rows_are_the_whole_truth_about_their_subscription(take: Take) -> None:
    take(
        "subscriptions",
        HEADER
        + "C1,S1,basic,2024-01-01,2024-07-01,100,EUR\nC1,S1,pro,2024-07-01,,150,EUR\n"
        + "C2,S2,pro,2024-01-01,,10,EUR\n",
    )
    kept = Term.objects.get(subscription__external_id="S2")
    taken = take("subscriptions", HEADER + "C1,S1,basic,2024-01-01,2024-08-01,100,EUR\n")
    assert counts(taken) == (0, 1, 0, 0)
    assert terms("S1") == [(date(2024, 1, 1), date(2024, 8, 1), 120_000)]
    assert taken.report["notes"]["no_longer_believed"]["examples"] == ["S1 2024-07-01"]
    assert Term.objects.filter(subscription__external_id="S1").count() == 3
    superseded = Term.objects.filter(subscription__external_id="S1", superseded_at__isnull=False)
    assert {term.superseded_at for term in superseded} == {
        Term.objects.standing().get(subscription__external_id="S1").recorded_at
    }
    kept.refresh_from_db()
    assert kept.superseded_at is None


def test_amount_is_annualised_and_rounded_once_half_to_even(take: Take) -> None:
    make_organisation(currency="EUR")
    make_rate("JPY", "0.006")
    make_rate("KWD", "3")
    take(
        "subscriptions",
        "customer_id,subscription_id,starts_on,amount,interval,quantity,currency\n"
        "C1,week,2024-01-01,100,weekly,1,EUR\n"
        "C1,seats,2024-01-01,9.995,month,3,EUR\n"
        "C1,half,2024-01-01,100.005,half-year,1,EUR\n"
        "C1,day,2024-01-01,1,day,,EUR\n"
        "C1,tie-down,2024-01-01,0.125,year,1,EUR\n"
        "C1,tie-up,2024-01-01,0.135,year,1,EUR\n"
        "C1,yen,2024-01-01,12000,year,1,JPY\n"
        "C1,dinar,2024-01-01,1.2345,year,1,KWD\n",
    )
    found = dict(Term.objects.values_list("subscription__external_id", "arr_native_minor"))
    assert found == {
        "week": 520_000,
        "seats": 35_982,
        "half": 20_001,
        "day": 36_500,
        "tie-down": 12,
        "tie-up": 14,
        "yen": 12_000,
        "dinar": 1_234,
    }
    assert Term.objects.get(subscription__external_id="yen").arr_minor == 7_200
    assert Term.objects.get(subscription__external_id="dinar").arr_minor == 370


def test_trials_free_and_paused_terms_have_no_revenue(take: Take) -> None:
    take(
        "subscriptions",
        "customer_id,subscription_id,starts_on,amount,kind,is_trial\n"
        "C1,S1,2024-01-01,10,,TRUE\n"
        "C1,S2,2024-01-01,10,,false\n"
        "C1,S3,2024-01-01,10,paused,\n"
        "C1,S4,2024-01-01,,free,\n",
    )
    found = Term.objects.order_by("subscription__external_id").values_list("kind", "arr_minor")
    assert list(found) == [("trial", 0), ("paid", 12_000), ("paused", 0), ("free", 0)]


def test_row_of_no_days_is_noted_and_its_subscription_known(take: Take) -> None:
    text = HEADER + "C1,S1,pro,2024-01-01,2024-01-01,10,EUR\n"
    taken = take("subscriptions", text)
    assert counts(taken) == (0, 0, 0, 0)
    assert taken.report["notes"]["never_in_force"]["count"] == 1
    assert Subscription.objects.get().external_id == "S1"
    assert not Term.objects.exists()


def test_row_that_never_was_in_force_ends_what_was_believed(take: Take) -> None:
    take("subscriptions", HEADER + "C1,S1,pro,2024-01-01,,10,EUR\n")
    take("subscriptions", HEADER + "C1,S1,pro,2024-01-01,2024-01-01,10,EUR\n")
    assert terms("S1") == []


def test_one_off_sales_make_no_term_and_no_customer(take: Take) -> None:
    taken = take("subscriptions", "customer_id,starts_on,amount,kind\nC1,2024-01-01,500,one_off\n")
    assert taken.report["notes"]["one_off"]["count"] == 1
    assert not Customer.objects.exists()
    assert not Term.objects.exists()


def test_rows_without_an_id_are_named_by_customer_plan_first_day_and_number(take: Take) -> None:
    text = (
        "customer_id,plan,starts_on,amount\n"
        "C1,pro,2024-01-01,10\nC1,pro,2024-01-01,20\nC1,,2024-01-01,30\n"
    )
    taken = take("subscriptions", text)
    assert counts(taken) == (3, 0, 0, 0)
    assert Subscription.objects.count() == 3
    changed = take("subscriptions", text.replace("01,20", "01,25"))
    assert counts(changed) == (0, 1, 2, 0)
    assert Subscription.objects.count() == 3


def test_overlapping_terms_are_refused_with_both_lines(take: Take) -> None:
    taken = take(
        "subscriptions",
        HEADER
        + "C1,S1,pro,2024-01-01,2024-07-01,10,EUR\n"
        + "C1,S2,pro,2024-01-01,,10,EUR\n"
        + "C1,S1,pro,2024-06-30,,10,EUR\n",
    )
    found = refusals(taken)
    assert [row[:3] for row in found] == [
        (2, "starts_on", "2024-01-01"),
        (4, "starts_on", "2024-06-30"),
    ]
    assert "line 4" in found[0][3]
    assert "line 2" in found[1][3]
    assert not Term.objects.exists()
    assert taken.job.state == "failed"


def test_back_to_back_terms_do_not_overlap(take: Take) -> None:
    rows = "C1,S1,pro,2024-02-01,2024-03-01,10,EUR\nC1,S1,pro,2024-01-01,2024-02-01,10,EUR\n"
    assert counts(take("subscriptions", HEADER + rows)) == (2, 0, 0, 0)


def test_skipping_refused_rows_takes_no_half_of_a_subscription(take: Take) -> None:
    taken = take(
        "subscriptions",
        HEADER
        + "C1,S1,pro,2024-01-01,2024-07-01,10,EUR\n"
        + "C1,S1,pro,first of July,,20,EUR\n"
        + "C2,S2,pro,2024-01-01,,10,EUR\n",
        skip_refused=True,
    )
    assert counts(taken) == (1, 0, 0, 2)
    assert [row[0] for row in refusals(taken)] == [2, 3]
    assert "line 3" in refusals(taken)[0][3]
    assert list(Subscription.objects.values_list("external_id", flat=True)) == ["S2"]


def test_missing_rate_refuses_the_row(take: Take) -> None:
    make_rate("NOK", "0.09", on=date(2024, 2, 1))
    taken = take(
        "subscriptions",
        HEADER + "C1,S1,pro,2024-02-15,,10,NOK\nC1,S2,pro,2024-01-31,,10,NOK\n",
    )
    assert [row[:3] for row in refusals(taken)] == [(3, "currency", "NOK")]
    assert "2024-01-31" in refusals(taken)[0][3]


def test_rates_that_come_later_change_nothing_by_themselves(take: Take) -> None:
    make_rate("NOK", "0.10", on=date(2024, 1, 1))
    take("subscriptions", HEADER + "C1,S1,pro,2024-02-15,,10,NOK\n")
    make_rate("NOK", "0.20", on=date(2024, 2, 1))
    same = take("subscriptions", HEADER + "C1,S1,pro,2024-02-15,,10,NOK\n")
    assert counts(same) == (0, 0, 1, 0)
    take("subscriptions", HEADER + "C1,S1,pro,2024-02-15,2024-09-01,10,NOK\n")
    assert Term.objects.standing().get().fx_rate == Decimal("0.1")


def test_subscription_of_another_customer_is_refused(take: Take) -> None:
    make_subscription(external_id="S1")
    taken = take(
        "subscriptions",
        HEADER
        + "C2,S1,pro,2024-01-01,,10,EUR\n"
        + "C3,S3,pro,2024-01-01,2024-02-01,10,EUR\nC4,S3,pro,2024-02-01,,10,EUR\n",
    )
    assert [row[:2] for row in refusals(taken) if row[1] == "customer_id"] == [
        (2, "customer_id"),
        (4, "customer_id"),
    ]
    assert not Customer.objects.filter(external_id="C2").exists()


def test_moments_become_days_of_the_organisation(take: Take) -> None:
    make_organisation(timezone="Europe/Oslo")
    take(
        "subscriptions",
        HEADER
        + "C1,S1,pro,2024-01-01T00:30:00+02:00,2025-03-31T22:30Z,10,EUR\n"
        + "C1,S2,pro,2024-05-01 23:59,,10,EUR\n",
    )
    assert terms("S1") == [(date(2023, 12, 31), date(2025, 4, 1), 12_000)]
    assert terms("S2") == [(date(2024, 5, 1), None, 12_000)]


def test_contract_is_that_of_the_last_row_and_absent_columns_leave_it(take: Take) -> None:
    header = "customer_id,subscription_id,starts_on,ends_on,amount,contract_ends_on,auto_renews\n"
    take(
        "subscriptions",
        header + "C1,S1,2024-01-01,2025-01-01,10,2025-01-01,no\n"
        "C1,S1,2025-01-01,,12,2026-01-01,ja\n",
    )
    subscription = Subscription.objects.get()
    assert (subscription.contract_ends_on, subscription.auto_renews) == (date(2026, 1, 1), True)
    rows = "C1,S1,,2024-01-01,2025-01-01,10,EUR\nC1,S1,,2025-01-01,,15,EUR\n"
    take("subscriptions", HEADER + rows)
    subscription.refresh_from_db()
    assert subscription.contract_ends_on == date(2026, 1, 1)


@pytest.mark.parametrize("until", ["9999-12-31", "9999-12-31T00:00:00Z", ""])
def test_far_future_is_no_end(take: Take, until: str) -> None:
    take("subscriptions", HEADER + f"C1,S1,pro,2024-01-01,{until},10,EUR\n")
    assert terms("S1") == [(date(2024, 1, 1), None, 12_000)]


def test_persons_work_that_would_be_overwritten_is_listed(take: Take) -> None:
    subscription = make_subscription(external_id="S1", arr=1200, starts_on=date(2024, 1, 1))
    customer = subscription.customer.external_id
    taken = take("subscriptions", HEADER + f"{customer},S1,pro,2024-01-01,,20,EUR\n", dry_run=True)
    assert counts(taken) == (0, 1, 0, 0)
    assert taken.report["overwritten"] == 1
    assert taken.report["overwritten_rows"][0]["called"] == "S1"
    assert Term.objects.get().superseded_at is None
    assert taken.published_at is None


def test_recorded_and_superseded_moments_of_nobody_else_are_refused(take: Take) -> None:
    header = "customer_id,subscription_id,starts_on,amount,recorded_at,superseded_at\n"
    taken = take(
        "subscriptions",
        header
        + "C1,S1,2024-01-01,10,2999-01-01T00:00Z,\n"
        + "C1,S2,2024-01-01,10,2024-02-01T00:00Z,2024-01-01T00:00Z\n",
    )
    assert [row[:2] for row in refusals(taken)] == [(2, "recorded_at"), (3, "superseded_at")]


def believed(moment: datetime) -> list[tuple[date, date | None]]:
    found = Term.objects.believed_at(moment).order_by("starts_on")
    return list(found.values_list("starts_on", "ends_on"))


JANUARY, MARCH, MAY, JUNE = (datetime(2025, month, 3, 12, tzinfo=UTC) for month in (1, 3, 5, 6))
KNOWN = "customer_id,subscription_id,starts_on,ends_on,amount,recorded_at,superseded_at\n"


def test_history_comes_along_in_one_file(take: Take) -> None:
    text = (
        KNOWN
        + f"C1,S1,2025-01-01,,10,{JANUARY.isoformat()},{MAY.isoformat()}\n"
        + f"C1,S1,2025-01-01,2025-03-20,10,{MAY.isoformat()},\n"
    )
    assert counts(take("subscriptions", text)) == (2, 0, 0, 0)
    assert believed(MARCH) == [(date(2025, 1, 1), None)]
    assert believed(JUNE) == [(date(2025, 1, 1), date(2025, 3, 20))]
    assert counts(take("subscriptions", text)) == (0, 0, 2, 0)
    assert Term.objects.count() == 2


def test_history_comes_along_in_several_files_in_the_order_of_knowing(take: Take) -> None:
    first = KNOWN + f"C1,S1,2025-01-01,,10,{JANUARY.isoformat()},\n"
    second = (
        KNOWN
        + f"C1,S1,2025-01-01,2025-03-20,10,{MAY.isoformat()},\n"
        + f"C1,S1,2025-06-01,,20,{JUNE.isoformat()},\n"
    )
    take("subscriptions", first)
    take("subscriptions", second)
    assert believed(MARCH) == [(date(2025, 1, 1), None)]
    assert believed(MAY) == [(date(2025, 1, 1), date(2025, 3, 20))]
    assert believed(JUNE) == [
        (date(2025, 1, 1), date(2025, 3, 20)),
        (date(2025, 6, 1), None),
    ]
    rows = list(Term.objects.order_by("pk").values())
    for again in (first, second):
        assert counts(take("subscriptions", again))[:2] == (0, 0)
    assert list(Term.objects.order_by("pk").values()) == rows


def test_later_file_may_close_what_an_earlier_one_left_open(take: Take) -> None:
    take("subscriptions", KNOWN + f"C1,S1,2025-01-01,,10,{JANUARY.isoformat()},\n")
    taken = take(
        "subscriptions",
        KNOWN
        + f"C1,S1,2025-01-01,,10,{JANUARY.isoformat()},{MAY.isoformat()}\n"
        + f"C1,S1,2025-01-01,2025-03-20,10,{MAY.isoformat()},{JUNE.isoformat()}\n"
        + f"C1,S1,2025-01-01,,10,{JUNE.isoformat()},\n",
    )
    assert taken.job.state == "done", refusals(taken)
    assert believed(MARCH) == [(date(2025, 1, 1), None)]
    assert believed(MAY) == [(date(2025, 1, 1), date(2025, 3, 20))]
    assert believed(JUNE) == [(date(2025, 1, 1), None)]
    assert Term.objects.count() == 3


def test_history_out_of_order_is_refused(take: Take) -> None:
    take("subscriptions", KNOWN + f"C1,S1,2025-01-01,,10,{MAY.isoformat()},\n")
    taken = take("subscriptions", KNOWN + f"C1,S1,2025-01-01,,15,{JANUARY.isoformat()},\n")
    assert [row[:2] for row in refusals(taken)] == [(2, "recorded_at")]
    assert believed(JUNE) == [(date(2025, 1, 1), None)]


def test_another_contract_alone_is_a_change(take: Take) -> None:
    header = "customer_id,subscription_id,starts_on,amount,contract_ends_on,notice_by\n"
    take("subscriptions", header + "C1,S1,2024-01-01,10,2030-01-01,2029-10-01\n")
    again = header + "C1,S1,2024-01-01,10,2031-01-01,2029-10-01\n"
    dry = take("subscriptions", again, dry_run=True)
    assert counts(dry) == (0, 1, 0, 0)
    assert dry.report["overwritten"] == 0
    assert Standing.objects.get().contract_ends_on == date(2030, 1, 1)
    taken = take("subscriptions", again)
    assert counts(taken) == (0, 1, 0, 0)
    assert Standing.objects.get().contract_ends_on == date(2031, 1, 1)
    assert counts(take("subscriptions", again)) == (0, 0, 1, 0)
    undo(taken)
    assert Subscription.objects.get().contract_ends_on == date(2030, 1, 1)
    assert Standing.objects.get().contract_ends_on == date(2030, 1, 1)


def test_a_contract_that_a_person_agreed_is_listed_before_it_is_overwritten(take: Take) -> None:
    header = "customer_id,subscription_id,starts_on,amount,contract_ends_on\n"
    text = header + "C1,S1,2024-01-01,10,2030-01-01\n"
    take("subscriptions", text)
    contract = Contract(ends_on=date(2032, 1, 1))
    change_contract(Subscription.objects.get(), contract=contract, by=None)
    dry = take("subscriptions", text, dry_run=True)
    assert dry.report["overwritten_rows"] == [
        {
            "line": 2,
            "called": "S1",
            "field": "contract_ends_on",
            "before": "2032-01-01",
            "after": "2030-01-01",
        }
    ]
    take("subscriptions", text)
    later = header + "C1,S1,2024-01-01,10,2033-01-01\n"
    assert take("subscriptions", later, dry_run=True).report["overwritten"] == 0


def test_a_one_off_sale_leaves_the_terms_and_the_contract(take: Take) -> None:
    header = "customer_id,subscription_id,starts_on,amount,kind,contract_ends_on\n"
    take("subscriptions", header + "C1,S1,2024-01-01,10,paid,2030-01-01\n")
    take("subscriptions", header + "C1,S1,2024-05-01,500,one_off,\n")
    assert terms("S1") == [(date(2024, 1, 1), None, 12_000)]
    assert Subscription.objects.get().contract_ends_on == date(2030, 1, 1)
