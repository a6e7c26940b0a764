"""Unsubscribe links and those to choose: signed, never expiring, without the address in them."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing

from customers.mail.suppression import address_hmac
from customers.models import MailPurpose, OutgoingEmail

PLACE, CHOOSING = "[[link:unsubscribe]]", "[[link:preferences]]"
_SALT = "churnapp.mail.unsubscribe"


@dataclass(frozen=True)
class Wish:
    """Whose link it is (an HMAC), what it ends, and the mail it came in and its language.

    Links of old mails don't say which mail it was: 0.
    """

    address: str
    purpose: str
    language: str
    mail: int = 0


def address_of(mail: OutgoingEmail) -> str:
    """The whole address of the unsubscribe page of a mail."""
    parts = [address_hmac(mail.to_email), mail.purpose, mail.language, mail.pk or 0]
    return f"{settings.BASE_URL}/u/{signing.Signer(salt=_SALT).sign_object(parts)}"


def choosing_of(mail: OutgoingEmail) -> str:
    """The whole address of the page where the reader of a mail chooses what they get."""
    return f"{address_of(mail)}/choose"


def wish_of(token: str) -> Wish | None:
    """What a link asks for; None where we have not signed it."""
    try:
        address, purpose, language, *mail = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    known = purpose in MailPurpose.values
    return Wish(address, purpose, language, *mail[:1]) if known else None
