"""What keeps a mail with a survey from a person, known before it is written."""

from collections.abc import Sequence
from datetime import datetime

from customers.mail.pressure import spent
from customers.mail.suppression import address_hmac
from customers.mail.wishes import hindered
from customers.models import Contact, MailPurpose, SendingRate, Suppression
from feedback.inviting.addressees import has_left, who_said_no
from feedback.inviting.days import here


def hindrances(
    people: Sequence[Contact], *, patient: bool, now: datetime, kind: str = ""
) -> dict[int, str]:
    """By contact, the code of what speaks against asking them; who is not in it can be asked.

    The codes are those of `customers.mail.reasons`. What is `patient` waits for the contact budget.
    `kind` is the survey's kind of mail.
    """
    today = here(now)
    found = {} if patient else dict.fromkeys(over_budget(people, now), "contact_budget")
    found |= hindered(people, kind, now)
    found |= dict.fromkeys(who_said_no(people), "consent_withdrawn")
    found |= suppressed(people)
    return found | {person.pk: "left" for person in people if has_left(person, today)}


def over_budget(people: Sequence[Contact], now: datetime) -> set[int]:
    return spent(people, SendingRate.objects.get(pk=1), now=now)


def suppressed(people: Sequence[Contact]) -> dict[int, str]:
    """Those whose address gets no surveys, and why."""
    hashes = {address_hmac(person.email): person.pk for person in people}
    refused = Suppression.objects.filter(
        address_hmac__in=hashes, purpose__in=("", MailPurpose.SURVEY), lifted_at=None
    )
    return {hashes[row.address_hmac]: row.reason for row in refused.order_by("pk")}
