"""What the public page says of an offer, and of what was agreed, in the language that is active."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from campaigns.costs import LEFT, PAYING, Pays
from campaigns.models import Grant, Offer, OfferKind
from campaigns.promises import Step, a_month, gist, said_steps, steps
from churnapp.common import formats


@dataclass(frozen=True)
class Shown:
    """Rows of a small table, each what it is and its value; `next` says what happens then."""

    rows: list[tuple[str, str]]
    next: str = ""
    address: str = ""


def shown_offer(offer: Offer, pays: Pays, today: date) -> Shown:
    """What it gives, and what is paid now and with it."""
    rows = [(_("The offer"), gist(offer))]
    if pays.native_minor and pays.state in {PAYING, LEFT}:
        now = _("%(price)s a month") % {"price": a_month(pays.native_minor, pays.currency)}
        rows.append((_("You pay now") if pays.state == PAYING else _("You paid last"), now))
    if said := said_steps(steps(offer, pays, today)):
        rows.append((_("With this offer you pay"), said))
    return Shown(rows)


def shown_outcome(grant: Grant) -> Shown:
    """What was agreed when it was accepted, whatever the offer says now."""
    offer, agreed = grant.offer, grant.agreed
    rows = [(_("The offer"), gist(as_agreed(offer, agreed)))]
    if said := said_steps(agreed_steps(agreed)):
        rows.append((_("You pay"), said))
    address = offer.address if offer.kind == OfferKind.CONTENT else ""
    return Shown(rows, what_follows(grant), address)


def what_follows(grant: Grant) -> str:
    if grant.task_id is not None:
        if grant.offer.kind == OfferKind.CALL:
            return _("We call you within a few working days.")
        return _("We carry it out within a few working days and write to you.")
    if grant.subscription is not None and grant.offer.kind == OfferKind.TERM:
        day = formats.day(grant.subscription.contract_ends_on)
        return _("Your contract now runs until %(day)s.") % {"day": day}
    if grant.subscription is not None:
        return _("It holds from today on. You need not do anything else.")
    return ""


def agreed_steps(agreed: dict[str, Any]) -> list[Step]:
    return [
        Step(date.fromisoformat(step["on"]), step["arr_minor"], step["currency"])
        for step in agreed.get("after", ())
    ]


def as_agreed(offer: Offer, agreed: dict[str, Any]) -> Offer:
    """The offer with what it was worth then; not to be saved."""
    then = agreed.get("offer")
    if not then or all(getattr(offer, name) == value for name, value in then.items()):
        return offer
    return Offer(name=offer.name, texts=offer.texts, address=offer.address, **then)
