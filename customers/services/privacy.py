"""Give a person all that is kept of them, and erase them."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent, User
from customers.mail.suppression import address_hmac, suppress
from customers.models import Contact, Erasure, Suppression
from customers.privacy.erasing import erase, left_to_read
from customers.privacy.gathering import all_about
from customers.privacy.people import Person
from customers.services.ledger import database_clock
from customers.services.traces import request_id


def person_at(address: str) -> Person:
    """The person with an address, or an author's name. Raises RuleError where nobody has it."""
    person = Person.at(address)
    if not person.is_known:
        raise RuleError(
            _("Nobody has the address %(address)s. Look for it in the list of customers.")
            % {"address": address},
            field="address",
        )
    return person


def export_person(address: str, *, by: User | None) -> str:
    """All that is kept of a person, as JSON; that it was handed out stands in the audit trail."""
    person = person_at(address)
    document = json.dumps(all_about(person), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    for contact in person.contacts or (None,):
        note("person_exported", contact, by, {})
    return document


@transaction.atomic
def erase_person(address: str, *, by: User | None) -> Erasure:
    """Erase a person for good and keep a receipt; figures of the past stay as they were.

    The address gets no mail any more, also when a file brings it in again.
    """
    person = person_at(address)
    Contact.objects.select_for_update().filter(pk__in=person.contacts).order_by("pk").first()
    receipt = Erasure.objects.create(
        at=database_clock(),
        by=by,
        address_hmac=address_hmac(address),
        to_read=left_to_read(person),
        rows=erase(person),
    )
    if person.has_address:
        suppress(address, Suppression.Reason.ERASED)
    for contact in person.contacts or (None,):
        note("person_erased", contact, by, {"receipt": receipt.pk})
    return receipt


def note(verb: str, contact: int | None, by: User | None, changes: dict[str, Any]) -> None:
    AuditEvent.objects.create(
        actor=by,
        verb=verb,
        object_kind="contact",
        object_id=contact,
        changes=changes,
        request_id=request_id(),
    )
