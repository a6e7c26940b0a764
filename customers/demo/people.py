"""Who works at Lysbro, and whom they talk to at a customer's."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from churnapp.permissions import ADMIN, CSM, MANAGER, VIEWER
from customers.demo import names
from customers.demo.world import World

if TYPE_CHECKING:
    from customers.demo.lives import Life

DOMAIN = "demo.example"


@dataclass(frozen=True)
class Colleague:
    """A member of Lysbro's staff; `country` is whose customers they look after."""

    email: str
    name: str
    role: str
    country: str = ""

    @property
    def signs_in(self) -> bool:
        """Whether this is one of the four logins, one a role."""
        return self.email == f"{self.role}@{DOMAIN}"


COLLEAGUES = (
    Colleague(f"viewer@{DOMAIN}", "Nora Lindell", VIEWER),
    Colleague(f"csm@{DOMAIN}", "Ingrid Solheim", CSM, "NO"),
    Colleague(f"manager@{DOMAIN}", "Marit Tveter", MANAGER),
    Colleague(f"admin@{DOMAIN}", "Olav Rustad", ADMIN),
    Colleague(f"jonas.aas@{DOMAIN}", "Jonas Aas", CSM, "NO"),
    Colleague(f"henrik.brodal@{DOMAIN}", "Henrik Brodal", CSM, "NO"),
    Colleague(f"elin.sandqvist@{DOMAIN}", "Elin Sandqvist", CSM, "SE"),
    Colleague(f"lars.wikander@{DOMAIN}", "Lars Wikander", CSM, "SE"),
    Colleague(f"mette.krogh@{DOMAIN}", "Mette Krogh", CSM, "DK"),
    Colleague(f"sofie.vangsgaard@{DOMAIN}", "Sofie Vangsgaard", CSM, "DK"),
    Colleague(f"aino.lehtola@{DOMAIN}", "Aino Lehtola", CSM, "FI"),
)
BY_COUNTRY = {
    country: [c.email for c in COLLEAGUES if c.country == country] for country in names.PLACES
}
FIRST_NAMES = {colleague.email: colleague.name.split()[0] for colleague in COLLEAGUES}


def owner_of(dice: Random, country: str, plan: str) -> str | None:
    """A CSM of the customer's country; half of the Start customers have none."""
    owner = dice.choice(BY_COUNTRY[country])
    return None if plan == "start" and dice.random() < 0.5 else owner


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


def contacts(life: "Life", world: World, first_id: int) -> list[ContactRow]:
    """People at one customer; where the key person left, the champion left, and recently so."""
    profile, dice = life.profile, world.dice(life.profile.number, "contacts")
    people: dict[str, str] = {}
    while len(people) < min(CONTACTS[profile.plan], len(ROLES)):
        person = names.person_name(dice, profile.country)
        people.setdefault(names.address(person, profile.name), person)
    rows = []
    for place, (email, person) in enumerate(people.items()):
        role = ROLES[place]
        rows.append(
            ContactRow(
                first_id + place,
                profile.number,
                email,
                person,
                role,
                profile.language,
                _left_on(life, world, role, dice),
            )  # fmt: skip
        )
    return rows


def _left_on(life: "Life", world: World, role: str, dice: Random) -> date | None:
    if role == "champion" and life.champion_left_on:
        return life.champion_left_on
    if role != "champion" and dice.random() < 0.06:
        length = (world.today - life.profile.signed_up_on).days
        return life.profile.signed_up_on + timedelta(days=dice.randrange(length + 1))
    return None
