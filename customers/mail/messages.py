"""A row becomes the message that goes out, the same at each try."""

from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.crypto import salted_hmac

from churnapp.models import Organisation, User
from customers.mail import unsubscribe
from customers.mail.links import with_links
from customers.models import MailPurpose, OutgoingEmail


def message_id(mail: OutgoingEmail) -> str:
    """Derived from the row and a secret: the same at each try, and nobody else can guess it.

    Another one once it has failed for good and somebody sends it again: a provider that knows the
    first would answer from its memory, and send nothing.
    """
    name = f"{mail.pk}.{mail.resends}" if mail.resends else str(mail.pk)
    digest = salted_hmac("churnapp.mail.message_id", name, algorithm="sha256").hexdigest()
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<mail.{mail.pk}.{digest[:16]}@{domain}>"


def build(mail: OutgoingEmail, organisation: Organisation) -> EmailMultiAlternatives:
    """Text and HTML with their private links, and the headers that mail programs act on."""
    headers = {"Message-ID": mail.message_id or message_id(mail)}
    if mail.purpose != MailPurpose.PERSONAL:
        headers["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribable:
        headers |= {
            "List-Unsubscribe": f"<{unsubscribe.address_of(mail)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    to = formataddr((mail.to_name, mail.to_email)) if mail.to_name else mail.to_email
    message = EmailMultiAlternatives(
        mail.subject,
        _linked(mail, mail.text),
        from_email=_sender(mail, organisation),
        to=[to],
        headers=headers,
        reply_to=[_named(mail.written_by)] if mail.written_by else None,
    )
    if mail.html:
        message.attach_alternative(_linked(mail, mail.html), "text/html")
    return message


def _sender(mail: OutgoingEmail, organisation: Organisation) -> str:
    """Our address, under the name of who wrote it, if a person did, and ours.

    Ours is the name that the setting gives the address, else the organisation's.
    """
    ours, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    writer = str(mail.written_by) if mail.written_by else ""
    names = [_one_line(writer), ours or _one_line(organisation.name)]
    return formataddr((", ".join(filter(None, names)), address))


def _named(person: User) -> str:
    return formataddr((_one_line(person.name), person.email))


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _linked(mail: OutgoingEmail, text: str) -> str:
    if mail.unsubscribable:
        text = text.replace(unsubscribe.PLACE, unsubscribe.address_of(mail))
        text = text.replace(unsubscribe.CHOOSING, unsubscribe.choosing_of(mail))
    return with_links(text, mail.links)
