"""Doorbells: each task looks what rows wait and lets an engine work on them."""

from celery import shared_task
from django.utils import timezone

from customers import night as nightly_work


@shared_task
def night() -> None:
    """Runs each hour, also twice at once: works when the organisation's night has come."""
    nightly_work.run_if_due(timezone.now())
