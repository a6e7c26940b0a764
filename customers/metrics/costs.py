"""What was spent on winning and keeping customers, by calendar month, in the reporting currency."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from churnapp.common.money import exponent
from churnapp.common.periods import ONE_DAY, Period, holding
from customers.metrics.question import Question
from customers.models import FxRate, Spend

MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class MonthTally:
    """A calendar month in customers, departures and the ARR they took along (negative)."""

    month: Period
    customers_start: int = 0
    lost: int = 0
    churned: int = 0
    new: int = 0
    arr_churn: int = 0


@dataclass(frozen=True)
class Spending:
    """Minor units of the reporting currency by purpose and first of the month; exact.

    None stands for a month whose spend is in a currency without a rate by then.
    """

    months: dict[tuple[str, date], Fraction | None]

    def within(self, period: Period, purpose: str) -> Fraction | None:
        """Spend of a period of whole months; None where none is recorded, or months are cut."""
        if period.start.day != 1 or period.end.day != 1:
            return None
        recorded = [
            amount
            for (of, month), amount in self.months.items()
            if of == purpose and period.start <= month < period.end
        ]
        known = [amount for amount in recorded if amount is not None]
        return sum(known, Fraction(0)) if known and len(known) == len(recorded) else None

    def cost_of_churn(self, months: Iterable[MonthTally]) -> Fraction | None:
        """Σ over months of lost recurring revenue × acquisition cost, in minor units squared.

        None if no month has both, or if a month with losses has no acquisition cost.
        """
        steps = []
        for tally in months:
            spent = self.within(tally.month, Spend.Purpose.ACQUISITION)
            if spent is not None and tally.new:
                steps.append(Fraction(-tally.arr_churn, MONTHS_A_YEAR) * spent / tally.new)
            elif tally.arr_churn:
                return None
        return sum(steps, Fraction(0)) if steps else None


def spending(question: Question) -> Spending:
    """All spend up to the day of known_at."""
    reporting = question.basis.currency
    spends = list(Spend.objects.filter(month_on__lte=question.known_on).order_by("month_on"))
    is_foreign = any(spend.currency != reporting for spend in spends)
    rates = rates_until(question.known_on) if is_foreign else {}
    months: dict[tuple[str, date], Fraction | None] = {}
    for spend in spends:
        key = (spend.purpose, holding(spend.month_on, "month").start)
        rate = rate_on(rates, spend.currency, spend.month_on, reporting)
        before = months.get(key, Fraction(0))
        if rate is None or before is None:
            months[key] = None
            continue
        scale = Fraction(10) ** (exponent(reporting) - exponent(spend.currency))
        months[key] = before + spend.amount_minor * Fraction(rate) * scale
    return Spending(months)


Rates = dict[str, tuple[list[date], list[Decimal]]]


def rates_until(day: date) -> Rates:
    """By currency, the days on which a rate began and the rates."""
    found: Rates = defaultdict(lambda: ([], []))
    for rate in FxRate.objects.filter(on__lte=day).order_by("currency", "on"):
        days, values = found[rate.currency]
        days.append(rate.on)
        values.append(rate.rate)
    return found


def rate_on(rates: Rates, currency: str, day: date, reporting: str) -> Decimal | None:
    """The rate of `day`, else the last one before; None without any."""
    if currency == reporting:
        return Decimal(1)
    days, values = rates.get(currency, ([], []))
    place = bisect_right(days, day)
    return values[place - 1] if place else None


def within(months: Iterable[MonthTally], period: Period) -> list[MonthTally]:
    """The months that lie in a period of whole months."""
    last_on = period.end - ONE_DAY
    return [each for each in months if period.start <= each.month.start <= last_on]
