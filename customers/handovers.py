"""Carry out handovers whose day has come: owner, open tasks, timeline. Safe to repeat.

One to somebody who can't work with customers by then is refused: the owner stays, and a task asks
whoever planned it, or else the owner, to choose again.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count
from django.utils.translation import ngettext

from churnapp.models import AuditEvent, User
from customers.models import Complaint, Customer, Handover, Interaction, Task
from customers.models.customer import WORK

CHUNK = 1_000
VERB = "customer_handed_over"
REFUSED = "handover_refused"
LEFT, READS = Handover.Refusal.LEFT, Handover.Refusal.READS


def carry_out_due(*, today: date, now: datetime) -> int:
    """Carry out what is pending for `today` or before; gives how many handovers that were.

    Two at once share the work: each takes rows that nobody else holds.
    """
    carried_out = 0
    while (count := _carry_out_chunk(today, now)) is not None:
        carried_out += count
    return carried_out


@transaction.atomic
def _carry_out_chunk(today: date, now: datetime) -> int | None:
    """Carry out or refuse the next handovers; gives how many are carried out, None for no next."""
    due = Handover.objects.pending().filter(on__lte=today).order_by("on", "pk")
    held = due.select_for_update(skip_locked=True, of=("self",))
    handovers = list(held.select_related("to", "created_by", "customer__owner")[:CHUNK])
    if not handovers:
        return None
    at_work = _at_work(handovers)
    possible = [handover for handover in handovers if handover.to_id in at_work]
    if possible:
        _carry_out(possible, now)
    _refuse([handover for handover in handovers if handover.to_id not in at_work], at_work, now)
    return len(possible)


def _at_work(handovers: Sequence[Handover]) -> set[int]:
    """Who of those that the handovers name may have customers now, as keys."""
    named = {
        pk
        for handover in handovers
        for pk in (handover.to_id, handover.created_by_id, handover.customer.owner_id)
        if pk is not None
    }
    return set(User.objects.who_may(WORK).filter(pk__in=named).values_list("pk", flat=True))


def _carry_out(handovers: Sequence[Handover], now: datetime) -> None:
    """The last of several for one customer decides."""
    last = {handover.customer_id: handover for handover in handovers}
    customers = Customer.objects.filter(pk__in=last).order_by("pk").select_related("owner")
    held = customers.select_for_update(no_key=True, of=("self",))
    owners: dict[int, User | None] = {customer.pk: customer.owner for customer in held}
    moves: dict[tuple[int | None, int], list[int]] = defaultdict(list)
    before = {pk: owner.pk if owner else None for pk, owner in owners.items()}
    for customer_id, handover in last.items():
        moves[before[customer_id], handover.to_id].append(customer_id)
    tasks: dict[int, int] = {}
    for (from_id, to_id), ids in moves.items():
        Customer.objects.filter(pk__in=ids).update(owner=to_id)
        tasks |= _move_tasks(from_id, to_id, ids)
    _leave_traces(last.values(), owners, tasks, now)
    Handover.objects.filter(pk__in=[handover.pk for handover in handovers]).update(done_at=now)


def _leave_traces(
    handovers: Collection[Handover],
    owners: dict[int, User | None],
    tasks: dict[int, int],
    now: datetime,
) -> None:
    """A line on each timeline, an audit event for each customer."""
    names = {customer_id: str(owner or "") for customer_id, owner in owners.items()}
    Interaction.objects.bulk_create(
        Interaction(
            customer_id=handover.customer_id,
            kind=Interaction.Kind.EVENT,
            verb=VERB,
            facts={
                "owner_before": names[handover.customer_id],
                "owner": str(handover.to),
                "tasks": tasks.get(handover.customer_id, 0),
            },
            summary=handover.note,
            occurred_at=now,
            author=handover.created_by,
        )
        for handover in handovers
    )
    ids = {customer_id: owner and owner.pk for customer_id, owner in owners.items()}
    AuditEvent.objects.bulk_create(
        AuditEvent(
            actor=handover.created_by,
            verb=VERB,
            object_kind="customer",
            object_id=handover.customer_id,
            changes={"owner": [ids[handover.customer_id], handover.to_id]},
        )
        for handover in handovers
    )


def _move_tasks(from_id: int | None, to_id: int, customer_ids: list[int]) -> dict[int, int]:
    """Open tasks of the owner before go to the next; gives how many, by customer."""
    if from_id is None:
        return {}
    tasks = Task.objects.filter(customer__in=customer_ids, done_at=None, assignee=from_id)
    counts = dict(tasks.order_by().values_list("customer").annotate(Count("pk")))
    tasks.update(assignee=to_id)
    complaints = Complaint.objects.standing().filter(owner=from_id)
    complaints.filter(entry__customer__in=customer_ids).update(owner=to_id)
    return counts


def _refuse(handovers: Sequence[Handover], at_work: Collection[int], now: datetime) -> None:
    """Let the owner stay, and say why: on the row, the timeline and in a task."""
    for handover in handovers:
        handover.refused_at = now
        handover.refusal = (
            Handover.Refusal.READS if handover.to.is_active else Handover.Refusal.LEFT
        )
    Handover.objects.bulk_update(handovers, ["refused_at", "refusal"])
    Interaction.objects.bulk_create(
        Interaction(
            customer_id=handover.customer_id,
            kind=Interaction.Kind.EVENT,
            verb=REFUSED,
            facts={"owner": str(handover.to), "because": handover.refusal},
            occurred_at=now,
            author=handover.created_by,
        )
        for handover in handovers
    )
    AuditEvent.objects.bulk_create(
        AuditEvent(
            actor=handover.created_by,
            verb=REFUSED,
            object_kind="handover",
            object_id=handover.pk,
            changes={"refusal": ["", handover.refusal]},
        )
        for handover in handovers
    )
    _ask_to_choose_again(handovers, at_work)


def _ask_to_choose_again(handovers: Sequence[Handover], at_work: Collection[int]) -> None:
    """One task for each person and new owner, however many customers it is about."""
    asked: dict[tuple[int, int], list[Handover]] = defaultdict(list)
    for handover in handovers:
        for person in (handover.created_by_id, handover.customer.owner_id):
            if person is not None and person in at_work:
                asked[person, handover.to_id].append(handover)
                break
    Task.objects.bulk_create(
        Task(
            customer=refused[0].customer if len(refused) == 1 else None,
            what=_choose_again(refused[0], len(refused)),
            assignee_id=person,
            due_on=refused[0].on,
        )
        for (person, _to), refused in asked.items()
    )


def _choose_again(handover: Handover, count: int) -> str:
    words = {"count": count, "name": handover.to}
    if handover.refusal == LEFT:
        return (
            ngettext(
                "Choose another owner: %(name)s was to take over, but no longer works here.",
                "Choose another owner for %(count)s customers: "
                "%(name)s was to take over, but no longer works here.",
                count,
            )
            % words
        )
    return (
        ngettext(
            "Choose another owner: %(name)s was to take over, but may only read by now.",
            "Choose another owner for %(count)s customers: "
            "%(name)s was to take over, but may only read by now.",
            count,
        )
        % words
    )
