"""The cancel flow since spring: who went through it, what they were shown, who stayed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from campaigns.demo.cast import Cast, morning
from campaigns.demo.offers import Offers
from campaigns.demo.visits import Going, write_visits
from campaigns.demo.way_out_texts import FIRST, TALK, TRAINING
from campaigns.models import CancelFlow, FlowAnswer
from campaigns.services.flow_checks import Answer
from campaigns.services.flows import make_flow
from customers.demo.lives import Life
from customers.demo.odds import REASONS
from customers.models import CancellationReason

Kind = FlowAnswer.Kind
SINCE = 230  # days that it has been on
THROUGH_IT = 0.8  # of those who left in that time
WAVERERS = 0.9  # for each who left, so many only thought of it
REASONS_OF_WAVERERS = [
    reason for reason in REASONS if reason not in {"payment-failed", "closed-or-merged"}
] + ["price", "price", "price", "need-gone", "onboarding", "support-quality"]


def lead_out(cast: Cast, offers: Offers) -> None:
    """The flow, its visits, and what they came to."""
    flow = stand_flow(cast, offers)
    going = [*leavers(cast), *waverers(cast)]
    write_visits(cast, flow, going)


def stand_flow(cast: Cast, offers: Offers) -> CancelFlow:
    """Two clicks, an answer to most reasons, a fifth held out."""
    reasons = {one.key: one for one in CancellationReason.objects.filter(retired_at=None)}
    shown = {
        "price": Answer(None, Kind.OFFER, offers.lower),
        "need-gone": Answer(None, Kind.OFFER, offers.pause),
        "onboarding": Answer(
            None, Kind.HELP, texts=TRAINING, address="https://lysbro.example/learn"
        ),
        "support-quality": Answer(None, Kind.CALL, texts=TALK),
        "competitor": Answer(None, Kind.OFFER, offers.call),
    }
    any_other = Answer(None, Kind.OFFER, offers.book)
    answers = [
        Answer(reasons[key], one.kind, one.offer, one.texts, one.address)
        for key, one in shown.items()
        if key in reasons
    ]
    answers.append(any_other)
    there = CancelFlow.objects.filter(name="The way out").exists()
    values = {
        "name": "The way out (demo)" if there else "The way out",
        "query": "", "priority": 50, "profile": "", "holdout_percent": 20, "days_open": 14,
        "ending": CancelFlow.Ending.MONTH, "renewal_months": 12, "texts": FIRST,
    }  # fmt: skip
    flow = make_flow(values, answers, by=cast.manager)
    since = morning(cast.world, SINCE)
    salt = f"{cast.world.dice('cancel flow').getrandbits(128):032x}"
    CancelFlow.objects.filter(pk=flow.pk).update(
        salt=salt, on_since=since, created_at=since, changed_at=since
    )
    flow.refresh_from_db()
    return flow


def leavers(cast: Cast) -> Iterator[Going]:
    """Most of those who gave notice in that time did it there."""
    since = morning(cast.world, SINCE - 2)
    for customer, life in cast.lives.items():
        for departure in life.departures:
            dice = cast.dice(customer, "way out", departure.effective_on)
            said_at = departure.requested_at or departure.recorded_at
            if departure.involuntary or departure.withdrawn_at or said_at < since:
                continue
            if departure.recorded_at == said_at and dice.random() < THROUGH_IT:
                yield Going(customer, said_at, departure.reason, dice, departure)


def waverers(cast: Cast) -> Iterator[Going]:
    """Who was about to leave and stayed, who opened the link only, and who has it still."""
    leaving = sum(1 for _one in leavers(cast))
    dice = cast.world.dice("waverers")
    there = [pk for pk in cast.paying(cast.world.today) if not has_given_notice(cast.lives[pk])]
    for customer in dice.sample(there, min(len(there), round(leaving * WAVERERS))):
        own = cast.dice(customer, "wavers")
        at = moment_of(cast, customer, own)
        if at is None:
            continue
        yield Going(customer, at, own.choice(REASONS_OF_WAVERERS), own)


def has_given_notice(life: Life) -> bool:
    return any(not one.withdrawn_at for one in life.departures)


def moment_of(cast: Cast, customer: int, dice: Random) -> datetime | None:
    """Some working hour since the flow is on, on which they paid."""
    ago = dice.randrange(1, SINCE - 3)
    at = morning(cast.world, ago, hour=8) + timedelta(minutes=dice.randrange(480))
    paid = cast.lives[customer].pays_on(at.astimezone(cast.world.zone).date())
    return at if paid and at < cast.world.now else None
