"""Charts as SVG drawn on the server, each with its table."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.translation import gettext as _

from churnapp.common.charts.bars import StackedChart, Waterfall
from churnapp.common.charts.lines import LineChart, sparkline
from churnapp.common.charts.scales import Value

register = template.Library()


@register.inclusion_tag("charts/_sparkline.html")
def spark(values: Sequence[Value], label: str, tone: str = "tone-1") -> dict[str, Any]:
    """A line without axes; `label` says what it shows to those who don't see it."""
    return {"spark": sparkline(values, label), "tone": tone}


@register.inclusion_tag("charts/_line.html")
def line_figure(chart: LineChart, key: str) -> dict[str, Any]:
    """A line chart; `key` is its own on the page."""
    return {"chart": chart, "key": key, "summary": summary(chart)}


@register.inclusion_tag("charts/_stacked.html")
def stacked_figure(chart: StackedChart, key: str) -> dict[str, Any]:
    """Stacked bars; `key` is its own on the page."""
    return {"chart": chart, "key": key, "summary": summary(chart)}


@register.inclusion_tag("charts/_waterfall.html")
def waterfall_figure(chart: Waterfall, key: str) -> dict[str, Any]:
    """A lying waterfall: the table is the chart."""
    return {"chart": chart, "key": key}


def summary(chart: LineChart | StackedChart) -> str:
    """In words: what each line was in the first and in the last period."""
    if not chart.columns:
        return ""
    first, last = chart.columns[0], chart.columns[-1]
    sentences = [
        _("%(name)s: %(first)s in %(start)s, %(last)s in %(end)s.")
        % {
            "name": old.name,
            "first": old.text,
            "start": first.name,
            "last": new.text,
            "end": last.name,
        }
        for old, new in zip(first.readings, last.readings, strict=True)
    ]
    return " ".join(sentences)
