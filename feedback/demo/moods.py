"""How content a customer is on a day: what the scores of all surveys are drawn from."""

from datetime import date
from random import Random

from customers.demo.lives import Departure, Life
from customers.demo.world import World

MEAN, SPREAD = 8.3, 1.2
GUIDED = 0.5
LEAVING, LEAVING_DAYS, LEAVING_TOLD = 3.4, 150, 0.7
SLUMPING = 1.3
OUTAGE, OUTAGE_DAYS = 1.2, 60
DEARER, DEARER_DAYS = 1.2, 120


def contentment(life: Life, day: date, world: World) -> float:
    """From about 0 to 10. It is the same customer's on every day, but for what befalls it."""
    dice = world.dice(life.profile.number, "contentment")
    level = dice.gauss(MEAN, SPREAD) + GUIDED * (life.profile.onboarding == "guided")
    level -= LEAVING * any(foretold(departure, day, dice) for departure in life.departures)
    level -= SLUMPING * is_in_a_slump(life, day)
    return level - troubles(life, day, world)


def foretold(departure: Departure, day: date, dice: Random) -> bool:
    """Whether a departure soon after `day` shows already; some leave content."""
    shows = dice.random() < LEAVING_TOLD
    ahead = (departure.recorded_at.date() - day).days
    return shows and 0 <= ahead <= LEAVING_DAYS and not departure.involuntary


def is_in_a_slump(life: Life, day: date) -> bool:
    return any(s.starts_on <= day and (s.ends_on is None or day < s.ends_on) for s in life.slumps)


def troubles(life: Life, day: date, world: World) -> float:
    """What the outage and the price rise took from everybody whom they met."""
    story = world.story
    outage = 0 <= (day - story.incident_on).days <= OUTAGE_DAYS
    dearer = 0 <= (day - story.price_rise_on).days <= DEARER_DAYS
    is_small = life.profile.plan in {"basis", "start"}
    return OUTAGE * outage + DEARER * (dearer and is_small)


def score(kind: str, content: float, dice: Random) -> int:
    """What a customer so content answers: NPS 0 to 10, a rating 1 to 5, effort 1 to 7."""
    if kind == "nps":
        return within(content + dice.gauss(0, 0.9), 0, 10)
    if kind == "rating":
        return within(1 + content * 0.42 + dice.gauss(0, 0.6), 1, 5)
    return within(1 + content * 0.6 + dice.gauss(0, 0.9), 1, 7)


def within(number: float, lowest: int, highest: int) -> int:
    return min(highest, max(lowest, round(number)))
