"""Second subscriptions: a branch or department that buys for itself."""

from datetime import date, datetime, timedelta
from random import Random

from customers.demo.catalogue import amount_minor
from customers.demo.lives import Kind, Life, Order, Revision, Stream
from customers.demo.world import World, add_months

SHARE = {"basis": 0.0, "start": 0.0, "team": 0.06, "business": 0.14, "enterprise": 0.3}


def second_subscription(life: Life, world: World) -> Stream | None:
    """One for some of the larger customers; it ends alone, with the customer, or not at all."""
    dice = world.dice(life.profile.number, "branch")
    if life.paid_from is None or dice.random() > SHARE[life.profile.plan]:
        return None
    starts_on = add_months(life.paid_from, dice.randrange(3, 20))
    if starts_on >= (life.left_on or world.today) or starts_on >= world.today:
        return None
    stream = Stream(f"{life.profile.external_id}-branch")
    order = _order(life, starts_on, world, dice)
    known_at = world.at(starts_on, dice)
    stream.revise(Revision(starts_on, known_at, Kind.PAID, order))
    if end := _end(life, starts_on, world, dice):
        told_at = _told_at(life, end, world, dice)
        if told_at <= known_at:
            return None  # nobody who has given notice buys another one
        stream.revise(Revision(end, told_at, Kind.END, order))
    return stream


def _order(life: Life, day: date, world: World, dice: Random) -> Order:
    plan, raised = dice.choice(("start", "team")), day >= world.story.price_rise_on
    price = amount_minor(plan, life.profile.currency, "month", raised=raised)
    return Order(plan, dice.randrange(3, 15), "month", price)


def _end(life: Life, starts_on: date, world: World, dice: Random) -> date | None:
    alone = add_months(starts_on, dice.randrange(4, 40))
    if dice.random() < 0.4 and alone < (life.left_on or world.today):
        return alone
    return life.left_on


def _told_at(life: Life, end: date, world: World, dice: Random) -> datetime:
    """With the notice of the whole customer, or a few days before."""
    if end == life.left_on and life.departures:
        return life.departures[-1].recorded_at
    return world.at(end - timedelta(days=dice.randrange(2, 20)), dice)
