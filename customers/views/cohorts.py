"""Cohorts as a heat map, and the customers of one cohort at one age."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from churnapp.common import formats, money
from churnapp.common.charts.heat import HeatCell, heat_cells, low_end
from churnapp.common.csv_export import Cell, csv_download
from churnapp.common.errors import RuleError
from churnapp.common.periods import Period, check_year, parse_period, step
from churnapp.models import Organisation
from churnapp.permissions import sees_everything
from customers.filters import segment, unknown_name
from customers.metrics.cohorts import Cohort, CohortQuestion, CohortTable, cohort_table
from customers.metrics.lists import behind_columns
from customers.metrics.question import Basis, Question
from customers.models import Customer
from customers.views.access import allowed, person, visible_customers
from customers.views.access import organisation as organisation_of
from customers.views.asking import code_of
from customers.views.cohort_asking import (
    FIELD_NAMES,
    CohortsAsked,
    begin_choices,
    by_choices,
    cohorts_asked,
    group_choices,
    measure_choices,
)
from customers.views.figure_list import export_entries, listed
from customers.views.period_bar import kept_fields, segment_choices, segment_parts

MOST_ROWS = 600


@dataclass(frozen=True)
class Row:
    """One cohort: its name, how many or how much it began with, and its cells by age."""

    name: str
    size: str
    cells: list[HeatCell]
    hrefs: list[str]

    @property
    def linked_cells(self) -> list[tuple[HeatCell, str]]:
        return list(zip(self.cells, self.hrefs, strict=True))


@dataclass(frozen=True)
class Division:
    """Cohorts of one group; `label` is None where cohorts are not divided."""

    label: str | Promise | None
    rows: list[Row]


@require_GET
@allowed("customers.view_customer")
def cohorts(request: HttpRequest) -> HttpResponseBase:
    """How those who began together stay, in customers or in money."""
    organisation = organisation_of(request)
    try:
        asked = cohorts_asked(request)
        check_group(asked, visible_customers(request))
        table = cohort_table(question_of(request, asked, organisation))
    except RuleError as error:
        return render(request, "customers/cohorts.html", {"problem": str(error)}, status=400)
    if request.GET.get("format") == "csv":
        return export(request, asked, table)
    return render(request, "customers/cohorts.html", page(asked, table))


def question_of(
    request: HttpRequest, asked: CohortsAsked, organisation: Organisation
) -> CohortQuestion:
    is_all = not asked.segment and sees_everything(person(request), organisation)
    now = timezone.now()
    return CohortQuestion(
        Basis.of(organisation),
        now,
        by=asked.by,
        begin=asked.begin,
        measure=asked.measure,
        group=asked.group or None,
        customers=None if is_all else customers_asked(request, asked.segment, now),
    )


def check_group(asked: CohortsAsked, customers: QuerySet[Customer]) -> None:
    """Raises RuleError unless cohorts can be divided by what the address asks for."""
    if asked.group in ("", *FIELD_NAMES):
        return
    if not customers.filter(attributes__has_key=asked.group).exists():
        raise RuleError(unknown_name(asked.group, list(FIELD_NAMES)))


def customers_asked(request: HttpRequest, query: str, known_at: datetime) -> QuerySet[Customer]:
    customers = visible_customers(request)
    if not query:
        return customers
    return segment(query, customers, user=person(request), known_at=known_at)


def page(asked: CohortsAsked, table: CohortTable) -> dict[str, Any]:
    ages = max((len(cohort.cells) for cohort in table.cohorts), default=0)
    low = low_of(table)
    choices = segment_choices(QueryDict(asked.segment))
    return {
        "asked": asked,
        "by": by_choices(asked),
        "begins": begin_choices(asked),
        "measures": measure_choices(asked),
        "groups": group_choices(asked),
        "choices": choices,
        "parts": segment_parts(asked, choices),
        "kept": kept_fields(asked, choices),
        "divisions": divisions(asked, table, low),
        "ages": range(ages),
        "mean": heat_cells(table.weighted_mean, share_text, low),
        "low": share_text(low),
        "whole": share_text(1),
        "is_cut": len(table.cohorts) > MOST_ROWS,
        "computed_at": table.question.known_at,
        "shades": range(11),
    }


def share_text(share: float) -> str:
    return formats.percent(share, 0)


def low_of(table: CohortTable) -> float:
    """Where the shades of the map begin."""
    return low_end(share for cohort in table.cohorts for share in cohort.cells)


def divisions(asked: CohortsAsked, table: CohortTable, low: float) -> list[Division]:
    """Rows by group, each group's oldest cohort first."""
    shown = sorted(table.cohorts[:MOST_ROWS], key=lambda cohort: cohort.group or "")
    return [
        Division(label_of(asked, group), [row_of(asked, table, cohort, low) for cohort in members])
        for group, members in groupby(shown, key=lambda cohort: cohort.group or "")
    ]


def label_of(asked: CohortsAsked, group: str) -> str | None:
    if not asked.group:
        return None
    return group or _("Not known")


