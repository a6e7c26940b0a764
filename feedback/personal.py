"""What surveys, invitations and answers keep of people."""

from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from churnapp.common.personal import Erase, Kept, Someone, Whose, registry
from customers.models import MailPurpose, OutgoingEmail, ReasonKind, ReasonView, Task
from customers.personal import forget_tasks, read_tasks
from feedback.models import (
    Answer,
    CommentTheme,
    IncomingCall,
    IncomingWebhook,
    Invitation,
    OpenLink,
    Response,
    SendingRule,
    Survey,
    SurveyVersion,
    Theme,
    Webhook,
    WebhookDelivery,
)

ENOUGH = 5


def untie_from_few(someone: Someone) -> int:
    """A pseudonym among fewer than five answers still says who it was: the link is cut."""
    small = (
        Survey.objects.filter(responses__contact__in=someone.contacts)
        .annotate(several=Count("responses", filter=~Q(responses__answered_at=None)))
        .filter(several__lt=ENOUGH)
    )
    few = Response.objects.filter(contact__in=someone.contacts, survey__in=small.values("pk"))
    Answer.objects.filter(response__in=few).update(text="")
    CommentTheme.objects.filter(answer__response__in=few).update(matched="")
    Invitation.objects.filter(contact__in=someone.contacts, survey__in=small.values("pk")).update(
        contact=None
    )
    return few.update(contact=None, evidence={})


def quoting_tasks(someone: Someone) -> QuerySet[Task]:
    theirs = Response.objects.filter(contact__in=someone.contacts).exclude(task=None)
    return Task.objects.filter(pk__in=theirs.values("task"))


def read_from_their_words(someone: Someone) -> QuerySet[ReasonView]:
    """What was read from answers about a departure: it names the words that it was read from."""
    theirs = Response.objects.filter(contact__in=someone.contacts).exclude(cancellation=None)
    about = theirs.values("cancellation")
    return ReasonView.objects.filter(kind=ReasonKind.TEXT, cancellation__in=about)


def forget_quotations(someone: Someone) -> int:
    """Tasks quote answers, and so does what was read from them."""
    read_from_their_words(someone).update(evidence={})
    return forget_tasks(quoting_tasks(someone))


def read_quotations(someone: Someone) -> list[QuerySet[Any, Any]]:
    views = read_from_their_words(someone).exclude(evidence={}).order_by("pk")
    called = F("reason__key")
    return [
        read_tasks(quoting_tasks(someone)),
        views.values("id", "evidence", "recorded_at", called=called),
    ]


def alerts_about(someone: Someone) -> Q:
    """Notices to staff about one answer each of the person."""
    theirs = Response.objects.filter(contact__in=someone.contacts).exclude(answered_at=None)
    keys = [f"unhappy:{pk}" for pk in theirs.values_list("pk", flat=True)]
    quoting = Q(dedupe_key__in=keys)
    for key in keys:  # to each manager, where the customer had no owner
        quoting |= Q(dedupe_key__startswith=f"{key}:")
    return quoting & Q(purpose=MailPurpose.NOTICE)


def forget_what_staff_were_told(someone: Someone) -> int:
    """Notices to staff quote answers: those of the person, and summaries that may hold them."""
    theirs = Response.objects.filter(contact__in=someone.contacts).exclude(answered_at=None)
    since = theirs.aggregate(first=Min("answered_at"))["first"]
    if since is None:
        return 0
    digests = Q(dedupe_key__startswith="digest:", created_at__gte=since, purpose=MailPurpose.NOTICE)
    notices = OutgoingEmail.objects.filter(alerts_about(someone) | digests)
    notices.call_back("erased")
    return notices.update(subject="", text="", html="")


def read_what_staff_were_told(someone: Someone) -> list[QuerySet[Any, Any]]:
    """Not the summaries: they hold words of others, and of this person what answers hold too."""
    notices = OutgoingEmail.objects.filter(alerts_about(someone)).order_by("pk")
    return [notices.values("id", "purpose", "subject", "text", "created_at")]


def forget_evidence(before: datetime) -> int:
    """How an answer was graded stays in its state; addresses and times go."""
    return Response.objects.filter(begun_at__lt=before).exclude(evidence={}).update(evidence={})


def forget_webhook_calls(before: datetime) -> int:
    return WebhookDelivery.objects.filter(created_at__lt=before).delete()[0]


def forget_incoming_calls(before: datetime) -> int:
    return IncomingCall.objects.filter(received_at__lt=before).delete()[0]


registry.declare(
    Answer,
    Whose.CONTACT,
    "response__contact",
    response=Erase.KEEP,
    question=Erase.KEEP,
    number=Erase.KEEP,
    choices=Erase.KEEP,
    text=Erase.BLANK,
)
registry.declare(
    Response,
    Whose.CONTACT,
    "contact",
    survey=Erase.KEEP,
    invitation=Erase.KEEP,
    language=Erase.KEEP,
    channel=Erase.KEEP,
    evidence=Erase.EMPTY,
)
registry.declare(
    Invitation,
    Whose.CONTACT,
    "contact",
    survey=Erase.KEEP,
    mail=Erase.KEEP,
    language=Erase.KEEP,
    channel=Erase.KEEP,
    reminders_sent=Erase.KEEP,
)
registry.keep(Kept("webhook_calls", _("That webhooks were called"), 30, forget_webhook_calls))
registry.keep(
    Kept("incoming_calls", _("What programs told of cancellations"), 30, forget_incoming_calls)
)
registry.declare(IncomingCall, Whose.CUSTOMER, "cancellation__customer", body=Erase.BLANK)
# First, as they know answers by their person.
registry.copy(forget_quotations, read_quotations)
registry.copy(forget_what_staff_were_told, read_what_staff_were_told)
registry.declare(
    CommentTheme,
    Whose.CONTACT,
    "answer__response__contact",
    answer=Erase.KEEP,
    theme=Erase.KEEP,
    state=Erase.KEEP,
    matched=Erase.BLANK,
)
registry.declare(CommentTheme, Whose.CUSTOMER, "cancellation__customer", matched=Erase.BLANK)
registry.declare_none(OpenLink, SendingRule, Survey, SurveyVersion, Theme)
registry.declare_none(IncomingWebhook, Webhook, WebhookDelivery)
registry.copy(untie_from_few, None)
registry.keep(
    Kept("evidence", _("How answers were given: addresses and times"), 90, forget_evidence)
)
