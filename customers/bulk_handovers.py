"""Plan handovers for every customer that a filter chooses, in chunks; then carry them out.

Each chunk is one transaction with its place in the row, so that a killed job goes on where it was
and two at once share the work. Safe to repeat: who is planned already is not planned again.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.http import QueryDict

from churnapp.models import Job, Organisation
from customers.filters import CustomerFilter
from customers.handovers import carry_out_due
from customers.models import BulkHandover, Customer, Handover
from customers.models.customer import CustomerQuerySet

KIND = "bulk_handover"
CHUNK = 2_000
PATIENCE = timedelta(seconds=30)
SILENCE = timedelta(minutes=2)
UNFINISHED = (Job.State.QUEUED, Job.State.RUNNING)


def chosen(bulk: BulkHandover) -> CustomerQuerySet:
    """The customers that its filters choose among those its author sees."""
    author = bulk.job.created_by
    if author is None:
        return Customer.objects.none()
    visible = Customer.objects.visible_to(author)
    found = CustomerFilter(QueryDict(bulk.filters), visible, user=author)
    every: CustomerQuerySet = found.qs
    return every if found.is_valid() else every.none()


def work(bulk_id: int, *, now: datetime) -> None:
    """Plan what is left to plan, then carry out what is due; stops where the job is cancelled."""
    while plan_chunk(bulk_id, now=now):
        pass
    bulk = BulkHandover.objects.select_related("job").get(pk=bulk_id)
    if bulk.job.state != Job.State.RUNNING:
        return
    carry_out_due(today=now.astimezone(Organisation.current().zone).date(), now=now)
    Job.objects.filter(pk=bulk.job_id, state=Job.State.RUNNING).update(
        state=Job.State.DONE, finished_at=Now(), heartbeat_at=Now()
    )


@transaction.atomic
def plan_chunk(bulk_id: int, *, now: datetime) -> bool:
    """Plan the next customers; False when none is left, or somebody asked to stop."""
    held = BulkHandover.objects.select_for_update(of=("self",)).select_related("job")
    bulk = held.filter(pk=bulk_id, job__state__in=UNFINISHED).first()
    if bulk is None:
        return False
    if bulk.job.cancel_requested:
        Job.objects.filter(pk=bulk.job_id).update(state=Job.State.CANCELLED, finished_at=Now())
        return False
    rows = chosen(bulk).filter(pk__gt=bulk.after).order_by("pk").values_list("pk", "owner")
    found = list(rows[:CHUNK])
    Handover.objects.bulk_create(
        Handover(
            customer_id=pk,
            to_id=bulk.to_id,
            on=bulk.on,
            note=bulk.note,
            created_at=now,
            created_by_id=bulk.job.created_by_id,
        )
        for pk, owner in found
        if owner != bulk.to_id
    )
    if found:
        BulkHandover.objects.filter(pk=bulk_id).update(after=found[-1][0])
    Job.objects.filter(pk=bulk.job_id).update(
        state=Job.State.RUNNING, done=F("done") + len(found), heartbeat_at=Now()
    )
    return bool(found)


def unattended(now: datetime) -> list[int]:
    """Those to ring for: queued for a while, or running with no sign of life."""
    unfinished = BulkHandover.objects.order_by("pk")
    queued = unfinished.filter(job__state=Job.State.QUEUED, job__created_at__lt=now - PATIENCE)
    silent = unfinished.filter(job__state=Job.State.RUNNING, job__heartbeat_at__lt=now - SILENCE)
    return [bulk.pk for bulk in (*queued, *silent)]
