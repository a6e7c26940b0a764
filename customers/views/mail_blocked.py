"""Who of the contacts that we know gets no mail, why and since when; the others only counted."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise

from churnapp.common.pages import Page, page_number, page_of
from customers.mail.blocked import blocked, standing_hmacs
from customers.models import Contact, Suppression
from customers.views.access import visible_customers

Reason = Suppression.Reason


@dataclass(frozen=True)
class BlockedContact:
    """A contact and what stands against their address."""

    contact: Contact
    standing: list[Suppression]


class BlockedList:
    """The contacts as the address asks for them: by reason, and by a part of name or customer."""

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.query = request, request.GET

    @cached_property
    def reason(self) -> str:
        asked = self.query.get("reason", "")
        return asked if asked in Reason.values else ""

    @cached_property
    def counts(self) -> list[tuple[str, str | Promise, int]]:
        """Of each reason that stands against an address: its key, its words, how many."""
        rows = Suppression.objects.filter(lifted_at=None).order_by().values_list("reason")
        numbers = dict(rows.annotate(number=Count("address_hmac", distinct=True)))
        return [(each, each.label, numbers[each]) for each in Reason if each in numbers]

    @cached_property
    def hmacs(self) -> set[str]:
        return standing_hmacs(self.reason)

    @cached_property
    def found(self) -> dict[int, str]:
        """The contacts by their keys, with the HMAC of each."""
        visible = Contact.objects.filter(customer__in=visible_customers(self.request))
        return blocked(visible, self.hmacs)

    @property
    def unknown(self) -> int:
        """Addresses of nobody whom we know any more."""
        return len(self.hmacs) - len(set(self.found.values()))

    @cached_property
    def page(self) -> Page[Contact]:
        return page_of(self.narrowed(), page_number(self.query.get("page")))

    def narrowed(self) -> QuerySet[Contact]:
        contacts = Contact.objects.filter(pk__in=self.found).select_related("customer")
        sought = self.query.get("q", "").strip().replace("\x00", "")
        if sought:
            part = Q(name__icontains=sought) | Q(customer__name__icontains=sought)
            contacts = contacts.filter(part)
        return contacts.order_by("name", "pk")

    def rows(self) -> list[BlockedContact]:
        """The contacts of the page, each with what stands against the address."""
        hmacs = {self.found[contact.pk] for contact in self.page.rows}
        standing: dict[str, list[Suppression]] = defaultdict(list)
        for row in Suppression.objects.filter(address_hmac__in=hmacs, lifted_at=None).order_by(
            "pk"
        ):
            standing[row.address_hmac].append(row)
        return [
            BlockedContact(contact, standing[self.found[contact.pk]]) for contact in self.page.rows
        ]
