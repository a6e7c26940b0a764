"""What contacts agreed to: note it, and take back what was noted by mistake."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import Organisation, User
from customers.models import Consent, Contact
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit

VERBS = {True: "consent_given", False: "consent_withdrawn", None: "consent_unknown"}


@dataclass(frozen=True)
class Said:
    """Where somebody said something, and on which day; without a day, just now."""

    source: str
    on: date | None = None


@transaction.atomic
def say_consent(
    contact: Contact, purpose: str, *, given: bool | None, said: Said, by: User | None
) -> Consent:
    """Note what a person agreed to or not; what they said before stays on record.

    None: it is not known any more. Raises RuleError for a day ahead, or one before their last word.
    """
    Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    now = database_clock()
    at = moment_of(said.on, now)
    before = Consent.objects.last_words().filter(contact=contact, purpose=purpose).first()
    if before is not None and before.at > at:
        raise RuleError(_("They said something of it later already."), field="said_on")
    word = Consent.objects.create(
        contact=contact, purpose=purpose, given=given, at=at, source=said.source, by=by
    )
    changes = {"purpose": [None, purpose], "given": [before.given if before else None, given]}
    audit(Deed(VERBS[given], by, now), word, changes)
    return word


@transaction.atomic
def say_consents(
    contact: Contact, words: Mapping[str, bool | None], *, said: Said, by: User | None
) -> list[Consent]:
    """As `say_consent`, by purpose; what stands so already, from the same source, adds nothing."""
    standing = {
        word.purpose: (word.given, word.source)
        for word in Consent.objects.last_words().filter(contact=contact)
    }
    return [
        say_consent(contact, purpose, given=given, said=said, by=by)
        for purpose, given in words.items()
        if standing.get(purpose, (None, said.source)) != (given, said.source)
    ]


@transaction.atomic
def take_back_consents(contact: Contact, said: Collection[int], *, by: User | None) -> None:
    """Words that were noted by mistake, by their ids, were never said: those of before stand again.

    Raises RuleError where one is not the last word of its purpose any more.
    """
    Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    last = list(Consent.objects.last_words().filter(contact=contact, pk__in=said))
    if not last or len(last) < len(set(said)):
        raise RuleError(_("There is nothing to take back."))
    at = database_clock()
    for word in last:
        changes = {"purpose": [word.purpose, None], "given": [word.given, None]}
        audit(Deed("consent_taken_back", by, at), word, changes)
    Consent.objects.filter(pk__in=[word.pk for word in last]).delete()


def moment_of(said_on: date | None, now: datetime) -> datetime:
    """When something was said of which only the day is known: now, or at the end of that day."""
    zone = Organisation.current().zone
    today = now.astimezone(zone).date()
    if said_on is None or said_on == today:
        return now
    if said_on > today:
        raise RuleError(_("This day is still ahead."), field="said_on")
    return datetime.combine(said_on, time.max, zone)
