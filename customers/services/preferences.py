"""What a reader chooses at the page of their link: it holds at every customer they stand at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from customers.mail.suppression import address_hmac
from customers.mail.unsubscribe import Wish
from customers.models import (
    Consent,
    Contact,
    MailWishes,
    OutgoingEmail,
    Suppression,
    Topic,
    TopicWish,
)
from customers.services.consents import Word, say_consents
from customers.services.ledger import database_clock
from customers.services.mail import subscribe_again, unsubscribe
from customers.services.traces import Deed, tell
from customers.services.wishes import change_wishes

SOURCE = "preference page"
UNSUBSCRIBED = Suppression.Reason.UNSUBSCRIBE


@dataclass(frozen=True)
class Choice:
    """What was chosen: the ids of the topics wanted, and how."""

    topics: frozenset[int]
    language: str
    paused_until: datetime | None
    days_between: int | None


@dataclass(frozen=True)
class Standing:
    """How it stands for a reader: `closed` are purposes that they have left or said no to.

    `is_stopped` says that no mail goes to the address for another reason: the reader can't lift it.
    """

    topics: tuple[Topic, ...]
    wanted: frozenset[int]
    closed: frozenset[str]
    has_left_all: bool
    is_stopped: bool
    language: str = ""
    paused_until: datetime | None = None
    days_between: int | None = None


def people_behind(wish: Wish) -> list[Contact]:
    """Who has the address that the mail of a link went to, the mail's own contact first.

    Nobody where the person was erased, or has another address by now.
    """
    mail = OutgoingEmail.objects.filter(pk=wish.mail).only("to_email", "contact").first()
    if mail is None or address_hmac(mail.to_email) != wish.address:
        return []
    alike = Contact.objects.alias(address=Lower("email")).filter(address=mail.to_email.lower())
    found = alike.select_related("customer", "mail_wishes").order_by("pk")
    return sorted(found, key=lambda person: person.pk != mail.contact_id)


def standing_of(wish: Wish, people: Sequence[Contact], now: datetime) -> Standing:
    """What the page shows; of somebody who stands at several customers, as at the first."""
    person = people[0] if people else None
    reasons = _reasons(wish)
    left = {purpose for purpose, reason in reasons if reason == UNSUBSCRIBED}
    closed = _closed(reasons, person)
    topics = tuple(Topic.objects.all())
    said = dict(TopicWish.objects.filter(contact=person).values_list("topic", "wanted"))
    wanted = {t.pk for t in topics if said.get(t.pk, t.by_default) and t.purpose not in closed}
    wishes: MailWishes | None = getattr(person, "mail_wishes", None)
    return Standing(
        topics=topics,
        wanted=frozenset(wanted),
        closed=frozenset(closed),
        has_left_all="" in left or left >= set(Topic.PURPOSES),
        is_stopped=any(reason != UNSUBSCRIBED for _purpose, reason in reasons),
        language=person.language if person else "",
        paused_until=wishes.paused_until if wishes and wishes.is_paused(now) else None,
        days_between=wishes.days_between if wishes else None,
    )


@transaction.atomic
def choose(wish: Wish, choice: Choice) -> None:
    """Keep what a reader chose, for each customer they stand at; twice is once.

    Who chooses a topic of what they had left comes back to that purpose, and who leaves its last
    topic says no to it as a whole. Raises RuleError where nobody is behind the link any more, or
    for a pause that is none.
    """
    people = people_behind(wish)
    if not people:
        raise RuleError(_("Nobody is behind this link any more."))
    closed = _closed(_reasons(wish), people[0])
    asked, words = _asked(list(Topic.objects.all()), choice.topics, closed)
    for word in words:
        if word.given:
            subscribe_again(wish.address, word.purpose)
    changes = {
        "topics": asked,
        "paused_until": choice.paused_until,
        "days_between": choice.days_between,
        "language": choice.language,
    }
    for person in people:
        change_wishes(person, changes, source=SOURCE, by=None)
        say_consents(person, words, by=None)


@transaction.atomic
def leave(wish: Wish, purposes: Iterable[str]) -> None:
    """No mail of these purposes any more; twice is once."""
    asked, before = set(purposes), left_by(wish)
    for purpose in sorted(asked):
        unsubscribe(wish.address, purpose)
    _tell("mail_left", wish, asked - before)


@transaction.atomic
def come_back(wish: Wish, purposes: Iterable[str]) -> None:
    """They take it back; what they said topic by topic still holds."""
    asked, before = set(purposes), left_by(wish)
    for purpose in sorted(asked):
        subscribe_again(wish.address, purpose)
    _tell("mail_again", wish, asked & before)


def left_by(wish: Wish) -> set[str]:
    """The purposes that the reader has unsubscribed from."""
    return {purpose for purpose, reason in _reasons(wish) if reason == UNSUBSCRIBED}


def _tell(verb: str, wish: Wish, purposes: set[str]) -> None:
    """A line on the timeline of each customer at whom the reader stands, where that is news."""
    if not purposes:
        return
    now = database_clock()
    for person in people_behind(wish):
        facts = {"name": str(person), "purposes": sorted(purposes), "source": SOURCE}
        tell(Deed(verb, None, now, facts), person.customer_id)


def _reasons(wish: Wish) -> list[tuple[str, str]]:
    """Purpose and reason of what keeps automatic mail from the address."""
    standing = Suppression.objects.filter(address_hmac=wish.address, lifted_at=None)
    return list(standing.filter(purpose__in=("", *Topic.PURPOSES)).values_list("purpose", "reason"))


def _closed(reasons: Iterable[tuple[str, str]], person: Contact | None) -> set[str]:
    stopped = {purpose for purpose, _reason in reasons}
    said = Consent.objects.last_words().filter(contact=person, given=False) if person else ()
    refused = {word.purpose for word in said}
    return {each for each in Topic.PURPOSES if "" in stopped or each in stopped | refused}


def _asked(
    topics: Iterable[Topic], wanted: frozenset[int], closed: set[str]
) -> tuple[dict[int, bool], list[Word]]:
    """Which topics are asked for or left, by id, and what that says of their purposes.

    Of a purpose that is closed and stays so, nothing is said: what was chosen before comes back
    with it.
    """
    asked, words = dict[int, bool](), list[Word]()
    for purpose in Topic.PURPOSES:
        of_it = {topic.pk: topic.pk in wanted for topic in topics if topic.purpose == purpose}
        wants_some = any(of_it.values())
        if purpose in closed and not wants_some:
            continue
        asked |= of_it
        if of_it and (purpose in closed or not wants_some):
            words.append(Word(purpose, wants_some, SOURCE))
    return asked, words
