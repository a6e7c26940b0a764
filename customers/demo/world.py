"""When and where the story plays: its day, its dates, and its dice."""

import zoneinfo
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from random import Random

MONTHS_OF_HISTORY = 36


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    longest = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - first).days
    return first.replace(day=min(day.day, longest))


@dataclass(frozen=True)
class Story:
    """The dates that the company's history turns on."""

    opening_on: date
    plan_migration_on: date
    price_rise_on: date
    competitor_since: date
    release_on: date
    incident_on: date
    next_rise_on: date

    @classmethod
    def up_to(cls, today: date) -> "Story":
        opening_on = add_months(today.replace(day=1), -MONTHS_OF_HISTORY)
        october = date(today.year, 10, 1)
        long_ago = today - timedelta(days=120)
        return cls(
            opening_on=opening_on,
            plan_migration_on=add_months(opening_on, 18),
            price_rise_on=october if october <= long_ago else date(today.year - 1, 10, 1),
            competitor_since=add_months(today.replace(day=1), -9),
            release_on=today - timedelta(days=70),
            incident_on=today - timedelta(days=37),
            next_rise_on=add_months(today.replace(day=1), 2),
        )


@dataclass(frozen=True)
class World:
    """One run: how many customers, from which seed, up to which day, where."""

    customers: int
    seed: int
    today: date
    zone: zoneinfo.ZoneInfo
    currency: str

    @cached_property
    def story(self) -> Story:
        return Story.up_to(self.today)

    @cached_property
    def now(self) -> datetime:
        """Nothing is known after this moment: the first one of today."""
        return datetime.combine(self.today, time(), self.zone).astimezone(UTC)

    def dice(self, *names: object) -> Random:
        """Dice of their own for each purpose, so that one change leaves the rest alone."""
        return Random("/".join(map(str, (self.seed, *names))))  # noqa: S311

    def at(self, day: date, dice: Random) -> datetime:
        """A moment of the working hours of `day`."""
        minutes = dice.randrange(8 * 60, 17 * 60)
        moment = time(minutes // 60, minutes % 60, dice.randrange(60))
        return datetime.combine(day, moment, self.zone).astimezone(UTC)

    @cached_property
    def first_midnight(self) -> datetime:
        """The first moment of the history."""
        return datetime.combine(self.story.opening_on, time(), self.zone).astimezone(UTC)
