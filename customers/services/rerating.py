"""Give terms the exchange rates that are known by now."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from churnapp.models import Organisation
from customers.metrics.costs import Rates, rate_on, rates_until
from customers.models import Term
from customers.services.ledger import Ledger
from customers.services.prices import at_rate
from customers.services.schedule import Stretch

CUSTOMERS_AT_ONCE = 1_000


def rerate_terms() -> int:
    """Record every standing term anew whose rate is no longer the one of its first day.

    The old row is superseded, so figures as known before stay as they were. Gives the number of
    terms recorded; a second run gives 0. A term in a currency without a rate by its first day
    keeps what it has. Each thousand customers is a transaction of its own.
    """
    reporting = Organisation.current().currency
    rates = rates_until(date.max)
    foreign = Term.objects.standing().exclude(currency=reporting)
    customers = foreign.order_by("subscription__customer").values_list(
        "subscription__customer", flat=True
    )
    return sum(rerate_customers(some, rates) for some in chunks(customers.distinct()))


def chunks(customers: QuerySet[Term, int]) -> Iterator[list[int]]:
    found: list[int] = []
    for customer in customers.iterator(CUSTOMERS_AT_ONCE):
        found.append(customer)
        if len(found) == CUSTOMERS_AT_ONCE:
            yield found
            found = []
    if found:
        yield found


@transaction.atomic
def rerate_customers(customers: list[int], rates: Rates) -> int:
    """Under the lock that every change of terms takes."""
    ledger = Ledger(customers)
    changed = 0
    fresh = {}
    for subscription in ledger.subscriptions:
        schedule = ledger.schedule(subscription)
        renewed = tuple(rerated(stretch, rates, ledger) for stretch in schedule)
        if renewed != schedule:
            fresh[subscription] = renewed
            changed += sum(old != new for old, new in zip(schedule, renewed, strict=True))
    ledger.become(fresh)
    return changed


def rerated(stretch: Stretch, rates: Rates, ledger: Ledger) -> Stretch:
    """The stretch at the rate of its first day; itself where none is known."""
    reporting = ledger.organisation.currency
    rate = rate_on(rates, stretch.currency, stretch.starts_on, reporting)
    if rate is None or rate == stretch.fx_rate:
        return stretch
    return at_rate(stretch, rate, ledger)
