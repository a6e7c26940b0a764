"""Let campaigns run in tests: launched by the service, carried on by the engine at one moment."""

from datetime import datetime, timedelta

from django.utils import timezone

from campaigns.models import Campaign, StepDone
from campaigns.sequences.advancing import advance
from campaigns.services.campaigns import launch


def launched(campaign: Campaign) -> Campaign:
    launch(campaign, by=None)
    return Campaign.objects.get(pk=campaign.pk)


def go_on(campaign: Campaign, *, days: float = 0, now: datetime | None = None) -> int:
    """What is due so many days from now is done; how many steps that were."""
    at = (now or timezone.now()) + timedelta(days=days)
    return advance(Campaign.objects.get(pk=campaign.pk), lambda: at)


def done(campaign: Campaign) -> list[tuple[str, str, str]]:
    """Step, outcome and why of all that was done, in order."""
    rows = StepDone.objects.filter(recipient__campaign=campaign).order_by("pk")
    return list(rows.values_list("step", "outcome", "why"))
