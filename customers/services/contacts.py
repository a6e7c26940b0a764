"""The people we talk to at a customer: add them, change them, say that they left.

Each is one transaction with a line on the timeline and an audit event.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import Contact, Customer
from customers.services.customers import plain, refuse_overwriting
from customers.services.ledger import database_clock
from customers.services.traces import Deed, leave_trace

EDITABLE = ("email", "name", "role", "language", "left_on")


@transaction.atomic
def add_contact(customer: Customer, values: Mapping[str, Any], *, by: User | None) -> Contact:
    """Add somebody at a customer. Raises RuleError for an address that is there already."""
    contact = Contact(
        customer=customer, **{name: values[name] for name in EDITABLE if name in values}
    )
    write(contact)
    told = {name: [None, plain(getattr(contact, name))] for name in EDITABLE}
    trace("contact_added", contact, told, by)
    return contact


@transaction.atomic
def change_contact(
    contact: Contact, values: Mapping[str, Any], *, seen: Mapping[str, Any], by: User | None
) -> Contact:
    """Change fields of a contact; raises EditedMeanwhileError where they are not as seen."""
    held = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    refuse_overwriting(held, seen)
    changed = {
        name: values[name]
        for name in EDITABLE
        if name in values and getattr(held, name) != values[name]
    }
    if not changed:
        return held
    told = {name: [plain(getattr(held, name)), plain(value)] for name, value in changed.items()}
    for name, value in changed.items():
        setattr(held, name, value)
    write(held, list(changed))
    trace(verb_for(changed), held, told, by)
    return held


def write(contact: Contact, fields: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            contact.save(update_fields=fields)
    except IntegrityError as error:
        raise RuleError(
            _("Another contact of this customer has this address."), field="email"
        ) from error


def verb_for(changed: Mapping[str, Any]) -> str:
    """That somebody left is news of its own."""
    if set(changed) != {"left_on"}:
        return "contact_changed"
    return "contact_left" if changed["left_on"] else "contact_back"


def trace(verb: str, contact: Contact, changes: dict[str, Any], by: User | None) -> None:
    left_on = contact.left_on
    facts = {
        "name": str(contact),
        "role": contact.role,
        "left_on": left_on.isoformat() if isinstance(left_on, date) else None,
    }
    deed = Deed(verb, by, database_clock(), facts)
    leave_trace(deed, contact.customer_id, contact, changes)
