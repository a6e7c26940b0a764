"""Show a content of the library to one customer: in a personal mail, or noted as shown."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.models import Content, ContentSent
from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.mail.drafts import Draft, queue
from customers.mail.rendering import Button
from customers.models import Contact, Customer
from customers.services.ledger import database_clock
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
    (mail,) = queue([written(showing, contact, letter, by)], now=now)
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
    tell_timeline(mail, letter.text, now=now, by=by)
    ring()


def written(showing: Showing, contact: Contact, letter: Letter, by: User) -> Draft:
    """The mail, with a button that leads to the content."""
    language = language_of(contact)
    with translation.override(language):
        around = Around(
            key=f"content:{showing.key}:{contact.pk}",
            customer=showing.customer,
            language=language,
            why=_("You get this mail because you are our customer."),
            button=Button(_("Read more"), showing.content.text("address", language)),
        )
        return drafted(letter, contact, around, by=by)


def begun(content: Content, contact: Contact | None, *, by: User) -> Letter:
    """Subject and text that a colleague goes on writing, in the contact's language."""
    language = language_of(contact)
    with translation.override(language):
        text = greeted(content.text("summary", language), contact, by=by)
        return Letter(content.text("title", language), text)
