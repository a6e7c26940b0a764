"""From tallies to the figures of `definitions`: pure, exact until the one rounding at the end.

Rates are floats between 0 and 1, or None where there is nothing to divide by. Money is a Decimal
in major units. Whatever needs facts that nobody recorded is None, not 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from churnapp.common import money
from churnapp.common.periods import PERIODS_A_YEAR
from customers.metrics.question import Question
from customers.metrics.tally import Tally

Value = int | float | Decimal | None
MOVEMENT_KEYS = (
    "new",
    "expansion",
    "contraction",
    "churn",
    "reactivation",
    "fx",
    "pause",
    "resume",
)
FEWEST_CHURNS = 10
MONTHS = 12


@dataclass(frozen=True)
class Aside:
    """What a period's figures need beside its tally; None where it is not known or not asked.

    Spend is in minor units of the reporting currency.
    """

    churns_before: int = 0
    lost_before: int = 0
    starts_before: int = 0
    acquisition: Fraction | None = None
    retention: Fraction | None = None
    cost_of_churn: Fraction | None = None
    top10: int | None = None
    used: int | None = None
    under_notice: int | None = None
    arr_under_notice: int | None = None
    voluntary: int | None = None
    involuntary: int | None = None
    renewed: int = 0
    not_renewed: int = 0
    undecided: int = 0
    arr_renewed: int = 0
    arr_not_renewed: int = 0
    terminated_early: int = 0
    contracts_start: int = 0


def share(part: int | Fraction | None, whole: int | Fraction | None) -> float | None:
    """`part / whole` as a float; None for an unknown part or an empty whole."""
    if part is None or not whole:
        return None
    return float(Fraction(part) / Fraction(whole))


def customer_figures(tally: Tally, aside: Aside) -> dict[str, Value]:
    start, lost = tally.customers_start, tally.lost
    unexplained = (
        lost - aside.voluntary - aside.involuntary
        if aside.voluntary is not None and aside.involuntary is not None
        else None
    )
    return {
        "customers_start": start,
        "customers_end": tally.customers_end,
        "paused_customers_end": tally.paused_end,
        "silent_customers_end": None if aside.used is None else tally.active_end - aside.used,
        "new_customers": tally.events["new"],
        "reactivated_customers": tally.events["reactivation"],
        "churned_customers": tally.events["churn"],
        "lost_customers": lost,
        "customer_churn_rate": share(lost, start),
        "customer_retention_rate": share(start - lost, start),
        "voluntary_churn_rate": share(aside.voluntary, start),
        "involuntary_churn_rate": share(aside.involuntary, start),
        "unexplained_churn_rate": share(unexplained, start),
    }


def annualised(rate: float | None, periods_a_year: float) -> float | None:
    """The share lost in a year of such periods: 1 - (1 - rate)^n, never n × rate."""
    return None if rate is None else 1 - (1 - rate) ** periods_a_year


def revenue_figures(tally: Tally, currency: str) -> dict[str, Value]:
    sums = {"start": tally.arr_start}
    sums |= {name: tally.moved[name] for name in MOVEMENT_KEYS}
    sums |= {"end": tally.arr_end}
    shown: dict[str, Value] = {}
    for name, arr in sums.items():
        shown[f"mrr_{name}"] = money.mrr(arr, currency)
    shown["arr_end"] = money.to_major(tally.arr_end, currency)
    for name, arr in sums.items():
        shown[f"arr_{name}_minor"] = arr
    return shown


def retention_figures(tally: Tally) -> dict[str, Value]:
    start, moved = tally.arr_start, tally.moved
    grown = moved["new"] + moved["reactivation"] + moved["expansion"]
    return {
        "grr": share(start - tally.shrunk, start),
        "nrr": share(start + tally.kept_change, start),
        "gross_mrr_churn_rate": share(tally.shrunk, start),
        "net_mrr_churn_rate": share(-tally.kept_change, start),
        "quick_ratio": share(grown, -(moved["contraction"] + moved["churn"])),
    }


def major(minor: Fraction | int | None, currency: str) -> Decimal | None:
    return None if minor is None else money.to_major(minor, currency)


def ratio(part: Fraction | int | None, whole: Fraction | int | None) -> Fraction | None:
    """Exact `part / whole`; None for an unknown part or whole, or an empty whole."""
    if part is None or not whole:
        return None
    return Fraction(part) / Fraction(whole)


def value_figures(
    tally: Tally, aside: Aside, gross_margin: Decimal, currency: str
) -> dict[str, Value]:
    """What a customer brings, and for how long."""
    arpa = ratio(Fraction(tally.arr_end, MONTHS), tally.active_end)
    lifetime = None
    if aside.churns_before >= FEWEST_CHURNS:
        lifetime = ratio(aside.starts_before, aside.lost_before)
    ltv = None if arpa is None or lifetime is None else arpa * Fraction(gross_margin) * lifetime
    return {
        "arpa": major(arpa, currency),
        "lifetime_months": None if lifetime is None else float(lifetime),
        "ltv": major(ltv, currency),
        "mrr_top10_share": share(aside.top10, tally.arr_end),
    }


def cost_figures(tally: Tally, aside: Aside, question: Question) -> dict[str, Value]:
    """What winning, keeping and losing customers costs."""
    currency, basis = question.basis.currency, question.basis
    cac = ratio(aside.acquisition, tally.events["new"])
    monthly_margin = Fraction(tally.moved["new"], MONTHS) * Fraction(basis.gross_margin)
    payback = None if cac is None else ratio(aside.acquisition, monthly_margin)
    lost_monthly = Fraction(-tally.moved["churn"], MONTHS)
    replacement = None
    if cac is not None:
        replacement = tally.events["churn"] * cac + lost_monthly * basis.replacement_months
    index = ratio(aside.cost_of_churn, 100 ** money.exponent(currency))
    return {
        "cac": major(cac, currency),
        "cac_payback_months": None if payback is None else float(payback),
        "retention_cost_per_customer": major(
            ratio(aside.retention, tally.customers_start), currency
        ),
        "lost_recurring_revenue": money.to_major(lost_monthly, currency),
        "cost_of_churn": None if index is None else float(index),
        "replacement_cost": major(replacement, currency),
    }


def coming_figures(aside: Aside, currency: str) -> dict[str, Value]:
    """What is known of the time ahead, and how contracts ended."""
    notice = aside.arr_under_notice
    decided = aside.renewed + aside.not_renewed
    return {
        "customers_under_notice": aside.under_notice,
        "mrr_under_notice": None if notice is None else money.mrr(notice, currency),
        "arr_under_notice_minor": notice,
        "renewal_rate": share(aside.renewed, decided),
        "renewal_rate_mrr": share(aside.arr_renewed, aside.arr_renewed + aside.arr_not_renewed),
        "undecided_renewals": aside.undecided,
        "early_termination_rate": share(aside.terminated_early, aside.contracts_start),
    }


def figures(tally: Tally, aside: Aside, question: Question, days: int) -> Mapping[str, Value]:
    """Every figure of one period that lasts `days`, by key."""
    basis = question.basis
    interval = question.interval
    a_year = PERIODS_A_YEAR[interval] if interval else PERIODS_A_YEAR["day"] / days
    found = customer_figures(tally, aside)
    found["annualised_churn_rate"] = annualised(share(tally.lost, tally.customers_start), a_year)
    found |= revenue_figures(tally, basis.currency)
    found |= retention_figures(tally)
    found |= value_figures(tally, aside, basis.gross_margin, basis.currency)
    found |= cost_figures(tally, aside, question)
    found |= coming_figures(aside, basis.currency)
    return found
