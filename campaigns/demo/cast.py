"""Who plays: Lysbro's staff, and its customers as the database knows them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from churnapp.models import User
from customers.demo.company import Company
from customers.demo.lives import Departure, Kind, Life
from customers.demo.setting import MARK
from customers.demo.world import World
from customers.models import Customer

MANAGER, ADMIN = "manager@demo.example", "admin@demo.example"


@dataclass(frozen=True)
class Cast:
    """Lives by the customer's key, and the people who act."""

    company: Company
    lives: dict[int, Life]
    manager: User
    admin: User

    @classmethod
    def of(cls, company: Company) -> "Cast":
        ours = Customer.objects.filter(external_id__startswith=MARK)
        keys = dict(ours.values_list("external_id", "pk"))
        people = {user.email: user for user in User.objects.filter(email__in=(MANAGER, ADMIN))}
        lives = {keys[life.profile.external_id]: life for life in company.lives}
        return cls(company, lives, people[MANAGER], people[ADMIN])

    @property
    def world(self) -> World:
        return self.company.world

    def dice(self, customer: int, *names: object) -> Random:
        """Dice of one customer, the same whatever their key in the database is."""
        return self.world.dice(self.lives[customer].profile.number, *names)

    def gone(self, day: date, days: int) -> list[int]:
        """Who had left within so many days before, and did not pay on `day`."""
        since = day - timedelta(days=days)
        return [
            customer
            for customer, life in self.lives.items()
            if (last := departure_before(life, day))
            and since <= last.effective_on
            and not is_customer_on(life, day)
        ]

    def paying(self, day: date) -> list[int]:
        return [customer for customer, life in self.lives.items() if life.pays_on(day)]


def departure_before(life: Life, day: date) -> Departure | None:
    """The last departure that had taken effect by a day."""
    over = [one for one in life.departures if one.effective_on <= day and not one.withdrawn_at]
    return over[-1] if over else None


def is_customer_on(life: Life, day: date) -> bool:
    """Whether anything of theirs runs, a pause included."""
    return any(
        (stands := [one for one in stream.revisions if one.on <= day and not one.withdrawn_at])
        and stands[-1].kind is not Kind.END
        for stream in life.streams
    )


def returns_later(life: Life, day: date) -> bool:
    """Whether they come back by themselves after `day`."""
    return any(stream.revisions[0].on > day for stream in life.streams)


def morning(world: World, days_ago: int, hour: int = 10) -> datetime:
    """Some days before the story's last midnight, in office hours."""
    return world.now - timedelta(days=days_ago) + timedelta(hours=hour)
