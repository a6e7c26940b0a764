"""Cohorts: how customers who began together stay, in customers or in money.

table = cohort_table(CohortQuestion(...))
table.cohorts[0].cells   # [1.0, 0.93, …], one a fully observed age, oldest cohort first
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from itertools import groupby
from typing import Any, Literal

import pyarrow as pa
from django.db.models import Min, QuerySet

from churnapp.common.periods import Interval, Period, between
from customers.metrics import engine
from customers.metrics.engine import Workbench
from customers.metrics.question import Basis, Question
from customers.metrics.schemas import MEMBERS, empty
from customers.models import Customer, Term

Begin = Literal["first_paid", "signed_up"]
Measure = Literal["customers", "mrr"]
BY: tuple[Interval, ...] = ("month", "quarter", "year")
BEGINS: tuple[Begin, ...] = ("first_paid", "signed_up")
MEASURES: tuple[Measure, ...] = ("customers", "mrr")


@dataclass(frozen=True)
class CohortQuestion:
    """`group` is a field or attribute that divides each cohort; None for none."""

    basis: Basis
    known_at: datetime
    by: Interval = "month"
    begin: Begin = "first_paid"
    measure: Measure = "customers"
    group: str | None = None
    customers: QuerySet[Customer] | None = None


@dataclass(frozen=True)
class Cohort:
    """Members who began in `period`; `base_minor` is the ARR of their first payments.

    `cells[age]` is the share active on the last day of that age, of members or of money.
    `counts[age]` is the number or ARR itself. Ages not fully observed are left out.
    """

    period: Period
    group: str | None
    size: int
    base_minor: int
    counts: tuple[int, ...]
    cells: tuple[float, ...]


@dataclass(frozen=True)
class CohortTable:
    """`weighted_mean[age]` weighs each cohort by its size or base."""

    question: CohortQuestion
    cohorts: tuple[Cohort, ...]
    weighted_mean: tuple[float, ...]


def cohort_table(asked: CohortQuestion, terms: pa.Table | None = None) -> CohortTable:
    """Every cohort from the first payment to the day of known_at."""
    known_on = asked.known_at.astimezone(asked.basis.zone).date()
    first_on = first_day(asked, known_on, terms)
    if first_on is None:
        return CohortTable(asked, (), ())
    periods = between(first_on, known_on, asked.by, asked.basis.first_month)
    question = Question(
        tuple(periods), asked.known_at, asked.basis, asked.by, asked.customers, frozenset()
    )
    with engine.opened(question, terms) as bench:
        lay_out_members(bench, asked)
        rows = bench.rows("cohorts", by_first_paid=asked.begin == "first_paid")
    cohorts = tuple(made(rows, periods, known_on, asked.measure))
    return CohortTable(asked, cohorts, weighted_mean(cohorts, asked.measure))


def first_day(asked: CohortQuestion, known_on: date, terms: pa.Table | None) -> date | None:
    """The first day that may hold a cohort; None where nobody paid yet."""
    if terms is not None:
        days = [day for day in terms["starts_on"].to_pylist() if day <= known_on]
        return min(days, default=None)
    paid = Term.objects.believed_at(asked.known_at).filter(kind=Term.Kind.PAID, arr_minor__gt=0)
    paid = paid.filter(starts_on__lte=known_on)
    customers: QuerySet[Customer] = Customer.objects.all()
    if asked.customers is not None:
        customers = asked.customers.order_by()
        paid = paid.filter(subscription__customer__in=customers.values("pk"))
    paid_on = paid.aggregate(first=Min("starts_on"))["first"]
    if paid_on is None or asked.begin == "first_paid":
        return paid_on
    signed_up_on = customers.aggregate(first=Min("signed_up_on"))["first"]
    return min(signed_up_on or paid_on, paid_on)


def lay_out_members(bench: Workbench, asked: CohortQuestion) -> None:
    """Read when customers signed up and what divides them, as far as it is asked."""
    is_needed = asked.group is not None or asked.begin == "signed_up"
    found = bench.source.members(asked.group) if is_needed else empty(MEMBERS)
    bench.stream("members", found)


def made(
    rows: Iterable[dict[str, Any]], periods: list[Period], known_on: date, measure: Measure
) -> Iterable[Cohort]:
    """Cohorts from the answer of `cohorts.sql`, without the ages that are not over yet."""
    observed = sum(period.last_on <= known_on for period in periods)
    for (number, label), ages in groupby(rows, key=lambda row: (row["cohort"], row["label"])):
        cells = list(ages)
        size, base = cells[0]["size"], cells[0]["base"]
        whole = size if measure == "customers" else base
        column = "customers" if measure == "customers" else "arr"
        counts = tuple(row[column] for row in cells if row["period"] < observed)
        shares = tuple(count / whole for count in counts)
        yield Cohort(periods[number], label, size, base, counts, shares)


def weighted_mean(cohorts: Iterable[Cohort], measure: Measure) -> tuple[float, ...]:
    """At each age, what is left of all the cohorts that were observed at it."""
    left: list[int] = []
    whole: list[int] = []
    for cohort in cohorts:
        for age, count in enumerate(cohort.counts):
            if age == len(left):
                left.append(0)
                whole.append(0)
            left[age] += count
            whole[age] += cohort.size if measure == "customers" else cohort.base_minor
    return tuple(float(Fraction(part, all_)) for part, all_ in zip(left, whole, strict=True))
