"""What an offer means for one customer: what they pay from when, worked out and in words."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.costs import LEFT, NEW_PLAN, PAYING, PRICED, Pays, reduced
from campaigns.models import Offer, OfferKind
from churnapp.common import formats
from churnapp.common.money import MONTHS_A_YEAR, exponent, mrr, to_major
from churnapp.common.periods import same_day_after


@dataclass(frozen=True)
class Step:
    """What a year costs from a day on, in minor units of its currency."""

    starts_on: date
    native_minor: int
    currency: str


def steps(offer: Offer, pays: Pays, today: date) -> list[Step]:
    """What is paid from today on if it is accepted; empty for what changes no price."""
    kind, currency = OfferKind(offer.kind), pays.currency or offer.currency
    if kind in NEW_PLAN:
        price = (offer.amount_minor or 0) * MONTHS_A_YEAR * Fraction(pays.quantity)
        return [Step(today, round(price), currency)]
    if kind not in PRICED and kind != OfferKind.PAUSE:
        return []
    if pays.state not in {PAYING, LEFT}:
        return []
    later = same_day_after(today, offer.months or 0)
    lower = reduced(offer, pays.native_minor)
    return [Step(today, lower, currency), Step(later, pays.native_minor, currency)]


def a_month(native_minor: int | Fraction, currency: str) -> str:
    """A year's price as what one month costs; whole amounts without decimals."""
    amount = mrr(native_minor, currency)
    whole = amount == amount.to_integral_value()
    return formats.money(amount, currency, 0 if whole else exponent(currency))


def said_steps(found: list[Step]) -> str:
    """“€80 a month until 10 Jun 2025, then €100 a month”; "" where no price changes."""
    if not found:
        return ""
    first = _("%(price)s a month") % {"price": a_month(found[0].native_minor, found[0].currency)}
    if len(found) == 1:
        return first
    words = {
        "first": first,
        "day": formats.day(found[1].starts_on),
        "then": a_month(found[1].native_minor, found[1].currency),
    }
    return _("%(first)s until %(day)s, then %(then)s a month") % words


def gist(offer: Offer) -> str:
    """What it gives, in a few words: “20% off for 3 months”."""
    months = offer.months or 0
    span = ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
    words = {"span": span, "plan": str(offer.plan or ""), "amount": _amount(offer)}
    words["percent"] = formats.percent((offer.percent or 0) / 100, 0)
    said = {
        OfferKind.PERCENT: _("%(percent)s off for %(span)s"),
        OfferKind.AMOUNT: _("%(amount)s a month off for %(span)s"),
        OfferKind.FREE: _("%(span)s free"),
        OfferKind.PAUSE: _("A pause of %(span)s"),
        OfferKind.DOWNGRADE: _("%(plan)s at %(amount)s a month"),
        OfferKind.PLAN: _("%(plan)s at %(amount)s a month"),
        OfferKind.TERM: _("The contract runs %(span)s longer"),
        OfferKind.CONTENT: _("Exclusive content"),
        OfferKind.LOYALTY: _("A loyalty reward"),
        OfferKind.CALL: _("A personal call"),
    }
    return said[OfferKind(offer.kind)] % words


def gift_words(offer: Offer) -> str:
    """What somebody who knows nothing of it gets: its title where its kind says little."""
    vague = offer.kind in {OfferKind.CONTENT, OfferKind.LOYALTY}
    return (offer.text("title") if vague else "") or gist(offer)


def _amount(offer: Offer) -> str:
    if offer.amount_minor is None:
        return ""
    amount = to_major(offer.amount_minor, offer.currency)
    whole = amount == amount.to_integral_value()
    return formats.money(amount, offer.currency, 0 if whole else exponent(offer.currency))
