"""Money as integers of minor units: exponents, annual amounts, and the one rounding at the edge.

Amounts inside the product are ARR in minor units. They are divided and rounded once, when they
are shown, half to even.
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from babel import Locale
from babel.numbers import get_currency_precision

# Wide enough for any amount times any rate, so that nothing is rounded before it should be.
EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
PERIODS_A_YEAR = {"year": 1, "half-year": 2, "quarter": 4, "month": 12, "week": 52, "day": 365}
MONTHS_A_YEAR = 12


def is_currency(code: str) -> bool:
    """Whether `code` is an ISO 4217 code, in upper case."""
    return code in Locale("en").currencies


def exponent(currency: str) -> int:
    """Decimals of a currency: 2 for EUR, 0 for JPY, 3 for KWD."""
    return get_currency_precision(currency)


def to_minor(amount: Decimal, currency: str) -> int:
    """Minor units of an amount in major units, rounded half to even."""
    return round_half_even(Fraction(amount) * 10 ** exponent(currency))


def to_major(minor: int | Fraction, currency: str) -> Decimal:
    """An amount in major units with exactly the currency's decimals, rounded half to even."""
    places = exponent(currency)
    return Decimal(round_half_even(Fraction(minor))).scaleb(-places, EXACT)


def annualised_minor(amount: Decimal, quantity: Decimal, interval: str, currency: str) -> int:
    """A year of `quantity` units at `amount` (major units) each `interval`, in minor units.

    Rounded half to even once. Raises KeyError for an interval that is not in `PERIODS_A_YEAR`.
    """
    a_year = Fraction(amount) * Fraction(quantity) * PERIODS_A_YEAR[interval]
    return round_half_even(a_year * 10 ** exponent(currency))


def converted_minor(native_minor: int, rate: Decimal, currency: str, reporting: str) -> int:
    """Minor units of `reporting` for minor units of `currency`; `rate` is for one major unit.

    Rounded half to even once: 12,000 JPY at 0.006 is 72.00 EUR, so 7,200.
    """
    scale = Fraction(10) ** (exponent(reporting) - exponent(currency))
    return round_half_even(native_minor * Fraction(rate) * scale)


def mrr(arr_minor: int | Fraction, currency: str) -> Decimal:
    """A twelfth of an annual amount, in major units: how ARR is shown."""
    return to_major(Fraction(arr_minor) / MONTHS_A_YEAR, currency)


def round_half_even(value: Fraction) -> int:
    """The nearest integer; of two equally near, the even one."""
    return round(value)
