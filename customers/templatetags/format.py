"""Figures, money and dates as the reader's language writes them; see `churnapp.common.formats`."""

from datetime import date, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from churnapp.common import formats
from churnapp.common import money as common_money
from churnapp.common.money import to_major as major

register = template.Library()

register.filter("figure", formats.number)
register.filter("compact", formats.compact)
register.filter("percent", formats.percent)
register.filter("points", formats.points)


@register.filter
def money(amount: formats.Number | None, currency: str) -> str:
    """An amount in major units."""
    return formats.money(amount, currency)


@register.filter
def minor_money(amount_minor: int | None, currency: str) -> str:
    """An amount in minor units, in full."""
    if amount_minor is None:
        return formats.not_available()
    return formats.money(major(amount_minor, currency), currency)


@register.filter
def mrr(arr_minor: int | None, currency: str) -> str:
    """An annualised amount in minor units, shown as a month of it."""
    if arr_minor is None:
        return formats.not_available()
    return formats.money(common_money.mrr(arr_minor, currency), currency)


@register.simple_tag
def short_money(amount: formats.Number | None, currency: str) -> SafeString | str:
    """A compact amount, the full one on hover."""
    if amount is None:
        return formats.not_available()
    return with_title(formats.compact_money(amount, currency), formats.money(amount, currency))


@register.simple_tag
def short_mrr(arr_minor: int | None, currency: str) -> SafeString | str:
    """A month of an annualised amount in minor units, compact, the full one on hover."""
    if arr_minor is None:
        return formats.not_available()
    return short_money(common_money.mrr(arr_minor, currency), currency)


@register.simple_tag
def short_figure(value: formats.Number | None) -> SafeString | str:
    """A compact number, the full one on hover."""
    if value is None:
        return formats.not_available()
    return with_title(formats.compact(value), formats.number(value, 2))


@register.filter
def day(value: date | datetime | None) -> str:
    return formats.day(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    return formats.moment(value) if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    return formats.clock(value) if value else ""


def with_title(short: str, full: str) -> SafeString | str:
    if short == full:
        return short
    return format_html('<span title="{}">{}</span>', full, short)
