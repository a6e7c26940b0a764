"""What keeps mail from going out, for the pages where people begin their day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Subquery
from django.utils import timezone

from customers.mail.reasons import OUT_OF_REACH, TOO_MANY_FAILED, paused_words
from customers.models import MailBatch, OutgoingEmail, SendingRate

# A server that is away for less mends itself before anybody has looked.
LONG_ENOUGH = timedelta(minutes=30)
MOST = 5


@dataclass(frozen=True)
class MailTrouble:
    """Who paused all mail and why, "" where it goes; since when the server is out of reach; and
    the batches that stopped themselves.
    """

    paused: str
    out_of_reach_since: datetime | None
    batches: list[str]


def mail_trouble() -> MailTrouble:
    """Mail itself cannot tell these: they stand in the product. One query."""
    missed = OutgoingEmail.objects.filter(
        state=OutgoingEmail.State.RETRY,
        error_code=OUT_OF_REACH,
        first_tried_at__lt=timezone.now() - LONG_ENOUGH,
    )
    since = missed.order_by("first_tried_at").values("first_tried_at")[:1]
    stopped = MailBatch.objects.filter(paused_at__isnull=False, paused_because=TOO_MANY_FAILED)
    rules = (
        SendingRate.objects.select_related("paused_by")
        .annotate(since=Subquery(since), stopped=ArraySubquery(stopped.values("name")[:MOST]))
        .get(pk=1)
    )
    return MailTrouble(
        paused=paused_words(rules),
        out_of_reach_since=rules.since,
        batches=rules.stopped,
    )
