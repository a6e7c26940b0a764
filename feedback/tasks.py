"""Doorbells of surveys: look what is to be asked, and what was answered."""

from celery import shared_task
from django.utils import timezone

from customers.tasks import deliver_due_mail
from feedback.inviting import reminders
from feedback.inviting.colleagues import ask_colleagues
from feedback.inviting.rounds import run_rules
from feedback.notices.digest import run_digests
from feedback.themes import rounds
from feedback.webhooks.delivering import deliver_due


@shared_task
def invite_due() -> None:
    """Runs each minute, also twice at once; the mails it makes go out when they are due."""
    run_rules(timezone.now())


@shared_task
def remind() -> None:
    """Runs each hour, also twice at once: reminders go by the day, and where a mail did not reach
    somebody, a colleague of theirs is asked.
    """
    now = timezone.now()
    reminders.remind(now)
    ask_colleagues(now)


@shared_task
def send_digests() -> None:
    """Runs each hour, also twice at once: works when the morning has come where we are."""
    if run_digests(timezone.now()):
        deliver_due_mail.delay()


@shared_task
def deliver_webhooks() -> None:
    """Runs each minute and when something is new, also twice at once."""
    while deliver_due(timezone.now()):
        pass


@shared_task
def look_for_themes(response_id: int) -> None:
    """Suggest themes for a response that came in or changed; twice gives the same."""
    rounds.look_at_response(response_id, timezone.now())


@shared_task
def look_through_comments() -> None:
    """Look for every theme in all comments, after its words changed; twice gives the same."""
    rounds.look_at_all(timezone.now())


@shared_task
def nightly_themes() -> None:
    """Runs each hour, also twice at once: works when the organisation's night has come."""
    rounds.run_if_due(timezone.now())
