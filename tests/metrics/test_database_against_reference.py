"""A random company in PostgreSQL, with corrections, groups and cancellations, asked in many ways.

One company, drawn once from a seed; the slow reference is fed the same facts from memory.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from churnapp.models import Organisation
from customers.filters import segment
from customers.metrics.question import ask
from customers.metrics.reports import metrics_report
from customers.models import Cancellation, Customer, Subscription, Term
from tests.factories import make_customer, make_plan
from tests.metrics.asking import differences, fact, foreign
from tests.reference import Lives
from tests.world import Fact, Leaving, World

pytestmark = pytest.mark.django_db(transaction=True)

BEGINNING = date(2024, 1, 1)
NOW = datetime(2025, 3, 10, 12, tzinfo=UTC)
CUSTOMERS = 60
RATES = {"USD": ("0.9", "0.95", "1.1"), "JPY": ("0.006", "0.00625")}


def moment(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=UTC)


def draw_terms(draw: random.Random, customer: int, subscription: int) -> Iterator[Fact]:
    """Terms in order; one in four was believed otherwise before and is corrected later."""
    day = BEGINNING + timedelta(days=draw.randrange(200))
    currency = draw.choice(("EUR", "EUR", "USD", "JPY"))
    for _ in range(draw.randrange(1, 5)):
        day += timedelta(days=draw.choice((0, 0, 0, 2, 9, 50)))
        ends = day + timedelta(days=draw.randrange(5, 120))
        fields = {"subscription": subscription, "grace": draw.choice((None, 0, 10))}
        kind = draw.choice(("paid", "paid", "paid", "paid", "paused", "trial"))
        amount = draw.randrange(1, 50) * 1200 if kind == "paid" else 0
        if currency == "EUR":
            term = fact(customer, amount, day, ends, kind=kind, **fields)
        else:
            rate = draw.choice(RATES[currency])
            term = foreign(
                customer, amount, day, ends, kind=kind, rate=rate, currency=currency, **fields
            )
        yield from known(draw, term)
        day = ends


def known(draw: random.Random, term: Fact) -> Iterator[Fact]:
    first = moment(term.starts - timedelta(days=draw.randrange(0, 20)), draw.randrange(24))
    if draw.random() < 0.75:
        yield replace(term, recorded=first)
        return
    corrected = first + timedelta(days=draw.randrange(1, 200))
    believed = replace(term, arr=term.arr * 2, native=term.native * 2)
    yield replace(believed, recorded=first, superseded=corrected)
    yield replace(term, recorded=corrected)


def draw_company() -> World:
    draw = random.Random(20250310)
    facts = [
        term
        for customer in range(CUSTOMERS)
        for number in range(draw.randrange(1, 4))
        for term in draw_terms(draw, customer, customer * 10 + number)
    ]
    leavings = [
        Leaving(
            customer=draw.randrange(CUSTOMERS),
            effective=(effective := BEGINNING + timedelta(days=draw.randrange(30, 480))),
            recorded=moment(effective - timedelta(days=30), number % 24),
            requested=moment(effective - timedelta(days=draw.randrange(80))),
            involuntary=draw.random() < 0.3,
        )
        for number in range(150)
    ]
    parents = {number: number - number % 10 for number in range(CUSTOMERS) if number % 10 in {1, 2}}
    return World(facts, NOW, grace=5, pause_limit=40, leavings=leavings, parents=parents)


@pytest.fixture
def company() -> World:
    """The drawn company, stored."""
    world = draw_company()
    Organisation.objects.update(lapse_grace_days=world.grace, pause_limit_days=world.pause_limit)
    customers = [
        make_customer(external_id=f"C-{number}", country="NO" if number % 3 else "SE")
        for number in range(CUSTOMERS)
    ]
    for child, parent in world.parents.items():
        Customer.objects.filter(pk=customers[child].pk).update(parent=customers[parent])
    plans = {None: make_plan("own"), 0: make_plan("none", lapse_grace_days=0)}
    plans[10] = make_plan("ten", lapse_grace_days=10)
    subscriptions = {
        number: Subscription.objects.create(customer=customers[number // 10], external_id=number)
        for number in {each.subscription for each in world.facts}
    }
    Term.objects.bulk_create(stored(each, subscriptions, plans) for each in world.facts)
    Cancellation.objects.bulk_create(
        Cancellation(
            customer=customers[each.customer],
            effective_on=each.effective,
            requested_at=each.requested,
            recorded_at=each.recorded,
            involuntary=each.involuntary,
        )
        for each in world.leavings
    )
    return world


def stored(each: Fact, subscriptions: dict, plans: dict) -> Term:
    return Term(
        subscription=subscriptions[each.subscription],
        plan=plans[each.grace],
        kind=each.kind,
        arr_native_minor=each.native,
        currency=each.currency,
        fx_rate=float(each.rate),
        arr_minor=each.arr,
        starts_on=each.starts,
        ends_on=each.ends,
        recorded_at=each.recorded,
        superseded_at=each.superseded,
    )


def disagreements(world: World, known_at: datetime, interval: str, query: str = "") -> list[str]:
    """Where the engine and the reference differ for one question."""
    organisation = Organisation.current()
    customers = segment(query, Customer.objects.all(), known_at=known_at) if query else None
    chosen = range(CUSTOMERS)
    if customers is not None:
        ids = customers.values_list("external_id", flat=True)
        chosen = [int(each.removeprefix("C-")) for each in ids]
    question = ask(
        organisation,
        date(2024, 3, 1),
        date(2025, 4, 30),
        known_at=known_at,
        interval=interval,
        customers=customers,
    )
    seen = replace(
        world,
        known_at=known_at,
        facts=[each for each in world.facts if each.customer in chosen],
        leavings=[each for each in world.leavings if each.recorded <= known_at],
    )
    return differences(metrics_report(question), Lives(seen))


def test_the_engine_equals_the_reference_whatever_is_asked(company: World) -> None:
    assert disagreements(company, NOW, "month") == []
    assert disagreements(company, NOW, "week") == []
    assert disagreements(company, NOW, "quarter") == []
    assert disagreements(company, NOW, "month", "country=SE") == []
    assert disagreements(company, NOW, "month", "plan=ten&country=NO") == []
    then = datetime(2024, 9, 30, 22, 30, tzinfo=UTC)  # already October in Oslo
    assert disagreements(company, then, "month") == []
    assert disagreements(company, then, "day", "plan=own") == []
