"""What facts about customers, and the mail to them, keep of people."""

from datetime import datetime

from django.db.models import F, Func, JSONField, Q, QuerySet, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from churnapp.common.personal import (
    ERASED_TASK,
    Erase,
    Kept,
    Whose,
    is_erased_at,
    pseudonym,
    registry,
)
from customers.models import (
    BulkHandover,
    Cancellation,
    CancellationReason,
    CheckRun,
    ColumnMapping,
    Competitor,
    CompetitorName,
    CompetitorOffer,
    Complaint,
    Consent,
    Contact,
    Customer,
    CustomerAlias,
    Erasure,
    Feature,
    FxRate,
    Handover,
    Import,
    Interaction,
    MailBatch,
    MailEvent,
    Mention,
    OutgoingEmail,
    Payment,
    Plan,
    ReasonVersion,
    ReasonView,
    RefusedRow,
    RetentionPeriod,
    RiskFlag,
    RiskRule,
    RowBefore,
    SavedView,
    SendingRate,
    Spend,
    Standing,
    Subscription,
    Suppression,
    Task,
    Term,
    Usage,
)

WITHOUT_WORDS = Func(
    F("facts"),
    Value("{what}"),
    Value(ERASED_TASK, JSONField()),
    template="jsonb_set(%(expressions)s)",
    output_field=JSONField(),
)


def forget_mail_texts(before: datetime) -> int:
    """That a mail went out stays; what it said goes."""
    old = OutgoingEmail.objects.filter(created_at__lt=before).exclude(
        state__in=[*OutgoingEmail.WAITING, OutgoingEmail.State.CLAIMED]
    )
    return old.exclude(text="", html="").update(text="", html="", links={})


def forget_mail_events(before: datetime) -> int:
    return MailEvent.objects.filter(received_at__lt=before).exclude(payload={}).update(payload={})


def forget_refused_rows(before: datetime) -> int:
    """Why a row was refused stays; its value goes."""
    old = RefusedRow.objects.filter(file_import__job__created_at__lt=before)
    return old.exclude(value="").update(value="")


def forget_mentions(contacts: tuple[int, ...]) -> int:
    """What people said in public under their address, also where it was matched to nobody."""
    addresses = Contact.objects.filter(pk__in=contacts).values(plain=Lower("email"))
    theirs = Mention.objects.annotate(plain=Lower("author_email")).filter(plain__in=addresses)
    return theirs.exclude(author_email="").update(author="", author_email="", text="", url="")


def forget_what_complaints_ask(contacts: tuple[int, ...]) -> int:
    """The task of a complaint quotes it."""
    theirs = Complaint.objects.filter(entry__contact__in=contacts).exclude(task=None)
    return forget_tasks(Task.objects.filter(pk__in=theirs.values("task")))


def forget_tasks(quoting: QuerySet[Task]) -> int:
    """What these tasks say, here and on the timelines that tell what became of them."""
    held = list(quoting.values_list("pk", "customer", "what"))
    tasks, customers, words = ({row[place] for row in held} for place in range(3))
    # Events of an earlier version name their task by its words alone.
    told = Q(facts__task__in=tasks) | Q(facts__what__in=words - {ERASED_TASK})
    events = Interaction.objects.filter(
        told, customer__in=customers, kind=Interaction.Kind.EVENT, verb__startswith="task_"
    )
    return events.update(facts=WITHOUT_WORDS) + quoting.update(what=ERASED_TASK)


def forget_authors(before: datetime) -> int:
    """What was said stays; who said it goes."""
    old = Mention.objects.filter(occurred_at__lt=before).exclude(author="", author_email="", url="")
    return old.update(author="", author_email="", url="")


def forget_people_who_left(before: datetime) -> int:
    """The name and address of somebody who left a customer long ago."""
    gone = Q(name="") & is_erased_at("email")
    left = Contact.objects.filter(left_on__lt=before.date()).exclude(gone)
    mails = OutgoingEmail.objects.filter(contact__in=left.values("pk"))
    mails.update(to_name="", to_email=pseudonym(), subject="", text="", html="", error="")
    return left.update(name="", email=pseudonym())


registry.declare(
    Contact,
    Whose.CONTACT,
    email=Erase.PSEUDONYM,
    name=Erase.BLANK,
    role=Erase.KEEP,
    language=Erase.KEEP,
)
registry.declare(
    Interaction, Whose.CONTACT, "contact", summary=Erase.BLANK, facts=Erase.KEEP, score=Erase.KEEP
)
registry.declare(
    Mention,
    Whose.CONTACT,
    "contact",
    author=Erase.BLANK,
    author_email=Erase.BLANK,
    text=Erase.BLANK,
    url=Erase.BLANK,
)
registry.copies.append(forget_mentions)
registry.copies.append(forget_what_complaints_ask)
registry.declare(Complaint, Whose.CONTACT, "entry__contact", resolution=Erase.BLANK)
registry.declare(
    OutgoingEmail,
    Whose.CONTACT,
    "contact",
    to_email=Erase.PSEUDONYM,
    to_name=Erase.BLANK,
    subject=Erase.BLANK,
    text=Erase.BLANK,
    html=Erase.BLANK,
    links=Erase.EMPTY,
    error=Erase.BLANK,
)
registry.declare(MailEvent, Whose.CONTACT, "mail__contact", payload=Erase.EMPTY)
registry.declare(Consent, Whose.CONTACT, "contact", purpose=Erase.KEEP, source=Erase.BLANK)

registry.declare(
    Customer,
    Whose.CUSTOMER,
    name=Erase.BLANK,
    organisation_number=Erase.BLANK,
    attributes=Erase.EMPTY,
)
registry.declare(Cancellation, Whose.CUSTOMER, "customer", comment=Erase.BLANK)
registry.declare(CustomerAlias, Whose.CUSTOMER, "customer", name=Erase.BLANK)
registry.declare(Handover, Whose.CUSTOMER, "customer", note=Erase.BLANK)
registry.declare(RiskFlag, Whose.CUSTOMER, "customer", note=Erase.BLANK)
registry.declare(Task, Whose.CUSTOMER, "customer", what=Erase.BLANK)

registry.declare(SavedView, Whose.STAFF, "owner", name=Erase.BLANK)
registry.declare(BulkHandover, Whose.STAFF, "to", note=Erase.BLANK)

# Copies of what files said of people; erasing looks into them by itself.
registry.declare(RefusedRow, Whose.CUSTOMER, "file_import", value=Erase.BLANK)
registry.declare(RowBefore, Whose.CUSTOMER, "file_import", before=Erase.EMPTY)

registry.declare_none(
    CancellationReason,
    CheckRun,
    ColumnMapping,
    Competitor,
    CompetitorName,
    CompetitorOffer,
    Erasure,
    Feature,
    FxRate,
    Import,
    MailBatch,
    Payment,
    Plan,
    ReasonVersion,
    ReasonView,
    RetentionPeriod,
    RiskRule,
    SendingRate,
    Spend,
    Standing,
    Subscription,
    Suppression,
    Term,
    Usage,
)
registry.keep(Kept("mail_texts", _("Texts of mails that went out"), 730, forget_mail_texts))
registry.keep(Kept("mail_events", _("What mail providers reported"), 90, forget_mail_events))
registry.keep(Kept("refused_rows", _("Values of refused rows of files"), 90, forget_refused_rows))
registry.keep(Kept("authors", _("Who wrote mentions and reviews"), 1095, forget_authors))
registry.keep(
    Kept("people_who_left", _("Addresses of people who left"), 1095, forget_people_who_left)
)
