"""Who a person is: every contact with one address, whatever customer they stand at."""

import re
from dataclasses import dataclass
from typing import Self

from django.db.models.functions import Lower

from customers.models import Contact


@dataclass(frozen=True)
class Person:
    """One address, the contacts that have it, and the names they go by."""

    address: str
    contacts: tuple[int, ...]
    customers: tuple[int, ...]
    names: tuple[str, ...]

    @classmethod
    def at(cls, address: str) -> Self:
        """The person behind an address; without contacts where nobody has it."""
        found = list(
            Contact.objects.annotate(plain=Lower("email"))
            .filter(plain=address.strip().lower())
            .order_by("pk")
        )
        return cls(
            address=address.strip().lower(),
            contacts=tuple(contact.pk for contact in found),
            customers=tuple(sorted({contact.customer_id for contact in found})),
            names=tuple(sorted({contact.name for contact in found if contact.name})),
        )

    @property
    def pattern(self) -> str:
        """A regular expression of PostgreSQL for the whole address, and no longer one around it."""
        ends = r"($|[^a-z0-9.-]|\.($|[^a-z0-9]))"
        return rf"(^|[^a-z0-9._%+-]){re.escape(self.address)}{ends}"

    @property
    def mentions(self) -> tuple[str, ...]:
        """What a text would call the person."""
        return (self.address, *self.names)
