"""Questions answered: what pages, API and commands call.

    question = ask(Organisation.current(), date(2025, 1, 1), date(2025, 12, 31), known_at=now)
    report = metrics_report(question)               # Report: one PeriodFigures a period
    report.periods[0].values["customer_churn_rate"]  # keys of definitions.DEFINITIONS
    report.series("mrr_end")

Rates are floats from 0 to 1 or None, counts and `arr_…_minor` are integers, money is a Decimal in
major units. Only committed rows are seen: the engine reads by a connection of its own.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from churnapp.common import periods
from churnapp.common.periods import Period
from customers.metrics import engine
from customers.metrics.asides import LIFETIME_MONTHS, asides
from customers.metrics.engine import Workbench
from customers.metrics.figures import Value, figures
from customers.metrics.question import Question
from customers.metrics.tally import Tally, tallies


@dataclass(frozen=True)
class PeriodFigures:
    """A period's figures by key; `partial` when it was not over on the day of known_at."""

    period: Period
    partial: bool
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Report:
    """The answer of `metrics_report`."""

    question: Question
    periods: tuple[PeriodFigures, ...]
    convention: str = "churnapp"
    churn_date: str = "effective"

    @property
    def currency(self) -> str:
        return self.question.basis.currency

    @property
    def known_at(self) -> datetime:
        return self.question.known_at

    def series(self, key: str) -> list[Value]:
        """The values of one key, a period each."""
        return [figures.values[key] for figures in self.periods]


def metrics_report(question: Question) -> Report:
    """Every figure of every period asked about."""
    return report_from_terms(None, question)


def report_from_terms(terms: pa.Table | None, question: Question) -> Report:
    """Figures as if `terms` (an Arrow table, see `given.terms_table`) were all there is."""
    longer = widened(question)
    extra = len(longer.periods) - len(question.periods)
    with engine.opened(longer, terms) as bench:
        counted = tally_periods(bench)
        beside = asides(bench, counted)
    found = [
        PeriodFigures(
            period,
            question.is_partial(period),
            figures(tally, aside, question, period.days),
        )
        for period, tally, aside in zip(
            question.periods, counted[extra:], beside[extra:], strict=True
        )
    ]
    return Report(question, tuple(found))


def widened(question: Question) -> Question:
    """Months are asked with those before them that the lifetime of customers is estimated from."""
    if question.interval != "month":
        return question
    earlier = periods.before(question.periods[0], "month", LIFETIME_MONTHS)
    return dataclasses.replace(question, periods=(*earlier, *question.periods))


def tally_periods(bench: Workbench) -> list[Tally]:
    return tallies(bench.rows("sums"), bench.rows("crowded"), len(bench.question.periods))
