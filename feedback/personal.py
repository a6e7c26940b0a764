"""What surveys, invitations and answers keep of people."""

from datetime import datetime

from django.db.models import Count, Min, Q
from django.utils.translation import gettext_lazy as _

from churnapp.common.personal import Erase, Kept, Whose, registry
from customers.models import MailPurpose, OutgoingEmail, ReasonKind, ReasonView, Task
from customers.personal import forget_tasks
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


def untie_from_few(contacts: tuple[int, ...]) -> int:
    """A pseudonym among fewer than five answers still says who it was: the link is cut."""
    small = (
        Survey.objects.filter(responses__contact__in=contacts)
        .annotate(several=Count("responses", filter=~Q(responses__answered_at=None)))
        .filter(several__lt=ENOUGH)
    )
    few = Response.objects.filter(contact__in=contacts, survey__in=small.values("pk"))
    Answer.objects.filter(response__in=few).update(text="")
    CommentTheme.objects.filter(answer__response__in=few).update(matched="")
    Invitation.objects.filter(contact__in=contacts, survey__in=small.values("pk")).update(
        contact=None
    )
    return few.update(contact=None, evidence={})


def forget_quotations(contacts: tuple[int, ...]) -> int:
    """Tasks quote answers; what was read from them names the words that it was read from."""
    theirs = Response.objects.filter(contact__in=contacts)
    about = theirs.exclude(cancellation=None).values("cancellation")
    ReasonView.objects.filter(kind=ReasonKind.TEXT, cancellation__in=about).update(evidence={})
    tasks = theirs.exclude(task=None).values("task")
    return forget_tasks(Task.objects.filter(pk__in=tasks))


def forget_what_staff_were_told(contacts: tuple[int, ...]) -> int:
    """Notices to staff quote answers: those of the person, and summaries that may hold them."""
    theirs = Response.objects.filter(contact__in=contacts).exclude(answered_at=None)
    keys = [f"unhappy:{pk}" for pk in theirs.values_list("pk", flat=True)]
    since = theirs.aggregate(first=Min("answered_at"))["first"]
    if since is None:
        return 0
    quoting = Q(dedupe_key__in=keys)
    for key in keys:  # to each manager, where the customer had no owner
        quoting |= Q(dedupe_key__startswith=f"{key}:")
    quoting |= Q(dedupe_key__startswith="digest:", created_at__gte=since)
    notices = OutgoingEmail.objects.filter(quoting, purpose=MailPurpose.NOTICE)
    waiting = notices.filter(state__in=OutgoingEmail.WAITING)
    waiting.update(state=OutgoingEmail.State.CANCELLED, error_code="erased")
    return notices.update(subject="", text="", html="")


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
    question=Erase.KEEP,
    number=Erase.KEEP,
    choices=Erase.KEEP,
    text=Erase.BLANK,
)
registry.declare(
    Response,
    Whose.CONTACT,
    "contact",
    language=Erase.KEEP,
    channel=Erase.KEEP,
    evidence=Erase.EMPTY,
)
registry.declare(Invitation, Whose.CONTACT, "contact", language=Erase.KEEP)
registry.keep(Kept("webhook_calls", _("That webhooks were called"), 30, forget_webhook_calls))
registry.keep(
    Kept("incoming_calls", _("What programs told of cancellations"), 30, forget_incoming_calls)
)
registry.declare(IncomingCall, Whose.CUSTOMER, "cancellation__customer", body=Erase.BLANK)
# First, as they know answers by their person.
registry.copies.append(forget_quotations)
registry.copies.append(forget_what_staff_were_told)
registry.declare(
    CommentTheme, Whose.CONTACT, "answer__response__contact", state=Erase.KEEP, matched=Erase.BLANK
)
registry.declare(CommentTheme, Whose.CUSTOMER, "cancellation__customer", matched=Erase.BLANK)
registry.declare_none(OpenLink, SendingRule, Survey, SurveyVersion, Theme)
registry.declare_none(IncomingWebhook, Webhook, WebhookDelivery)
registry.copies.append(untie_from_few)
registry.keep(
    Kept("evidence", _("How answers were given: addresses and times"), 90, forget_evidence)
)
