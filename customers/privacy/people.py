"""Who a person is: every contact with one address, whatever customer they stand at."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.db.models.functions import Lower

from churnapp.models import AuditEvent
from customers.models import Contact


@dataclass(frozen=True)
class Person:
    """One address, the contacts that have it, and the names they go by."""

    address: str
    contacts: tuple[int, ...]
    customers: tuple[int, ...]
    names: tuple[str, ...]
    former: tuple[str, ...] = ()  # names and addresses that the contacts had before

    @classmethod
    def at(cls, address: str) -> Self:
        """The person behind an address; without contacts where nobody has it."""
        found = list(
            Contact.objects.annotate(plain=Lower("email"))
            .filter(plain=address.strip().lower())
            .order_by("pk")
        )
        plain, contacts = address.strip().lower(), tuple(contact.pk for contact in found)
        names = {contact.name for contact in found if contact.name}
        return cls(
            address=plain,
            contacts=contacts,
            customers=tuple(sorted({contact.customer_id for contact in found})),
            names=tuple(sorted(names)),
            former=tuple(sorted(former_names(contacts) - names - {plain})),
        )

    @property
    def pattern(self) -> str:
        """A regular expression of PostgreSQL for the whole address, and no longer one around it."""
        ends = r"($|[^a-z0-9.-]|\.($|[^a-z0-9]))"
        return rf"(^|[^a-z0-9._%+-]){re.escape(self.address)}{ends}"

    @property
    def mentions(self) -> tuple[str, ...]:
        """What a text would call the person."""
        return (self.address, *self.names, *self.former)


def former_names(contacts: Iterable[int]) -> set[str]:
    """Names and addresses that the audit trail remembers of contacts; today's among them."""
    events = AuditEvent.objects.filter(object_kind="contact", object_id__in=contacts)
    told = [changes for changes in events.values_list("changes", flat=True) if changes]
    said = [change for changes in told for change in (changes.get("name"), changes.get("email"))]
    return {value for change in said if change for value in change if value}
