"""Who works at Lysbro: the four logins and the customer-success managers."""

from dataclasses import dataclass
from random import Random

from churnapp.permissions import ADMIN, CSM, MANAGER, VIEWER
from customers.demo import names

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
