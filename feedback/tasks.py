"""Doorbells of surveys: look what is to be asked, and ask."""

from celery import shared_task
from django.utils import timezone

from customers.tasks import deliver_due_mail
from feedback.inviting.rounds import run_rules


@shared_task
def invite_due() -> None:
    """Runs each minute, also twice at once."""
    if run_rules(timezone.now()):
        deliver_due_mail.delay()
