"""What the at-risk list shows for an address: filters, order, page, reasons of each customer."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from churnapp.common.pages import CappedCount, Page, page_number, page_of
from customers.filters import CustomerFilter
from customers.models import Cancellation, Customer, RiskFlag, Standing
from customers.models.customer import CustomerQuerySet
from customers.risk.reasons import Reason, reasons_of
from customers.risk.rules import RULES
from customers.views.access import person, today_here, visible_customers
from customers.views.listing import without_empty

State = RiskFlag.State
COUNTED = (State.OPEN, State.ACKNOWLEDGED)
STILL_THERE = (Standing.State.ACTIVE, Standing.State.PAUSED)
PAGE_SIZE = 30
# Each has an index that yields it row by row.
ORDERS: dict[str, tuple[Any, ...]] = {
    "weight": ((F("standing__risk") * F("standing__arr_minor")).desc(), "standing__customer"),
    "risk": ("-standing__risk", "-standing__arr_minor", "standing__customer"),
    "mrr": ("-standing__arr_minor", "standing__customer"),
}
ORDER_NAMES = {"weight": _("Risk × value"), "risk": _("Risk"), "mrr": _("Value")}
SHOWN = {
    "open": _("Nobody is on it"),
    "acknowledged": _("Being worked on"),
    "snoozed": _("Snoozed"),
}


class AtRiskFilter(CustomerFilter):
    """The filters of the customer list, and those over flags: one flag must fit them all."""

    rule = django_filters.MultipleChoiceFilter(
        choices=[(rule.key, rule.name) for rule in RULES], method="of_flags", label=_("Reason")
    )
    severity = django_filters.NumberFilter(
        method="of_flags", label=_("Severity, at least"), min_value=1, max_value=5
    )
    flags = django_filters.ChoiceFilter(
        choices=list(SHOWN.items()), method="of_flags", label=_("Flags")
    )

    def of_flags(
        self, customers: QuerySet[Customer], _name: str, _value: Any
    ) -> QuerySet[Customer]:
        """All of these together are one question, asked in `filter_queryset`."""
        return customers

    def filter_queryset(self, queryset: QuerySet[Customer]) -> QuerySet[Customer]:
        found = super().filter_queryset(queryset).exclude(Exists(departures_ahead()))
        asked = self.form.cleaned_data
        if asked["flags"] != State.SNOOZED:
            found = found.filter(standing__risk__gt=0)
        if asked["rule"] or asked["severity"] or asked["flags"]:
            found = found.filter(Exists(flags_asked(asked)))
        return found


def departures_ahead() -> QuerySet[Cancellation]:
    """Those of a customer that leave nothing: its warnings close with them, a file's by night."""
    return Cancellation.objects.leaving(today_here()).filter(customer=OuterRef("pk"))


def flags_asked(asked: dict[str, Any]) -> QuerySet[RiskFlag]:
    states = [asked["flags"]] if asked["flags"] else COUNTED
    flags = RiskFlag.objects.filter(customer=OuterRef("pk"), state__in=states)
    if asked["rule"]:
        flags = flags.filter(rule__key__in=asked["rule"])
    if asked["severity"]:
        flags = flags.filter(severity__gte=asked["severity"])
    return flags


@dataclass(frozen=True)
class AtRisk:
    """A customer with the reasons why it is on the list."""

    customer: Customer
    reasons: list[Reason]

    @property
    def flags(self) -> list[RiskFlag]:
        return [worded.flag for reason in self.reasons for worded in reason.flags]

    @property
    def since(self) -> date:
        return min(flag.raised_on for flag in self.flags)


class AtRiskListing:
    """The answer to one address of the at-risk list."""

    def __init__(self, request: HttpRequest) -> None:
        self.filter = AtRiskFilter(request.GET, visible_customers(request), user=person(request))
        self.query: QueryDict = self.filter.data

    @cached_property
    def found(self) -> CustomerQuerySet:
        """Customers that pay or pause and have flags the filters choose."""
        if not self.filter.is_valid():
            return Customer.objects.none()
        chosen: CustomerQuerySet = self.filter.qs.filter(standing__state__in=STILL_THERE)
        return chosen

    @cached_property
    def count(self) -> CappedCount:
        return CappedCount.of(self.found)

    @property
    def order(self) -> str:
        asked = self.query.get("sort", "weight")
        return asked if asked in ORDERS else "weight"

    @cached_property
    def ordered(self) -> CustomerQuerySet:
        return self.found.order_by(*ORDERS[self.order])

    @cached_property
    def page(self) -> Page[Customer]:
        rows = self.ordered.for_list().defer("attributes")
        return page_of(rows, page_number(self.query.get("page")), PAGE_SIZE)

    @cached_property
    def rows(self) -> list[AtRisk]:
        return with_reasons(self.page.rows, self.states)

    @property
    def states(self) -> tuple[str, ...]:
        """States of the flags that a row tells."""
        snoozed = self.query.get("flags") == State.SNOOZED
        return (*COUNTED, State.SNOOZED) if snoozed else COUNTED

    @property
    def address(self) -> str:
        """The page itself as a query string."""
        return f"?{without_empty(self.query).urlencode()}"

    @property
    def view_query(self) -> str:
        """Filters and order without the page: what an export takes."""
        kept = without_empty(self.query)
        kept.pop("page", None)
        return kept.urlencode()

    @property
    def back(self) -> str:
        """Where an action on a row leads back to."""
        return reverse("customers:risk") + self.address

    @property
    def is_filtered(self) -> bool:
        kept = without_empty(self.query)
        return any(name not in {"page", "sort"} for name in kept)


def with_reasons(customers: Iterable[Customer], states: Iterable[str]) -> list[AtRisk]:
    """Customers with their standing flags in words, by one query for all of them."""
    listed = list(customers)
    flags: dict[int, list[RiskFlag]] = defaultdict(list)
    chosen = RiskFlag.objects.filter(customer__in=listed, state__in=list(states))
    for flag in chosen.select_related("rule", "changed_by"):
        flags[flag.customer_id].append(flag)
    today = today_here()
    return [AtRisk(one, reasons_of(flags[one.pk], today=today)) for one in listed if flags[one.pk]]
