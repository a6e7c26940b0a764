"""What customers paid, and what Lysbro spent on winning and keeping them."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import NamedTuple

from customers.demo.lives import Kind, Life, Stream, revision_on
from customers.demo.rates import Rates
from customers.demo.world import World, add_months


class PaymentRow(NamedTuple):
    customer_id: int
    due_on: date
    amount_minor: int
    currency: str
    status: str
    ordinal: int


class SpendRow(NamedTuple):
    month_on: date
    channel: str
    amount_minor: int
    currency: str
    purpose: str


def payments(life: Life, world: World) -> Iterator[PaymentRow]:
    """One for each billed month or year; those cut off for it failed at last."""
    dice = world.dice(life.profile.number, "payments")
    for ordinal, stream in enumerate(life.streams, start=1):
        due = list(_due(stream, world.today))
        cut_off = any(
            d.involuntary and d.subscription == stream.external_id for d in life.departures
        )
        for place, (day, amount) in enumerate(due):
            left = len(due) - place
            status = _fate(left, world, day, dice) if cut_off else _luck(world, day, dice)
            yield PaymentRow(
                life.profile.number, day, amount, life.profile.currency, status, ordinal
            )


def _due(stream: Stream, today: date) -> Iterator[tuple[date, int]]:
    starts = [r.on for r in stream.revisions if r.kind is Kind.PAID]
    if not starts:
        return
    month = 0
    while (day := add_months(starts[0], month)) < today:
        revision = revision_on(stream, day)
        if revision and revision.kind is Kind.PAID:
            order = revision.order
            if order.interval == "month" or month % 12 == 0:
                yield day, order.amount_minor * order.seats
        month += 1


def _fate(left: int, world: World, day: date, dice: Random) -> str:
    """The last bill of a customer who was cut off was written off, the one before it late."""
    if left == 1:
        return "failed" if (world.today - day).days < 30 else "written_off"
    return "recovered" if left == 2 else _luck(world, day, dice)


def _luck(world: World, day: date, dice: Random) -> str:
    """Three in a hundred fail at first; most of them are paid within the month."""
    if dice.random() > 0.03:
        return "paid"
    return "failed" if (world.today - day).days < 30 and dice.random() < 0.7 else "recovered"


# Channel: what winning customers over it cost in an ordinary month, in euros.
WINNING = {"search": 17_500, "social": 9_000, "event": 6_500, "outbound": 12_000, "partner": 4_200}
KEEPING = {"customer success": 11_000, "training": 3_400, "offers": 1_300}


def spend(world: World, rates: Rates) -> Iterator[SpendRow]:
    """What each whole or running month cost, by channel and purpose."""
    dice = world.dice("spend")
    month, number = world.story.opening_on, 0
    while month <= world.today:
        size = world.customers / 2000 * (0.55 + 0.013 * number)
        for purpose, budget in (("acquisition", WINNING), ("retention", KEEPING)):
            for channel, euros in budget.items():
                busy = 2.6 if channel == "event" and month.month in {3, 9} else 1.0
                cost = euros * size * busy * dice.uniform(0.85, 1.15)
                amount = round(cost / float(rates.in_euros(month))) * 100
                yield SpendRow(month, channel, amount, world.currency, purpose)
        month, number = add_months(month, 1), number + 1
