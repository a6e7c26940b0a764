"""Whom Lysbro talks to at a customer's; where the key person left, and when."""

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from customers.demo import names
from customers.demo.lives import Life
from customers.demo.world import World


class ContactRow(NamedTuple):
    id: int
    customer_id: int
    email: str
    name: str
    role: str
    language: str
    left_on: date | None


ROLES = ("champion", "decision_maker", "billing", "user", "user", "user")
CONTACTS = {"basis": 2, "start": 2, "team": 3, "business": 5, "enterprise": 6}


def contacts(life: Life, world: World, first_id: int) -> list[ContactRow]:
    """People at one customer; where the key person left, the champion left, and recently so."""
    profile, dice = life.profile, world.dice(life.profile.number, "contacts")
    people: dict[str, str] = {}
    while len(people) < min(CONTACTS[profile.plan], len(ROLES)):
        person = names.person_name(dice, profile.country)
        people.setdefault(names.address(person, profile.name), person)
    rows = []
    for place, (email, person) in enumerate(people.items()):
        left_on = _left_on(life, world, ROLES[place], dice)
        who = (first_id + place, profile.number, email, person, ROLES[place])
        rows.append(ContactRow(*who, profile.language, left_on))
    return rows


def _left_on(life: Life, world: World, role: str, dice: Random) -> date | None:
    if role == "champion" and life.champion_left_on:
        return life.champion_left_on
    if role != "champion" and dice.random() < 0.06:
        length = (world.today - life.profile.signed_up_on).days
        return life.profile.signed_up_on + timedelta(days=dice.randrange(length + 1))
    return None
