"""What is asked again just before a mail goes out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from churnapp.common.personal import is_erased
from churnapp.models import Organisation
from customers.mail import pressure
from customers.mail.drafts import is_exempt
from customers.mail.hours import after_quiet_hours, zone_of
from customers.mail.links import has_expired
from customers.models import Consent, OutgoingEmail, SendingRate


@dataclass(frozen=True)
class Refusal:
    """It will not go out; `code` is stable, `customers.mail.reasons` has the words."""

    code: str
    told: str = ""


@dataclass(frozen=True)
class Postponed:
    """Not before `until`."""

    until: datetime


@dataclass(frozen=True)
class Sending:
    """What a check looks at."""

    mail: OutgoingEmail
    rules: SendingRate
    organisation: Organisation
    now: datetime


Answer = Refusal | Postponed | None
LOOK_AGAIN = timedelta(hours=12)  # for the contact budget of somebody who is worth waiting for
Check = Callable[[Sending], Answer]


@dataclass(frozen=True)
class Rules:
    """The rules of sending, asked once for a run of mails."""

    rate: SendingRate
    organisation: Organisation


def rules_now() -> Rules:
    """The rules as they stand."""
    return Rules(SendingRate.objects.get(pk=1), Organisation.current())


def may_send(mail: OutgoingEmail, rules: Rules, *, now: datetime) -> Answer:
    """None if it may go out; else the first check that says no.

    Suppression, consent, topics and pauses are no checks of this list: the very statement that
    begins a mail asks.
    """
    sending = Sending(mail, rules.rate, rules.organisation, now)
    answers = (check(sending) for check in CHECKS)
    return next((answer for answer in answers if answer), None)


def _contact(sending: Sending) -> Answer:
    """Somebody who has left gets nothing at the address of that job; who was erased has none."""
    contact = sending.mail.contact
    left_on = contact.left_on if contact else None
    today = sending.now.astimezone(sending.organisation.zone).date()
    if left_on and left_on <= today:
        return Refusal("left")
    addresses = (sending.mail.to_email, contact.email if contact else "")
    return Refusal("erased") if any(map(is_erased, addresses)) else None


def _automatic(sending: Sending) -> Answer:
    customer = sending.mail.customer
    if is_exempt(sending.mail.purpose) or customer is None:
        return None
    return Refusal("never_automatic") if customer.never_automatic else None


def _links(sending: Sending) -> Answer:
    """Nobody is sent to a page that says that there is nothing here."""
    return Refusal("link_expired") if has_expired(sending.mail.links, sending.now) else None


def _quiet_hours(sending: Sending) -> Answer:
    mail = sending.mail
    if is_exempt(mail.purpose):
        return None
    zone = zone_of(mail.customer.country if mail.customer else "", sending.organisation)
    until = after_quiet_hours(sending.now, zone, sending.rules)
    return Postponed(until) if until > sending.now else None


def _budget(sending: Sending) -> Answer:
    if is_exempt(sending.mail.purpose):
        return None
    why = pressure.spent_why(sending.mail, sending.rules, now=sending.now)
    if not why:
        return None
    patient_until = sending.mail.patient_until
    if patient_until and sending.now < patient_until:
        return Postponed(min(sending.now + LOOK_AGAIN, patient_until))
    return Refusal(why)


def consent_refused(mail: OutgoingEmail) -> str:
    """The code of a refusal where the reader's last word on its purpose was no, else "".

    Somebody who never spoke did not say no. Asked to explain: the statement that begins a mail
    asks for itself.
    """
    said = Consent.objects.filter(contact=mail.contact_id, purpose=mail.purpose)
    last = said.order_by("-at", "-pk").values_list("given", flat=True).first()
    return "consent_withdrawn" if last is False else ""


CHECKS: tuple[Check, ...] = (_contact, _automatic, _links, _quiet_hours, _budget)
