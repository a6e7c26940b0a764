"""Life signs of the workers."""

from celery import shared_task
from django.utils import timezone

from churnapp.models import Heartbeat


@shared_task
def canary() -> None:
    """Sent by beat, run by a worker: `/readyz` fails when this has not come through lately."""
    Heartbeat.objects.update_or_create(queue="celery", defaults={"seen_at": timezone.now()})
