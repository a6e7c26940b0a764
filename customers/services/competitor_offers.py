"""What competitors offer: write down what was seen, say that it is over."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.common.money import is_currency
from churnapp.models import Organisation, User
from customers.models import Competitor, CompetitorOffer
from customers.services.ledger import GREATEST_MINOR, database_clock
from customers.services.traces import Deed, audit


@dataclass(frozen=True)
class OfferDetails:
    """What was seen; `amount_minor`, `currency` and `per` are the price, or all three are empty."""

    name: str
    seen_on: date
    amount_minor: int | None = None
    currency: str = ""
    per: str = ""
    ends_on: date | None = None
    url: str = ""
    note: str = ""


@transaction.atomic
def add_offer(competitor: Competitor, details: OfferDetails, *, by: User | None) -> CompetitorOffer:
    """Write down an offer. Raises RuleError for half a price, or a day that is still to come.

    The same thing at another price is another offer: the older one then holds until it was seen.
    """
    _check(details)
    now = database_clock()
    offer = CompetitorOffer.objects.create(
        competitor=competitor, recorded_at=now, recorded_by=by, **asdict(details)
    )
    _tell(offer, "competitor_offer_added", by, {"name": [None, offer.name]})
    return offer


@transaction.atomic
def edit_offer(
    offer: CompetitorOffer, details: OfferDetails, *, by: User | None
) -> CompetitorOffer:
    """Correct what was written down of an offer."""
    _hold(offer)
    _check(details)
    before = details_of(offer)
    for name, value in asdict(details).items():
        setattr(offer, name, value)
    offer.save(update_fields=list(asdict(details)))
    _tell(offer, "competitor_offer_edited", by, differences(before, details))
    return offer


@transaction.atomic
def end_offer(offer: CompetitorOffer, ends_on: date, *, by: User | None) -> CompetitorOffer:
    """Say that it is no longer offered. Raises RuleError if that is known already."""
    _hold(offer)
    if offer.ends_on:
        raise RuleError(_("This offer has ended already."))
    if ends_on < offer.seen_on:
        raise RuleError(_("It can't end before it was seen."), field="ends_on")
    return _set_end(offer, ends_on, "competitor_offer_ended", by)


@transaction.atomic
def take_back_end(offer: CompetitorOffer, *, by: User | None) -> CompetitorOffer:
    """Say that it has not ended. Raises RuleError if it has not anyway."""
    _hold(offer)
    if offer.ends_on is None:
        raise RuleError(_("This offer has not ended."))
    return _set_end(offer, None, "competitor_offer_runs_on", by)


@transaction.atomic
def remove_offer(offer: CompetitorOffer, *, by: User | None) -> None:
    """Delete what was written down by mistake."""
    _hold(offer)
    facts = {name: [plain(value), None] for name, value in asdict(details_of(offer)).items()}
    _tell(offer, "competitor_offer_removed", by, facts)
    offer.delete()


def details_of(offer: CompetitorOffer) -> OfferDetails:
    """What is written down of an offer."""
    names = OfferDetails.__dataclass_fields__
    return OfferDetails(**{name: getattr(offer, name) for name in names})


def differences(before: OfferDetails, after: OfferDetails) -> dict[str, list[Any]]:
    was, now = asdict(before), asdict(after)
    return {name: [plain(was[name]), plain(now[name])] for name in was if was[name] != now[name]}


def plain(value: Any) -> Any:
    """A value as the audit trail can keep it."""
    return value.isoformat() if isinstance(value, date) else value


def _check(details: OfferDetails) -> None:
    if not details.name.strip():
        raise RuleError(_("Say what is offered."), field="name")
    today = database_clock().astimezone(Organisation.current().zone).date()
    if details.seen_on > today:
        raise RuleError(_("It can't have been seen in the future."), field="seen_on")
    if details.ends_on and details.ends_on < details.seen_on:
        raise RuleError(_("It can't end before it was seen."), field="ends_on")
    _check_price(details)


def _check_price(details: OfferDetails) -> None:
    """A price is whole or not there at all."""
    if details.amount_minor is None:
        if details.currency or details.per:
            raise RuleError(
                _("Give the price, or neither currency nor period."), field="amount_minor"
            )
        return
    if not 0 <= details.amount_minor <= GREATEST_MINOR:
        raise RuleError(_("This price is no amount that can be kept."), field="amount_minor")
    if not is_currency(details.currency):
        raise RuleError(_("Say in which currency the price is."), field="currency")
    if details.per not in CompetitorOffer.Per.values:
        raise RuleError(_("Say what the price is for."), field="per")


def _set_end(
    offer: CompetitorOffer, ends_on: date | None, verb: str, by: User | None
) -> CompetitorOffer:
    changes = {"ends_on": [plain(offer.ends_on), plain(ends_on)]}
    offer.ends_on = ends_on
    offer.save(update_fields=["ends_on"])
    _tell(offer, verb, by, changes)
    return offer


def _hold(offer: CompetitorOffer) -> None:
    if not CompetitorOffer.objects.filter(pk=offer.pk).select_for_update():
        raise RuleError(_("This offer is no longer there."))
    offer.refresh_from_db()


def _tell(offer: CompetitorOffer, verb: str, by: User | None, changes: dict[str, Any]) -> None:
    audit(Deed(verb, by, database_clock()), offer, changes)
