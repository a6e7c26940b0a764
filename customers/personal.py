"""What facts about customers, and the mail to them, keep of people."""

from datetime import datetime
from typing import Any

from django.db.models import (
    Exists,
    F,
    Func,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from churnapp.common.personal import (
    ERASED_TASK,
    Erase,
    Kept,
    Someone,
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
    MailWishes,
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
    Segment,
    SegmentMember,
    SendingRate,
    Spend,
    Standing,
    Subscription,
    Suppression,
    Task,
    Term,
    Topic,
    TopicWish,
    Usage,
)

NOTHING = Q(pk__in=())
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


def written_to(someone: Someone) -> Q:
    """Mails to the address of a contact who is gone; what is for staff is theirs."""
    if not someone.address:
        return NOTHING
    return Q(contact=None, customer__isnull=False, to_email__iexact=someone.address)


def events_of_mails(someone: Someone) -> Q:
    return Q(mail__in=OutgoingEmail.objects.filter(written_to(someone)))


def said_in_public(someone: Someone) -> Q:
    """What they said under their address or name, also where it was matched to nobody."""
    if not someone.address:
        return NOTHING
    address = Q(author_email__iexact=someone.address)
    known = Mention.objects.filter(address | Q(contact__in=someone.contacts))
    same = known.exclude(author="").filter(author__iexact=OuterRef("author"), site=OuterRef("site"))
    nameless = Q(contact=None, author_email="")
    return address | nameless & (Q(author__iexact=someone.address) | Q(Exists(same)))


def told_of_mentions(someone: Someone) -> Q:
    """What the timeline tells of mentions that were matched to a customer and to no contact."""
    theirs = Mention.objects.filter(said_in_public(someone))
    told_as = theirs.values(
        told_as=Concat(Value("mention-"), Cast("pk", TextField()), output_field=TextField())
    )
    return Q(contact=None, external_id__in=told_as)


def complained_in_public(someone: Someone) -> Q:
    return Q(entry__in=Interaction.objects.filter(told_of_mentions(someone)))


def tasks_of_complaints(someone: Someone) -> QuerySet[Task]:
    """The task of a complaint quotes it."""
    about = Q(entry__contact__in=someone.contacts) | complained_in_public(someone)
    theirs = Complaint.objects.filter(about).exclude(task=None)
    return Task.objects.filter(pk__in=theirs.values("task"))


def forget_what_complaints_ask(someone: Someone) -> int:
    return forget_tasks(tasks_of_complaints(someone))


def read_what_complaints_ask(someone: Someone) -> list[QuerySet[Task, Any]]:
    return [read_tasks(tasks_of_complaints(someone))]


def read_tasks(quoting: QuerySet[Task]) -> QuerySet[Task, Any]:
    return quoting.order_by("pk").values("id", "what", "created_at", "due_on", "done_at")


def forget_tasks(quoting: QuerySet[Task]) -> int:
    """What these tasks say, here and on the timelines that tell what became of them."""
    held = list(quoting)
    words = {task.what for task in held} - {ERASED_TASK}
    # Events of an earlier version name their task by its words alone.
    told = Q(facts__task__in=[task.pk for task in held]) | Q(facts__what__in=words)
    events = Interaction.objects.filter(
        told,
        customer__in={task.customer_id for task in held},
        kind=Interaction.Kind.EVENT,
        verb__startswith="task_",
    )
    return events.update(facts=WITHOUT_WORDS) + quoting.update(what=ERASED_TASK)


def forget_authors(before: datetime) -> int:
    """What was said stays; who said it goes."""
    nobody = {"author": "", "author_email": "", "url": "", "reply_url": ""}
    old = Mention.objects.filter(occurred_at__lt=before).exclude(**nobody)
    return old.update(**nobody)


def forget_people_who_left(before: datetime) -> int:
    """The name and address of somebody who left a customer long ago."""
    gone = Q(name="") & is_erased_at("email")
    left = Contact.objects.filter(left_on__lt=before.date()).exclude(gone)
    mails = OutgoingEmail.objects.filter(contact__in=left.values("pk"))
    mails.update(to_name="", to_email=pseudonym(), subject="", text="", html="", error="")
    return left.update(name="", email=pseudonym())


KEEP = Erase.KEEP

registry.declare(
    Contact,
    Whose.CONTACT,
    email=Erase.PSEUDONYM,
    name=Erase.BLANK,
    customer=KEEP,
    role=KEEP,
    language=KEEP,
)
# What hangs on mentions goes before the mentions, by which it is found.
registry.declare(
    Complaint,
    Whose.CONTACT,
    "entry__contact",
    complained_in_public,
    resolution=Erase.BLANK,
    reason=KEEP,
    feature=KEEP,
    confirmed=KEEP,
)
registry.declare(
    Interaction,
    Whose.CONTACT,
    "contact",
    told_of_mentions,
    summary=Erase.BLANK,
    customer=KEEP,
    kind=KEEP,
    facts=KEEP,
    score=KEEP,
    sentiment=KEEP,
    status=KEEP,
    complaint=KEEP,
)
registry.declare(
    Mention,
    Whose.CONTACT,
    "contact",
    said_in_public,
    author=Erase.BLANK,
    author_email=Erase.BLANK,
    text=Erase.BLANK,
    url=Erase.BLANK,
    reply_text=Erase.BLANK,
    reply_url=Erase.BLANK,
    customer=KEEP,
    kind=KEEP,
    site=KEEP,
    company=KEEP,
    rating=KEEP,
    sentiment=KEEP,
)
registry.copy(forget_what_complaints_ask, read_what_complaints_ask)
registry.declare(
    MailEvent,
    Whose.CONTACT,
    "mail__contact",
    events_of_mails,
    payload=Erase.EMPTY,
    provider=KEEP,
    kind=KEEP,
    mail=KEEP,
)
registry.declare(
    OutgoingEmail,
    Whose.CONTACT,
    "contact",
    written_to,
    to_email=Erase.PSEUDONYM,
    to_name=Erase.BLANK,
    subject=Erase.BLANK,
    text=Erase.BLANK,
    html=Erase.BLANK,
    links=Erase.EMPTY,
    error=Erase.BLANK,
    purpose=KEEP,
    state=KEEP,
)
registry.declare(Consent, Whose.CONTACT, "contact", source=Erase.BLANK, purpose=KEEP, given=KEEP)
registry.declare(TopicWish, Whose.CONTACT, "contact", source=Erase.BLANK, topic=KEEP, wanted=KEEP)
registry.declare(MailWishes, Whose.CONTACT, "contact", source=Erase.BLANK, days_between=KEEP)

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
    Segment,
    SegmentMember,
    SendingRate,
    Spend,
    Standing,
    Subscription,
    Suppression,
    Term,
    Topic,
    Usage,
)
registry.keep(Kept("mail_texts", _("Texts of mails that went out"), 730, forget_mail_texts))
registry.keep(Kept("mail_events", _("What mail providers reported"), 90, forget_mail_events))
registry.keep(Kept("refused_rows", _("Values of refused rows of files"), 90, forget_refused_rows))
registry.keep(Kept("authors", _("Who wrote mentions and reviews"), 1095, forget_authors))
registry.keep(
    Kept("people_who_left", _("Addresses of people who left"), 1095, forget_people_who_left)
)
