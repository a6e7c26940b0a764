"""Tasks of the customer-success managers: some done, some due, a few late."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

from customers.demo.lives import Life
from customers.demo.world import World

LATE_AT_MOST = timedelta(days=6)


class TaskRow(NamedTuple):
    customer_id: int
    what: str
    assignee_id: str
    due_on: date
    done_at: datetime | None
    created_at: datetime
    created_by_id: str


ROUTINE = (
    "Quarterly check-in: what has changed since the summer?",
    "Send the guide to approvals that they asked for",
    "Ask who takes over from the old administrator",
    "Show Forecast to the project managers, 20 minutes",
    "Review the number of seats before the next invoice",
    "Follow up the training day: who never signed in?",
    "Agree on goals for the next half-year",
    "Ask for a reference for the autumn campaign",
    "Check that the payroll export works after their upgrade",
    "Invite them to the user day in Gothenburg",
)
OVER_A_SLUMP = (
    "Call: use has fallen since last month",
    "Find out who still plans on the board, and who stopped",
    "Offer a new start: an hour with the field crews",
)
OVER_NOTICE = (
    "Talk through their notice before it takes effect",
    "Agree on export of timesheets before they leave",
)
OVER_INCIDENT = (
    "Write to them about the outage: what happened and what we changed",
    "Confirm the credit for the outage with billing",
)


def tasks(life: Life, world: World) -> Iterator[TaskRow]:
    """Work on one customer that has an owner."""
    dice = world.dice(life.profile.number, "tasks")
    if life.profile.owner is None or life.paid_from is None:
        return
    for day in _done_days(life, world, dice):
        yield _task(life, world, dice, dice.choice(ROUTINE), day)
    for what in _open(life, world, dice):
        due_on = world.today + timedelta(
            days=min(dice.randrange(-LATE_AT_MOST.days, 25), dice.randrange(-LATE_AT_MOST.days, 25))
        )
        yield _task(life, world, dice, what, due_on)


def _done_days(life: Life, world: World, dice: Random) -> Iterator[date]:
    day = life.paid_from or world.today
    while (day := day + timedelta(days=dice.randrange(90, 400))) < world.today - 2 * LATE_AT_MOST:
        if life.pays_on(day):
            yield day


def _open(life: Life, world: World, dice: Random) -> Iterator[str]:
    if not life.pays_on(world.today):
        return
    if (left_on := life.left_on) and left_on > world.today:
        yield dice.choice(OVER_NOTICE)
    elif any(s.ends_on is None for s in life.slumps) and dice.random() < 0.5:
        yield dice.choice(OVER_A_SLUMP)
    elif dice.random() < 0.07:
        yield dice.choice(ROUTINE)
    elif dice.random() < 0.015:
        yield dice.choice(OVER_INCIDENT)


def _task(life: Life, world: World, dice: Random, what: str, due_on: date) -> TaskRow:
    """Done if it was due long ago."""
    owner = life.profile.owner or ""
    created_on = min(due_on, world.today) - timedelta(days=dice.randrange(3, 15))
    done_at = world.at(due_on - timedelta(days=dice.randrange(3)), dice)
    return TaskRow(
        customer_id=life.profile.number,
        what=what,
        assignee_id=owner,
        due_on=due_on,
        done_at=done_at if due_on < world.today - LATE_AT_MOST else None,
        created_at=world.at(created_on, dice),
        created_by_id=owner,
    )
