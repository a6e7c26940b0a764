"""The identities that must hold, checked against the terms themselves and kept as rows.

Movements are summed from changes of balances; the checks count balances from the terms instead,
in total, for each customer, and for segments by plan and by country, at every month's end.
"""

import dataclasses
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from django.db.models import Min

from churnapp.models import Organisation
from customers.metrics import engine
from customers.metrics.engine import Workbench
from customers.metrics.question import Question, ask
from customers.metrics.reports import metrics_report, tally_periods
from customers.metrics.schemas import MEMBERS, empty
from customers.models import CheckRun, Term

SEGMENTS = ("plan", "country")
RECENT_MONTHS = 13
SHOWN = 20

Finding = tuple[str, list[dict[str, Any]]]


def run_checks(*, known_at: datetime, ran_at: datetime, full: bool = False) -> list[CheckRun]:
    """Check all months up to `known_at`, and keep what was found. Empty where nobody paid yet.

    `full` also sends every customer the engine's longer way and compares.
    """
    question = whole_history(known_at)
    if question is None:
        return []
    runs = [
        CheckRun(
            name=name,
            ran_at=ran_at,
            known_at=known_at,
            ok=not broken,
            details={"months": len(question.periods), "broken": broken[:SHOWN]},
        )
        for name, broken in findings(question, full=full)
    ]
    return CheckRun.objects.bulk_create(runs)


def latest_checks() -> list[CheckRun]:
    """The last result of each check, by name: what a badge shows."""
    return list(CheckRun.objects.order_by("name", "-ran_at", "-pk").distinct("name"))


def whole_history(known_at: datetime) -> Question | None:
    """Every month from the first payment on; None where nobody paid yet."""
    organisation = Organisation.current()
    paid = Term.objects.believed_at(known_at).filter(kind=Term.Kind.PAID, arr_minor__gt=0)
    first_on: date | None = paid.aggregate(first=Min("starts_on"))["first"]
    known_on = known_at.astimezone(organisation.zone).date()
    if first_on is None or first_on > known_on:
        return None
    return ask(organisation, first_on, known_on, known_at=known_at, keys=frozenset())


def findings(question: Question, *, full: bool = False) -> Iterator[Finding]:
    """Each check by name with what breaks it: nothing, when all is well."""
    yield from identities(question)
    yield "full_equals_recent", differing_from_recent(question)
    if full:
        yield "two_ways_agree", differing_ways(question)


def identities(question: Question, terms: pa.Table | None = None) -> Iterator[Finding]:
    """Start and movements make the end: in total, for each customer, and by segments."""
    with engine.opened(question, terms) as bench:
        bench.run("bridged")
        bench.stream("members", empty(MEMBERS))
        yield "identity_total", by_month(bench, "check_totals")
        yield "identity_customers", by_month(bench, "check_customers")
        for segment in SEGMENTS:
            bench.duck.execute("DROP TABLE members")
            bench.stream("members", bench.source.members(segment))
            yield f"identity_{segment}", by_month(bench, "check_totals")


def by_month(bench: Workbench, name: str) -> list[dict[str, Any]]:
    """What `sql/<name>.sql` finds, each with the first day of its month."""
    periods = bench.question.periods
    return [row | {"period": periods[row["period"]].start.isoformat()} for row in bench.rows(name)]


def differing_from_recent(question: Question) -> list[dict[str, Any]]:
    """Months whose figures depend on how far back the question goes."""
    recent = question.periods[-RECENT_MONTHS:]
    whole = metrics_report(question).periods[-RECENT_MONTHS:]
    alone = metrics_report(dataclasses.replace(question, periods=recent)).periods
    return [
        {"period": one.period.start.isoformat(), "keys": unequal}
        for one, other in zip(whole, alone, strict=True)
        if (unequal := [key for key in one.values if one.values[key] != other.values[key]])
    ]


def differing_ways(question: Question, terms: pa.Table | None = None) -> list[dict[str, Any]]:
    """Months for which the engine's quick and longer ways disagree."""
    tallied = []
    for way in ("tangled", "everyone_tangled"):
        with engine.opened(question, terms, way=way) as bench:
            tallied.append(tally_periods(bench))
    return [
        {"period": period.start.isoformat()}
        for period, quick, longer in zip(question.periods, *tallied, strict=True)
        if quick != longer
    ]
