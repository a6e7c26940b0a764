"""Stop sending when too much of it fails, before a provider stops us."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from customers.mail.reasons import TOO_MANY_FAILED
from customers.models import MailBatch, OutgoingEmail, SendingRate

LAST = 50
MOST_FAILED = LAST // 5
GOES_ON = {"paused_at": None, "paused_because": "", "paused_by": None, "resumed_at": Now()}


def pull(mail: OutgoingEmail, *, now: datetime) -> None:
    """After a failure: pause the mail's batch, or everything, if it is one failure too many.

    More than ten of the last fifty finished ones; those before somebody resumed don't count.
    """
    batch = MailBatch.objects.get(pk=mail.batch_id) if mail.batch_id else None
    if batch and batch.paused_at:
        return
    if batch and _fail_too_often(OutgoingEmail.objects.filter(batch=batch), batch.resumed_at):
        MailBatch.objects.filter(pk=batch.pk, paused_at=None).update(
            paused_at=now, paused_because=TOO_MANY_FAILED
        )
        return
    rules = SendingRate.objects.get(pk=1)
    if not rules.paused_at and _fail_too_often(OutgoingEmail.objects.all(), rules.resumed_at):
        SendingRate.objects.filter(pk=1, paused_at=None).update(
            paused_at=now, paused_because=TOO_MANY_FAILED
        )


def everything_is_paused() -> bool:
    return SendingRate.objects.filter(pk=1, paused_at__isnull=False).exists()


def resume_everything() -> bool:
    """Send again; False where nothing was paused."""
    return _resume(SendingRate.objects.filter(pk=1))


def resume(batch: MailBatch) -> bool:
    """Send the batch again; False where it was not paused."""
    return _resume(MailBatch.objects.filter(pk=batch.pk))


def _resume(rows: QuerySet) -> bool:
    paused = rows.filter(paused_at__isnull=False)
    return bool(paused.update(**GOES_ON))


def _fail_too_often(mails: QuerySet[OutgoingEmail], since: datetime | None) -> bool:
    counted = Q(changed_at__gt=since) if since else Q()
    finished = mails.filter(counted, state__in=OutgoingEmail.FINISHED).order_by("-changed_at")
    states = list(finished.values_list("state", flat=True)[:LAST])
    bad = (OutgoingEmail.State.FAILED, OutgoingEmail.State.BOUNCED)
    return sum(state in bad for state in states) > MOST_FAILED
