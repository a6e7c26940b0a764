"""Jobs that nobody works on: their doorbell was lost, or their worker died."""

from datetime import datetime, timedelta

from churnapp.models import Job
from customers.importing import locks
from customers.importing.running import IMPORT, UNDO
from customers.models import Import

PATIENCE = timedelta(seconds=30)
SILENCE = timedelta(minutes=2)
KEPT = timedelta(days=30)


def unattended(now: datetime) -> list[int]:
    """Imports to ring for: queued for a while, or running with no sign of life.

    What a command was working on when it was killed can't go on without its file, and is closed.
    """
    imports = Import.objects.filter(job__kind__in=[IMPORT, UNDO]).order_by("pk")
    queued = imports.filter(job__state=Job.State.QUEUED, job__created_at__lt=now - PATIENCE)
    silent = imports.filter(job__state=Job.State.RUNNING, job__heartbeat_at__lt=now - SILENCE)
    dead = [found for found in silent if not locks.somebody_works_on(found.pk)]
    lost = [found.job_id for found in dead if not found.file and not found.published_at]
    Job.objects.filter(pk__in=lost, state=Job.State.RUNNING).update(
        state=Job.State.FAILED, error="lost", finished_at=now
    )
    return [found.pk for found in (*queued, *dead) if found.job_id not in lost]


def forget_old_files(now: datetime) -> None:
    """Delete uploads that nobody imported for a month: they may hold much about people."""
    resting = Import.objects.exclude(file="").exclude(
        job__state__in=[Job.State.QUEUED, Job.State.RUNNING]
    )
    for old in resting.filter(job__created_at__lt=now - KEPT):
        old.file.delete(save=False)
        drafts = Job.objects.filter(pk=old.job_id, state=Job.State.DRAFT)
        drafts.update(state=Job.State.FAILED, error="no_file", finished_at=now)
        Import.objects.filter(pk=old.pk).update(file="")
