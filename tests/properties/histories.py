"""Random customers for hypothesis: several subscriptions, trials, pauses, rates, gaps."""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from tests.metrics.asking import fact, foreign
from tests.world import Fact, World

BEGINNING = date(2024, 1, 1)
AMOUNTS = (0, 1, 100, 1200, 1201, 2400, 99_999)
RATES = {"USD": ("0.9", "0.91", "1.1", "1.05"), "JPY": ("0.006", "0.00625"), "KWD": ("3.1", "2.95")}
KINDS = ("paid", "paid", "paid", "paused", "trial", "free")
GAPS = (0, 0, 0, 1, 3, 10, 40)


@st.composite
def terms_of(draw: st.DrawFn, customer: int, subscription: int) -> list[Fact]:
    """A subscription's terms in order, never overlapping; the last one may be open."""
    day = BEGINNING + timedelta(days=draw(st.integers(0, 200)))
    currency = draw(st.sampled_from(("EUR", "EUR", "USD", "JPY", "KWD")))
    found = []
    for _ in range(draw(st.integers(1, 5))):
        day += timedelta(days=draw(st.sampled_from(GAPS)))
        ends = day + timedelta(days=draw(st.integers(1, 80)))
        found.append(draw(one_term(customer, subscription, currency, day, ends)))
        day = ends
    if draw(st.booleans()):
        found[-1] = open_ended(found[-1])
    return found


@st.composite
def one_term(
    draw: st.DrawFn, customer: int, subscription: int, currency: str, starts: date, ends: date
) -> Fact:
    kind = draw(st.sampled_from(KINDS))
    notice = timedelta(days=draw(st.integers(-20, 60)), hours=draw(st.integers(0, 23)))
    fields = {
        "subscription": subscription,
        "kind": kind,
        "recorded": datetime.combine(ends, time(), tzinfo=UTC) - notice,
        "grace": draw(st.sampled_from((None, None, 0, 5, 45))),
    }
    amount = draw(st.sampled_from(AMOUNTS)) if kind == "paid" else 0
    if currency == "EUR":
        return fact(customer, amount, starts, ends, **fields)
    rate = draw(st.sampled_from(RATES[currency]))
    return foreign(customer, amount, starts, ends, rate=rate, currency=currency, **fields)


def open_ended(term: Fact) -> Fact:
    return Fact(**(vars(term) | {"ends": None}))


@st.composite
def worlds(draw: st.DrawFn, customers: int = 4) -> World:
    """A few customers, how they are counted, and a moment from which they are looked at."""
    facts = []
    for customer in range(1, draw(st.integers(1, customers)) + 1):
        for number in range(draw(st.integers(1, 3))):
            facts += draw(terms_of(customer, customer * 10 + number))
    known_on = BEGINNING + timedelta(days=draw(st.integers(60, 500)))
    known_at = datetime.combine(known_on, time(12), tzinfo=UTC)
    facts = [with_rate(each) for each in facts]
    return World(
        facts=facts,
        known_at=known_at,
        grace=draw(st.sampled_from((0, 0, 2, 12, 45))),
        pause_limit=draw(st.sampled_from((1, 5, 30, 90))),
    )


def with_rate(term: Fact) -> Fact:
    return Fact(**(vars(term) | {"rate": Fraction(term.rate)}))
