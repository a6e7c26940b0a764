"""What a survey or a rule has under way: its mails that wait stop; an archived survey's go on
after a mistake.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from customers.models import OutgoingEmail
from feedback.inviting.invitations import call_back, waiting
from feedback.inviting.reminders import (
    LONGEST_WAIT,
    STILL_LEAVES,
    call_back_reminders,
    waiting_reminders,
)
from feedback.models import Invitation, SendingRule, Survey

A_MISTAKE = timedelta(hours=1)  # brought back by then, a survey goes on as if nothing had happened


def stop(survey: Survey, now: datetime) -> int:
    """Stop the mails of a survey that wait, reminders too; how many invitations that were."""
    asked = Invitation.objects.filter(survey=survey)
    call_back_reminders(asked.filter(reminded_at__gte=now - LONGEST_WAIT))
    return call_back(waiting().filter(survey=survey).values_list("pk", flat=True), now)


def mails_waiting(rule: SendingRule, now: datetime) -> int:
    """How many mails that a rule has made have not gone out, reminders too."""
    reminders = waiting_reminders(reminded_lately(rule, now))
    return waiting().filter(rule=rule).count() + reminders.count()


def stop_rule(rule: SendingRule, now: datetime) -> int:
    """Stop the mails of a rule that wait, reminders too; how many mails that were."""
    reminders = call_back_reminders(reminded_lately(rule, now))
    return call_back(waiting().filter(rule=rule).values_list("pk", flat=True), now) + reminders


def reminded_lately(rule: SendingRule, now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(rule=rule, reminded_at__gte=now - LONGEST_WAIT)


@transaction.atomic
def go_on(survey: Survey, stopped_at: datetime, now: datetime) -> int:
    """Let the invitations that `stop` has stopped go out after all; how many that were.

    None once an hour has passed: who was to be asked back then does not expect it any more.
    """
    if now - stopped_at > A_MISTAKE:
        return 0
    stopped = Invitation.objects.filter(
        STILL_LEAVES,
        survey=survey,
        called_back_at=stopped_at,
        mail__state=OutgoingEmail.State.CANCELLED,
        mail__error_code="",
    )
    pairs = dict(stopped.values_list("pk", "mail"))
    OutgoingEmail.objects.filter(pk__in=pairs.values()).update(
        state=OutgoingEmail.State.QUEUED, changed_at=now
    )
    return Invitation.objects.filter(pk__in=pairs).update(called_back_at=None)