def row_of(asked: CohortsAsked, table: CohortTable, cohort: Cohort, low: float) -> Row:
    basis = table.question.basis
    period = cohort.period
    cells = [
        replace(cell, label=counted(cohort, count, table))
        for cell, count in zip(
            heat_cells(cohort.cells, share_text, low), cohort.counts, strict=True
        )
    ]
    start = code_of(period, asked.by, basis.first_month)
    address = reverse("customers:cohort_customers")
    label = cohort.group or ""
    hrefs = [
        f"{address}?{asked.query(start=start, age=str(age), label=label)}"
        for age in range(len(cells))
    ]
    return Row(
        name=formats.period(period.start, period.end, asked.by),
        size=sized(cohort, table),
        cells=cells,
        hrefs=hrefs if label or not asked.group else [""] * len(cells),
    )


def sized(cohort: Cohort, table: CohortTable) -> str:
    if table.question.measure == "customers":
        return formats.number(cohort.size)
    currency = table.question.basis.currency
    return formats.compact_money(money.mrr(cohort.base_minor, currency), currency)


def counted(cohort: Cohort, count: int, table: CohortTable) -> str:
    """What a cell's share is a share of: 42 of 52, or MRR of MRR."""
    if table.question.measure == "customers":
        now, all_ = formats.number(count), formats.number(cohort.size)
    else:
        currency = table.question.basis.currency
        now = formats.money(money.mrr(count, currency), currency)
        all_ = formats.money(money.mrr(cohort.base_minor, currency), currency)
    return _("%(now)s of %(all)s") % {"now": now, "all": all_}


@allowed("customers.export_customer")
def export(request: HttpRequest, asked: CohortsAsked, table: CohortTable) -> HttpResponseBase:
    """One line a cohort and age."""
    header = ["cohort", "group", "size", "base_arr_minor", "age", asked.measure, "share"]
    return csv_download(f"cohorts-by-{asked.by}.csv", header, export_rows(table))


def export_rows(table: CohortTable) -> Iterator[list[Cell]]:
    for cohort in table.cohorts:
        about = [cohort.period.start, cohort.group, cohort.size, cohort.base_minor]
        for age, (count, share) in enumerate(zip(cohort.counts, cohort.cells, strict=True)):
            yield [*about, age, count, share]


@require_GET
@allowed("customers.view_customer")
def cohort_customers(request: HttpRequest) -> HttpResponseBase:
    """The customers of one cohort who were still paying at the end of one age."""
    organisation = organisation_of(request)
    try:
        asked = cohorts_asked(request)
        cohort = parse_period(request.GET.get("start", ""), organisation.fiscal_year_start_month)
        age = age_asked(request)
        found = staying(request, asked, cohort, age)
    except RuleError as error:
        problem = {"problem": str(error)}
        return render(request, "customers/cohort_customers.html", problem, status=400)
    start = code_of(cohort, asked.by, organisation.fiscal_year_start_month)
    if request.GET.get("format") == "csv":
        name = f"cohort-{start}-age-{age}"
        return export_entries(request, name, found, organisation.currency)
    context = {
        "asked": asked,
        "cohort": formats.period(cohort.start, cohort.end, asked.by),
        "age": age,
        "label": request.GET.get("label", ""),
        "found": listed(request, found),
        "currency": organisation.currency,
        "computed_at": timezone.now(),
    }
    return render(request, "customers/cohort_customers.html", context)


def age_asked(request: HttpRequest) -> int:
    text = request.GET.get("age", "0")
    if not (text.isdecimal() and len(text) < 4):
        raise RuleError(_("An age is a number of periods since the start of the cohort."))
    return int(text)


def staying(request: HttpRequest, asked: CohortsAsked, cohort: Period, age: int) -> pa.Table:
    """Members of the cohort who paid on the last day of that age, with what they paid then."""
    basis, now = Basis.of(organisation_of(request)), timezone.now()
    members = members_of(request, asked, cohort, basis, now)
    start = step(cohort.start, asked.by, age)
    check_year(start)
    at_age = Period(start, step(start, asked.by, 1))
    question = Question((at_age,), now, basis, asked.by, members)
    found = behind_columns("customers_end", question)
    return found.filter(pc.greater(found["arr_minor"], 0)).drop_columns(["on"])


def members_of(
    request: HttpRequest, asked: CohortsAsked, cohort: Period, basis: Basis, now: datetime
) -> QuerySet[Customer]:
    """Who began in the cohort's period, of the segment and the group in the address."""
    query = QueryDict(asked.segment, mutable=True)
    label = request.GET.get("label")
    if asked.group and label:
        query.setlist(asked.group, [label])
    customers = customers_asked(request, query.urlencode(), now)
    if asked.begin == "signed_up":
        return customers.filter(signed_up_on__gte=cohort.start, signed_up_on__lt=cohort.end)
    question = Question((cohort,), now, basis, asked.by, customers)
    began = behind_columns("new_customers", question)["customer_id"].to_pylist()
    return Customer.objects.filter(pk__in=began)
