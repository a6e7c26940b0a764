"""The one registry of figures: key, words, formula, unit, and which way is good.

Pages, API, CSV, commands and docs read it; a key means the same everywhere.
"""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Unit = Literal["count", "share", "money", "minor", "ratio", "months", "index"]
Better = Literal["up", "down", "neither"]
Section = Literal["customers", "revenue", "retention", "value", "cost", "ahead"]

SECTIONS: dict[Section, Text] = {
    "customers": _("Customers"),
    "revenue": _("Recurring revenue"),
    "retention": _("Retention of revenue"),
    "value": _("Value"),
    "cost": _("What it costs"),
    "ahead": _("Ahead"),
}


@dataclass(frozen=True)
class Definition:
    """What a figure is. `tile` says that the overview shows it; `behind` names the list of
    customers that it leads to (see `reports.customers_behind`), empty where there is none.
    """

    key: str
    section: Section
    unit: Unit
    better: Better
    label: Text
    words: Text
    formula: Text
    behind: str = ""
    tile: bool = True


CUSTOMERS = (
    Definition(
        "customers_start", "customers", "count", "up",
        _("Customers at the start"),
        _("Customers, paying or paused, on the day before the period."),
        _("active + paused, day before the start"),
        behind="start",
    ),
    Definition(
        "customers_end", "customers", "count", "up",
        _("Customers at the end"),
        _("Customers, paying or paused, on the last day of the period."),
        _("active + paused, last day"),
        behind="end",
    ),
    Definition(
        "paused_customers_end", "customers", "count", "neither",
        _("Paused customers"),
        _("Customers who pay nothing while their pause runs, within the longest pause."),
        _("paused, last day"),
        behind="paused",
    ),
    Definition(
        "silent_customers_end", "customers", "count", "down",
        _("Silent customers"),
        _("Paying customers without any recorded use for a while; unknown where none is recorded."),
        _("active without use in the last silent days"),
        behind="silent",
    ),
    Definition(
        "new_customers", "customers", "count", "up",
        _("New customers"),
        _("Customers who paid for the first time."),
        _("number of new movements"),
        behind="new",
    ),
    Definition(
        "reactivated_customers", "customers", "count", "up",
        _("Returned customers"),
        _("Customers who had left and pay again."),
        _("number of reactivations"),
        behind="reactivation",
    ),
    Definition(
        "churned_customers", "customers", "count", "down",
        _("Departures"),
        _("Times that a customer stopped paying, also one who joined within the period."),
        _("number of churn movements"),
        behind="churn",
    ),
    Definition(
        "lost_customers", "customers", "count", "down",
        _("Lost customers"),
        _("Customers of the start who are gone at the end; who returned within the period is not."),
        _("customers at the start with no state at the end"),
        behind="lost",
    ),
    Definition(
        "customer_churn_rate", "customers", "share", "down",
        _("Customer churn rate"),
        _("Share of the customers at the start who are lost at the end."),
        _("lost customers / customers at the start"),
        behind="lost",
    ),
    Definition(
        "customer_retention_rate", "customers", "share", "up",
        _("Customer retention rate"),
        _("Share of the customers at the start who are still there: the other side of churn."),
        _("1 − customer churn rate"),
        behind="lost",
    ),
    Definition(
        "annualised_churn_rate", "customers", "share", "down",
        _("Churn rate, a year"),
        _("Share that a year of such periods would lose."),
        _("1 − (1 − rate) ^ periods a year"),
        behind="lost",
    ),
    Definition(
        "voluntary_churn_rate", "customers", "share", "down",
        _("Voluntary churn rate"),
        _("Share lost with a cancellation that the customer asked for."),
        _("lost with a voluntary cancellation / customers at the start"),
        behind="voluntary",
    ),
    Definition(
        "involuntary_churn_rate", "customers", "share", "down",
        _("Involuntary churn rate"),
        _("Share lost with a cancellation that the customer did not ask for."),
        _("lost with an involuntary cancellation / customers at the start"),
        behind="involuntary",
    ),
    Definition(
        "unexplained_churn_rate", "customers", "share", "down",
        _("Unexplained churn rate"),
        _("Share lost without any cancellation within 31 days of the departure."),
        _("lost without a cancellation / customers at the start"),
        behind="unexplained",
    ),
)  # fmt: skip

