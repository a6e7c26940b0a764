"""Figures, money and dates in four languages."""

from datetime import date
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils.translation import override

from churnapp.common import formats

NBSP = "\N{NO-BREAK SPACE}"


def show(source: str, **context) -> str:
    return Template("{% load format %}" + source).render(Context(context))


@pytest.mark.parametrize(
    "language, text",
    [
        ("en", "−€1,234.50"),
        ("nb", f"−1{NBSP}234,50{NBSP}€"),
        ("da", f"−1.234,50{NBSP}€"),
        ("sv", f"−1{NBSP}234,50{NBSP}€"),
    ],
)
def test_money_in_the_readers_language(language, text):
    with override(language):
        assert formats.money(Decimal("-1234.5"), "EUR") == text


@pytest.mark.parametrize(
    "language, text",
    [
        ("en", f"−NOK{NBSP}267K"),
        ("nb", f"−267k{NBSP}kr"),
        ("da", f"−267{NBSP}tusind{NBSP}NOK"),
        ("sv", f"−267{NBSP}tusen{NBSP}Nkr"),
    ],
)
def test_short_money_has_its_currency_where_all_of_it_has(language, text):
    with override(language):
        assert formats.compact_money(-267_123, "NOK") == text


@pytest.mark.parametrize(
    "amount_minor, currency, text",
    [(12000, "JPY", "JP¥12,000"), (1234, "KWD", f"KWD{NBSP}1.234"), (12345, "EUR", "€123.45")],
)
def test_minor_units_follow_the_currency(amount_minor, currency, text):
    assert show("{{ a|minor_money:c }}", a=amount_minor, c=currency) == text


def test_a_month_of_an_annual_amount_is_rounded_once():
    assert show("{{ a|mrr:'EUR' }}", a=200000) == "€166.67"


@pytest.mark.parametrize(
    "share, text", [(0, "0.0%"), (0.0312, "3.1%"), (-0.004, "−0.4%"), (1, "100.0%"), (None, "n/a")]
)
def test_percentages(share, text):
    assert formats.percent(share) == text


def test_nordic_percentages_have_a_space():
    with override("sv"):
        assert formats.percent(0.0312) == f"3,1{NBSP}%"


@pytest.mark.parametrize(
    "value, text",
    [(0, "0"), (12.34, "12.3"), (9_999, "9,999"), (12_345, "12.3K"), (1_234_567, "1.23M")],
)
def test_large_numbers_are_shortened_to_three_figures(value, text):
    assert formats.compact(value) == text


@pytest.mark.parametrize(
    "language, thousands, millions",
    [
        ("nb", "463k", f"8,4{NBSP}mill."),
        ("da", f"463{NBSP}tusind", f"8,4{NBSP}mio."),
        ("sv", f"463{NBSP}tusen", f"8,4{NBSP}mn"),
    ],
)
def test_thousands_are_no_tonnes(language, thousands, millions):
    with override(language):
        assert formats.compact(463_000) == thousands
        assert formats.compact(8_400_000).replace("8,40", "8,4") == millions


def test_a_short_amount_tells_the_full_one():
    html = show("{% short_money a 'EUR' %}", a=Decimal(1234567))
    assert html == '<span title="€1,234,567.00">€1.23M</span>'


@pytest.mark.parametrize("function", [formats.number, formats.compact, formats.percent])
def test_unknown_is_said_never_zero(function):
    assert function(None) == "n/a"


def test_unknown_money_and_days_are_said():
    assert formats.money(None, "EUR") == formats.day(None) == "n/a"


def test_differences_of_shares_are_points_with_a_sign():
    assert formats.points(-0.0123) == "−1.2 pp"
    assert formats.points(0.002) == "+0.2 pp"
    assert formats.points(0) == formats.points(-0.0001) == "±0.0 pp"


@pytest.mark.parametrize(
    "interval, start, end, text",
    [
        ("month", date(2025, 3, 1), date(2025, 4, 1), "Mar 2025"),
        ("quarter", date(2025, 1, 1), date(2025, 4, 1), "Q1 2025"),
        ("year", date(2025, 1, 1), date(2026, 1, 1), "2025"),
        ("week", date(2024, 12, 30), date(2025, 1, 6), "Week 1, 2025"),
        ("day", date(2025, 3, 4), date(2025, 3, 5), "4 Mar 2025"),
    ],
)
def test_names_of_periods(interval, start, end, text):
    assert formats.period(start, end, interval) == text


@pytest.mark.parametrize(
    "language, code, name",
    [
        ("en", "NO", "Norway"),
        ("nb", "SE", "Sverige"),
        ("da", "NO", "Norge"),
        ("sv", "no", "Norge"),
        ("en", "XX", "XX"),
    ],
)
def test_a_country_by_its_name_in_the_readers_language(language, code, name):
    with override(language):
        assert formats.country(code) == name
