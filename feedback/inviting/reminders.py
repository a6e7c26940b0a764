"""Remind those who were asked and did not answer."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import (
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Coalesce

from churnapp.common.personal import is_erased_at
from churnapp.models import Organisation
from customers.mail.drafts import queue
from customers.models import OutgoingEmail
from customers.models.mail import OutgoingEmailQuerySet
from feedback.inviting.invitations import draft, reminder_key
from feedback.inviting.letters import Writer
from feedback.models import Invitation, Response, SendingRule

CHUNK = 500
LONGEST_WAIT = timedelta(days=7)  # a reminder goes out, or is given up, well within


def remind(now: datetime) -> int:
    """Queue every reminder that is due; how many. Two at once share the work."""
    sent = 0
    while count := remind_chunk(now):
        sent += count
    return sent


# A round by hand switches itself off once it has asked; its reminders are still meant.
STILL_ASKED = (
    Q(rule__on_since__isnull=False) | Q(rule__trigger=SendingRule.Trigger.BY_HAND) | Q(rule=None)
)
# As often as the rule says; whom a program asked, once, if it wants that.
HAS_REMINDERS_LEFT = Q(reminders_sent__lt=F("rule__reminders")) | Q(
    rule=None, remind_after_days__isnull=False, reminders_sent=0
)
STILL_LEAVES = Q(cancellation=None) | Q(
    cancellation__withdrawn_at=None, cancellation__involuntary=False
)


# By the link, or elsewhere: a program or a file says that they answered the survey since.
ELSEWHERE = Response.objects.finished().filter(
    Q(contact=OuterRef("contact")) | Q(contact=None),
    survey=OuterRef("survey"),
    customer=OuterRef("customer"),
    answered_at__gte=OuterRef("created_at"),
)
HAS_ANSWERED = Q(response__answered_at__isnull=False) | Q(Exists(ELSEWHERE))


def call_back_reminders(invitations: QuerySet[Invitation]) -> int:
    """Stop reminders that have not gone out; how many that were."""
    return waiting_reminders(invitations).call_back()


def waiting_reminders(invitations: QuerySet[Invitation]) -> OutgoingEmailQuerySet:
    """The reminders of invitations that have not gone out."""
    sent = invitations.filter(reminders_sent__gt=0).values_list("pk", "reminders_sent")
    keys = [reminder_key(pk, number) for pk, count in sent for number in range(1, count + 1)]
    return OutgoingEmail.objects.filter(dedupe_key__in=keys, state__in=OutgoingEmail.WAITING)


def call_back_void_reminders(now: datetime) -> int:
    """Those of people who have answered meanwhile, of links that have expired, of departures that
    were withdrawn or turned out involuntary, and of surveys that were archived.
    """
    lately = Invitation.objects.filter(reminded_at__gte=now - LONGEST_WAIT)
    void = ~Q(STILL_LEAVES, survey__archived_at=None, expires_at__gt=now)
    return call_back_reminders(lately.filter(void | HAS_ANSWERED))


@transaction.atomic
def remind_chunk(now: datetime) -> int:
    """The reminder belongs to the count that the row has now: another run finds a higher one."""
    together = ("contact__customer__owner", "version", "batch", "survey")
    waiting = due_for_a_reminder(now).select_related(*together)
    held = list(waiting.select_for_update(skip_locked=True, of=("self",))[:CHUNK])
    if not held:
        return 0
    for invitation in held:
        invitation.reminders_sent += 1
        invitation.reminded_at = now
    writer = Writer(Organisation.current())
    queue([draft("reminder", each, writer) for each in held], now=now)
    Invitation.objects.bulk_update(held, ["reminders_sent", "reminded_at"])
    return len(held)


def due_for_a_reminder(now: datetime) -> QuerySet[Invitation]:
    """Mailed long enough ago, still open, not answered, and with reminders left.

    Nobody who was erased meanwhile.
    """
    days = Coalesce("rule__reminder_days", "remind_after_days")
    pause = ExpressionWrapper(days * Value(timedelta(days=1)), output_field=DurationField())
    last = Coalesce("reminded_at", "mail__sent_at", output_field=DateTimeField())
    return (
        Invitation.objects.filter(
            mail__state__in=(OutgoingEmail.State.ACCEPTED, OutgoingEmail.State.DELIVERED),
            contact__isnull=False,
            expires_at__gt=now,
            called_back_at=None,
            survey__archived_at=None,
        )
        .filter(HAS_REMINDERS_LEFT, STILL_ASKED, STILL_LEAVES)
        .exclude(HAS_ANSWERED)
        .exclude(is_erased_at("contact__email"))
        .annotate(next_at=ExpressionWrapper(last + pause, output_field=DateTimeField()))
        .filter(next_at__lte=now)
        .order_by("pk")
    )
