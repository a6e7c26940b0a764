"""Answers as JSON, CSV and plain tables: the names that other programs rely on.

Counts are integers, rates numbers between 0 and 1 or null, money a string in major units.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from churnapp.common import money
from customers.metrics.cohorts import CohortTable
from customers.metrics.figures import Value
from customers.metrics.lists import Movement
from customers.metrics.reports import PeriodFigures, Report

Row = dict[str, Any]


def plain(value: Value) -> int | float | str | None:
    """Money as text, so that no reader takes it for a float."""
    return str(value) if isinstance(value, Decimal) else value


def metrics_json(report: Report) -> Row:
    question = report.question
    return {
        "currency": report.currency,
        "interval": question.interval,
        "convention": report.convention,
        "churn_date": report.churn_date,
        "known_at": report.known_at.isoformat(),
        "periods": [period_row(figures) for figures in report.periods],
    }


def period_row(figures: PeriodFigures) -> Row:
    """One period, flat: start, end, partial, then every key."""
    head = {
        "start": figures.period.start.isoformat(),
        "end": figures.period.end.isoformat(),
        "partial": figures.partial,
    }
    return head | {key: plain(value) for key, value in figures.values.items()}


def movement_rows(
    found: Iterable[Movement], external_ids: Mapping[int, str], currency: str
) -> list[Row]:
    return [
        {
            "on": movement.on.isoformat(),
            "customer_id": external_ids[movement.customer_id],
            "kind": movement.kind,
            "arr_minor": movement.arr_minor,
            "mrr": str(money.mrr(movement.arr_minor, currency)),
            "currency": currency,
        }
        for movement in found
    ]


def cohorts_json(table: CohortTable) -> Row:
    return {
        "measure": table.question.measure,
        "cohorts": [
            {
                "cohort": cohort.period.start.isoformat(),
                "group": cohort.group,
                "size": cohort.size,
                "cells": list(cohort.cells),
            }
            for cohort in table.cohorts
        ],
        "weighted_mean": list(table.weighted_mean),
    }


def cohort_rows(table: CohortTable) -> list[Row]:
    """A row a cohort and a last one for the mean, a column an age; ages not over yet are None."""
    oldest = len(table.weighted_mean)
    rows = []
    for cohort in table.cohorts:
        head = {"cohort": cohort.period.start.isoformat(), "group": cohort.group}
        rows.append(head | {"size": cohort.size} | by_age(cohort.cells, oldest))
    size = sum(cohort.size for cohort in table.cohorts)
    mean = {"cohort": "weighted_mean", "group": None, "size": size}
    return [*rows, mean | by_age(table.weighted_mean, oldest)]


def by_age(cells: tuple[float, ...], oldest: int) -> Row:
    return {str(age): cells[age] if age < len(cells) else None for age in range(oldest)}
