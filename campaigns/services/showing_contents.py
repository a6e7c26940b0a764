"""Show a content of the library to one customer: in a personal mail, or noted as shown."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.models import Content, ContentSent
from campaigns.services.handing import LONGEST_SUBJECT, Letter, check_reachable
from churnapp.common.errors import RuleError
from churnapp.models import Organisation, User
from customers.mail.drafts import Draft, queue
from customers.mail.rendering import Button, Footer, frame, frame_text, html_of, quoted
from customers.models import Contact, Customer, Interaction, MailPurpose
from customers.services.interactions import log_interaction
from customers.services.ledger import database_clock
from customers.services.mail import ring, told_as
from customers.services.traces import Deed, audit


@dataclass(frozen=True)
class Showing:
    """What is shown to whom; `key` is of the form or call, so that sent twice it is one."""

    content: Content
    customer: Customer
    key: str


@transaction.atomic
def note_shown(showing: Showing, *, by: User | None) -> ContentSent:
    """Note that the customer was shown it, however that was; twice is once."""
    now = database_clock()
    sent, is_new = ContentSent.objects.get_or_create(
        key=f"hand:{showing.key}:{showing.customer.pk}",
        defaults={
            "content": showing.content,
            "customer": showing.customer,
            "how": ContentSent.How.NOTED,
            "at": now,
            "by": by,
        },
    )
    if is_new:
        audit(Deed("content_shown", by, now), sent, {"content": [None, sent.content_id]})
    return sent


@transaction.atomic
def take_back_note(sent: ContentSent, *, by: User | None) -> None:
    """Undo a note. Raises RuleError for what went out in a mail."""
    if sent.how != ContentSent.How.NOTED:
        raise RuleError(_("It was sent in a mail, so it can't be taken back here."))
    deed = Deed("content_not_shown", by, database_clock())
    audit(deed, sent, {"content": [sent.content_id, None]})
    sent.delete()


@transaction.atomic
def mail_content(showing: Showing, contact: Contact | None, letter: Letter, *, by: User) -> None:
    """Queue a personal mail with it, and put it on the timeline; twice is once.

    Raises RuleError where nobody may write to this person.
    """
    now, customer = database_clock(), showing.customer
    if contact is not None and contact.customer_id != customer.pk:
        raise RuleError(_("This person works at another customer."), field="contact")
    check_reachable(contact, now)
    key = f"hand:{showing.key}:{customer.pk}"
    if contact is None or ContentSent.objects.filter(key=key).exists():
        return
    (mail,) = queue([drafted(showing, contact, letter, by)], now=now)
    sent = ContentSent.objects.create(
        content=showing.content,
        customer=customer,
        contact=contact,
        how=ContentSent.How.MAIL,
        key=key,
        at=now,
        by=by,
        mail=mail,
    )
    audit(Deed("content_shown", by, now), sent, {"content": [None, sent.content_id]})
    tell_timeline(sent, letter, now, by)
    ring()


def tell_timeline(sent: ContentSent, letter: Letter, now: datetime, by: User) -> None:
    """The mail on the customer's timeline, as other personal mails stand there."""
    if sent.mail is None:
        return
    log_interaction(
        {
            "customer_id": sent.customer_id,
            "contact": sent.contact,
            "kind": Interaction.Kind.EMAIL,
            "external_id": told_as(sent.mail),
            "occurred_at": now,
            "summary": f"{sent.mail.subject}\n\n{letter.text.strip()}",
        },
        by=by,
    )


def drafted(showing: Showing, contact: Contact, letter: Letter, by: User) -> Draft:
    """The mail; whatever is written in it, its only link is the button's."""
    subject = " ".join(quoted(letter.subject).split())[:LONGEST_SUBJECT]
    text = quoted(letter.text.replace("\r\n", "\n")).strip()
    for field, written in (("subject", subject), ("text", text)):
        if not written:
            raise RuleError(_("Write something first."), field=field)
    language = contact.language or settings.LANGUAGE_CODE
    with translation.override(language):
        button = Button(_("Read more"), showing.content.text("address", language))
        footer = Footer(
            why=_("You get this mail because you are our customer."),
            organisation=quoted(Organisation.current().name),
            language=language,
            privacy_address=f"{settings.BASE_URL}/privacy/",
            unsubscribable=False,
        )
        return Draft(
            dedupe_key=f"content:{showing.key}:{contact.pk}",
            purpose=MailPurpose.PERSONAL,
            to_email=contact.email,
            to_name=contact.name,
            customer=showing.customer,
            contact=contact,
            language=language,
            subject=subject,
            text=frame_text(text, button, footer),
            html=frame(subject, html_of(text), button, footer),
            written_by=by,
        )


def begun(content: Content, contact: Contact | None, *, by: User) -> Letter:
    """Subject and text that a colleague goes on writing, in the contact's language."""
    language = (contact.language if contact else "") or settings.LANGUAGE_CODE
    with translation.override(language):
        first_name = contact.name.split(" ")[0] if contact else ""
        hello = _("Hello %(name)s,") % {"name": first_name} if first_name else _("Hello,")
        signed = [_("Kind regards"), str(by), Organisation.current().name]
        parts = [hello, content.text("summary", language), "\n".join(filter(None, signed))]
        return Letter(content.text("title", language), "\n\n".join(parts))
