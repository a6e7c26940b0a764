"""What readers chose of our mail: asked when one goes out, and before people are chosen."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from customers.mail.drafts import is_exempt
from customers.models import Contact, MailWishes, OutgoingEmail, Topic, TopicWish

UNWANTED, PAUSED, LESS_OFTEN = "unwanted_topic", "paused", "less_often"


def wants_topic(mail: OutgoingEmail) -> bool:
    """Whether the reader wants the topic of a mail; what is of no topic everybody gets.

    Asked to explain: the statement that begins a mail asks for itself.
    """
    topic = Topic.objects.of_kind(mail.kind).first() if mail.kind else None
    if topic is None:
        return True
    said = TopicWish.objects.filter(topic=topic, contact=mail.contact_id)
    wanted = said.values_list("wanted", flat=True).first()
    return topic.by_default if wanted is None else wanted


def paused_until(mail: OutgoingEmail, now: datetime) -> datetime | None:
    """Until when the reader takes no mail that we send by itself; None where they take it."""
    if mail.contact_id is None or is_exempt(mail.purpose):
        return None
    paused = MailWishes.objects.filter(contact=mail.contact_id, paused_until__gt=now)
    return paused.values_list("paused_until", flat=True).first()


def days_between(contact: Contact | None) -> int:
    """One mail at most in so many days; 0 where they wish nothing of the kind."""
    wishes: MailWishes | None = getattr(contact, "mail_wishes", None)
    return (wishes.days_between or 0) if wishes else 0


def with_wishes(people: QuerySet[Contact], kind: str) -> QuerySet[Contact]:
    """Each with `takes_no_mail_until`, and whether they want mail of a kind, `wants_it`."""
    topic = Topic.objects.of_kind(kind)
    said = TopicWish.objects.filter(contact=OuterRef("pk"), topic__in=topic)
    usual = Coalesce(Subquery(topic.values("by_default")[:1]), Value(True))  # noqa: FBT003
    wants_it = Coalesce(Subquery(said.values("wanted")[:1]), usual)
    return people.annotate(takes_no_mail_until=F("mail_wishes__paused_until"), wants_it=wants_it)


def hindrance_of(person: Any, now: datetime) -> str:
    """Why one of `with_wishes` gets no mail, or none for now, by its code; else ""."""
    if not person.wants_it:
        return UNWANTED
    until: datetime | None = person.takes_no_mail_until
    return PAUSED if until and until > now else ""


def hindered(people: Sequence[Contact], kind: str, now: datetime) -> dict[int, str]:
    """Of these contacts, those who want no mail of a kind, or none for now, and which of the two.

    The codes are those of `customers.mail.reasons`.
    """
    asked = with_wishes(Contact.objects.filter(pk__in=[person.pk for person in people]), kind)
    found = {person.pk: hindrance_of(person, now) for person in asked.only("pk")}
    return {pk: why for pk, why in found.items() if why}
