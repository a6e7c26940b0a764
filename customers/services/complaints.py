"""Take in complaints, give them to somebody, settle them, and ask the customer whether they are."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.common.periods import moment_of, working_days_after
from churnapp.models import Organisation, User
from customers.models import (
    CancellationReason,
    Complaint,
    Contact,
    Customer,
    Feature,
    Interaction,
    Task,
)
from customers.services.ledger import database_clock
from customers.services.staff import check_at_work, is_at_work, language_of
from customers.services.traces import Deed, audit, tell

LONGEST_WORDS = 20_000
LONGEST_EXCERPT = 200
WITHOUT_STATUS = timedelta(days=30)


@dataclass(frozen=True)
class Settlement:
    """How a complaint was settled and what was behind it."""

    resolution: str
    reason: CancellationReason | None = None
    feature: Feature | None = None


@dataclass(frozen=True)
class Grievance:
    """What a customer complains about: when and by whom it was said, and what is behind it.

    Without a day it was said now, without an owner it is the customer's owner's, and without a
    deadline the usual one holds.
    """

    words: str
    said_on: date | None = None
    contact: Contact | None = None
    reason: CancellationReason | None = None
    feature: Feature | None = None
    owner: User | None = None
    due_on: date | None = None


@transaction.atomic
def open_complaint(customer: Customer, said: Grievance, *, by: User | None) -> Complaint:
    """Write down a complaint.

    Raises RuleError for empty words, a day ahead, somebody else's contact, or an owner who can't
    have it.
    """
    now, zone = database_clock(), Organisation.current().zone
    words = said.words.strip()
    check_said(customer, replace(said, words=words), now)
    entry = Interaction.objects.create(
        customer=customer,
        contact=said.contact,
        kind=Interaction.Kind.NOTE,
        summary=words,
        status=Interaction.Status.OPEN,
        complaint=True,
        occurred_at=moment_of(said.said_on, now, zone) if said.said_on else now,
        author=by,
    )
    complaint = take_up(entry, owner=said.owner, due_on=said.due_on, by=by)
    if said.reason or said.feature:
        complaint.reason, complaint.feature = said.reason, said.feature
        complaint.save(update_fields=["reason", "feature"])
    return complaint


def check_said(customer: Customer, said: Grievance, now: datetime) -> None:
    """Raise RuleError where a complaint can't have been made like this."""
    if not said.words or len(said.words) > LONGEST_WORDS:
        raise RuleError(
            _("Say in at most %(limit)s characters what they complain about.")
            % {"limit": LONGEST_WORDS},
            field="words",
        )
    if said.said_on and said.said_on > now.astimezone(Organisation.current().zone).date():
        raise RuleError(_("It can't have been said in the future."), field="said_on")
    if said.contact and said.contact.customer_id != customer.pk:
        raise RuleError(_("This contact belongs to another customer."), field="contact")


def take_up(
    entry: Interaction,
    *,
    owner: User | None = None,
    due_on: date | None = None,
    by: User | None,
) -> Complaint:
    """Begin the work on an entry that is a complaint: an owner, a deadline and a task."""
    check_at_work(owner, field="owner")
    customer = entry.customer
    owner = owner or (customer.owner if customer.owner and is_at_work(customer.owner) else None)
    due_on = due_on or usual_deadline(entry.occurred_at)
    task = Task.objects.create(
        what=what_to_do(entry.summary, owner),
        customer=customer,
        assignee=owner,
        due_on=due_on,
        created_by=by,
    )
    complaint = Complaint.objects.create(entry=entry, owner=owner, due_on=due_on, task=task)
    deed = Deed("complaint_opened", by, database_clock())
    audit(deed, complaint, {"owner": [None, owner and owner.email]})
    return complaint


def follow_entry(entry: Interaction, *, by: User | None) -> None:
    """Let the work keep step with an entry that was written or changed elsewhere.

    A complaint that is not closed is taken up, one that was closed there is resolved.
    """
    if not entry.complaint:
        return
    work = Complaint.objects.filter(entry=entry).select_related("task").first()
    is_closed = entry.status == Interaction.Status.CLOSED
    if work is None:
        if is_open(entry, database_clock()):
            take_up(entry, by=by)
    elif is_closed and work.resolved_at is None:
        at = entry.closed_at or database_clock()
        _change(work, {"resolved_at": None}, resolved_at=at, confirmed=None, confirmed_at=None)
        _finish(work, at)


def is_open(entry: Interaction, now: datetime) -> bool:
    """Open or pending; without a status, in its first thirty days, as the early warning does."""
    if entry.status:
        return entry.status != Interaction.Status.CLOSED
    return entry.closed_at is None and entry.occurred_at >= now - WITHOUT_STATUS


def usual_deadline(moment: datetime) -> date:
    """The day by which a complaint of that moment is to be settled."""
    day = moment.astimezone(Organisation.current().zone).date()
    return working_days_after(day, settings.COMPLAINT_WORKING_DAYS)


