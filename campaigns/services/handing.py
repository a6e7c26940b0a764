"""Make an offer to one customer by hand, and write to somebody there about it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.granting import grant as make_offers
from campaigns.links import link_of
from campaigns.models import Grant, Offer
from campaigns.refusals import WHY
from churnapp.common.errors import RuleError
from churnapp.common.personal import is_erased
from churnapp.models import Organisation, User
from customers.mail.checks import consent_refused
from customers.mail.drafts import Draft, queue
from customers.mail.reasons import BY_CODE
from customers.mail.rendering import Button, Footer, frame, frame_text, html_of, quoted
from customers.mail.suppression import is_suppressed
from customers.models import Contact, Customer, Interaction, MailPurpose, OutgoingEmail
from customers.services.interactions import log_interaction
from customers.services.mail import ring, told_as
from customers.services.traces import Deed, audit, tell

LONGEST_SUBJECT = 200


@dataclass(frozen=True)
class Letter:
    """The personal mail in which a colleague tells of the offer."""

    subject: str
    text: str


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


def check_reachable(contact: Contact | None, now: datetime) -> None:
    """Raise RuleError where nobody may write to this person."""
    if contact is None:
        raise RuleError(_("Choose to whom the mail goes."), field="contact")
    if is_erased(contact.email):
        raise RuleError(str(BY_CODE["erased"]), field="contact")
    today = now.astimezone(Organisation.current().zone).date()
    if contact.left_on and contact.left_on <= today:
        raise RuleError(str(BY_CODE["left"]), field="contact")
    said = OutgoingEmail(contact=contact, purpose=MailPurpose.PERSONAL)
    code = is_suppressed(contact.email, MailPurpose.PERSONAL) or consent_refused(said)
    if code:
        raise RuleError(str(BY_CODE.get(code, code)), field="contact")


def write(grant: Grant, contact: Contact, letter: Letter, *, now: datetime, by: User) -> None:
    """Queue the mail with the link, and put it on the timeline."""
    draft = drafted(grant, contact, letter, by)
    (mail,) = queue([draft], now=now)
    log_interaction(
        {
            "customer_id": grant.customer_id,
            "contact": contact,
            "kind": Interaction.Kind.EMAIL,
            "external_id": told_as(mail),
            "occurred_at": now,
            "summary": f"{mail.subject}\n\n{letter.text.strip()}",
        },
        by=by,
    )
    ring()


def drafted(grant: Grant, contact: Contact, letter: Letter, by: User) -> Draft:
    """The mail; whatever is written in it, its only link is the button's."""
    subject = " ".join(quoted(letter.subject).split())[:LONGEST_SUBJECT]
    text = quoted(letter.text.replace("\r\n", "\n")).strip()
    if not subject:
        raise RuleError(_("Write something first."), field="subject")
    if not text:
        raise RuleError(_("Write something first."), field="text")
    language = contact.language or settings.LANGUAGE_CODE
    with translation.override(language):
        button = Button(quoted(grant.offer.text("button") or _("See the offer")), "offer")
        footer = Footer(
            why=_("You get this mail because we made you an offer."),
            organisation=quoted(Organisation.current().name),
            language=language,
            privacy_address=f"{settings.BASE_URL}/privacy/",
            unsubscribable=False,
        )
        return Draft(
            dedupe_key=f"offer:{grant.pk}",
            purpose=MailPurpose.PERSONAL,
            to_email=contact.email,
            to_name=contact.name,
            customer=grant.customer,
            contact=contact,
            language=language,
            subject=subject,
            text=frame_text(text, button, footer),
            html=frame(subject, html_of(text), button, footer),
            links={"offer": link_of(grant)},
            written_by=by,
        )


def begun(offer: Offer, contact: Contact | None, *, by: User) -> Letter:
    """Subject and text that a colleague goes on writing, in the contact's language."""
    language = (contact.language if contact else "") or settings.LANGUAGE_CODE
    with translation.override(language):
        first_name = contact.name.split(" ")[0] if contact else ""
        hello = _("Hello %(name)s,") % {"name": first_name} if first_name else _("Hello,")
        signed = [_("Kind regards"), str(by), Organisation.current().name]
        parts = [hello, offer.text("text"), "\n".join(filter(None, signed))]
        return Letter(offer.text("title"), "\n\n".join(parts))
