"""The bar that chooses periods and segment on pages of figures."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from churnapp.common.periods import Interval
from churnapp.models import Organisation
from customers.filters import attribute_choices, filter_name
from customers.filters.offered import segments
from customers.models import Plan
from customers.services.staff import owners
from customers.views.access import today_here
from customers.views.asking import Asked, Choice, interval_choices, moved, understood
from customers.views.filter_words import filter_label, filter_words, named_countries

MOST_VALUES = 20


class Narrowed(Protocol):
    """A question about a segment, which can be written as an address."""

    @property
    def segment(self) -> str: ...

    def query(self) -> str: ...


@dataclass(frozen=True)
class SegmentChoice:
    """One field to narrow by; `values` are the chosen ones."""

    name: str
    label: str | Promise
    choices: list[tuple[str, str]]
    values: list[str]


@dataclass(frozen=True)
class SegmentPart:
    """One chosen value, and the address without it."""

    label: str | Promise
    value: str
    href: str


@dataclass(frozen=True)
class PeriodBar:
    intervals: list[Choice]
    shown: str
    earlier: str
    later: str
    first_code: str
    shown_code: str
    interval: Interval
    choices: list[SegmentChoice]
    parts: list[SegmentPart]
    kept: list[tuple[str, str]]


def period_bar(question: Asked, intervals: Iterable[Interval]) -> PeriodBar:
    """All that the bar shows; the later period only if it has begun."""
    choices = segment_choices(QueryDict(question.segment))
    has_later = question.shown.end <= question.today
    return PeriodBar(
        intervals=interval_choices(question, intervals),
        shown=question.name(question.shown),
        earlier="?" + moved(question, -1),
        later="?" + moved(question, 1) if has_later else "",
        first_code=question.code(question.periods[0]),
        shown_code=question.code(question.shown),
        interval=question.interval,
        choices=choices,
        parts=segment_parts(question, choices),
        kept=kept_fields(question, choices) + ([("kind", question.kind)] if question.kind else []),
    )


def refused_bar(
    request: HttpRequest, organisation: Organisation, intervals: Iterable[Interval]
) -> PeriodBar:
    """The bar below a refusal: what was typed stays there, to be mended."""
    question = understood(request.GET, today_here(), organisation)
    return replace(
        period_bar(replace(question, kind=request.GET.get("kind", "")), intervals),
        first_code=request.GET.get("from", ""),
        shown_code=request.GET.get("to", ""),
    )


def segment_choices(chosen: QueryDict) -> list[SegmentChoice]:
    """Saved segments, plan, country and owner, then the attributes with few values."""
    fields: list[tuple[str, str | Promise, list[tuple[str, str]]]] = [
        ("segment", _("Segment"), [(key, str(name)) for key, name in segments()]),
        ("plan", _("Plan"), [(plan.code, str(plan)) for plan in Plan.objects.all()]),
        ("country", _("Country"), named_countries()),
        ("owner", _("Owner"), owner_choices()),
    ]
    fields += [
        (
            filter_name(name),
            name.replace("_", " ").capitalize(),
            [(value, value) for value in values],
        )
        for name, values in attribute_choices().items()
        if 1 < len(values) <= MOST_VALUES
    ]
    return [
        SegmentChoice(name, label, choices, chosen.getlist(name))
        for name, label, choices in fields
        if choices
    ]


def kept_fields(question: Narrowed, choices: list[SegmentChoice]) -> list[tuple[str, str]]:
    """Chosen values of fields that the bar does not offer; its form sends them along."""
    offered = {choice.name for choice in choices}
    return [
        (name, value)
        for name, values in QueryDict(question.segment).lists()
        if name not in offered
        for value in values
    ]


def owner_choices() -> list[tuple[str, str]]:
    named = [(str(one.pk), str(one)) for one in owners()]
    return [("me", _("Me")), ("none", _("Nobody")), *named]


def segment_parts(question: Narrowed, choices: list[SegmentChoice]) -> list[SegmentPart]:
    """What is chosen now, each with the way to do without it."""
    labels = {choice.name: choice.label for choice in choices}
    offered = {choice.name: dict(choice.choices) for choice in choices}
    parts = []
    for name, values in QueryDict(question.segment).lists():
        words = offered.get(name, {})
        words |= filter_words(name, [value for value in values if value not in words])
        label = labels.get(name) or filter_label(name)
        parts += [
            SegmentPart(label, words[value], "?" + without(question, name, value))
            for value in values
        ]
    return parts


def without(question: Narrowed, name: str, value: str) -> str:
    """The question's query string less one chosen value."""
    query = QueryDict(question.query(), mutable=True)
    query.setlist(name, [each for each in query.getlist(name) if each != value])
    return query.urlencode()
