"""What a customer answered elsewhere in the product, as one entry on the timeline.

Answers are kept where they were given; this entry is what the timeline and risk see of one.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from customers.models import Interaction
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit


@dataclass(frozen=True)
class ToldAnswer:
    """An answer under an id of its own: told again under that id, it changes the same entry.

    With a `score`, `facts["kind"]` is nps, csat or ces; `sentiment` is −1, 0, 1 or unknown.
    """

    external_id: str
    customer_id: int
    contact_id: int | None
    answered_at: datetime
    summary: str = ""
    score: int | None = None
    sentiment: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def record_answer(answer: ToldAnswer) -> Interaction:
    """Put an answer on the timeline, or change the entry that stands for it."""
    entry, is_new = Interaction.objects.update_or_create(
        external_id=answer.external_id, defaults=entry_of(answer)
    )
    verb = "answer_recorded" if is_new else "answer_changed"
    audit(Deed(verb, None, database_clock()), entry, {"score": [None, answer.score]})
    return entry


def entry_of(answer: ToldAnswer) -> dict[str, Any]:
    """The fields of the entry that stands for an answer, but for its id."""
    return {
        "kind": Interaction.Kind.ANSWER,
        "customer_id": answer.customer_id,
        "contact_id": answer.contact_id,
        "occurred_at": answer.answered_at,
        "summary": answer.summary,
        "score": answer.score,
        "sentiment": answer.sentiment,
        "facts": answer.facts,
    }


@transaction.atomic
def take_back_answer(external_id: str) -> None:
    """Take an answer off the timeline, so that nothing counts it; none there is fine."""
    entry = Interaction.objects.filter(
        external_id=external_id, kind=Interaction.Kind.ANSWER
    ).first()
    if entry is not None:
        audit(Deed("answer_taken_back", None, database_clock()), entry, {})
        entry.delete()
