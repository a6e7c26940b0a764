"""Cancellations: who left, over what, in which words."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

from customers.demo.colleagues import FIRST_NAMES
from customers.demo.comments import comment
from customers.demo.contacts import ContactRow
from customers.demo.lives import Departure, Life
from customers.demo.odds import Circumstances
from customers.demo.rivals import as_written
from customers.demo.subscriptions import largest_order
from customers.demo.world import World

COMPETITORS = ("Planvind", "Skiftly", "Timeglad", "Ordna+", "Rutebok")
MISSING = {
    "en": ("route planning", "payroll export", "an offline mode", "several companies in one login"),
    "nb": ("ruteplanlegging", "lønnseksport", "frakoblet modus", "flere firmaer i én pålogging"),
    "sv": ("ruttplanering", "löneexport", "ett offlineläge", "flera bolag i en inloggning"),
    "da": ("ruteplanlægning", "løneksport", "offline-tilstand", "flere firmaer i ét login"),
}


class CancellationRow(NamedTuple):
    customer_id: int
    subscription_id: str | None
    external_id: str
    requested_at: datetime | None
    effective_on: date
    recorded_at: datetime
    recorded_by_id: str | None
    involuntary: bool
    reason_id: str
    reason_version_id: str
    comment: str
    competitor: str
    missing_feature: str
    withdrawn_at: datetime | None
    ended_terms: bool


def cancellations(life: Life, people: list[ContactRow], world: World) -> Iterator[CancellationRow]:
    """One customer's departures."""
    for number, departure in enumerate(life.departures, start=1):
        dice = world.dice(life.profile.number, "departure", number)
        missing = dice.randrange(4)
        competitor = _competitor(life, departure, world, dice)
        said = _words(life, people, departure, dice).format(
            competitor=competitor, feature=MISSING[life.profile.language][missing]
        )
        yield CancellationRow(
            customer_id=life.profile.number,
            subscription_id=_whose(departure, life),
            external_id=f"{life.profile.external_id}-c{number}",
            requested_at=departure.requested_at,
            effective_on=departure.effective_on,
            recorded_at=departure.recorded_at,
            recorded_by_id=life.profile.owner,
            involuntary=departure.involuntary,
            reason_id=departure.reason,
            reason_version_id=departure.reason,
            comment=said[:1].upper() + said[1:],
            competitor=as_written(competitor, life.profile.number)
            if departure.reason == "competitor"
            else "",
            missing_feature=_feature("en", missing)
            if departure.reason == "missing-feature"
            else "",
            withdrawn_at=departure.withdrawn_at,
            ended_terms=True,
        )


def _whose(departure: Departure, life: Life) -> str | None:
    """The subscription that a departure speaks of; None where all of the customer's end with it."""
    ending = [stream for stream in life.streams if stream.ends_on == departure.effective_on]
    return departure.subscription if len(ending) < 2 else None


def _competitor(life: Life, departure: Departure, world: World, dice: Random) -> str:
    where = Circumstances(life.profile, life.profile.plan, departure.effective_on, 0, alone=False)
    favourite = where.won_over(world.story) and dice.random() < 0.85
    return COMPETITORS[0] if favourite else dice.choice(COMPETITORS)


def _feature(language: str, number: int) -> str:
    text = MISSING[language][number]
    return text.removeprefix("an ").capitalize() if language == "en" else text


def _words(life: Life, people: list[ContactRow], departure: Departure, dice: Random) -> str:
    profile = life.profile
    order = largest_order(life, departure.effective_on - timedelta(days=1))
    return comment(
        dice,
        profile.language,
        departure.reason,
        seats=order.seats if order else profile.seats,
        months=max(2, (departure.effective_on - profile.signed_up_on).days // 30),
        contact=people[0].name,
        competitor="{competitor}",
        feature="{feature}",
        csm=FIRST_NAMES.get(profile.owner or "", "Ingrid"),
    )
