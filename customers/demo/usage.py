"""Daily counts of use: a rhythm of its own for each customer, seasons, slumps and silence."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from customers.demo.catalogue import FEATURES, PLANS, released_on
from customers.demo.lives import Life, Slump, revision_on
from customers.demo.world import World

UsageRow = tuple[int, str, date, int]
Week = tuple[date, float]
Use = tuple[date, int]

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
    first_on = life.profile.signed_up_on
    for place, feature in enumerate(_features(life, dice)):
        since = max(first_on, released_on(feature, world.story))
        rhythm = _rare if place >= AT_THE_CORE else _regular
        for day, count in rhythm(weeks, life.profile.plan, feature, dice):
            if count and since <= day < world.today:
                yield life.profile.number, feature, day, count


def _features(life: Life, dice: Random) -> list[str]:
    """Those in use, the core first; one in four has not found Forecast."""
    orders = [r.order.plan for s in life.streams for r in s.revisions]
    owned = set().union(*(PLANS[plan].features for plan in orders)) if orders else set()
    found = [
        f for f in FEATURES if f in owned and dice.random() < (0.75 if f == "forecast" else 0.995)
    ]
    if not found:
        return []
    core = dice.sample(found, min(AT_THE_CORE, len(found)))
    return core + [feature for feature in found if feature not in core]


def _weeks(life: Life, world: World, dice: Random) -> Iterator[Week]:
    """The Monday of each week of the life, and how lively it is, 1 being usual for one seat."""
    day = life.profile.signed_up_on
    day -= timedelta(days=day.weekday())
    mood, seats = 1.0, life.profile.seats
    while day < world.today:
        middle = day + timedelta(days=3)
        running = [r for s in life.streams if (r := revision_on(s, middle))]
        mood += dice.gauss(0, 0.045) + (1 - mood) * 0.2
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


def _regular(weeks: list[Week], plan: str, feature: str, dice: Random) -> Iterator[Use]:
    """The same days each week."""
    appetite = APPETITE[feature] * dice.uniform(0.6, 1.4) / DAYS_A_WEEK[plan]
    places = [timedelta(days=place * 2 % 5) for place in range(DAYS_A_WEEK[plan])]
    roll = dice.random
    for monday, lively in weeks:
        for place in places:
            yield monday + place, int(appetite * lively * (0.75 + 0.5 * roll()) + roll())


def _rare(weeks: list[Week], plan: str, feature: str, dice: Random) -> Iterator[Use]:
    """On one day in every second week."""
    appetite = APPETITE[feature] * dice.uniform(0.6, 1.4) / DAYS_A_WEEK[plan]
    weekday = timedelta(days=dice.randrange(5))
    for monday, lively in weeks[dice.randrange(2) :: 2]:
        yield (
            monday + weekday,
            int(appetite * lively * (0.75 + 0.5 * dice.random()) + dice.random()),
        )
