"""Figures before and after, for a change that has not been made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from customers.metrics.given import terms_table
from customers.metrics.question import Question, ask
from customers.metrics.reports import report_from_terms
from customers.models import Plan, Subscription, Term
from customers.services.ledger import Ledger, values_of
from customers.services.schedule import Schedule

KEYS = (
    "customers_end",
    "new_customers",
    "reactivated_customers",
    "churned_customers",
    "arr_new_minor",
    "arr_reactivation_minor",
    "arr_expansion_minor",
    "arr_contraction_minor",
    "arr_churn_minor",
    "arr_fx_minor",
    "arr_end_minor",
)


@dataclass(frozen=True)
class MonthChange:
    """A month that would read otherwise: figures by key, of these customers alone."""

    month: date
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class Preview:
    """What a change would do to the figures of the customers concerned, month by month.

    `keys` are those of the registry that differ somewhere; money is ARR in minor units of
    `currency`.
    """

    months: tuple[MonthChange, ...]
    keys: tuple[str, ...]
    currency: str


def preview(
    ledger: Ledger,
    as_if: Mapping[int, Schedule],
    *,
    chains: Mapping[int, int] | None = None,
    customer_id: int | None = None,
) -> Preview:
    """Compare what is believed with `as_if`, by subscription.

    `chains` names the subscription that one would continue, `customer_id` the customer to whom all
    would belong.
    """
    now = {pk: ledger.schedule(pk) for pk in ledger.subscriptions}
    question = _question(ledger, [*now.values(), *as_if.values()])
    before = _figures(question, _terms(ledger, now, {}, None))
    after = _figures(question, _terms(ledger, as_if, chains or {}, customer_id))
    months = tuple(
        MonthChange(period.start, was, will_be)
        for period, was, will_be in zip(question.periods, before, after, strict=True)
        if was != will_be
    )
    differing = {key for m in months for key in KEYS if m.before[key] != m.after[key]}
    keys = tuple(key for key in KEYS if key in differing)
    return Preview(months, keys, ledger.organisation.currency)


def _question(ledger: Ledger, schedules: list[Schedule]) -> Question:
    """Every month from the first term's to this one."""
    starts = [stretch.starts_on for schedule in schedules for stretch in schedule]
    first = min([*starts, ledger.today])
    return ask(ledger.organisation, first, ledger.today, known_at=ledger.at, keys=frozenset(KEYS))


def _figures(question: Question, terms: list[Term]) -> list[dict[str, Any]]:
    report = report_from_terms(terms_table(terms), question)
    return [{key: month.values[key] for key in KEYS} for month in report.periods]


def _terms(
    ledger: Ledger,
    schedules: Mapping[int, Schedule],
    chains: Mapping[int, int],
    customer_id: int | None,
) -> list[Term]:
    plans = Plan.objects.in_bulk({s.plan_id for schedule in schedules.values() for s in schedule})
    terms = []
    for pk, schedule in schedules.items():
        held = ledger.subscriptions[pk]
        root = chains.get(pk) or held.continues_id or pk
        owner = customer_id or held.customer_id
        subscription = Subscription(pk=root, customer_id=owner)
        for stretch in schedule:
            values = values_of(stretch) | {"plan": plans.get(stretch.plan_id)}
            del values["plan_id"]
            terms.append(Term(subscription=subscription, recorded_at=ledger.at, **values))
    return terms