def what_to_do(words: str, owner: User | None) -> str:
    """The task of a complaint, in the owner's language and in the words of the customer."""
    excerpt = " ".join(words.split())
    if len(excerpt) > LONGEST_EXCERPT:
        excerpt = excerpt[: LONGEST_EXCERPT - 1] + "…"
    with translation.override(language_of(owner)):
        return _("Settle a complaint: %(words)s") % {"words": excerpt}


@transaction.atomic
def assign_complaint(
    complaint: Complaint, *, owner: User, due_on: date, by: User | None
) -> Complaint:
    """Give a complaint to somebody, by a day. Raises RuleError for one that is resolved."""
    if owner.pk != complaint.owner_id:
        check_at_work(owner, field="owner")
    _change(complaint, {"resolved_at": None}, owner=owner, due_on=due_on)
    _its_task(complaint).filter(done_at=None).update(assignee=owner, due_on=due_on)
    _tell(complaint, "complaint_assigned", by, {"to": str(owner), "due": due_on.isoformat()})
    return complaint


@transaction.atomic
def resolve_complaint(
    complaint: Complaint, settlement: Settlement, *, by: User | None
) -> Complaint:
    """Say how it was settled. Raises RuleError without a word on it, or when it is resolved."""
    resolution = settlement.resolution.strip()
    if not resolution or len(resolution) > LONGEST_WORDS:
        raise RuleError(_("Say how it was resolved."), field="resolution")
    at = database_clock()
    _change(
        complaint,
        {"resolved_at": None},
        resolution=resolution,
        reason=settlement.reason,
        feature=settlement.feature,
        resolved_at=at,
        confirmed=None,
        confirmed_at=None,
    )
    _close(complaint, at)
    _tell(complaint, "complaint_resolved", by)
    return complaint


@transaction.atomic
def confirm_complaint(complaint: Complaint, *, agrees: bool, by: User | None) -> Complaint:
    """Record what the customer says of the resolution; who does not agree opens it again.

    Raises RuleError for one that is not resolved, or of which the customer has spoken.
    """
    at = database_clock()
    expected = {"resolved_at__isnull": False, "confirmed": None}
    if agrees:
        _change(complaint, expected, confirmed=True, confirmed_at=at)
        _tell(complaint, "complaint_confirmed", by)
        return complaint
    _change(complaint, expected, confirmed=False, confirmed_at=at, resolved_at=None)
    _open_again(complaint)
    _tell(complaint, "complaint_refused", by)
    return complaint


@transaction.atomic
def forget_answer(complaint: Complaint, *, by: User | None) -> Complaint:
    """Take back what the customer was said to say: it is resolved, and they have not answered.

    Raises RuleError where they have said nothing.
    """
    at = complaint.resolved_at or complaint.confirmed_at or database_clock()
    expected = {"confirmed__isnull": False}
    _change(complaint, expected, resolved_at=at, confirmed=None, confirmed_at=None)
    _close(complaint, at)
    _tell(complaint, "complaint_answer_withdrawn", by)
    return complaint


@transaction.atomic
def reopen_complaint(complaint: Complaint, *, by: User | None) -> Complaint:
    """Take back that it is resolved. Raises RuleError for one that is open."""
    expected = {"resolved_at__isnull": False}
    _change(complaint, expected, resolved_at=None, confirmed=None, confirmed_at=None)
    _open_again(complaint)
    _tell(complaint, "complaint_reopened", by)
    return complaint


def _change(complaint: Complaint, expected: dict[str, Any], **values: Any) -> None:
    """Change it if it still is as expected, else raise RuleError."""
    if not Complaint.objects.filter(pk=complaint.pk, **expected).update(**values):
        raise RuleError(_("Somebody changed this complaint meanwhile. Look at it again."))
    for name, value in values.items():
        setattr(complaint, name, value)


def _its_task(complaint: Complaint) -> QuerySet[Task]:
    return Task.objects.filter(pk=complaint.task_id) if complaint.task_id else Task.objects.none()


def _finish(complaint: Complaint, at: datetime) -> None:
    _its_task(complaint).filter(done_at=None).update(done_at=at)


def _close(complaint: Complaint, at: datetime) -> None:
    """Its task and its entry are done with."""
    _finish(complaint, at)
    closed = {"status": Interaction.Status.CLOSED, "closed_at": at}
    Interaction.objects.filter(pk=complaint.entry_id).update(**closed)


def _open_again(complaint: Complaint) -> None:
    _its_task(complaint).update(done_at=None)
    again = {"status": Interaction.Status.OPEN, "closed_at": None}
    Interaction.objects.filter(pk=complaint.entry_id).update(**again)


def _tell(
    complaint: Complaint, verb: str, by: User | None, facts: dict[str, Any] | None = None
) -> None:
    deed = Deed(verb, by, database_clock(), facts or {})
    audit(deed, complaint, {})
    tell(deed, complaint.entry.customer_id)
