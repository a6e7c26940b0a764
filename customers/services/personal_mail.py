"""Personal mails: a colleague's own words to one person, framed and put on the timeline."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.common.personal import is_erased
from churnapp.models import Organisation, User
from customers.mail.checks import consent_refused
from customers.mail.drafts import Draft
from customers.mail.links import PrivateLink
from customers.mail.reasons import BY_CODE
from customers.mail.rendering import Button, Footer, frame, frame_text, html_of, quoted
from customers.mail.suppression import is_suppressed
from customers.models import Contact, Customer, Interaction, MailPurpose, OutgoingEmail
from customers.services.interactions import log_interaction
from customers.services.mail import told_as

LONGEST_SUBJECT = 200


@dataclass(frozen=True)
class Letter:
    """What a colleague wrote."""

    subject: str
    text: str


@dataclass(frozen=True)
class Around:
    """What stands around the words: `key` makes it one mail, `why` is said in its language."""

    key: str
    customer: Customer | None
    language: str
    why: str
    button: Button | None = None
    links: Mapping[str, PrivateLink] = field(default_factory=dict)


def language_of(contact: Contact | None) -> str:
    """The language in which somebody is written to."""
    return (contact.language if contact else "") or settings.LANGUAGE_CODE


def why_not_reached(contact: Contact, today: date) -> str:
    """Why nobody may write to this person, as a sentence; "" where they may."""
    if is_erased(contact.email):
        return str(BY_CODE["erased"])
    if contact.left_on and contact.left_on <= today:
        return str(BY_CODE["left"])
    said = OutgoingEmail(contact=contact, purpose=MailPurpose.PERSONAL)
    code = is_suppressed(contact.email, MailPurpose.PERSONAL) or consent_refused(said)
    return str(BY_CODE.get(code, code)) if code else ""


def check_reachable(contact: Contact | None, now: datetime) -> None:
    """Raise RuleError where nobody is chosen, or nobody may write to them."""
    if contact is None:
        raise RuleError(_("Choose to whom the mail goes."), field="contact")
    today = now.astimezone(Organisation.current().zone).date()
    if why := why_not_reached(contact, today):
        raise RuleError(why, field="contact")


def greeted(text: str, contact: Contact | None, *, by: User) -> str:
    """A text that a colleague goes on writing, between a greeting and their name."""
    first_name = contact.name.split(" ")[0] if contact else ""
    hello = _("Hello %(name)s,") % {"name": first_name} if first_name else _("Hello,")
    signed = [_("Kind regards"), str(by), Organisation.current().name]
    return "\n\n".join([hello, text, "\n".join(filter(None, signed))])


def drafted(letter: Letter, contact: Contact, around: Around, *, by: User) -> Draft:
    """The mail; whatever is written in it, its only link is the button's.

    Raises RuleError for empty words.
    """
    subject = " ".join(quoted(letter.subject).split())[:LONGEST_SUBJECT]
    text = quoted(letter.text.replace("\r\n", "\n")).strip()
    for name, written in (("subject", subject), ("text", text)):
        if not written:
            raise RuleError(_("Write something first."), field=name)
    footer = Footer(
        why=around.why,
        organisation=quoted(Organisation.current().name),
        language=around.language,
        privacy_address=f"{settings.BASE_URL}/privacy/",
        unsubscribable=False,
    )
    return Draft(
        dedupe_key=around.key,
        purpose=MailPurpose.PERSONAL,
        to_email=contact.email,
        to_name=contact.name,
        customer=around.customer,
        contact=contact,
        language=around.language,
        subject=subject,
        text=frame_text(text, around.button, footer),
        html=frame(subject, html_of(text), around.button, footer),
        links=dict(around.links),
        written_by=by,
    )


def tell_timeline(mail: OutgoingEmail, text: str, *, now: datetime, by: User) -> None:
    """The mail on the customer's timeline, with its own words."""
    log_interaction(
        {
            "customer_id": mail.customer_id,
            "contact": mail.contact,
            "kind": Interaction.Kind.EMAIL,
            "external_id": told_as(mail),
            "occurred_at": now,
            "summary": f"{mail.subject}\n\n{text.strip()}",
        },
        by=by,
    )
