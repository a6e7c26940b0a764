"""Campaigns go on: who is due takes the next step, many at once, each step exactly once.

Killed anywhere, a chunk is there as a whole or not at all. Two at once share the work: what one
holds, the other passes over. A pause is waited for by nobody longer than one chunk.
"""

import time
from collections.abc import Callable
from datetime import datetime
from math import inf

import structlog
from django.db import connection, transaction

from campaigns.models import Campaign, Recipient
from campaigns.paths import Path
from campaigns.sequences import sql
from campaigns.sequences.doing import Doing, do
from campaigns.sequences.entering import enter_if_due
from campaigns.sequences.exits import leave
from churnapp.models import Organisation
from customers.models import OutgoingEmail

log = structlog.get_logger(__name__)

CLAIM = sql.read("claim")
CHUNK = 2_000
UNSENT = (*OutgoingEmail.WAITING, OutgoingEmail.State.CLAIMED)
# A campaign that runs, held so that whoever pauses it waits until the chunk is done.
HOLD = """SELECT FROM campaigns_campaign
           WHERE id = %s AND state = 'running' AND paused_at IS NULL FOR SHARE"""


def run_due(clock: Callable[[], datetime], *, until: float = inf) -> bool:
    """Let every running campaign go on; whether time ran out before all was done.

    One that fails is told of, and holds up no other. `until` is a second of `time.monotonic`.
    """
    for campaign in Campaign.objects.running().select_related("batch", "fix").order_by("pk"):
        try:
            advance(campaign, clock, until=until)
        except Exception:
            log.exception("campaign_failed", campaign=campaign.pk)
        if time.monotonic() >= until:
            return True
    return False


def advance(campaign: Campaign, clock: Callable[[], datetime], *, until: float = inf) -> int:
    """Let in who fits, let go who is to leave, and take each due step; how many steps were taken.

    Safe to repeat, to run twice at once, and to kill.
    """
    enter_if_due(campaign, clock())
    leave(campaign, clock())
    path = Path.read(campaign.path)
    organisation = Organisation.current()
    taken = 0
    for step in path.steps:
        while time.monotonic() < until:
            doing = Doing(campaign, path, step, organisation, clock())
            done = take_chunk(doing)
            taken += done
            if not done:
                break
    finish_if_over(campaign, clock())
    return taken


@transaction.atomic
def take_chunk(doing: Doing) -> int:
    """One step for some of those for whom it is due; how many. None while the campaign is held."""
    if not is_running(doing.campaign):
        return 0
    values = doing.values(()) | {"most": CHUNK}
    recipients = [pk for (pk,) in sql.run(CLAIM, values)]
    if recipients:
        do(doing, recipients)
    return len(recipients)


def is_running(campaign: Campaign) -> bool:
    """Whether a campaign runs; it is held then, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [campaign.pk])
        return cursor.fetchone() is not None


def finish_if_over(campaign: Campaign, now: datetime) -> bool:
    """A campaign of a frozen audience is over when nobody is under way and no mail of it waits.

    Until its last mail is out it can be paused. Gives whether it is over.
    """
    under_way = Recipient.objects.filter(campaign=campaign, state=Recipient.State.UNDER_WAY)
    unsent = OutgoingEmail.objects.filter(batch=campaign.batch_id, state__in=UNSENT)
    over = Campaign.objects.running().filter(
        pk=campaign.pk, entry=Campaign.Entry.FROZEN, flowed_at__isnull=False
    )
    if under_way.exists() or unsent.exists():
        return False
    return bool(over.update(state=Campaign.State.FINISHED, finished_at=now))
