"""What a person or another program writes on a customer's timeline."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import Customer, Interaction
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit, tell

LONGEST_NOTE = 20_000


@transaction.atomic
def add_note(customer: Customer, text: str, *, by: User | None) -> Interaction:
    """Write a note. Raises RuleError for an empty one."""
    text = text.strip()
    if not text:
        raise RuleError(_("Write something first."), field="text")
    if len(text) > LONGEST_NOTE:
        raise RuleError(
            _("A note has at most %(limit)s characters.") % {"limit": LONGEST_NOTE}, field="text"
        )
    at = database_clock()
    note = Interaction.objects.create(
        customer=customer, kind=Interaction.Kind.NOTE, summary=text, occurred_at=at, author=by
    )
    audit(Deed("note_added", by, at), note, {})
    return note


@transaction.atomic
def record_event(
    customer: Customer, verb: str, facts: dict[str, Any], *, by: User | None
) -> Interaction:
    """Put on the timeline that something happened.

    `verb` is a stable name, `facts` the names and numbers of its sentence, as JSON holds them.
    """
    return tell(Deed(verb, by, database_clock(), facts), customer.pk)
