"""Figures as a reader sees them: written out, compared with the period before, and their course."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from churnapp.common import formats
from customers.metrics.definitions import DEFINITIONS, SECTIONS, Definition, Unit, in_section
from customers.metrics.figures import MOVEMENT_KEYS, Value
from customers.metrics.reports import Report
from customers.views.asking import Asked

HEADLINES = (
    "mrr_end",
    "customers_end",
    "customer_churn_rate",
    "lost_customers",
    "nrr",
    "grr",
    "lost_recurring_revenue",
    "mrr_under_notice",
)
# What stands at one moment: comparable though the period still runs. The others add up over it.
STANDING = frozenset(
    {"customers_start", "customers_end", "paused_customers_end", "silent_customers_end"}
    | {"mrr_start", "mrr_end", "arr_end", "arpa", "lifetime_months", "ltv", "mrr_top10_share"}
    | {"customers_under_notice", "mrr_under_notice"}
)
MOVED = frozenset(f"mrr_{name}" for name in MOVEMENT_KEYS)
COURSE = 13
SHOWN_SHARE = 0.001  # shares are written with a tenth of a percent
MOST_MOVED = Decimal(10)  # of a change: more than that says no more than "a great deal"


@dataclass(frozen=True)
class Tile:
    """One figure of the shown period. `is_good` is None where the change says neither."""

    key: str
    label: str | Promise
    text: str
    full: str
    change: str
    direction: int
    is_good: bool | None
    previous: str
    previous_label: str
    course: Sequence[Value]
    course_label: str
    href: str


@dataclass(frozen=True)
class TileGroup:
    label: str | Promise
    tiles: list[Tile]


def headlines(report: Report, question: Asked) -> list[Tile]:
    return [tile_of(DEFINITIONS[key], report, question) for key in HEADLINES]


def all_figures(report: Report, question: Asked) -> list[TileGroup]:
    """Every figure of the registry that the overview shows, by section."""
    return [
        TileGroup(label, [tile_of(each, report, question) for each in in_section(section)])
        for section, label in SECTIONS.items()
    ]


def tile_of(definition: Definition, report: Report, question: Asked) -> Tile:
    """The figure of the last period of `report`, against the one before it."""
    course = report.series(definition.key)
    now, before = course[-1], course[-2]
    is_whole = definition.key in STANDING or not report.periods[-1].partial
    change = difference(definition, now, before, report.currency) if is_whole else ""
    direction = direction_of(now, before, definition.unit) if change else 0
    return Tile(
        key=definition.key,
        label=definition.label,
        text=short(now, definition.unit, report.currency),
        full=full(now, definition.unit, report.currency),
        change=change,
        direction=direction,
        is_good=judged(definition, direction),
        previous=short(before, definition.unit, report.currency),
        previous_label=earlier(definition, question, report, is_whole=is_whole),
        course=course[-COURSE:],
        course_label=course_in_words(definition, report),
        href=behind(definition, question),
    )


def short(value: Value, unit: Unit, currency: str) -> str:
    """A figure with three digits or so."""
    if value is None:
        return formats.not_available()
    if unit == "share":
        return formats.compact_percent(value)
    if unit == "money":
        return formats.compact_money(value, currency)
    if unit == "months":
        return _("%(months)s months") % {"months": formats.number(value, 1)}
    return formats.number(value, 2) if unit == "ratio" else formats.compact(value)


def full(value: Value, unit: Unit, currency: str) -> str:
    """A figure with all that is known of it."""
    if value is None:
        return _("Unknown: nothing to divide by, or not recorded.")
    if unit == "money":
        return formats.money(value, currency)
    if unit == "share":
        return formats.percent(value, 3)
    return formats.number(value, 0 if unit == "count" else 4)


def difference(definition: Definition, now: Value, before: Value, currency: str) -> str:
    """How a figure changed: points for shares, percent for levels of money, else the amount."""
    if now is None or before is None:
        return ""
    moved = Decimal(str(now)) - Decimal(str(before))
    if definition.unit == "share":
        return capped(moved, formats.points)
    if definition.unit in {"money", "index"} and definition.key not in MOVED and before > 0:
        return capped(moved / Decimal(str(before)), percent_moved)
    if definition.unit == "money":
        return formats.signed(formats.compact_money(moved, currency), moved)
    digits = 0 if definition.unit == "count" else 2
    return formats.signed(formats.number(moved, digits), moved)


def capped(share: Decimal, write: Callable[[Decimal, int], str]) -> str:
    """A change as `write` writes it; beyond a thousand percent only that it is more: >1,000%."""
    if abs(share) <= MOST_MOVED:
        return write(share, 1)
    most = MOST_MOVED if share > 0 else -MOST_MOVED
    return (">" if share > 0 else "<") + write(most, 0).lstrip("+")


def percent_moved(share: Decimal, digits: int) -> str:
    return formats.signed(formats.percent(share, digits), share)


def direction_of(now: Value, before: Value, unit: Unit) -> int:
    """1 for up, -1 for down, 0 for the same as far as it is shown, or unknown."""
    if now is None or before is None:
        return 0
    if unit == "share" and abs(float(now) - float(before)) < SHOWN_SHARE / 2:
        return 0
    return (now > before) - (now < before)


def judged(definition: Definition, direction: int) -> bool | None:
    if not direction or definition.better == "neither":
        return None
    return (direction > 0) == (definition.better == "up")


def earlier(definition: Definition, question: Asked, report: Report, *, is_whole: bool) -> str:
    """What it was before; with its period's name where the shown one still runs."""
    before = report.periods[-2]
    value = before.values[definition.key]
    if value is None:
        return ""
    text = short(value, definition.unit, report.currency)
    if is_whole:
        return _("was %(value)s") % {"value": text}
    return _("%(value)s in %(period)s") % {"value": text, "period": question.name(before.period)}


def course_in_words(definition: Definition, report: Report) -> str:
    """For those who don't see the line: where it began and where it ended."""
    course = report.series(definition.key)[-COURSE:]
    return _("Over %(count)s periods from %(first)s to %(last)s") % {
        "count": len(course),
        "first": short(course[0], definition.unit, report.currency),
        "last": short(course[-1], definition.unit, report.currency),
    }


def behind(definition: Definition, question: Asked) -> str:
    """The page with the customers behind the figure of the shown period."""
    if not definition.behind:
        return ""
    address = reverse("customers:metric_customers", args=[definition.key])
    return f"{address}?{question.query(**{'from': ''})}"
