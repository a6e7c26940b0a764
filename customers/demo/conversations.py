"""Timelines: tickets, complaints, calls, meetings, mails, notes and what is said in public."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from customers.demo.contacts import ContactRow
from customers.demo.lives import Life, Slump
from customers.demo.phrases import BY_LANGUAGE
from customers.demo.timeline import InteractionRow
from customers.demo.world import World


@dataclass(frozen=True)
class Topic:
    """A sort of entry: its kind and mood, and days between two of them at a customer's."""

    phrase: str
    kind: str
    sentiment: int | None
    every_days: int
    ours: bool = True
    only_plans: tuple[str, ...] = ()


LARGE = ("business", "enterprise")
OWNED = ("team", *LARGE)
TOPICS = (
    Topic("ticket", "ticket", 0, 130, ours=False),
    Topic("complaint", "ticket", -1, 900, ours=False),
    Topic("call", "call", 1, 150, only_plans=OWNED),
    Topic("meeting", "meeting", 1, 210, only_plans=LARGE),
    Topic("email", "email", None, 190),
    Topic("note", "note", None, 420),
    Topic("good_review", "review", 1, 6000, ours=False),
    Topic("bad_review", "review", -1, 9000, ours=False),
)
COMPLAINT, BAD_CALL = TOPICS[1], Topic("bad_call", "call", -1, 0)
INCIDENT = Topic("incident", "ticket", -1, 0, ours=False)


def interactions(life: Life, people: list[ContactRow], world: World) -> Iterator[InteractionRow]:
    """One customer's timeline, in no order."""
    writer = Writer(life, people, world)
    for topic in TOPICS:
        if not topic.only_plans or life.profile.plan in topic.only_plans:
            yield from writer.regular(topic)
    for slump in life.slumps:
        yield from writer.over(slump)
    yield from writer.incident()


class Writer:
    """Writes one customer's timeline."""

    def __init__(self, life: Life, people: list[ContactRow], world: World) -> None:
        self.life, self.people, self.world = life, people, world
        self.dice: Random = world.dice(life.profile.number, "timeline")
        self.last_day = min(life.left_on or world.today, world.today)
        self.number = 0

    def regular(self, topic: Topic) -> Iterator[InteractionRow]:
        day = self.life.profile.signed_up_on
        pace = topic.every_days * (0.6 if self.life.profile.plan in LARGE else 1)
        while (
            day := day + timedelta(days=1 + int(self.dice.expovariate(1 / pace)))
        ) < self.last_day:
            yield self.entry(topic, day)

    def over(self, slump: Slump) -> Iterator[InteractionRow]:
        """Complaints before a slump, a worried call during it; often neither."""
        if self.dice.random() < 0.3:
            day = slump.starts_on + timedelta(days=self.dice.randrange(-14, 15))
            yield from self.within_life(COMPLAINT, day)
        if self.life.profile.owner and self.dice.random() < 0.45:
            day = slump.starts_on + timedelta(days=self.dice.randrange(10, 40))
            yield from self.within_life(BAD_CALL, day)

    def incident(self) -> Iterator[InteractionRow]:
        day = self.world.story.incident_on
        share = 0.4 if self.life.profile.plan in LARGE else 0.16
        if self.life.pays_on(day) and self.dice.random() < share:
            yield self.entry(INCIDENT, day + timedelta(days=self.dice.randrange(2)))

    def within_life(self, topic: Topic, day: date) -> Iterator[InteractionRow]:
        if self.life.profile.signed_up_on < day < self.last_day:
            yield self.entry(topic, day)

    def entry(self, topic: Topic, day: date) -> InteractionRow:
        self.number += 1
        contact = self.someone(day)
        words = {"contact": contact.name.split()[0], "seats": self.dice.randrange(2, 9)}
        texts = BY_LANGUAGE[self.life.profile.language][topic.phrase]
        occurred_at = self.world.at(day, self.dice)
        is_ticket = topic.kind == "ticket"
        reply_at, closed_at = self.answers(occurred_at) if is_ticket else (None, None)
        return InteractionRow(
            customer_id=self.life.profile.number,
            contact_id=None if topic.kind in {"note", "review"} else contact.id,
            external_id=f"{self.life.profile.external_id}-t{self.number}" if is_ticket else None,
            kind=topic.kind,
            occurred_at=occurred_at,
            summary=self.dice.choice(texts).format(**words),
            sentiment=topic.sentiment,
            status=_status(reply_at, closed_at) if is_ticket else "",
            first_reply_at=reply_at,
            closed_at=closed_at,
            complaint=topic in {COMPLAINT, INCIDENT},
            author_id=self.life.profile.owner if topic.ours else None,
        )

    def someone(self, day: date) -> ContactRow:
        there = [p for p in self.people if p.left_on is None or p.left_on > day]
        return self.dice.choice(there or self.people)

    def answers(self, asked_at: datetime) -> tuple[datetime | None, datetime | None]:
        """First reply within hours, sometimes days; slower since the incident."""
        slow = 3.0 if asked_at.date() >= self.world.story.incident_on else 1.0
        reply_at = asked_at + timedelta(hours=self.dice.expovariate(1 / (7 * slow)))
        closed_at = reply_at + timedelta(hours=self.dice.expovariate(1 / (40 * slow)))
        now = self.world.now
        return (reply_at if reply_at < now else None), (closed_at if closed_at < now else None)


def _status(reply_at: datetime | None, closed_at: datetime | None) -> str:
    if closed_at:
        return "closed"
    return "pending" if reply_at else "open"
