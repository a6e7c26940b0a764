"""Complaints that somebody settles, and what is said about Lysbro where everybody reads it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from churnapp.models import User
from customers.demo.phrases import BY_LANGUAGE
from customers.demo.world import World
from customers.models import CancellationReason, Complaint, Contact, Interaction, Mention
from customers.services.complaints import (
    Settlement,
    confirm_complaint,
    resolve_complaint,
    take_up,
)
from customers.services.mentions import Arrangement, add_mention, arrange_mention

OPEN_FOR = timedelta(days=9)
LOOKED_BACK = timedelta(days=150)
MOST_COMPLAINTS = 40
MENTIONS = 48
SETTLED = (
    ("Called them, went through the invoice line by line and credited the seats that nobody used.",
     "price"),
    ("The fault is mended since the last release; they tried it while we were on the phone.",
     "reliability"),
    ("Ran an hour of training for two foremen, and sent the short guide.", "onboarding"),
    ("Not ours: their network blocks the app. Their own people have opened it.", ""),
)  # fmt: skip
PLACES = (
    (Mention.Kind.REVIEW, "g2.com"),
    (Mention.Kind.REVIEW, "capterra.com"),
    (Mention.Kind.SOCIAL, "linkedin.com"),
    (Mention.Kind.SOCIAL, "facebook.com"),
    (Mention.Kind.WORD, ""),
)
STRANGERS = ("Fjordbygg", "Stark Entreprenad", "Havnens Tømrere", "North Site Services")


def hear_voices(world: World, by: User) -> None:
    """Complaints with their work, and mentions of a year; those that are there stay as they are."""
    dice = world.dice("voices")
    if not Complaint.objects.exists():
        for entry in complaints(world):
            work_on(entry, world, dice, by)
    if not Mention.objects.exists():
        for values in mentions(world, dice):
            hear(values, world, dice, by)


def complaints(world: World) -> list[Interaction]:
    """The newest complaints on the timelines, the oldest of them first."""
    since = world.now - LOOKED_BACK
    found = Interaction.objects.filter(complaint=True, occurred_at__range=(since, world.now))
    newest = found.select_related("customer__owner").order_by("-occurred_at", "-pk")
    return list(newest[:MOST_COMPLAINTS])[::-1]


def work_on(entry: Interaction, world: World, dice: Random, by: User) -> None:
    """Take it up; what is older than a week and some days is settled, mostly to their liking."""
    complaint = take_up(entry, by=entry.customer.owner or by)
    settled_at = entry.occurred_at + timedelta(days=dice.randrange(1, 7), hours=dice.randrange(8))
    if entry.occurred_at > world.now - OPEN_FOR or dice.random() < 0.08:
        return
    words, cause = dice.choice(SETTLED)
    reason = CancellationReason.objects.filter(key=cause).first()
    who = complaint.owner or by
    resolve_complaint(complaint, Settlement(words, reason), by=who)
    if dice.random() < 0.7:
        confirm_complaint(complaint, agrees=dice.random() < 0.85, by=who)
    told_back(complaint, entry, settled_at)


def told_back(complaint: Complaint, entry: Interaction, at: datetime) -> None:
    """It was settled then, not on the day on which the company was made."""
    Complaint.objects.filter(pk=complaint.pk).exclude(resolved_at=None).update(resolved_at=at)
    Complaint.objects.filter(pk=complaint.pk).exclude(confirmed_at=None).update(confirmed_at=at)
    Interaction.objects.filter(pk=entry.pk).exclude(closed_at=None).update(closed_at=at)


def mentions(world: World, dice: Random) -> Iterator[dict[str, Any]]:
    """What is said over a year: by customers, and by people whom nobody here knows."""
    people = Contact.objects.select_related("customer").order_by("pk")
    heard = list(people.filter(customer__standing__state="active")[: MENTIONS * 20])
    dice.shuffle(heard)
    for number in range(min(MENTIONS, len(heard))):
        person, (kind, site) = heard[number], PLACES[number % len(PLACES)]
        day = world.today - timedelta(days=1 + number * 360 // MENTIONS)
        good = dice.random() < (0.45 if number < MENTIONS // 4 else 0.75)
        phrases = BY_LANGUAGE.get(person.language, BY_LANGUAGE["en"])
        is_known = dice.random() < 0.75
        yield {
            "kind": kind,
            "site": site,
            "external_id": f"lysbro-heard-{number}",
            "author": person.name if is_known else "",
            "author_email": person.email if is_known else "",
            "company": person.customer.name if is_known else dice.choice(STRANGERS),
            "text": dice.choice(phrases["good_review" if good else "bad_review"]),
            "rating": dice.choice((4, 5) if good else (1, 2)) if kind == "review" else None,
            "sentiment": 1 if good else -1,
            "occurred_at": world.at(day, dice),
        }


def hear(values: dict[str, Any], world: World, dice: Random, by: User) -> None:
    """Somebody is to answer what is bad; most of the older ones are answered."""
    if values["occurred_at"] > world.now:
        return
    heard_at = values["occurred_at"]
    is_old = heard_at < world.now - OPEN_FOR
    if is_old and dice.random() < 0.8:
        values |= {"replied_at": heard_at + timedelta(hours=dice.randrange(2, 60))}
    mention = add_mention(values, by=by)
    if values["sentiment"] < 0 and mention.replied_at is None:
        owner = mention.customer.owner if mention.customer else None
        arrange_mention(mention, Arrangement(owner or by, mention.reply_by, -1), by=by)
