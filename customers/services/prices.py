"""What a subscription costs, as people say it, and the rules that a price must keep."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import count

from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.common.money import (
    EXACT,
    PERIODS_A_YEAR,
    annualised_minor,
    exponent,
    is_currency,
    round_half_even,
)
from customers.models import Term
from customers.services.ledger import Ledger
from customers.services.schedule import Schedule, Stretch

MOST_UNITS = Decimal(10) ** 10
UNIT = Decimal("0.0001")
SPARE_DECIMALS = 4


@dataclass(frozen=True)
class Price:
    """`amount`, in major units, is the price of one unit for one `interval`."""

    amount: Decimal
    interval: str
    currency: str
    quantity: Decimal = Decimal(1)


@dataclass(frozen=True)
class Contract:
    """How long both are bound: notice is due by `notice_by`, the last day to give it."""

    ends_on: date | None
    notice_by: date | None = None
    auto_renews: bool | None = None


@dataclass(frozen=True)
class Offer:
    """What is agreed: a plan, of a kind, at a price. Only a paid one has revenue."""

    plan_id: int | None
    price: Price
    kind: str = Term.Kind.PAID


def a_year(price: Price) -> int:
    """What a price comes to a year, in minor units."""
    return annualised_minor(price.amount, price.quantity, price.interval, price.currency)


def unit_price(year_minor: int, quantity: Decimal, currency: str) -> Decimal:
    """What one of `quantity` units costs a year, in major units.

    It has the currency's decimals where it comes out even. Else it has as many as it takes to come
    to `year_minor` again, and a few more, so that more units or months come out right as well.
    """
    exact = Fraction(year_minor) / 10 ** exponent(currency) / Fraction(quantity)
    for places in count(exponent(currency)):
        amount = rounded(exact, places)
        if amount == exact:
            return amount
        if a_year(Price(amount, "year", currency, quantity)) == year_minor:
            break
    return rounded(exact, places + SPARE_DECIMALS)


def rounded(value: Fraction, places: int) -> Decimal:
    """`value` with that many decimals, rounded half to even."""
    return Decimal(round_half_even(value * 10**places)).scaleb(-places, EXACT)


def priced(offer: Offer, starts_on: date, ends_on: date | None, ledger: Ledger) -> Stretch:
    """The stretch of an offer, at the rate of its first day. Raises RuleError for a bad price."""
    price = offer.price
    check_price(price)
    if offer.kind not in Term.Kind.values:
        raise RuleError(_("Choose one of the kinds."), field="kind")
    rate = ledger.rate_on(price.currency, starts_on)
    native = 0
    if offer.kind == Term.Kind.PAID:
        native = a_year(price)
    return Stretch(
        plan_id=offer.plan_id,
        quantity=price.quantity.quantize(UNIT),
        kind=offer.kind,
        arr_native_minor=native,
        currency=price.currency,
        fx_rate=rate,
        arr_minor=ledger.reported(native, price.currency, rate),
        starts_on=starts_on,
        ends_on=ends_on,
    )


def check_price(price: Price) -> None:
    """Raise RuleError, with its field, for a price that can't be."""
    if not is_currency(price.currency):
        raise RuleError(
            _("%(code)s is no currency. Use an ISO 4217 code such as EUR.")
            % {"code": price.currency},
            field="currency",
        )
    if price.interval not in PERIODS_A_YEAR:
        raise RuleError(
            _("%(interval)s is no interval. Use one of: %(known)s.")
            % {"interval": price.interval, "known": ", ".join(PERIODS_A_YEAR)},
            field="interval",
        )
    if not price.amount.is_finite() or price.amount < 0:
        raise RuleError(_("A price is never below zero."), field="amount")
    if not price.quantity.is_finite() or not 0 < price.quantity < MOST_UNITS:
        raise RuleError(_("The quantity must be above zero."), field="quantity")


def check_contract(contract: Contract, starts_on: date | None) -> None:
    """Raise RuleError for a contract that ends before it starts, or asks for notice too late."""
    if contract.ends_on and starts_on and contract.ends_on <= starts_on:
        raise RuleError(
            _("The contract must end after the subscription starts."), field="contract_ends_on"
        )
    if contract.notice_by and not contract.ends_on:
        raise RuleError(
            _("A last day for notice needs the day on which the contract ends."), field="notice_by"
        )
    if contract.notice_by and contract.ends_on and contract.notice_by > contract.ends_on:
        raise RuleError(
            _("The last day for notice can't come after the contract ends."), field="notice_by"
        )


def rerated(stretch: Stretch, ledger: Ledger) -> Stretch:
    """The stretch at the rate of its first day."""
    return at_rate(stretch, ledger.rate_on(stretch.currency, stretch.starts_on), ledger)


def at_rate(stretch: Stretch, rate: Decimal, ledger: Ledger) -> Stretch:
    """The stretch with this many units of the reporting currency for one of its own."""
    arr_minor = ledger.reported(stretch.arr_native_minor, stretch.currency, rate)
    return replace(stretch, fx_rate=rate, arr_minor=arr_minor)


def at_known_rate(stretch: Stretch, ledger: Ledger) -> Stretch:
    """A stretch out of the history at the rate of its first day that is known by now.

    As it was where none is known, so that what comes back never fails over a rate.
    """
    try:
        rate = ledger.rate_on(stretch.currency, stretch.starts_on)
    except RuleError:
        return stretch
    return stretch if rate == stretch.fx_rate else at_rate(stretch, rate, ledger)


def brought_back(back: Schedule, now: Schedule, ledger: Ledger) -> Schedule:
    """A schedule out of the history; what is believed now, if for other days, keeps its rate."""
    standing = {replace(stretch, ends_on=None) for stretch in now}
    return tuple(
        stretch if replace(stretch, ends_on=None) in standing else at_known_rate(stretch, ledger)
        for stretch in back
    )