MOVEMENTS: tuple[tuple[str, Better, Text, Text], ...] = (
    ("start", "up", _("MRR at the start"),
     _("Monthly recurring revenue on the day before the period.")),
    ("new", "up", _("New MRR"), _("From customers who never paid before.")),
    ("expansion", "up", _("Expansion MRR"), _("Customers who pay more, at constant rates.")),
    ("contraction", "up", _("Contraction MRR"), _("Customers who pay less; negative.")),
    ("churn", "up", _("Churned MRR"), _("Customers who stopped paying; negative.")),
    ("reactivation", "up", _("Reactivation MRR"), _("Customers who had left and pay again.")),
    ("fx", "neither", _("Exchange rates"),
     _("What new rates of running subscriptions did to the amount.")),
    ("pause", "neither", _("Paused MRR"), _("Customers who paused all they pay; negative.")),
    ("resume", "neither", _("Resumed MRR"), _("Customers whose pause ended in paying again.")),
    ("end", "up", _("MRR"), _("Monthly recurring revenue on the last day of the period.")),
)  # fmt: skip
BEHIND_MOVEMENT = {"start": "start", "end": "end"}


def movement_definitions() -> list[Definition]:
    """`mrr_…`, its exact twin `arr_…_minor`, and `arr_end`."""
    found = []
    for name, better, label, words in MOVEMENTS:
        behind = BEHIND_MOVEMENT.get(name, name)
        formula = _("sum over customers, ARR / 12")
        found += [
            Definition(f"mrr_{name}", "revenue", "money", better, label, words, formula, behind),
            Definition(
                f"arr_{name}_minor", "revenue", "minor", better, label, words,
                _("sum over customers of ARR in minor units, exact"), behind, tile=False,
            ),
        ]  # fmt: skip
    found.append(
        Definition(
            "arr_end", "revenue", "money", "up", _("ARR"),
            _("Annual recurring revenue on the last day of the period."), _("12 × MRR"), "end",
        )
    )  # fmt: skip
    return found


RETENTION = (
    Definition(
        "grr", "retention", "share", "up",
        _("Gross revenue retention"),
        _("Of what the customers at the start paid, the share still paid, without any growth."),
        _("Σ min(start, end) / Σ start, per customer paying at the start, at constant rates"),
        behind="shrunk",
    ),
    Definition(
        "nrr", "retention", "share", "up",
        _("Net revenue retention"),
        _("Of what the customers at the start paid, what the same customers pay at the end."),
        _("Σ end / Σ start, per customer paying at the start, at constant rates"),
        behind="shrunk",
    ),
    Definition(
        "gross_mrr_churn_rate", "retention", "share", "down",
        _("Gross MRR churn rate"),
        _("Share of the MRR at the start that shrank or went away; never above 100 %."),
        _("1 − gross revenue retention"),
        behind="shrunk",
    ),
    Definition(
        "net_mrr_churn_rate", "retention", "share", "down",
        _("Net MRR churn rate"),
        _("Lost MRR less growth of the same customers; negative when they grow."),
        _("1 − net revenue retention"),
        behind="shrunk",
    ),
    Definition(
        "quick_ratio", "retention", "ratio", "up",
        _("Quick ratio"),
        _("How many times the gains cover the losses."),
        _("(new + reactivation + expansion) / −(contraction + churn)"),
    ),
)  # fmt: skip

VALUE = (
    Definition(
        "arpa", "value", "money", "up",
        _("Average revenue per account"),
        _("MRR of a paying customer."),
        _("MRR at the end / active customers at the end"),
        behind="end",
    ),
    Definition(
        "lifetime_months", "value", "months", "up",
        _("Customer lifetime"),
        _("Months that a customer stays at the churn of the last six calendar months; unknown under"
          " 10 departures in them."),
        _("Σ customers at the start / Σ lost, six calendar months before the period"),
    ),
    Definition(
        "ltv", "value", "money", "up",
        _("Lifetime value"),
        _("What a customer brings in its lifetime after the cost of delivering it."),
        _("ARPA × gross margin × lifetime in months"),
    ),
    Definition(
        "mrr_top10_share", "value", "share", "down",
        _("Share of the ten largest"),
        _("Share of MRR held by the ten largest customers; companies of one group are one."),
        _("MRR of the ten largest / MRR, at the end"),
        behind="top10",
    ),
)  # fmt: skip

