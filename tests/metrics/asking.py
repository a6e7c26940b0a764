"""Questions over terms that no database holds, and the same of the slow reference."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pyarrow as pa

from churnapp.common.money import exponent
from churnapp.common.periods import Interval, Period, between
from customers.metrics.question import Basis, Question
from customers.metrics.reports import Report, report_from_terms
from customers.metrics.schemas import RATE_SCALE, TERM_SCHEMA
from tests.reference import Lives
from tests.world import Fact, World

SINCE = datetime(2020, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 6, 1, tzinfo=UTC)


def fact(customer: int, arr: int, starts: date, ends: date | None = None, **fields: object) -> Fact:
    """A paid term in EUR, minor units a year; one subscription a customer unless said."""
    given = {"subscription": customer, "recorded": SINCE, "native": arr} | fields
    return Fact(customer=customer, arr=arr, starts=starts, ends=ends, **given)


def pause(customer: int, starts: date, ends: date | None = None, **fields: object) -> Fact:
    return fact(customer, 0, starts, ends, kind="paused", **fields)


def foreign(customer: int, native: int, starts: date, ends: date | None, **fields: object) -> Fact:
    """A paid term in another currency: `rate` as text, `arr` follows in EUR."""
    rate, currency = Fraction(str(fields.pop("rate"))), str(fields.pop("currency"))
    scale = Fraction(10) ** (exponent("EUR") - exponent(currency))
    arr = round(native * rate * scale)
    given = {"native": native, "rate": rate, "currency": currency} | fields
    return fact(customer, arr, starts, ends, **given)


def as_table(facts: Iterable[Fact]) -> pa.Table:
    rows = [
        {
            "customer_id": each.customer,
            "subscription_id": each.subscription,
            "kind": each.kind,
            "currency": each.currency,
            "arr_native_minor": each.native,
            "rate_e10": int(each.rate * RATE_SCALE),
            "arr_minor": each.arr,
            "starts_on": each.starts,
            "ends_on": each.ends,
            "recorded_at": each.recorded,
            "grace_days": each.grace,
        }
        for each in facts
    ]
    return pa.Table.from_pylist(rows, schema=TERM_SCHEMA)


def basis_of(world: World) -> Basis:
    return Basis(
        currency=world.currency,
        zone=world.zone,
        gross_margin=Decimal("0.8"),
        lapse_grace_days=world.grace,
        pause_limit_days=world.pause_limit,
    )


def question_of(world: World, first: date, last: date, interval: Interval = "month") -> Question:
    periods = tuple(between(first, last, interval))
    return Question(periods, world.known_at, basis_of(world), interval)


def ask_engine(world: World, question: Question) -> Report:
    believed = [each for facts in world.believed().values() for each in facts]
    return report_from_terms(as_table(believed), question)


def month(facts: list[Fact], text: str, **fields: object) -> dict[str, object]:
    """The engine's figures of one month, such as 2025-03, of these facts."""
    world = World(facts=facts, **({"known_at": LATER} | fields))
    first = date.fromisoformat(f"{text}-01")
    return dict(ask_engine(world, question_of(world, first, first)).periods[0].values)


def differences(report: Report, lives: Lives) -> list[str]:
    """Where the engine and the reference disagree, in words; empty when they agree."""
    found = []
    for figures in report.periods:
        period = figures.period
        expected = lives.figures(period.start, period.end, report.question.interval)
        expected["lifetime_months"] = lives.lifetime_months(months_before(period.start))
        for key, value in expected.items():
            if not agree(figures.values[key], value):
                found.append(f"{period.start} {key}: engine {figures.values[key]}, spec {value}")
    return found


def months_before(start: date) -> list[tuple[date, date]]:
    """The six calendar months that end by `start`."""
    edges = [start.replace(day=1)]
    while len(edges) < 7:
        last = edges[0]
        edges.insert(0, date(last.year - (last.month == 1), (last.month - 2) % 12 + 1, 1))
    return list(pairwise(edges))


def agree(value: object, expected: object) -> bool:
    if expected is None or value is None:
        return value is expected
    if isinstance(expected, int):
        return value == expected
    if isinstance(value, Decimal):
        return Fraction(value) == expected
    return abs(float(value) - float(expected)) < 1e-12


def spans(periods: Iterable[Period]) -> list[tuple[date, date]]:
    return [(period.start, period.end) for period in periods]
