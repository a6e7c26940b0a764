"""Who a person is: every contact with one address, whatever customer they stand at."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.db.models.functions import Lower

from churnapp.common.personal import Someone, Whose, registry
from churnapp.models import AuditEvent
from customers.models import Contact, Mention, OutgoingEmail
from customers.personal import said_in_public, written_to

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True)
class Person(Someone):
    """One address, the contacts that have it, and the names they go by."""

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
        customers = {contact.customer_id for contact in found}
        return cls(
            address=plain,
            contacts=contacts,
            customers=tuple(sorted(customers | customers_of(Someone(plain, contacts)))),
            names=tuple(sorted(names)),
            former=tuple(sorted(former_names(contacts) - names - {plain})),
        )

    @property
    def pattern(self) -> str:
        """A regular expression of PostgreSQL for the whole address, and no longer one around it.

        "" for the name of an author: it may be the name of others too.
        """
        if not self.has_address:
            return ""
        ends = r"($|[^a-z0-9.-]|\.($|[^a-z0-9]))"
        return rf"(^|[^a-z0-9._%+-]){re.escape(self.address)}{ends}"

    @property
    def names_pattern(self) -> str:
        """As `pattern`, for the names of the contacts, today's and former ones; "" without any."""
        names = "|".join(re.escape(name) for name in (*self.names, *self.former))
        return rf"(^|[^[:alnum:]])({names})($|[^[:alnum:]])" if names else ""

    @property
    def has_address(self) -> bool:
        return ADDRESS.fullmatch(self.address) is not None

    @property
    def is_known(self) -> bool:
        """Whether anything is kept of them: a contact, or a row that no contact leads to."""
        kept = registry.about(Whose.CONTACT)
        elsewhere = (found.rows_of(self) for found in kept if found.also)
        return bool(self.contacts) or any(rows.exists() for rows in elsewhere)

    @property
    def mentions(self) -> tuple[str, ...]:
        """What a text would call the person."""
        return (self.address, *self.names, *self.former)


def customers_of(someone: Someone) -> set[int]:
    """Customers at whom somebody without a contact was written to, or spoke in public."""
    said = Mention.objects.filter(said_in_public(someone)).exclude(customer=None)
    mailed = OutgoingEmail.objects.filter(written_to(someone))
    rows = (
        said.values_list("customer_id", flat=True),
        mailed.values_list("customer_id", flat=True),
    )
    return {customer for found in rows for customer in found if customer}


def former_names(contacts: Iterable[int]) -> set[str]:
    """Names and addresses that the audit trail remembers of contacts; today's among them."""
    events = AuditEvent.objects.filter(object_kind="contact", object_id__in=contacts)
    told = [changes for changes in events.values_list("changes", flat=True) if changes]
    said = [change for changes in told for change in (changes.get("name"), changes.get("email"))]
    return {value for change in said if change for value in change if value}
