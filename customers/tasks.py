"""Doorbells: each task looks what rows wait and lets an engine work on them."""

import time
from contextlib import suppress

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from customers import bulk_handovers
from customers import night as nightly_work
from customers.importing import running, waiting
from customers.mail import outbox, providers

SECONDS_A_RUN = 50  # beat comes again after sixty
RING_LASTS = 60  # seconds that a ring waits for a worker: beat's next one does as well


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


@shared_task(soft_time_limit=600, time_limit=900, expires=RING_LASTS)
def deliver_due_mail(*, wait: bool = False) -> None:
    """Send what is due while the rate allows, also twice at once: each takes rows of its own.

    For most of a minute: then it ends between two mails, and rings again where more is due. Beat's
    call waits for the rate meanwhile; others only look. A server out of reach is left to the next.
    """
    until = time.monotonic() + SECONDS_A_RUN
    with providers.post() as post:
        while time.monotonic() < until:
            mails = outbox.claim_many(timezone.now())
            if mails and outbox.deliver_run(mails, post, clock=timezone.now, until=until):
                continue
            if mails or not (wait and outbox.is_waiting_for_rate(timezone.now())):
                return
            time.sleep(1)
    if mails:
        _ring_again(wait=wait)


def _ring_again(*, wait: bool) -> None:
    """A broker that is away is no error: beat rings, too."""
    with suppress(OperationalError):
        deliver_due_mail.delay(wait=wait)


@shared_task
def sweep_mail() -> None:
    """Runs each minute: takes up what dead workers have left behind."""
    outbox.sweep(timezone.now())
