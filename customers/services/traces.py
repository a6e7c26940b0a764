"""What every change leaves behind: a line on the timeline, an audit event, a renewed standing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.db import models

from churnapp.models import AuditEvent, User
from customers.models import Interaction
from customers.standings import refresh_standings

# What higher apps do with a deed on a fact, in its own transaction; their module `listening` adds
# to it and is found by its name when Django starts.
listeners: list[Callable[["Deed", models.Model], None]] = []


@dataclass(frozen=True)
class Deed:
    """Who did what when: `verb` is a stable name, such as `subscription_ended`."""

    verb: str
    by: User | None
    at: datetime
    facts: dict[str, Any] = field(default_factory=dict)


def leave_trace(
    deed: Deed, customer_id: int, target: models.Model, changes: dict[str, Any] | None = None
) -> Interaction:
    """Tell the timeline and the audit trail, and let the customer stand as the terms now say.

    `changes` holds `[before, after]` by the name of what changed.
    """
    line = tell(deed, customer_id)
    audit(deed, target, changes or {})
    refresh_standings([customer_id], now=deed.at)
    return line


def tell(deed: Deed, customer_id: int) -> Interaction:
    """A line on the customer's timeline."""
    return Interaction.objects.create(
        customer_id=customer_id,
        kind=Interaction.Kind.EVENT,
        verb=deed.verb,
        facts=deed.facts,
        occurred_at=deed.at,
        author=deed.by,
    )


def audit(deed: Deed, target: models.Model, changes: dict[str, Any]) -> AuditEvent:
    """Record who did what to `target`; nothing can change or delete the record."""
    event = AuditEvent.objects.create(
        actor=deed.by,
        verb=deed.verb,
        object_kind=type(target).__name__.lower(),
        object_id=target.pk,
        changes=changes,
        request_id=request_id(),
    )
    for listen in listeners:
        listen(deed, target)
    return event


def request_id() -> str:
    """The id of the request that is being answered, as in the logs; empty outside of one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64]
