"""Doorbells of campaigns, offers and referrals: what is due, what is over, what a night brings."""

import time
from contextlib import suppress

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from campaigns.models import Grant
from campaigns.recommending.renewing import renew_if_due
from campaigns.referring.loyalty import reward_levels
from campaigns.referring.matching import match_new
from campaigns.referring.rewarding import reward_due, welcome_due
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


@shared_task
def expire_offers() -> None:
    """Runs every ten minutes, also twice at once; until then their days count all the same."""
    Grant.objects.expire(timezone.now())


@shared_task(soft_time_limit=900, time_limit=1200)
def settle_referrals() -> None:
    """Runs every ten minutes, also twice at once: who came of referrals, and who is rewarded."""
    now = timezone.now()
    reward_due(now)  # first: what finding out takes holds up no reward
    welcome_due(now)
    match_new(now)
    reward_due(now)


@shared_task(soft_time_limit=3000, time_limit=3300)
def renew_recommendations() -> None:
    """Runs each hour, also twice at once: the first after the organisation's night does it."""
    renew_if_due(timezone.now())


@shared_task(soft_time_limit=900, time_limit=1200)
def reward_loyalty() -> None:
    """Runs every hour, also twice at once: rewards of loyalty levels come once each."""
    reward_levels(timezone.now())
