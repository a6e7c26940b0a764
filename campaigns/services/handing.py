"""Make an offer to one customer by hand, and write to somebody there about it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.granting import grant as make_offers
from campaigns.links import link_of
from campaigns.models import Grant, Offer
from campaigns.refusals import WHY
from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.mail.drafts import queue
from customers.mail.rendering import Button, quoted
from customers.models import Contact, Customer
from customers.services.mail import ring
from customers.services.personal_mail import (
    Around,
    Letter,
    check_reachable,
    drafted,
    greeted,
    language_of,
    tell_timeline,
)
from customers.services.traces import Deed, audit, tell


@dataclass(frozen=True)
class Handing:
    """To whom it is made; `key` is of the form or call, so that sent twice it is one."""

    customer: Customer
    contact: Contact | None
    key: str
    letter: Letter | None = None


@transaction.atomic
def offer_to(offer: Offer, handing: Handing, *, now: datetime, by: User) -> Grant:
    """Make it, put it on the timeline, and queue the mail. Raises RuleError for why it can't be.

    A customer whom only people write to may get it: a person does.
    """
    customer, contact = handing.customer, handing.contact
    if contact is not None and contact.customer_id != customer.pk:
        raise RuleError(_("This person works at another customer."), field="contact")
    if handing.letter is not None:
        check_reachable(contact, now)
    key, people = f"hand:{handing.key}", [(customer.pk, contact.pk if contact else None)]
    known = Grant.objects.filter(key=f"{key}:{customer.pk}").select_related("offer").first()
    if known is not None:
        return known
    refused = make_offers(offer, people, key=key, now=now, by=by.pk)
    if customer.pk in refused:
        raise RuleError(str(WHY[refused[customer.pk]]), field="offer")
    made = Grant.objects.select_related("offer", "customer", "contact").get(
        key=f"{key}:{customer.pk}"
    )
    deed = Deed("offer_made", by, now, {"offer": offer.name, "grant": made.pk, "kind": offer.kind})
    tell(deed, customer.pk)
    audit(deed, made, {"state": [None, made.state]})
    if handing.letter is not None and contact is not None:
        write(made, contact, handing.letter, now=now, by=by)
    return made


def write(grant: Grant, contact: Contact, letter: Letter, *, now: datetime, by: User) -> None:
    """Queue the mail with the link, and put it on the timeline."""
    language = language_of(contact)
    with translation.override(language):
        around = Around(
            key=f"offer:{grant.pk}",
            customer=grant.customer,
            language=language,
            why=_("You get this mail because we made you an offer."),
            button=Button(quoted(grant.offer.text("button") or _("See the offer")), "offer"),
            links={"offer": link_of(grant)},
        )
        draft = drafted(letter, contact, around, by=by)
    (mail,) = queue([draft], now=now)
    tell_timeline(mail, letter.text, now=now, by=by)
    ring()


def begun(offer: Offer, contact: Contact | None, *, by: User) -> Letter:
    """Subject and text that a colleague goes on writing, in the contact's language."""
    with translation.override(language_of(contact)):
        return Letter(offer.text("title"), greeted(offer.text("text"), contact, by=by))
