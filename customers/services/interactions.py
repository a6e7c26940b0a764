"""Put on a timeline what was said elsewhere, and how a ticket went on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import Erasure, Interaction
from customers.services.complaints import follow_entry
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit

# What the product itself writes stands as it was written.
OUR_OWN = {Interaction.Kind.EVENT, Interaction.Kind.ANSWER}
ORDER = (
    ("first_reply_at", "occurred_at", _lazy("The first reply can't come before the question.")),
    ("closed_at", "occurred_at", _lazy("It can't be closed before it began.")),
)


@transaction.atomic
def log_interaction(values: Mapping[str, Any], *, by: User | None) -> Interaction:
    """Add an entry. Raises RuleError for times in the wrong order, or an id that is there."""
    entry = Interaction(author=by, **values)
    now = database_clock()
    check(entry, now)
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError as error:
        raise RuleError(_("There is an entry with this id."), field="external_id") from error
    audit(Deed("interaction_logged", by, now), entry, {"kind": [None, entry.kind]})
    follow_entry(entry, by=by)
    return entry


@transaction.atomic
def change_interaction(
    entry: Interaction, values: Mapping[str, Any], *, by: User | None
) -> Interaction:
    """Change an entry that people wrote; what the product wrote can't be changed."""
    held = Interaction.objects.select_for_update(no_key=True).get(pk=entry.pk)
    if held.kind in OUR_OWN:
        raise RuleError(_("The product wrote this; it stays as it is."))
    changed = {name: value for name, value in values.items() if getattr(held, name) != value}
    told = {name: [shown(getattr(held, name)), shown(value)] for name, value in changed.items()}
    for name, value in changed.items():
        setattr(held, name, value)
    now = database_clock()
    check(held, now)
    if changed:
        held.save(update_fields=list(changed))
        audit(Deed("interaction_changed", by, now), held, without_erased_words(held, told))
        follow_entry(held, by=by)
    return held


def without_erased_words(entry: Interaction, told: dict[str, Any]) -> dict[str, Any]:
    """Without the summary of an entry that a receipt asks to be read.

    Whoever takes the name of an erased person out of it must not leave the name in the audit trail.
    """
    to_read = Erasure.objects.filter(to_read__contains=[{"id": entry.pk}])
    if "summary" not in told or not to_read.exists():
        return told
    return told | {"summary": []}


def check(entry: Interaction, now: datetime) -> None:
    """Raise RuleError for times that can't be."""
    if entry.occurred_at > now:
        raise RuleError(_("It can't have happened in the future."), field="occurred_at")
    for later, earlier, message in ORDER:
        moment = getattr(entry, later)
        if moment and moment < getattr(entry, earlier):
            raise RuleError(message, field=later)


def shown(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
