"""What is asked: which periods, of which customers, as known when.

question = ask(Organisation.current(), date(2025, 1, 1), date(2025, 12, 31), known_at=now)
question = dataclasses.replace(question, customers=Customer.objects.filter(country="NO"))
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from churnapp.common import periods
from churnapp.common.errors import RuleError
from churnapp.common.periods import Interval, Period
from churnapp.models import Organisation
from customers.models import Customer

MOST_PERIODS = 4_000
OSLO = ZoneInfo("Europe/Oslo")


@dataclass(frozen=True)
class Basis:
    """How the organisation counts."""

    currency: str = "EUR"
    zone: ZoneInfo = OSLO
    gross_margin: Decimal = Decimal("0.8")
    lapse_grace_days: int = 0
    pause_limit_days: int = 90
    silent_days: int = 30
    replacement_months: int = 12
    first_month: int = 1

    @classmethod
    def of(cls, organisation: Organisation) -> Self:
        return cls(
            currency=organisation.currency,
            zone=organisation.zone,
            gross_margin=organisation.gross_margin,
            lapse_grace_days=organisation.lapse_grace_days,
            pause_limit_days=organisation.pause_limit_days,
            silent_days=organisation.silent_days,
            replacement_months=organisation.replacement_months,
            first_month=organisation.fiscal_year_start_month,
        )


@dataclass(frozen=True)
class Question:
    """Periods follow each other without a gap; `interval` None means any two dates.

    `customers` None means all. `keys` None means every figure; naming a few saves the reads that
    only the others need.
    """

    periods: tuple[Period, ...]
    known_at: datetime
    basis: Basis
    interval: Interval | None = "month"
    customers: QuerySet[Customer] | None = None
    keys: frozenset[str] | None = None

    @property
    def known_on(self) -> date:
        """The day of `known_at` in the organisation's zone; nothing after it has happened."""
        return self.known_at.astimezone(self.basis.zone).date()

    def wants(self, *keys: str) -> bool:
        return self.keys is None or not self.keys.isdisjoint(keys)

    def is_partial(self, period: Period) -> bool:
        return self.known_on < period.last_on

    def end_of(self, period: Period) -> date:
        """The day that "at the end" means."""
        return min(period.last_on, self.known_on)


def ask(
    organisation: Organisation,
    first: date,
    last: date,
    *,
    known_at: datetime,
    interval: Interval = "month",
    **chosen: Any,
) -> Question:
    """The periods from the one that holds `first` to the one that holds `last`.

    `chosen` is `customers` or `keys` of the Question. Raises RuleError for too many periods.
    """
    basis = Basis.of(organisation)
    found = periods.between(first, last, interval, basis.first_month)
    if len(found) > MOST_PERIODS:
        raise RuleError(
            _("That is %(count)s periods; %(most)s at most. Choose a longer interval.")
            % {"count": len(found), "most": MOST_PERIODS}
        )
    return Question(tuple(found), known_at, basis, interval, **chosen)


def between(
    organisation: Organisation, start: date, end: date, *, known_at: datetime, **chosen: Any
) -> Question:
    """One period of any two dates, `[start, end)`. Raises RuleError unless `start` is earlier."""
    if end <= start:
        raise RuleError(_("The last day lies before the first."))
    basis = Basis.of(organisation)
    return Question((Period(start, end),), known_at, basis, None, **chosen)