COST = (
    Definition(
        "cac", "cost", "money", "down",
        _("Acquisition cost"),
        _("What a new customer cost to win. Spend is the whole organisation's, also in a segment."),
        _("spend on acquisition / new customers"),
        behind="new",
    ),
    Definition(
        "cac_payback_months", "cost", "months", "down",
        _("Payback of acquisition"),
        _("Months until a new customer has paid for its acquisition."),
        _("acquisition cost / (mean new MRR × gross margin)"),
        behind="new",
    ),
    Definition(
        "retention_cost_per_customer", "cost", "money", "down",
        _("Retention cost per customer"),
        _("What was spent on keeping customers, for each there at the start."),
        _("spend on retention / customers at the start"),
        behind="start",
    ),
    Definition(
        "lost_recurring_revenue", "cost", "money", "down",
        _("Lost recurring revenue"),
        _("MRR lost to departures."),
        _("−churned MRR"),
        behind="churn",
    ),
    Definition(
        "cost_of_churn", "cost", "index", "down",
        _("Cost of churn, index"),
        _("The published three steps: lost revenue, acquisition cost, one times the other. An"
          " index, currency squared: compare months, don't add it to money."),
        _("lost recurring revenue × acquisition cost, by month"),
        behind="churn",
    ),
    Definition(
        "replacement_cost", "cost", "money", "down",
        _("Replacement cost"),
        _("What the departures cost in money: winning as many again, and the revenue missing"
          " meanwhile."),
        _("departures × acquisition cost + lost recurring revenue × months to replace"),
        behind="churn",
    ),
)  # fmt: skip

AHEAD = (
    Definition(
        "customers_under_notice", "ahead", "count", "down",
        _("Customers under notice"),
        _("Still paying at the end, though it was known by then on which day it ends."),
        _("active, last day, with an end known on that day"),
        behind="under_notice",
    ),
    Definition(
        "mrr_under_notice", "ahead", "money", "down",
        _("MRR under notice"),
        _("What the customers under notice pay."),
        _("sum over customers under notice, ARR / 12"),
        behind="under_notice",
    ),
    Definition(
        "arr_under_notice_minor", "ahead", "minor", "down",
        _("ARR under notice"),
        _("What the customers under notice pay."),
        _("sum over customers under notice of ARR in minor units, exact"),
        behind="under_notice", tile=False,
    ),
    Definition(
        "renewal_rate", "ahead", "share", "up",
        _("Renewal rate"),
        _("Of the contracts that ran out in the period, the share renewed or running on; undecided"
          " ones apart."),
        _("renewed or running on / all decided contracts"),
        behind="not_renewed",
    ),
    Definition(
        "renewal_rate_mrr", "ahead", "share", "up",
        _("Renewal rate of MRR"),
        _("The same, each contract by what it paid."),
        _("MRR renewed or running on / MRR of all decided contracts"),
        behind="not_renewed",
    ),
    Definition(
        "undecided_renewals", "ahead", "count", "down",
        _("Expired, undecided"),
        _("Contracts that ran out in the period without a word: still paid, not renewed."),
        _("contracts past their end that neither ended nor renew by themselves"),
        behind="undecided",
    ),
    Definition(
        "early_termination_rate", "ahead", "share", "down",
        _("Early termination rate"),
        _("Contracts left before their end, for each that ran at the start."),
        _("paid terms ended before their contract / contracts running at the start"),
        behind="terminated_early",
    ),
)  # fmt: skip

DEFINITIONS: dict[str, Definition] = {
    definition.key: definition
    for definition in (
        *CUSTOMERS,
        *movement_definitions(),
        *RETENTION,
        *VALUE,
        *COST,
        *AHEAD,
    )
}


def in_section(section: Section) -> list[Definition]:
    """The definitions of a section that the overview shows, in their order."""
    return [each for each in DEFINITIONS.values() if each.section == section and each.tile]
