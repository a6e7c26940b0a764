"""What became of mails, links and offers: drawn by the customer's dice, written by sets."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db.models import QuerySet

from campaigns.demo.cast import Cast
from campaigns.demo.comebacks import Comeback, Returns
from campaigns.following import AT_ONCE, KNOWN
from campaigns.models import Grant, LinkHit, OfferKind, StepDone
from customers.models import Interaction, OutgoingEmail
from feedback.demo.letters import WITH_HTML, close_addresses

CHUNK = 1_000
State = OutgoingEmail.State
BOUNCES, PROGRAMS = 0.012, 0.09
NOT_KNOWN = 0.04  # where the server took it, and nothing more was heard


@dataclass(frozen=True)
class Tempers:
    """How those written to behave: shares of who follows links, accepts, declines, returns."""

    clicks: float = 0.25
    accepts: float = 0.0
    declines: float = 0.1
    returns: float = 0.0


def deliver(cast: Cast, done: QuerySet[StepDone], tempers: Tempers) -> None:
    """Send the mails of a step, as far as their moment has come, and let links be followed."""
    rows = list(done.exclude(mail=None).select_related("mail", "recipient"))
    mails: list[OutgoingEmail] = []
    hits: list[LinkHit] = []
    for row in rows:
        mail = row.mail
        if mail is None or mail.due_at >= cast.world.now:
            continue
        dice = cast.dice(row.recipient.customer_id, "mail", row.step, row.at)
        send(mail, row.at, cast.world.now, dice)
        mails.append(mail)
        if mail.links and mail.state != State.BOUNCED:
            hits += followed(row, mail, tempers, dice)
    OutgoingEmail.objects.bulk_update(
        mails,
        ["state", "created_at", "changed_at", "claimed_at", "begun_at", "sent_at", "attempts",
         "error", "error_code", "html"],
        batch_size=CHUNK,
    )  # fmt: skip
    close_addresses(mail for mail in mails if mail.state == State.BOUNCED)
    LinkHit.objects.bulk_create((hit for hit in hits if hit.at < cast.world.now), batch_size=CHUNK)


def send(mail: OutgoingEmail, at: datetime, now: datetime, dice: Random) -> None:
    chance = dice.random()
    bounced = chance < BOUNCES
    mail.state = State.ACCEPTED if chance > 1 - NOT_KNOWN else State.DELIVERED
    sent_at = mail.due_at + timedelta(seconds=dice.randrange(2, 90))
    mail.claimed_at = mail.begun_at = mail.sent_at = mail.changed_at = sent_at
    mail.created_at, mail.attempts = at, 1
    if bounced:
        mail.state, mail.error, mail.error_code = State.BOUNCED, "550 No such user here", "550"
    if sent_at < now - WITH_HTML:
        mail.html = ""


def followed(
    row: StepDone, mail: OutgoingEmail, tempers: Tempers, dice: Random
) -> Iterator[LinkHit]:
    """By a person some hours later; by a program at once, where one looks into mail."""
    sent_at = mail.sent_at or row.at
    if dice.random() < PROGRAMS:
        because = dice.choice((AT_ONCE, KNOWN))
        at = sent_at + timedelta(seconds=dice.randrange(1, 5))
        yield hit(row, at, because, dice)
    if dice.random() < tempers.clicks:
        at = sent_at + timedelta(minutes=dice.randrange(4, 60 * 70))
        yield hit(row, at, "", dice)


def hit(row: StepDone, at: datetime, because: str, dice: Random) -> LinkHit:
    source = hashlib.sha256(str(dice.random()).encode()).hexdigest()
    return LinkHit(
        recipient_id=row.recipient_id, step=row.step, at=at, because=because, source=source
    )


def answer_offers(returns: Returns, done: QuerySet[StepDone], tempers: Tempers) -> None:
    """Some accept within days, some decline, the others let the days pass."""
    now = returns.cast.world.now
    settled, told = [], []
    for row in done.exclude(grant=None).select_related("grant__offer"):
        grant = row.grant
        if grant is None:
            continue
        dice = returns.cast.dice(grant.customer_id, "offer", grant.offer.name, grant.made_at)
        at = grant.made_at + timedelta(days=dice.randrange(1, 8), minutes=dice.randrange(400))
        chance = dice.random()
        accepts = chance < tempers.accepts and may_accept(returns, grant)
        declines = chance > 1 - tempers.declines
        if at >= now or not (accepts or declines):
            continue
        grant.state = Grant.State.ACCEPTED if accepts else Grant.State.DECLINED
        grant.settled_at = at
        if accepts and grant.offer.kind == OfferKind.PERCENT:
            returns.add(comeback(returns.cast, grant, at, dice))
        settled.append(grant)
        told.append(said(grant, at))
    Grant.objects.bulk_update(settled, ["state", "settled_at"], batch_size=CHUNK)
    Interaction.objects.bulk_create(told, batch_size=CHUNK)


def may_accept(returns: Returns, grant: Grant) -> bool:
    return grant.offer.kind != OfferKind.PERCENT or returns.is_free(
        grant.customer_id, grant.made_at
    )


def comeback(cast: Cast, grant: Grant, at: datetime, dice: Random) -> Comeback:
    """They are back that day; one in six leaves again some months later."""
    day = at.astimezone(cast.world.zone).date()
    again = day + timedelta(days=dice.randrange(110, 200))
    leaves = dice.random() < 0.17 and again < cast.world.today
    return Comeback(
        grant.customer_id,
        at,
        day,
        percent=grant.offer.percent or 0,
        months=grant.offer.months or 0,
        left_again_on=again if leaves else None,
    )


def said(grant: Grant, at: datetime) -> Interaction:
    """The line on the timeline, as the service tells it."""
    verb = "offer_accepted" if grant.state == Grant.State.ACCEPTED else "offer_declined"
    return Interaction(
        customer_id=grant.customer_id,
        contact_id=grant.contact_id,
        kind=Interaction.Kind.EVENT,
        verb=verb,
        facts={"offer": grant.offer.name, "grant": grant.pk, "kind": grant.offer.kind},
        occurred_at=at,
    )
