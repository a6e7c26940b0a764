"""Money as integers: exponents, annual amounts, and the one rounding."""

from decimal import Decimal
from fractions import Fraction

import pytest

from churnapp.common import money


@pytest.mark.parametrize("currency, places", [("EUR", 2), ("JPY", 0), ("KWD", 3), ("NOK", 2)])
def test_decimals_of_a_currency(currency: str, places: int) -> None:
    assert money.exponent(currency) == places


@pytest.mark.parametrize(
    "amount, quantity, interval, minor",
    [
        ("100", "1", "year", 10_000),
        ("100", "1", "half-year", 20_000),
        ("100", "1", "quarter", 40_000),
        ("100", "3", "month", 360_000),
        ("100", "1", "week", 520_000),
        ("1", "1", "day", 36_500),
        ("0.0125", "0.5", "month", 8),
        ("0.00208333", "5", "month", 12),
    ],
)
def test_a_year_of_a_price(amount: str, quantity: str, interval: str, minor: int) -> None:
    assert money.annualised_minor(Decimal(amount), Decimal(quantity), interval, "EUR") == minor


def test_halves_go_to_the_even_neighbour() -> None:
    assert [money.round_half_even(Fraction(n, 2)) for n in (1, 3, 5, -1, -3)] == [0, 2, 2, 0, -2]
    assert money.to_minor(Decimal("0.125"), "EUR") == 12
    assert money.to_minor(Decimal("0.135"), "EUR") == 14


@pytest.mark.parametrize(
    "native, rate, currency, reporting, minor",
    [
        (12_000, "0.006", "JPY", "EUR", 7_200),
        (10_000, "1.10", "USD", "EUR", 11_000),
        (7_200, "166.6666666667", "EUR", "JPY", 12_000),
        (1_000, "3.1", "KWD", "EUR", 310),
        (5, "0.5", "USD", "EUR", 2),
    ],
)
def test_another_currency(
    native: int, rate: str, currency: str, reporting: str, minor: int
) -> None:
    assert money.converted_minor(native, Decimal(rate), currency, reporting) == minor


def test_shown_with_the_decimals_of_the_currency() -> None:
    assert str(money.mrr(200_000, "EUR")) == "166.67"
    assert str(money.mrr(-12_000, "JPY")) == "-1000"
    assert str(money.to_major(5, "KWD")) == "0.005"
    assert str(money.to_major(0, "EUR")) == "0.00"


def test_codes_that_are_no_currency() -> None:
    assert money.is_currency("SEK")
    assert not money.is_currency("sek")
    assert not money.is_currency("XXQ")
