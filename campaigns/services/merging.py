"""Two records of one customer become one: its place in campaigns, and what it was told, go along.

A customer is in a campaign once and is told of a fix once. Where both records are, one row stays.
"""

from itertools import groupby

from django.db.models import Count

from campaigns.models import (
    ContentSent,
    FixTold,
    LinkHit,
    Recipient,
    Recommendation,
    StepDone,
)
from campaigns.sequences.exits import CALLED_BACK
from customers.models import OutgoingEmail
from customers.services.merges import Merger


def move_places(merger: Merger) -> None:
    """Let the customer be in every campaign that either record is in, once."""
    for stays, goes in _twice_in(merger):
        _join(stays, goes)
    Recipient.objects.filter(customer=merger.merged).update(customer=merger.kept)
    merger.hand_over(Recipient.objects.all())


def move_tellings(merger: Merger) -> None:
    """Let a fix that either record was told of count as told, since the first time."""
    there = {told.fix_id: told for told in FixTold.objects.filter(customer=merger.kept)}
    doubles = FixTold.objects.filter(customer=merger.merged, fix__in=list(there))
    for double in doubles:
        there[double.fix_id].told_at = min(there[double.fix_id].told_at, double.told_at)
    FixTold.objects.bulk_update(there.values(), ["told_at"])
    doubles.delete()
    FixTold.objects.filter(customer=merger.merged).update(customer=merger.kept)


def move_contents(merger: Merger) -> None:
    """What either record was sent of the library counts as sent to the one that stays."""
    ContentSent.objects.filter(customer=merger.merged).update(customer=merger.kept)
    merger.hand_over(ContentSent.objects.all())


def move_recommendations(merger: Merger) -> None:
    """Recommendations go along until the next night; dismissed for either, they stay dismissed."""
    mine = Recommendation.objects.filter(customer=merger.kept)
    there = {(hint.feature_id, hint.plan_id): hint for hint in mine}
    for hint in Recommendation.objects.filter(customer=merger.merged):
        double = there.get((hint.feature_id, hint.plan_id))
        if double is None:
            hint.customer = merger.kept
            hint.save(update_fields=["customer"])
            continue
        if double.dismissed_at is None:
            double.dismissed_at, double.dismissed_by = hint.dismissed_at, hint.dismissed_by
            double.save(update_fields=["dismissed_at", "dismissed_by"])
        hint.delete()


def _twice_in(merger: Merger) -> list[tuple[Recipient, Recipient]]:
    """Who stays and who goes, of each campaign that both records are in."""
    both = Recipient.objects.filter(customer__in=(merger.kept, merger.merged)).order_by("pk")
    held = list(both.select_for_update().values_list("pk", flat=True))
    rows = Recipient.objects.filter(pk__in=held).annotate(taken=Count("steps"))
    found = [
        sorted(pair, key=_weight, reverse=True)
        for _campaign, pair in groupby(rows.order_by("campaign"), lambda row: row.campaign_id)
    ]
    return [(pair[0], pair[1]) for pair in found if len(pair) > 1]


def _weight(recipient: Recipient) -> tuple[bool, bool, int, int]:
    """What speaks for a row: it came in, was written to, is further on, was there first.

    The outcome of the customer has no part in it, so that neither arm gains by mergers.
    """
    came_in = recipient.state != Recipient.State.LEFT_OUT
    taken: int = getattr(recipient, "taken", 0)
    return came_in, not recipient.held_out, taken, -recipient.pk


def _join(stays: Recipient, goes: Recipient) -> None:
    """One row of two. Links that were followed stay known; mails that wait are called back.

    Steps of the one who goes don't move: the other may still come to them.
    """
    mails = StepDone.objects.filter(recipient=goes, mail__isnull=False).values("mail")
    OutgoingEmail.objects.filter(pk__in=mails).call_back(CALLED_BACK)
    LinkHit.objects.filter(recipient=goes).update(recipient=stays)
    goes.delete()
