"""Doorbells: each task looks what rows wait and lets an engine work on them."""

import time

from celery import shared_task
from django.utils import timezone

from customers import bulk_handovers
from customers import night as nightly_work
from customers.importing import running, waiting
from customers.mail import outbox, providers

WAIT_FOR_RATE = 50  # seconds; beat comes again after sixty


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


@shared_task(soft_time_limit=1200, time_limit=1500)
def deliver_due_mail(*, wait: bool = False) -> None:
    """Send what is due while the rate allows, also twice at once: each takes rows of its own.

    Beat's call waits for the rate for most of a minute; others only look.
    """
    last_look = time.monotonic() + (WAIT_FOR_RATE if wait else 0)
    with providers.post() as post:
        while True:
            if mails := outbox.claim_many(timezone.now()):
                outbox.deliver_run(mails, post, clock=timezone.now)
                continue
            if time.monotonic() > last_look or not outbox.is_waiting_for_rate(timezone.now()):
                return
            time.sleep(1)


@shared_task
def sweep_mail() -> None:
    """Runs each minute: takes up what dead workers have left behind."""
    outbox.sweep(timezone.now())
