"""What contacts agreed to: note it, and take back what was noted by mistake."""

from collections.abc import Collection, Iterable
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
class Word:
    """What somebody said of one purpose of mail, and where; without a day, just now.

    Given None: it is not known any more.
    """

    purpose: str
    given: bool | None
    source: str
    said_on: date | None = None


@transaction.atomic
def say_consents(contact: Contact, words: Iterable[Word], *, by: User | None) -> list[Consent]:
    """Note what a person agreed to or not; what they said before stays on record.

    What stands so already, from the same source, adds nothing. Raises RuleError for a day ahead, or
    one before their last word on the purpose.
    """
    list(Contact.objects.select_for_update(no_key=True).filter(pk=contact.pk))  # one by one
    now = database_clock()
    last = {word.purpose: word for word in Consent.objects.last_words().filter(contact=contact)}
    said = []
    for word in words:
        before = last.get(word.purpose)
        standing = (before.given, before.source) if before else (None, word.source)
        if standing == (word.given, word.source):
            continue
        at = moment_of(word.said_on, now)
        if before is not None and before.at > at:
            raise RuleError(_("They said something of it later already."), field="said_on")
        noted = Consent.objects.create(
            contact=contact,
            purpose=word.purpose,
            given=word.given,
            at=at,
            source=word.source,
            by=by,
        )
        given = [before.given if before else None, word.given]
        audit(
            Deed(VERBS[word.given], by, now),
            noted,
            {"purpose": [None, word.purpose], "given": given},
        )
        last[word.purpose] = noted
        said.append(noted)
    return said


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
