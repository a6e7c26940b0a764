"""Campaigns whose moment has come begin."""

from datetime import datetime

from django.db import transaction

from campaigns.models import Campaign
from churnapp.models import AuditEvent


@transaction.atomic
def start_scheduled(now: datetime) -> int:
    """Let those begin that were scheduled for now or before; how many. Twice at once is once."""
    due = Campaign.objects.filter(state=Campaign.State.SCHEDULED, starts_at__lte=now)
    keys = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True))
    Campaign.objects.filter(pk__in=keys).update(state=Campaign.State.RUNNING, launched_at=now)
    AuditEvent.objects.bulk_create(
        AuditEvent(verb="campaign_launched", object_kind="campaign", object_id=key, changes={})
        for key in keys
    )
    return len(keys)
