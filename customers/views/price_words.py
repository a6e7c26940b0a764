"""Prices in words: what is agreed, and what a price comes to a year."""

from fractions import Fraction

from django.utils.translation import gettext as _

from churnapp.common import formats
from churnapp.common.money import PERIODS_A_YEAR, exponent, to_major
from customers.models import Term
from customers.services.prices import Price, a_year
from customers.views.access import today_here


def told(term: Term | None) -> str:
    """What is agreed, in one line: now, or from or until when."""
    if term is None:
        return ""
    words = {"plan": term.plan or _("no plan"), "kind": term.get_kind_display()}
    words["amount"] = year_of(term)
    is_paid, today = term.kind == Term.Kind.PAID, today_here()
    what = (_("%(plan)s, %(amount)s a year") if is_paid else _("%(plan)s, %(kind)s")) % words
    if term.starts_on > today:
        return _("From %(day)s: %(what)s.") % {"day": formats.day(term.starts_on), "what": what}
    if term.ends_on and term.ends_on <= today:
        return _("Until %(day)s: %(what)s.") % {"day": formats.day(term.ends_on), "what": what}
    return _("Now: %(what)s.") % {"what": what}


def year_of(term: Term) -> str:
    return formats.money(to_major(term.arr_native_minor, term.currency), term.currency)


def a_year_of(price: Price | None) -> dict[str, str]:
    """What a price comes to a year, and the sum behind it; empty for no price."""
    if price is None:
        return {}
    periods = PERIODS_A_YEAR[price.interval]
    year = to_major(a_year(price), price.currency)
    is_exact = Fraction(price.amount) * Fraction(price.quantity) * periods == Fraction(year)
    places = max(exponent(price.currency), decimals_of(price))
    factors = [formats.money(price.amount, price.currency, places)]
    if price.quantity != 1:
        factors.insert(0, formats.number(price.quantity, 4))
    if periods != 1:
        factors.append(str(periods))
    return {
        "amount": formats.money(year, price.currency),
        "sum": " × ".join(factors) if len(factors) > 1 or not is_exact else "",
        "sign": "=" if is_exact else "≈",
    }


def decimals_of(price: Price) -> int:
    return max(0, -int(price.amount.normalize().as_tuple().exponent))
