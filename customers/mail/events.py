"""What a provider tells about a mail: kept once as it came, then applied.

Events come late, twice and out of order. A mail only moves on: to delivered, to bounced, to marked
as spam; one that was uncertain is known to have gone out by any of them.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Now

from customers.mail import brakes, suppression
from customers.models import MailEvent, OutgoingEmail, Suppression

State = OutgoingEmail.State
# What each kind of event makes of a mail, and the states it may come from.
OPEN = (State.QUEUED, State.CLAIMED, State.RETRY, State.UNCERTAIN, State.ACCEPTED)
MOVES: dict[str, tuple[State, tuple[State, ...]]] = {
    "sent": (State.ACCEPTED, OPEN[:-1]),
    "deferred": (State.ACCEPTED, OPEN[:-1]),
    "delivered": (State.DELIVERED, OPEN),
    "bounced": (State.BOUNCED, (*OPEN, State.DELIVERED)),
    "rejected": (State.BOUNCED, OPEN),
    "failed": (State.FAILED, OPEN),
    "complained": (State.COMPLAINED, (*OPEN, State.DELIVERED, State.BOUNCED)),
}
MOVES |= {"queued": MOVES["sent"]}
# These say that the mail arrived, too.
ARRIVED = {"opened", "clicked", "unsubscribed"}
LONGEST_ID = 200


@dataclass(frozen=True)
class Event:
    """One event, whoever told it; `ids` are all by which the mail may be known."""

    provider: str
    kind: str
    ids: tuple[str, ...]
    event_id: str = ""
    occurred_at: datetime | None = None
    is_hard: bool = False
    told: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)

    def identity(self) -> str:
        """Its own id, or what makes it this event where the provider gives none."""
        if 0 < len(self.event_id) <= LONGEST_ID:
            return self.event_id
        parts = [self.kind, *self.ids, str(self.occurred_at), self.event_id]
        if not self.occurred_at:
            parts.append(json.dumps(self.payload, sort_keys=True, default=str))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@transaction.atomic
def take(event: Event, *, now: datetime) -> bool:
    """Keep an event and apply it; False where it was here before."""
    mail = mail_of(event.ids)
    _row, is_new = MailEvent.objects.get_or_create(
        provider=event.provider,
        event_id=event.identity(),
        defaults={
            "kind": event.kind[:50],
            "mail": mail,
            "payload": dict(event.payload),
            "occurred_at": event.occurred_at,
        },
    )
    if is_new and mail:
        _apply(event, mail, now)
    return is_new


def mail_of(ids: tuple[str, ...]) -> OutgoingEmail | None:
    """The mail by the provider's id or by our Message-ID, with or without its brackets."""
    known = {name.strip() for name in ids if name and name.strip()}
    names = known | {f"<{name.strip('<>')}>" for name in known}
    if not known:
        return None
    return OutgoingEmail.objects.filter(
        (Q(provider_id__in=known) & ~Q(provider_id="")) | Q(message_id__in=names)
    ).first()


def _apply(event: Event, mail: OutgoingEmail, now: datetime) -> None:
    move = MOVES["delivered"] if event.kind in ARRIVED else MOVES.get(event.kind)
    if move:
        state, before = move
        told = {"error": event.told} if event.told else {}
        moved = OutgoingEmail.objects.filter(pk=mail.pk, state__in=before).update(
            state=state, changed_at=Now(), error_code="", sent_at=Coalesce("sent_at", Now()), **told
        )
        if moved and state in {State.BOUNCED, State.FAILED}:
            brakes.pull(mail, now=now)
    _suppress(event, mail, now)


def _suppress(event: Event, mail: OutgoingEmail, now: datetime) -> None:
    if event.kind == "complained":
        suppression.suppress(mail.to_email, Suppression.Reason.COMPLAINT, mail=mail)
    elif event.kind == "unsubscribed":
        reason = Suppression.Reason.UNSUBSCRIBE
        suppression.suppress(mail.to_email, reason, purpose=mail.purpose, mail=mail)
    elif event.kind == "bounced" and event.is_hard:
        suppression.suppress_hard_bounce(mail)
    elif event.kind in {"bounced", "deferred"}:
        suppression.note_soft_bounce(mail, now=now)
