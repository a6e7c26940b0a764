"""What a person answers, question by question, in their own language."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from customers.demo.colleagues import FIRST_NAMES
from customers.demo.comments import comment
from customers.demo.departures import COMPETITORS, MISSING, CancellationRow
from customers.demo.odds import REASONS
from customers.demo.world import World
from feedback.demo.moods import contentment, score
from feedback.demo.occasions import Ask
from feedback.demo.words import SILENT, complaint, said
from feedback.scores import SCORED_BY

AS_RECORDED = 0.82
THEME_AT_EXIT = 0.14
GRUMBLES = 0.4
# Reasons that are given instead of the one that was recorded.
OTHER_REASONS = [reason for reason in REASONS if reason != "payment-failed"]
WOULD_HAVE_KEPT = {
    "price": "price", "return-on-spend": "price", "missing-feature": "missing",
    "competitor": "missing", "support-quality": "help", "onboarding": "help",
    "results-not-delivered": "help", "lack-of-expertise": "help", "need-gone": "pause",
    "reliability": "other",
}  # fmt: skip
DIFFICULT = ("waiting", "waiting", "repeating", "unsolved", "finding", "understanding")


class Statement(NamedTuple):
    """The answer to one question."""

    question: str
    kind: str
    number: int | None = None
    choices: tuple[str, ...] = ()
    text: str = ""


def exit_statements(ask: Ask, world: World, dice: Random) -> Iterator[Statement]:
    """The reason, mostly the one that was recorded; what could have kept them; their words."""
    row = ask.cancellation
    if row is None:
        return
    reason = row.reason_id if dice.random() < AS_RECORDED else dice.choice(OTHER_REASONS)
    yield Statement("reason", "single", choices=(reason,))
    if dice.random() < 0.85:
        kept = WOULD_HAVE_KEPT.get(reason, "no") if dice.random() < 0.6 else "no"
        yield Statement("kept", "single", choices=(kept,))
    if text := last_words(ask, row, reason, world, dice):
        yield Statement("comment", "long", text=text)


def last_words(ask: Ask, row: CancellationRow, reason: str, world: World, dice: Random) -> str:
    """What they write on leaving; empty from those who write nothing."""
    profile = ask.life.profile
    if dice.random() < THEME_AT_EXIT:
        topic = complaint(dice, ask.at.date(), world.story, world.today)
        return said(dice, profile.language, topic)
    text = comment(
        dice,
        profile.language,
        reason,
        seats=profile.seats,
        months=max(2, (row.effective_on - profile.signed_up_on).days // 30),
        contact=ask.contact.name,
        competitor=row.competitor or dice.choice(COMPETITORS),
        feature=dice.choice(MISSING[profile.language]),
        csm=FIRST_NAMES.get(profile.owner or "", "Ingrid"),
    )
    return text[:1].upper() + text[1:]


def scored_statements(ask: Ask, world: World, dice: Random) -> Iterator[Statement]:
    """A score, what made it difficult where that is asked, and some words."""
    kind, day = SCORED_BY[ask.kind], ask.at.date()
    number = score(kind, contentment(ask.life, day, world), dice)
    yield Statement("score", kind, number=number)
    if kind == "effort" and number < 6:
        yield Statement("difficult", "multiple", choices=(dice.choice(DIFFICULT),))
    if dice.random() > SILENT:
        topic = topic_of(kind, number, dice)
        if topic == "UNHAPPY":
            topic = complaint(dice, day, world.story, world.today)
        yield Statement("comment", "long", text=said(dice, ask.life.profile.language, topic))


def topic_of(kind: str, number: int, dice: Random) -> str:
    """What somebody with this score writes about; even the content have something to say."""
    grumbles = dice.random() < GRUMBLES
    if kind == "nps" and number >= 7:
        return "HAPPY" if number >= 9 else "UNHAPPY" if grumbles else "NEUTRAL"
    if kind == "rating" and number >= 3:
        return "UNHAPPY" if grumbles else "HELPED" if number >= 4 else "NEUTRAL"
    if kind == "effort":
        return "HELPED" if number >= 5 else "NOT_HELPED"
    return "UNHAPPY" if kind == "nps" or grumbles else "NOT_HELPED"
