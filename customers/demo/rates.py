"""Exchange rates of three years: a slow walk around what they usually are."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from customers.demo.world import World

IN_EUROS = {"EUR": 1.0, "NOK": 0.0862, "SEK": 0.0893, "DKK": 0.1340, "USD": 0.915, "GBP": 1.165}
UNREST = {"EUR": 0.0, "NOK": 0.011, "SEK": 0.009, "DKK": 0.0004, "USD": 0.01, "GBP": 0.007}
SOLD_IN = ("NOK", "SEK", "DKK", "EUR")
SMALLEST = Decimal("0.000001")


class RateRow(NamedTuple):
    on: date
    currency: str
    rate: Decimal


class Rates:
    """Units of the reporting currency for one unit, new each Monday."""

    def __init__(self, world: World) -> None:
        dice = world.dice("rates")
        self.reporting = world.currency
        self.days: list[date] = []
        self.tables: list[dict[str, Decimal]] = []
        day = world.story.opening_on - timedelta(days=world.story.opening_on.weekday())
        euros = dict(IN_EUROS)
        while day <= world.today:
            for currency, usual in IN_EUROS.items():
                drift = dice.gauss(0, UNREST[currency]) * usual
                euros[currency] += drift + (usual - euros[currency]) * 0.03
            self.days.append(day)
            self.tables.append({c: self._against(euros, c) for c in SOLD_IN})
            day += timedelta(days=7)

    def _against(self, euros: dict[str, float], currency: str) -> Decimal:
        if currency == self.reporting:
            return Decimal(1)
        return Decimal(euros[currency] / euros[self.reporting]).quantize(SMALLEST)

    def rate(self, currency: str, day: date) -> Decimal:
        """The rate of `day`, or the last one before."""
        return self.tables[bisect_right(self.days, day) - 1][currency]

    def rows(self) -> Iterator[RateRow]:
        """All but the reporting currency's own, which is always one."""
        for day, table in zip(self.days, self.tables, strict=True):
            for currency, rate in table.items():
                if currency != self.reporting:
                    yield RateRow(day, currency, rate)

    def in_euros(self, day: date) -> Decimal:
        """Euros for one unit of the reporting currency."""
        return 1 / self.rate("EUR", day)
