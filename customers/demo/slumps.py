"""When use falls: usually before a departure, not always, and sometimes for nothing."""

from datetime import date, timedelta
from random import Random

from customers.demo.lives import Departure, Life, Slump
from customers.demo.world import World

# How often use falls before customers leave over a reason; the rest leave in full use.
TELLS = {"closed-or-merged": 0.35, "price": 0.5, "payment-failed": 0.3, "data-protection": 0.2}
USUAL = 0.75


def slumps(life: Life, world: World) -> list[Slump]:
    """The slumps of one life in no order."""
    dice = world.dice(life.profile.number, "slumps")
    found = [s for d in life.departures if (s := before_leaving(d, dice))]
    start = life.paid_from
    if start is None or life.left_on:
        return found
    if dice.random() < 0.22:
        found.append(passing(start, world, dice))
    if dice.random() < 0.075:
        found.append(unfinished(world.today, dice))
    return found


def before_leaving(departure: Departure, dice: Random) -> Slump | None:
    if dice.random() > TELLS.get(departure.reason, USUAL):
        return None
    noticed_on = departure.requested_at.date() if departure.requested_at else departure.effective_on
    starts_on = noticed_on - timedelta(days=dice.randrange(20, 95))
    ends_on = departure.withdrawn_at.date() if departure.withdrawn_at else None
    return Slump(starts_on, ends_on, dice.uniform(0.08, 0.5))


def passing(paid_from: date, world: World, dice: Random) -> Slump:
    length = max(1, (world.today - paid_from).days)
    starts_on = paid_from + timedelta(days=dice.randrange(length))
    return Slump(
        starts_on, starts_on + timedelta(days=dice.randrange(15, 50)), dice.uniform(0.3, 0.7)
    )


def unfinished(today: date, dice: Random) -> Slump:
    """Going on today; one in three is silence."""
    starts_on = today - timedelta(days=dice.randrange(16, 60))
    return Slump(starts_on, None, 0.0 if dice.random() < 0.33 else dice.uniform(0.15, 0.5))
