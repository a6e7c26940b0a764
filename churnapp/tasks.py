"""Life signs of the workers."""

from celery import shared_task
from django.utils import timezone

from churnapp.models import Heartbeat


@shared_task
def canary(queue: str = "celery") -> None:
    """Sent by beat, run by a worker of that queue: the first one's missing makes `/readyz` fail."""
    Heartbeat.objects.update_or_create(queue=queue, defaults={"seen_at": timezone.now()})
