"""Carry out handovers whose day has come: owner, open tasks, timeline. Safe to repeat."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count

from churnapp.models import AuditEvent, User
from customers.models import Customer, Handover, Interaction, Task

CHUNK = 1_000
VERB = "customer_handed_over"


def carry_out_due(*, today: date, now: datetime) -> int:
    """Carry out what is pending for `today` or before; gives how many handovers that were.

    Two at once share the work: each takes rows that nobody else holds.
    """
    done = 0
    while count := _carry_out_chunk(today, now):
        done += count
    return done


@transaction.atomic
def _carry_out_chunk(today: date, now: datetime) -> int:
    due = Handover.objects.pending().filter(on__lte=today).order_by("on", "pk")
    held = due.select_for_update(skip_locked=True, of=("self",))
    handovers = list(held.select_related("to", "created_by")[:CHUNK])
    if handovers:
        _carry_out(handovers, now)
    return len(handovers)


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
    return counts
