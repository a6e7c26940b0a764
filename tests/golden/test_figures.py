"""The worked examples of the definitions, by hand: terms in, figures out."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from churnapp.common.money import annualised_minor, mrr
from customers.metrics.cohorts import Cohort, weighted_mean
from customers.metrics.figures import MOVEMENT_KEYS
from tests.metrics.asking import (
    ask_engine,
    fact,
    foreign,
    month,
    pause,
    question_of,
)
from tests.world import Fact, World

JANUARY = date(2025, 1, 1)


def moved(values: dict[str, object]) -> dict[str, Decimal]:
    """The movements of a month that are not zero, as MRR."""
    found = {name: values[f"mrr_{name}"] for name in MOVEMENT_KEYS}
    return {name: amount for name, amount in found.items() if amount}


def identity_holds(values: dict[str, object]) -> bool:
    total = sum(values[f"arr_{name}_minor"] for name in MOVEMENT_KEYS)
    return values["arr_start_minor"] + total == values["arr_end_minor"]


def test_1_an_upgrade_is_expansion_and_an_end_is_churn() -> None:
    terms = [
        fact(1, 120_000, JANUARY, date(2025, 3, 15)),
        fact(1, 240_000, date(2025, 3, 15), date(2025, 4, 10)),
    ]
    assert moved(month(terms, "2025-03")) == {"expansion": Decimal("100.00")}
    assert moved(month(terms, "2025-04")) == {"churn": Decimal("-200.00")}


def test_2_growth_before_leaving_is_no_loss_above_what_was_there() -> None:
    terms = [
        fact(1, 600_000, JANUARY, date(2025, 3, 10)),
        fact(1, 1_654_800, date(2025, 3, 10), date(2025, 3, 20)),
    ]
    values = month(terms, "2025-03")
    assert values["gross_mrr_churn_rate"] == 1
    assert moved(values) == {"expansion": Decimal("879.00"), "churn": Decimal("-1379.00")}


def test_3_sums_are_rounded_once() -> None:
    yearly = [fact(1, 50_000, JANUARY, subscription=number) for number in range(4)]
    assert month(yearly, "2025-02")["mrr_end"] == Decimal("166.67")
    monthly = [
        fact(1, 36_000, date(2025, 3, 5), date(2025, 4, 5), subscription=number)
        for number in (4, 5)
    ]
    assert moved(month(yearly + monthly, "2025-03")) == {"expansion": Decimal("60.00")}
    assert moved(month(yearly + monthly, "2025-04")) == {"contraction": Decimal("-60.00")}


def test_4_two_subscriptions_cancelled_apart_and_together() -> None:
    apart = [
        fact(1, 12_000, JANUARY, date(2025, 3, 10), subscription=1),
        fact(1, 24_000, JANUARY, date(2025, 3, 20), subscription=2),
    ]
    together = [apart[0], fact(1, 24_000, JANUARY, date(2025, 3, 10), subscription=2)]
    assert moved(month(apart, "2025-03")) == {
        "contraction": Decimal("-10.00"),
        "churn": Decimal("-20.00"),
    }
    assert moved(month(together, "2025-03")) == {"churn": Decimal("-30.00")}


def test_5_cancelled_and_subscribed_again_the_same_day_is_nothing() -> None:
    terms = [
        fact(1, 12_000, JANUARY, date(2025, 3, 10), subscription=1),
        fact(1, 12_000, date(2025, 3, 10), subscription=2),
    ]
    values = month(terms, "2025-03")
    assert moved(values) == {}
    assert values["churned_customers"] == values["new_customers"] == 0


def back_after_40_days() -> list[Fact]:
    return [
        fact(1, 12_000, JANUARY, date(2025, 3, 1), subscription=1),
        fact(1, 12_000, date(2025, 4, 10), subscription=2),
    ]


def test_6_back_after_40_days_is_churn_then_reactivation() -> None:
    terms = back_after_40_days()
    assert moved(month(terms, "2025-03")) == {"churn": Decimal("-10.00")}
    assert moved(month(terms, "2025-04")) == {"reactivation": Decimal("10.00")}


def test_6_with_45_days_of_grace_it_is_nothing() -> None:
    terms = back_after_40_days()
    assert moved(month(terms, "2025-03", grace=45)) == {}
    assert moved(month(terms, "2025-04", grace=45)) == {}
    assert month(terms, "2025-03", grace=45)["customers_end"] == 1


def test_6_asked_inside_the_gap_it_is_churn() -> None:
    inside = datetime(2025, 3, 20, tzinfo=UTC)
    values = month(back_after_40_days(), "2025-03", grace=45, known_at=inside)
    assert moved(values) == {"churn": Decimal("-10.00")}


def test_6_the_grace_of_the_largest_plan_that_ended_counts() -> None:
    terms = [
        fact(1, 12_000, JANUARY, date(2025, 3, 1), subscription=1, grace=0),
        fact(1, 36_000, JANUARY, date(2025, 3, 1), subscription=2, grace=45),
        fact(1, 12_000, date(2025, 4, 10), subscription=3),
    ]
    assert moved(month(terms, "2025-03")) == {}
    assert moved(month(terms, "2025-04")) == {"contraction": Decimal("-30.00")}


def test_7_rates_of_nobody_are_unknown() -> None:
    values = month([fact(1, 12_000, date(2025, 3, 5))], "2025-03")
    rates = [name for name in values if name.endswith("_rate")] + ["grr", "nrr"]
    assert {values[name] for name in rates} == {None}


def test_8_a_week_billed_100() -> None:
    arr = annualised_minor(Decimal(100), Decimal(1), "week", "EUR")
    assert month([fact(1, arr, JANUARY)], "2025-02")["mrr_end"] == Decimal("433.33")


def test_9_currencies_without_decimals_and_with_three() -> None:
    assert str(mrr(12_000, "JPY")) == "1000"
    assert str(mrr(12_000_000, "KWD")) == "1000.000"
    values = month([fact(1, 12_000, JANUARY, currency="JPY")], "2025-02", currency="JPY")
    assert str(values["mrr_end"]) == "1000"


def test_10_a_mean_over_cohorts_is_weighted() -> None:
    period = question_of(World([], datetime.now(UTC)), JANUARY, JANUARY).periods[0]
    cohorts = [
        Cohort(period, None, 10, 0, (2,), (0.2,)),
        Cohort(period, None, 100, 0, (0,), (0.0,)),
    ]
    assert round(weighted_mean(cohorts, "customers")[0], 3) == 0.018


def test_11_an_end_and_a_start_on_one_day_leave_no_gap() -> None:
    terms = [
        fact(1, 12_000, JANUARY, date(2025, 3, 10)),
        fact(1, 12_000, date(2025, 3, 10)),
    ]
    assert moved(month(terms, "2025-03")) == {}


def trial(starts: date, ends: date) -> Fact:
    return fact(1, 0, starts, ends, kind="trial")


def test_13_a_trial_that_never_paid_was_never_a_customer() -> None:
    values = month([trial(date(2025, 3, 3), date(2025, 3, 17))], "2025-03")
    counted = ("customers_start", "customers_end", "new_customers", "churned_customers")
    assert [values[key] for key in counted] == [0, 0, 0, 0]


def test_13_a_trial_then_paid_is_new_on_the_first_paid_day() -> None:
    terms = [trial(date(2025, 3, 20), date(2025, 4, 3)), fact(1, 12_000, date(2025, 4, 3))]
    assert month(terms, "2025-03")["new_customers"] == 0
    assert moved(month(terms, "2025-04")) == {"new": Decimal("10.00")}


def test_15_a_pause_keeps_the_customer_until_its_limit() -> None:
    terms = [fact(1, 120_000, JANUARY, date(2025, 2, 1)), pause(1, date(2025, 2, 1))]
    february, may = month(terms, "2025-02"), month(terms, "2025-05")
    assert moved(february) == {"pause": Decimal("-100.00")}
    assert (february["customers_end"], february["customer_churn_rate"]) == (1, 0)
    assert moved(may) == {"pause": Decimal("100.00"), "churn": Decimal("-100.00")}
    assert (may["lost_customers"], may["churned_customers"]) == (1, 1)
    assert identity_holds(february)
    assert identity_holds(may)


def test_15_the_pause_passes_its_limit_90_days_after_it_began() -> None:
    terms = [fact(1, 120_000, JANUARY, date(2025, 2, 1)), pause(1, date(2025, 2, 1))]
    limit = date(2025, 2, 1) + timedelta(days=90)
    by_day = ask_engine(
        World(terms, datetime(2026, 1, 1, tzinfo=UTC)),
        question_of(
            World(terms, datetime(2026, 1, 1, tzinfo=UTC)), limit - timedelta(1), limit, "day"
        ),
    )
    assert by_day.series("churned_customers") == [0, 1]


def test_15_resuming_within_the_limit_is_no_reactivation() -> None:
    terms = [
        fact(1, 120_000, JANUARY, date(2025, 2, 1)),
        pause(1, date(2025, 2, 1), date(2025, 3, 15)),
        fact(1, 150_000, date(2025, 3, 15)),
    ]
    assert moved(month(terms, "2025-03")) == {"resume": Decimal("125.00")}


def test_15_a_pause_that_ends_without_paying_again_is_churn_that_day() -> None:
    terms = [
        fact(1, 120_000, JANUARY, date(2025, 2, 1)),
        pause(1, date(2025, 2, 1), date(2025, 3, 15)),
    ]
    values = month(terms, "2025-03")
    assert moved(values) == {"pause": Decimal("100.00"), "churn": Decimal("-100.00")}
    assert values["lost_customers"] == 1


def test_15_a_pause_after_a_gap_is_none() -> None:
    terms = [
        fact(1, 120_000, JANUARY, date(2025, 2, 1)),
        pause(1, date(2025, 2, 3), date(2025, 3, 15)),
    ]
    assert moved(month(terms, "2025-02")) == {"churn": Decimal("-100.00")}


def test_15_pausing_one_of_two_subscriptions_is_contraction() -> None:
    terms = [
        fact(1, 120_000, JANUARY, date(2025, 2, 1), subscription=1),
        pause(1, date(2025, 2, 1), date(2025, 2, 20), subscription=1),
        fact(1, 120_000, date(2025, 2, 20), subscription=1),
        fact(1, 60_000, JANUARY, subscription=2),
    ]
    assert moved(month(terms, "2025-02")) == {
        "contraction": Decimal("-100.00"),
        "expansion": Decimal("100.00"),
    }


def test_16_a_new_rate_is_fx_and_the_rest_expansion() -> None:
    hundred_a_month, more = 120_000, 144_000
    terms = [
        foreign(1, hundred_a_month, JANUARY, date(2025, 2, 1), rate="1.10", currency="USD"),
        foreign(1, more, date(2025, 2, 1), None, rate="1.05", currency="USD"),
    ]
    values = month(terms, "2025-02")
    assert moved(values) == {"fx": Decimal("-5.00"), "expansion": Decimal("21.00")}
    assert values["grr"] == 1


def test_16_yen_become_euros_and_not_cents() -> None:
    terms = [foreign(1, 12_000, JANUARY, None, rate="0.006", currency="JPY")]
    assert month(terms, "2025-02")["arr_end"] == Decimal("72.00")


def test_17_a_joiner_who_leaves_and_returns_makes_no_rate_negative() -> None:
    terms = [
        fact(1, 12_000, JANUARY),
        fact(2, 12_000, date(2025, 3, 3), date(2025, 3, 10), subscription=2),
        fact(2, 12_000, date(2025, 3, 20), subscription=3),
    ]
    values = month(terms, "2025-03")
    assert values["customer_churn_rate"] == 0
    assert (values["churned_customers"], values["lost_customers"]) == (1, 0)


def test_18_what_begins_and_ends_next_month_has_not_happened() -> None:
    known_at = datetime(2025, 3, 20, tzinfo=UTC)
    terms = [
        fact(1, 12_000, date(2025, 4, 5)),
        fact(2, 24_000, JANUARY, date(2025, 4, 10)),
    ]
    values = month(terms, "2025-03", known_at=known_at)
    assert (values["customers_end"], values["new_customers"]) == (1, 0)
    assert values["churned_customers"] == 0
    assert values["customers_under_notice"] == 1
    assert values["mrr_under_notice"] == Decimal("20.00")
    assert moved(month(terms, "2025-04", known_at=known_at)) == {}


def test_the_reference_case_of_the_conventions() -> None:
    """100 at the start, 10 join, 5 of the 100 leave and 1 returns, 2 of the joiners leave: 4 %."""
    gone, back = date(2025, 3, 10), date(2025, 3, 20)
    terms = [fact(number, 12_000, JANUARY, gone if number < 5 else None) for number in range(100)]
    terms.append(fact(0, 12_000, back, subscription=1000))
    joined = date(2025, 3, 5)
    terms += [fact(100 + n, 12_000, joined, gone if n < 2 else None) for n in range(10)]
    values = month(terms, "2025-03")
    assert values["customer_churn_rate"] == 0.04
    assert (values["customers_start"], values["churned_customers"]) == (100, 7)


def test_the_day_is_the_organisations() -> None:
    """At 22:30 UTC on 31 March it is 1 April in Oslo: what ends that day has ended."""
    known_at = datetime(2025, 3, 31, 22, 30, tzinfo=UTC)
    terms = [fact(1, 12_000, JANUARY, date(2025, 4, 1))]
    oslo = month(terms, "2025-04", known_at=known_at)
    utc = month(terms, "2025-04", known_at=known_at, zone=ZoneInfo("UTC"))
    assert (oslo["lost_customers"], utc["lost_customers"]) == (1, 0)
