"""Subscriptions and their terms, as they were believed at each time."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from random import Random
from typing import NamedTuple

from customers.demo.catalogue import PERIODS_A_YEAR
from customers.demo.lives import Kind, Life, Order, Revision, Stream, revision_on
from customers.demo.rates import Rates
from customers.demo.world import World, add_months


class SubscriptionRow(NamedTuple):
    id: int
    customer_id: int
    external_id: str
    contract_ends_on: date | None
    notice_by: date | None
    auto_renews: bool | None


class TermRow(NamedTuple):
    subscription_id: int
    plan_id: str
    quantity: int
    kind: str
    arr_native_minor: int
    currency: str
    fx_rate: Decimal
    arr_minor: int
    starts_on: date
    ends_on: date | None
    recorded_at: datetime
    superseded_at: datetime | None


@dataclass(frozen=True)
class Belief:
    """An order on `[starts_on, ends_on)`, believed on `[recorded_at, superseded_at)`."""

    kind: Kind
    order: Order
    starts_on: date
    ends_on: date | None
    recorded_at: datetime
    superseded_at: datetime | None = None


def beliefs(revisions: list[Revision]) -> Iterator[Belief]:
    """What was believed of one subscription; each news supersedes the open end before it."""
    standing: Belief | None = None
    for revision in revisions:
        if standing is not None:
            yield from _closed(standing, revision)
        standing = None
        if revision.kind is not Kind.END:
            yield from _mistaken(revision)
            known_at = revision.corrected_at or revision.known_at
            standing = Belief(revision.kind, revision.order, revision.on, None, known_at)
        elif revision.withdrawn_at and (taken_up := _before(revisions, revision)):
            standing = replace(taken_up, recorded_at=revision.withdrawn_at)
    if standing is not None:
        yield standing


def _closed(standing: Belief, revision: Revision) -> Iterator[Belief]:
    yield replace(standing, superseded_at=revision.known_at)
    if revision.on > standing.starts_on:
        yield replace(
            standing,
            ends_on=revision.on,
            recorded_at=revision.known_at,
            superseded_at=revision.withdrawn_at,
        )


def _mistaken(revision: Revision) -> Iterator[Belief]:
    if revision.mistaken_seats and revision.corrected_at:
        wrong = replace(revision.order, seats=revision.mistaken_seats)
        yield Belief(
            revision.kind, wrong, revision.on, None, revision.known_at, revision.corrected_at
        )


def _before(revisions: list[Revision], end: Revision) -> Belief | None:
    """What runs on when an end is withdrawn."""
    earlier = [r for r in revisions[: revisions.index(end)] if r.kind is not Kind.END]
    if not earlier:
        return None
    return Belief(earlier[-1].kind, earlier[-1].order, earlier[-1].on, None, end.known_at)


def terms(stream: Stream, subscription_id: int, currency: str, rates: Rates) -> Iterator[TermRow]:
    """The rows of one subscription's terms."""
    for belief in beliefs(stream.revisions):
        order, rate = belief.order, rates.rate(currency, belief.starts_on)
        native = order.amount_minor * order.seats * PERIODS_A_YEAR[order.interval]
        native = native if belief.kind is Kind.PAID else 0
        arr = int((native * rate).quantize(Decimal(1), ROUND_HALF_EVEN))
        yield TermRow(
            subscription_id, order.plan, order.seats, str(belief.kind), native, currency, rate, arr,
            belief.starts_on, belief.ends_on, belief.recorded_at, belief.superseded_at,
        )  # fmt: skip


def subscription(life: Life, stream: Stream, row_id: int, world: World) -> SubscriptionRow:
    """One subscription with its contract, where it has one."""
    dice = world.dice(stream.external_id, "contract")
    ends_on, notice_by, renews = _contract(stream, world.today, dice)
    return SubscriptionRow(
        row_id, life.profile.number, stream.external_id, ends_on, notice_by, renews
    )


CONTRACTS = {"basis": 0.0, "start": 0.0, "team": 0.25, "business": 0.7, "enterprise": 1.0}


def _contract(
    stream: Stream, today: date, dice: Random
) -> tuple[date | None, date | None, bool | None]:
    last = next((r for r in reversed(stream.revisions) if r.kind is Kind.PAID), None)
    if last is None or last.order.interval != "year" or dice.random() > CONTRACTS[last.order.plan]:
        return None, None, None
    first = next(r.on for r in stream.revisions if r.kind is Kind.PAID)
    renews = dice.random() < 0.7
    ends_on = stream.ends_on or _next_anniversary(first, today, dice, renews=renews)
    if stream.ends_on and dice.random() < 0.12:
        ends_on = add_months(ends_on, dice.choice((3, 6, 12)))
    return ends_on, ends_on - timedelta(days=dice.choice((30, 60, 90, 90))), renews


def _next_anniversary(first: date, today: date, dice: Random, *, renews: bool) -> date:
    """A contract that does not renew by itself may have run out a few weeks ago, undecided."""
    slack = 0 if renews or dice.random() < 0.4 else 45
    year = 1
    while (day := add_months(first, 12 * year)) <= today - timedelta(days=slack):
        year += 1
    return day


def largest_order(life: Life, day: date) -> Order | None:
    """What the customer pays for on `day`, the largest of several."""
    running = [r for s in life.streams if (r := revision_on(s, day)) and r.kind is Kind.PAID]
    return max((r.order for r in running), key=lambda order: order.seats, default=None)
