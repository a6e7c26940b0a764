"""Doorbells of surveys: look what is to be asked, and ask."""

from celery import shared_task
from django.utils import timezone

from feedback.inviting.rounds import run_rules


@shared_task
def invite_due() -> None:
    """Runs each minute, also twice at once; the mails it makes go out when they are due."""
    run_rules(timezone.now())
