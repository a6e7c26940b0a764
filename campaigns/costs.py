"""What an offer costs for one customer, and whether it can be made to them at all.

Pure: no database, no clock. All costs are in minor units of the reporting currency, rounded once,
half to even.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from campaigns.models import Offer, OfferKind
from churnapp.common.money import MONTHS_A_YEAR, round_half_even

PRICED = (OfferKind.PERCENT, OfferKind.AMOUNT, OfferKind.FREE)
NEW_PLAN = (OfferKind.DOWNGRADE, OfferKind.PLAN)
PAYING, PAUSED, TRIAL, LEFT, NEVER = "paying", "paused", "trial", "left", "never"


@dataclass(frozen=True)
class Pays:
    """What a customer pays a year for what an offer would touch, or paid last before they left.

    `state` is paying, paused, trial (or free), left or never; only paying and left have amounts.
    """

    state: str = NEVER
    plan_id: int | None = None
    quantity: Decimal = Decimal(1)
    native_minor: int = 0
    currency: str = ""
    arr_minor: int = 0


def applies(offer: Offer, pays: Pays) -> bool:
    """Whether the offer means anything to a customer who pays so."""
    kind = OfferKind(offer.kind)
    if kind in PRICED:
        same = kind != OfferKind.AMOUNT or pays.currency == offer.currency
        return pays.state in {PAYING, LEFT} and same
    if kind in {OfferKind.PAUSE, OfferKind.TERM}:
        return pays.state == PAYING
    if kind in NEW_PLAN:
        has_it = pays.state == PAYING and pays.plan_id == offer.plan_id
        return not has_it and pays.currency in {"", offer.currency}
    return True


def reduced(offer: Offer, native_minor: int) -> int:
    """What a year's price comes to with the discount of an offer, never below zero."""
    if offer.kind == OfferKind.PERCENT:
        return round_half_even(Fraction(native_minor * (100 - (offer.percent or 0)), 100))
    if offer.kind == OfferKind.AMOUNT:
        return max(0, native_minor - (offer.amount_minor or 0) * MONTHS_A_YEAR)
    return 0


def cost_of(offer: Offer, pays: Pays) -> int:
    """What it costs if a customer who pays so accepts: revenue forgone, and the fixed cost.

    Of a discount, free months and a pause over their months; of another plan over a year, as far as
    it is cheaper; of what brings back who has left by another plan, nothing.
    """
    return offer.fixed_cost_minor + round_half_even(_forgone(offer, pays))


def _forgone(offer: Offer, pays: Pays) -> Fraction:
    zero = Fraction(0)
    if not pays.native_minor:
        return zero
    kind = OfferKind(offer.kind)
    rate = Fraction(pays.arr_minor, pays.native_minor)
    if kind in NEW_PLAN:
        price = (offer.amount_minor or 0) * MONTHS_A_YEAR * Fraction(pays.quantity)
        return max(zero, pays.native_minor - price) * rate if pays.state == PAYING else rate * 0
    if kind in PRICED or kind == OfferKind.PAUSE:
        less = pays.native_minor - reduced(offer, pays.native_minor)
        return less * rate * (offer.months or 0) / MONTHS_A_YEAR
    return zero
