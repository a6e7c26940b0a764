"""Unsubscribe links: signed, never expiring, and without the address in them."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing

from customers.mail.suppression import address_hmac
from customers.models import MailPurpose, OutgoingEmail

PLACE = "[[link:unsubscribe]]"
_SALT = "churnapp.mail.unsubscribe"


@dataclass(frozen=True)
class Wish:
    """Whose link it is (an HMAC), what it ends, and the language of the mail it came in."""

    address: str
    purpose: str
    language: str


def address_of(mail: OutgoingEmail) -> str:
    """The whole address of the unsubscribe page of a mail."""
    parts = [address_hmac(mail.to_email), mail.purpose, mail.language]
    return f"{settings.BASE_URL}/u/{signing.Signer(salt=_SALT).sign_object(parts)}"


def wish_of(token: str) -> Wish | None:
    """What a link asks for; None where we have not signed it."""
    try:
        address, purpose, language = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    return Wish(address, purpose, language) if purpose in MailPurpose.values else None
