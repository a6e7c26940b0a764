"""Doorbells of campaigns: look what is due."""

import time
from contextlib import suppress

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from campaigns.sequences import starting
from campaigns.sequences.advancing import run_due

SECONDS_A_RUN = 50  # beat comes again after sixty


@shared_task(soft_time_limit=900, time_limit=1200)
def advance_campaigns() -> None:
    """Runs each minute and when one is launched or resumed, also twice at once."""
    starting.start_scheduled(timezone.now())
    more = run_due(timezone.now, until=time.monotonic() + SECONDS_A_RUN)
    if more:
        with suppress(OperationalError):  # a broker that is away is no error: beat rings, too
            advance_campaigns.delay()
