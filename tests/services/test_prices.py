"""The price of one unit comes to the same year again."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.services.prices import Price, a_year, unit_price


@pytest.mark.parametrize(
    "year_minor, quantity, currency, amount",
    [
        (120_000, "1", "EUR", "1200.00"),
        (120_000, "10", "EUR", "120.00"),
        (100_000, "3", "EUR", "333.3333333"),
        (100, "3", "JPY", "33.33333"),
        (100_000, "3", "KWD", "33.33333333"),
        (0, "7", "EUR", "0.00"),
        (1, "10000", "EUR", "0.000001"),
        (125, "10", "EUR", "0.125"),
        (100_000, "0.5", "EUR", "2000.00"),
    ],
)
def test_a_unit_price_has_as_few_decimals_as_it_can(year_minor, quantity, currency, amount):
    assert str(unit_price(year_minor, Decimal(quantity), currency)) == amount


@given(
    year_minor=st.integers(0, 2**63 - 1),
    quantity=st.decimals("0.0001", "9999999999.9999", places=4),
    currency=st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_a_unit_price_comes_to_the_same_year_again(year_minor, quantity, currency):
    amount = unit_price(year_minor, quantity, currency)
    assert a_year(Price(amount, "year", currency, quantity)) == year_minor
    assert -amount.as_tuple().exponent <= 20
