"""The charts of the overview, from a report."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from churnapp.common import formats
from churnapp.common.charts.bars import StackedChart, Step, Waterfall, stacked_chart, waterfall
from churnapp.common.charts.lines import Frame, LineChart, Series, line_chart
from churnapp.common.charts.scales import Value as Point
from customers.metrics.reports import Report
from customers.views.asking import Asked

# Kinds of movement with their colour, gains first, in the order of a waterfall.
MOVEMENTS: tuple[tuple[str, Promise, str], ...] = (
    ("new", _lazy("New"), "tone-gain"),
    ("expansion", _lazy("Expansion"), "tone-gain-2"),
    ("reactivation", _lazy("Returned"), "tone-gain-3"),
    ("resume", _lazy("Resumed"), "tone-1"),
    ("contraction", _lazy("Contraction"), "tone-loss-2"),
    ("churn", _lazy("Churn"), "tone-loss"),
    ("pause", _lazy("Paused"), "tone-6"),
    ("fx", _lazy("Exchange rates"), "tone-4"),
)
ALWAYS_SHOWN = {"new", "expansion", "contraction", "churn"}
COUNTED = {
    "new": "new_customers",
    "reactivation": "reactivated_customers",
    "churn": "churned_customers",
}
KEYS = frozenset(
    {"mrr_start", "mrr_end", "customer_churn_rate", "gross_mrr_churn_rate"}
    | {"customer_retention_rate", "grr", "nrr"}
    | {f"mrr_{kind}" for kind, _label, _tone in MOVEMENTS}
    | set(COUNTED.values())
)
MOST_WRITTEN_OUT = 100_000_000  # longer amounts have no room beside the bars of a phone
Writer = Callable[[float], str]


def numbers(report: Report, key: str, periods: int) -> list[Point]:
    """The last `periods` values of a key as floats."""
    return [None if value is None else float(value) for value in report.series(key)[-periods:]]


def frame(title: str, question: Asked, text: Writer, hrefs: Sequence[str] = ()) -> Frame:
    names = [question.name(period) for period in question.periods]
    unknown = formats.not_available()
    return Frame(title, names, text, hrefs, unknown, partial=question.is_partial)


def rate_frame(title: str, question: Asked, hrefs: Sequence[str]) -> Frame:
    """Shares, written to a tenth of a per cent."""
    return replace(frame(title, question, formats.compact_percent, hrefs), finest=0.001)


def money_frame(title: str, question: Asked, currency: str, hrefs: Sequence[str]) -> Frame:
    """Amounts in full words in the read-out, beside the plot without their currency."""
    whole = frame(title, question, lambda value: formats.compact_money(value, currency), hrefs)
    return replace(whole, axis=formats.compact, finest=0.1)


def period_links(question: Asked, key: str) -> list[str]:
    """For each period the page of the customers behind its figure."""
    address = reverse("customers:metric_customers", args=[key])
    return [
        f"{address}?{question.query(**{'from': '', 'to': question.code(period)})}"
        for period in question.periods
    ]


def churn_chart(report: Report, question: Asked) -> LineChart:
    count = len(question.periods)
    title = _("Churn rates")
    links = period_links(question, "lost_customers")
    return line_chart(
        rate_frame(title, question, links),
        [
            Series(_("Customers"), numbers(report, "customer_churn_rate", count), "tone-1"),
            Series(_("MRR, gross"), numbers(report, "gross_mrr_churn_rate", count), "tone-3"),
        ],
    )


def retention_chart(report: Report, question: Asked) -> LineChart:
    count = len(question.periods)
    return line_chart(
        rate_frame(_("Retention"), question, period_links(question, "grr")),
        [
            Series(_("Customers"), numbers(report, "customer_retention_rate", count), "tone-1"),
            Series(_("Gross revenue"), numbers(report, "grr", count), "tone-2"),
            Series(_("Net revenue"), numbers(report, "nrr", count), "tone-4"),
        ],
        from_zero=False,
    )


def movement_chart(report: Report, question: Asked) -> StackedChart:
    """Gains and losses of MRR by period, and what they come to."""
    count = len(question.periods)
    series = [
        Series(str(label), numbers(report, f"mrr_{kind}", count), tone)
        for kind, label, tone in MOVEMENTS
    ]
    moved = [one for one in series if any(one.values)]
    sums = [sum(one.values[at] or 0 for one in series) for at in range(count)]
    address = reverse("customers:movements")
    links = [
        f"{address}?{question.query(**{'from': '', 'to': question.code(period)})}"
        for period in question.periods
    ]
    title = _("MRR movements, %(currency)s") % {"currency": report.currency}
    return stacked_chart(
        money_frame(title, question, report.currency, links),
        moved,
        net=Series(_("Net"), sums, "tone-net"),
    )


def movement_waterfall(report: Report, question: Asked) -> Waterfall:
    """From the MRR at the start of the shown period to that at its end."""
    values = report.periods[-1].values
    address = reverse("customers:movements")
    steps = [Step(_("MRR at the start"), figure(values["mrr_start"]), "tone-total", is_total=True)]
    for kind, label, tone in MOVEMENTS:
        amount = figure(values[f"mrr_{kind}"])
        if not amount and kind not in ALWAYS_SHOWN:
            continue
        query = question.query(**{"from": "", "kind": kind})
        note = formats.number(values[COUNTED[kind]]) if kind in COUNTED else ""
        steps.append(Step(str(label), amount, tone, href=f"{address}?{query}", note=note))
    steps.append(Step(_("MRR"), figure(values["mrr_end"]), "tone-total", is_total=True))
    title = _("MRR in %(period)s, %(currency)s") % {
        "period": question.name(question.shown),
        "currency": report.currency,
    }
    is_long = any(abs(step.value) >= MOST_WRITTEN_OUT for step in steps)
    return waterfall(title, steps, formats.compact if is_long else formats.number)


def figure(value: Point | Decimal) -> float:
    return float(value or 0)
