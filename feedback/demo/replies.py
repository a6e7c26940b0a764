"""What came back of an invitation: whether its mail arrived, who answered, and what."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from customers.demo.world import World
from customers.models import OutgoingEmail
from feedback.answering import Signs, noted
from feedback.demo.occasions import Ask
from feedback.demo.statements import Statement, exit_statements, scored_statements
from feedback.scores import SCORED_BY

State = OutgoingEmail.State
ANSWERED = {"exit": 0.4, "nps": 0.38, "csat": 0.33, "ces": 0.45}
KEEN = {"basis": 0.75, "start": 0.75, "team": 1.0, "business": 1.15, "enterprise": 1.3}
REMINDED = {"exit", "nps"}
BOUNCES, SCANNED, UNCONFIRMED = 0.02, 0.025, 0.03
REMIND_AFTER = timedelta(days=4)
AFTER_REMINDER = 0.3


class Fate(NamedTuple):
    """What became of a mail; `sent_at` is None while it waits."""

    state: str
    sent_at: datetime | None


@dataclass(frozen=True)
class Answered:
    """A response that was sent in; `mailed_at` is when its link went out."""

    at: datetime
    statements: list[Statement]
    evidence: dict[str, Any]
    mailed_at: datetime
    begun_at: datetime


@dataclass
class Reply:
    """One invitation with all that followed."""

    ask: Ask
    fate: Fate
    answered: Answered | None = None
    reminded_at: datetime | None = None


@dataclass
class Post:
    """Plays the post and the people; addresses that do not exist are written to once."""

    world: World
    closed: set[int] = field(default_factory=set)

    def deliver(self, asked: list[Ask]) -> Iterator[Reply]:
        """What followed each ask, in their order."""
        for ask in asked:
            if ask.contact.id not in self.closed:
                yield self.reply(ask)

    def reply(self, ask: Ask) -> Reply:
        dice = self.world.dice(ask.contact.id, "reply", ask.kind, ask.event, ask.subject)
        fate = self.fate(ask, dice)
        if fate.state == State.BOUNCED:
            self.closed.add(ask.contact.id)
        if fate.sent_at is None or fate.state == State.BOUNCED:
            return Reply(ask, fate)
        answered = self.answered(ask, fate.sent_at, dice)
        return Reply(ask, fate, answered, self.reminded_at(ask, fate.sent_at, answered))

    def fate(self, ask: Ask, dice: Random) -> Fate:
        if ask.due_at >= self.world.now:
            return Fate(State.QUEUED, None)
        sent_at = ask.due_at + timedelta(seconds=dice.randrange(5, 60))
        roll = dice.random()
        if roll < BOUNCES:
            return Fate(State.BOUNCED, sent_at)
        return Fate(State.ACCEPTED if roll < BOUNCES + UNCONFIRMED else State.DELIVERED, sent_at)

    def answered(self, ask: Ask, sent_at: datetime, dice: Random) -> Answered | None:
        keen = 1.0 if ask.kind == "exit" else KEEN[ask.life.profile.plan]
        if dice.random() < ANSWERED[ask.kind] * keen:
            return self.by_a_person(ask, sent_at, dice)
        return by_a_scanner(ask, sent_at, dice) if dice.random() < SCANNED else None

    def by_a_person(self, ask: Ask, sent_at: datetime, dice: Random) -> Answered | None:
        """An answer within days, or after the reminder; None if that is still to come."""
        late = ask.kind in REMINDED and dice.random() < AFTER_REMINDER
        hours = dice.expovariate(1 / 22)
        at = sent_at + (REMIND_AFTER if late else timedelta(minutes=9)) + timedelta(hours=hours)
        if at >= self.world.now:
            return None
        opened_at = at - timedelta(seconds=dice.randrange(25, 240))
        evidence = noted({}, Signs(opened_at), now=at)
        is_exit = ask.kind == "exit"
        statements = exit_statements if is_exit else scored_statements
        said = list(statements(ask, self.world, dice))
        return Answered(at, said, evidence, sent_at, opened_at)

    def reminded_at(
        self, ask: Ask, sent_at: datetime, answered: Answered | None
    ) -> datetime | None:
        at = sent_at + REMIND_AFTER
        is_silent = answered is None or answered.at > at
        return at if ask.kind in REMINDED and is_silent and at < self.world.now else None


def by_a_scanner(ask: Ask, sent_at: datetime, dice: Random) -> Answered:
    """Whatever stands first: within a second, or with the hidden field filled, or link by link."""
    sort = dice.choice(("quick", "trapped", "busy"))
    at = sent_at + timedelta(seconds=1 if sort == "quick" else dice.randrange(20, 900))
    form_made_at = at - timedelta(seconds=1 if sort == "quick" else 9)
    signs = Signs(form_made_at, sort == "trapped", 14 if sort == "busy" else 1)
    kind = SCORED_BY.get(ask.kind)
    if kind is None:
        said = [Statement("reason", "single", choices=("price",))]
    else:
        said = [Statement("score", kind, number=dice.choice((1, 1, 5)))]
    return Answered(at, said, noted({}, signs, now=at), sent_at, at)
