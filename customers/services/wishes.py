"""What people want of our mail: noted as they say it, on their page or to a colleague."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import Contact, MailWishes, Topic, TopicWish
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit, tell

LONGEST = timedelta(days=2 * 366)  # a pause that is longer is meant as unsubscribing
PACE = ("paused_until", "days_between")


@dataclass(frozen=True)
class Said:
    """Where somebody said something, who wrote it down if not they themselves, and when."""

    source: str
    by: User | None
    at: datetime

    @property
    def fields(self) -> dict[str, Any]:
        return {"source": self.source, "by": self.by, "at": self.at}


@transaction.atomic
def change_wishes(
    contact: Contact, changes: Mapping[str, Any], *, source: str, by: User | None
) -> bool:
    """Note what a person wants; False where all of it was so already.

    `changes` may hold `topics`, whether each is wanted by its id, `paused_until`, `days_between`
    and `language`. Raises RuleError for a pause that is over, or for more than two years.
    """
    held = Contact.objects.select_for_update(no_key=True).filter(pk=contact.pk)
    language = held.values_list("language", flat=True)[0]
    said = Said(source, by, database_clock())
    check_pause(changes.get("paused_until"), said.at)
    topics = _wish_topics(contact, changes.get("topics", {}), said)
    pace = _wish_pace(contact, {name: changes[name] for name in PACE if name in changes}, said)
    if changes.get("language", language) != language:
        held.update(language=changes["language"])
        pace["language"] = [language, changes["language"]]
    if not topics and not pace:
        return False
    _trace(contact, topics, pace, said)
    return True


def check_pause(until: datetime | None, now: datetime) -> None:
    if until is not None and until <= now:
        raise RuleError(_("This day is not ahead any more."), field="paused_until")
    if until is not None and until > now + LONGEST:
        raise RuleError(_("A pause lasts two years at most."), field="paused_until")


def _wish_topics(
    contact: Contact, asked: Mapping[int, bool], said: Said
) -> list[tuple[Topic, bool]]:
    """Those of the topics that are no longer wanted as they were, and as they are now.

    Who says that a topic may stay as it is has spoken too: what it is for the silent is no longer
    for them.
    """
    topics = Topic.objects.in_bulk(list(asked))
    there = {wish.topic_id: wish for wish in TopicWish.objects.filter(contact=contact)}
    changed, spoken = [], []
    for pk, topic in topics.items():
        if pk not in there or there[pk].wanted != asked[pk]:
            spoken.append((topic, asked[pk]))
        before = there[pk].wanted if pk in there else topic.by_default
        if before != asked[pk]:
            changed.append((topic, asked[pk]))
    TopicWish.objects.bulk_create(
        [TopicWish(contact=contact, topic=t, wanted=now, **said.fields) for t, now in spoken],
        update_conflicts=True,
        unique_fields=["contact", "topic"],
        update_fields=["wanted", "source", "by", "at"],
    )
    return changed


def _wish_pace(contact: Contact, asked: Mapping[str, Any], said: Said) -> dict[str, list[Any]]:
    """Before and after of what changed of pauses and of how often."""
    there = MailWishes.objects.filter(contact=contact).first() or MailWishes(contact=contact)
    if there.paused_until is not None and there.paused_until <= said.at:
        there.paused_until = None  # over: nothing is ended any more
    changed = {name: value for name, value in asked.items() if getattr(there, name) != value}
    told = {name: [getattr(there, name), value] for name, value in changed.items()}
    if changed:
        for name, value in (changed | said.fields).items():
            setattr(there, name, value)
        there.save()
    return told


def _trace(
    contact: Contact,
    topics: Sequence[tuple[Topic, bool]],
    pace: Mapping[str, list[Any]],
    said: Said,
) -> None:
    """A line on the customer's timeline and an audit event."""
    plain = {name: [_plain(before), _plain(after)] for name, (before, after) in pace.items()}
    facts = {
        "name": str(contact),
        "source": said.source,
        "wanted": [_names(topic) for topic, wanted in topics if wanted],
        "unwanted": [_names(topic) for topic, wanted in topics if not wanted],
        **{name: after for name, (_before, after) in plain.items()},
    }
    deed = Deed("mail_wishes_changed", said.by, said.at, facts)
    tell(deed, contact.customer_id)
    changes = {f"topic {topic.code}": [not wanted, wanted] for topic, wanted in topics}
    audit(deed, contact, {**changes, **plain, "source": [None, said.source]})


def _names(topic: Topic) -> dict[str, str]:
    """The topic by language, as it is called now."""
    return {language: said.get("name", "") for language, said in topic.words.items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
