"""Who becomes a customer: country, trade, size, how they came and how they were set up."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from customers.demo import names
from customers.demo.catalogue import CURRENCIES, LANGUAGES, PLANS
from customers.demo.colleagues import owner_of
from customers.demo.world import World

COUNTRIES = {"NO": 40, "SE": 31, "DK": 20, "FI": 9}
SOLD = {"start": 44, "team": 34, "business": 18, "enterprise": 4}
CHANNELS = {"search": 30, "referral": 18, "partner": 16, "outbound": 14, "event": 9, "social": 13}
INDUSTRIES = {
    "construction": 24, "electrical": 16, "plumbing": 14, "facility services": 14,
    "logistics": 11, "tourism": 8, "engineering": 8, "health care": 5,
}  # fmt: skip
SIZES = {"start": "1–9", "team": "10–49", "business": "50–199", "enterprise": "200+"}
GUIDED = {"start": 0.22, "team": 0.42, "business": 0.72, "enterprise": 1.0}
YEARLY = {"start": 0.18, "team": 0.35, "business": 0.7, "enterprise": 1.0}


@dataclass(frozen=True)
class Profile:
    """A customer as it signed up."""

    number: int
    name: str
    organisation_number: str
    country: str
    language: str
    currency: str
    industry: str
    channel: str
    onboarding: str
    plan: str
    seats: int
    interval: str
    signed_up_on: date
    owner: str | None
    parent: int | None

    @property
    def external_id(self) -> str:
        return f"demo-{self.number:05d}"

    @property
    def attributes(self) -> dict[str, str]:
        plan = "start" if self.plan == "basis" else self.plan
        return {
            "industry": self.industry,
            "size": SIZES[plan],
            "channel": self.channel,
            "onboarding": self.onboarding,
        }


def draw(dice: Random, weights: dict[str, int]) -> str:
    return dice.choices(list(weights), list(weights.values()))[0]


def draw_profiles(world: World) -> list[Profile]:
    """All customers in the order in which they signed up; names are unique."""
    dice = world.dice("sign-ups")
    days = sorted(_sign_up_day(world, dice) for _ in range(world.customers))
    taken: set[str] = set()
    profiles: list[Profile] = []
    for number, day in enumerate(days, start=1):
        profile = _profile(world, number, day, taken)
        taken.add(profile.name)
        profiles.append(profile)
    return profiles


def _sign_up_day(world: World, dice: Random) -> date:
    """More each month: twice as many a day now as at the opening; few in July."""
    length = (world.today - world.story.opening_on).days
    while True:
        day = world.story.opening_on + timedelta(days=int(length * dice.random()))
        grown = 0.5 + 0.5 * (day - world.story.opening_on).days / length
        season = {7: 0.55, 12: 0.7}.get(day.month, 1.0)
        if dice.random() < grown * season * (0.35 if day.weekday() > 4 else 1):
            return day


def _profile(world: World, number: int, day: date, taken: set[str]) -> Profile:
    dice = world.dice(number, "profile")
    country, industry = draw(dice, COUNTRIES), draw(dice, INDUSTRIES)
    plan = draw(dice, SOLD)
    return Profile(
        number=number,
        name=_free_name(dice, country, industry, taken),
        organisation_number=names.organisation_number(dice, country),
        country=country,
        language=LANGUAGES[country],
        currency=CURRENCIES[country],
        industry=industry,
        channel=draw(dice, CHANNELS),
        onboarding="guided" if dice.random() < GUIDED[plan] else "self-serve",
        plan="basis" if plan == "start" and day < world.story.plan_migration_on else plan,
        seats=int(dice.triangular(*PLANS[plan].seats, PLANS[plan].seats[0] * 1.4)),
        interval="year" if dice.random() < YEARLY[plan] else "month",
        signed_up_on=day,
        owner=owner_of(dice, country, plan),
        parent=dice.randrange(1, number) if number > 50 and dice.random() < 0.02 else None,
    )


def _free_name(dice: Random, country: str, industry: str, taken: set[str]) -> str:
    for _attempt in range(50):
        name = names.company_name(dice, country, industry)
        if name not in taken:
            return name
    trunk, form = name.rsplit(" ", 1)
    return f"{trunk} {len(taken)} {form}"
