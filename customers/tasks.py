"""Doorbells: each task looks what rows wait and lets an engine work on them."""

from celery import shared_task
from django.utils import timezone

from customers import bulk_handovers
from customers import night as nightly_work
from customers.importing import running, waiting


@shared_task
def night() -> None:
    """Runs each hour, also twice at once: works when the organisation's night has come."""
    nightly_work.run_if_due(timezone.now())


@shared_task(soft_time_limit=3600, time_limit=3900)
def run_import(import_id: int) -> None:
    """Work one import; a second call finds it held or finished and does nothing."""
    running.run_stored(import_id)


@shared_task(soft_time_limit=3600, time_limit=3900)
def run_bulk_handover(bulk_id: int) -> None:
    """Work a handover of many; a second call finds nothing left to do."""
    bulk_handovers.work(bulk_id, now=timezone.now())


@shared_task
def sweep_jobs() -> None:
    """Runs each minute: rings again for what no worker came for, or what one died over."""
    now = timezone.now()
    for import_id in waiting.unattended(now):
        run_import.delay(import_id)
    waiting.forget_old_files(now)
    for bulk_id in bulk_handovers.unattended(timezone.now()):
        run_bulk_handover.delay(bulk_id)
