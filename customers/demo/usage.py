"""Daily counts of use: a rhythm of its own for each customer, seasons, slumps and silence."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from customers.demo.catalogue import FEATURES, PLANS, released_on
from customers.demo.lives import Life, Slump, revision_on
from customers.demo.world import World

UsageRow = tuple[int, str, date, int]

# Uses of a feature a week by one seat, where a customer uses it at all.
APPETITE = {
    "planning": 2.6, "timesheets": 3.4, "mobile": 2.2, "invoicing": 0.8, "reports": 0.5,
    "approvals": 0.7, "integrations": 1.4, "forecast": 0.3, "audit": 0.12,
}  # fmt: skip
DAYS_A_WEEK = {"basis": 2, "start": 2, "team": 3, "business": 4, "enterprise": 5}
SEASON = {7: 0.5, 12: 0.8, 6: 0.9}
AT_THE_CORE = 2


def usage(life: Life, world: World) -> Iterator[UsageRow]:
    """Rows of (customer, feature, day, count), feature by feature, day by day."""
    dice = world.dice(life.profile.number, "usage")
    weeks = list(_weeks(life, world, dice))
    for place, feature in enumerate(_features(life, dice)):
        starts_on = released_on(feature, world.story)
        yield from _use_of(life, feature, weeks, starts_on, core=place < AT_THE_CORE, dice=dice)


def _features(life: Life, dice: Random) -> list[str]:
    """Those in use, the core first; few have found Forecast."""
    orders = [r.order.plan for s in life.streams for r in s.revisions]
    owned = set().union(*(PLANS[plan].features for plan in orders)) if orders else set()
    found = [
        f for f in FEATURES if f in owned and dice.random() < (0.2 if f == "forecast" else 0.93)
    ]
    if not found:
        return []
    core = dice.sample(found, min(AT_THE_CORE, len(found)))
    return core + [feature for feature in found if feature not in core]


def _weeks(life: Life, world: World, dice: Random) -> Iterator[tuple[date, float]]:
    """The Monday of each week of the life, and how lively it is, 1 being usual for one seat."""
    day = life.profile.signed_up_on
    day -= timedelta(days=day.weekday())
    mood, seats = 1.0, life.profile.seats
    tells = {s.external_id: s for s in life.streams}
    while day < world.today:
        middle = day + timedelta(days=3)
        running = [r for s in tells.values() if (r := revision_on(s, middle))]
        mood += dice.gauss(0, 0.06) + (1 - mood) * 0.2
        if running:
            seats = max(r.order.seats for r in running)
            paused = 0.05 if all(r.kind == "paused" for r in running) else 1
            share = paused * max(mood, 0.3) * SEASON.get(middle.month, 1.0)
            yield day, seats * share * _slump(life.slumps, middle) * _trial(running[0].kind)
        day += timedelta(days=7)


def _trial(kind: str) -> float:
    return 0.5 if kind == "trial" else 1.0


def _slump(slumps: list[Slump], day: date) -> float:
    return min(
        (s.depth for s in slumps if s.starts_on <= day and (s.ends_on is None or day < s.ends_on)),
        default=1.0,
    )


def _use_of(
    life: Life,
    feature: str,
    weeks: list[tuple[date, float]],
    since: date,
    *,
    core: bool,
    dice: Random,
) -> Iterator[UsageRow]:
    number, appetite = life.profile.number, APPETITE[feature] * dice.uniform(0.6, 1.4)
    days_a_week = DAYS_A_WEEK[life.profile.plan]
    roll = dice.random
    for monday, lively in weeks:
        if not core and roll() > 0.3:
            continue
        days = range(days_a_week) if core else (int(roll() * 5),)
        for place in days:
            day = monday + timedelta(days=(place * 2) % 5)
            count = int(appetite * lively / days_a_week * (0.6 + 0.8 * roll()) + roll())
            if count and day >= since:
                yield number, feature, day, count
