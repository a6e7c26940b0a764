"""What each rule waits for: the customers who are to be asked, why, and when.

A question looks back a few days only, so that a stop of the workers loses nothing and an old
fact asks nobody; the key of an occasion makes it one invitation however often it is found.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet

from customers.models import Cancellation, Customer, Interaction, Standing, Subscription
from feedback.inviting.days import here
from feedback.models import SendingRule

LOOK_BACK = timedelta(days=7)
QUARTER = 3
SPREAD = 61  # has no divisor in common with 100: neighbours fall far apart


@dataclass(frozen=True, slots=True)
class Occasion:
    """One customer to be asked: `key` names what happened, `at` is when the mail may go."""

    customer_id: int
    key: str
    at: datetime
    cancellation_id: int | None = None


# What higher apps know of departures whose reason was told elsewhere, such as while cancelling:
# each gives a condition on them. Their module `listening` adds to it.
told_elsewhere: list[Callable[[], Q]] = []


def occasions(rule: SendingRule, *, now: datetime) -> Iterator[Occasion]:
    """What a rule has found by `now`, whether or not it was asked about already, one by one: it
    may be every customer there is.
    """
    return FOUND[rule.trigger](rule, now)


def after_cancellation(rule: SendingRule, now: datetime) -> Iterator[Occasion]:
    """Departures that staff or a program recorded since the rule is on; never involuntary ones."""
    since = max(now - LOOK_BACK, rule.on_since or now)
    delay = timedelta(minutes=rule.delay_minutes)
    recorded = asked_about().filter(source=None, recorded_at__gte=since, recorded_at__lte=now)
    return (of_departure(found, found.recorded_at + delay) for found in recorded.iterator())


def left_before(rule: SendingRule, now: datetime) -> Iterator[Occasion]:
    """Departures of the last `days` days before the rule was switched on, or brought by files."""
    on_since = rule.on_since or now
    on_day = here(on_since)
    earliest = on_day - timedelta(days=rule.days)
    gone = asked_about().filter(effective_on__gte=earliest, effective_on__lte=on_day)
    before = gone.exclude(source=None, recorded_at__gte=on_since)
    return (of_departure(found, now) for found in before.iterator())


def asked_about() -> QuerySet[Cancellation]:
    """Departures that somebody chose and has not told us the reason of while doing so."""
    chosen = Cancellation.objects.in_force().filter(involuntary=False)
    for condition in told_elsewhere:
        chosen = chosen.exclude(condition())
    return chosen.order_by("-effective_on", "pk")


def of_departure(cancellation: Cancellation, at: datetime) -> Occasion:
    key = departure_key(cancellation.pk)
    return Occasion(cancellation.customer_id, key, at, cancellation.pk)


def departure_key(cancellation: int) -> str:
    return f"cancellation:{cancellation}"


def after_first_payment(rule: SendingRule, now: datetime) -> Iterator[Occasion]:
    """Customers whose first paid day was `days` days ago."""
    today = here(now)
    paying = Standing.objects.filter(state=Standing.State.ACTIVE)
    began = paying.filter(first_paid_on__range=reached(rule, today, now, -rule.days))
    rows = began.values_list("customer_id", "first_paid_on").iterator()
    return (Occasion(customer, f"first_payment:{first_on}", now) for customer, first_on in rows)


def before_renewal(rule: SendingRule, now: datetime) -> Iterator[Occasion]:
    """Customers with a contract that ends in `days` days."""
    ends = reached(rule, here(now), now, rule.days)
    contracts = Subscription.objects.filter(contract_ends_on__range=ends)
    paying = contracts.filter(customer__standing__state=Standing.State.ACTIVE)
    rows = paying.values_list("pk", "customer_id", "contract_ends_on").iterator()
    return (Occasion(customer, f"renewal:{pk}:{ends}", now) for pk, customer, ends in rows)


def each_quarter(rule: SendingRule, now: datetime) -> Iterator[Occasion]:
    """A share of the paying customers that moves on each quarter until everybody was in it."""
    today = here(now)
    number = today.year * 4 + (today.month - 1) // QUARTER
    begins = number * rule.sample_percent % 100
    paying = Customer.objects.filter(standing__state=Standing.State.ACTIVE)
    turns = paying.annotate(place=(F("pk") * SPREAD + 100 - begins) % 100)
    ids = turns.filter(place__lt=rule.sample_percent).values_list("pk", flat=True)
    return (Occasion(pk, f"quarter:{number}", now) for pk in ids.iterator())


def after_ticket(rule: SendingRule, now: datetime) -> Iterator[Occasion]:
    """Tickets closed since the rule is on."""
    since = max(now - LOOK_BACK, rule.on_since or now)
    closed = Interaction.objects.filter(
        kind=Interaction.Kind.TICKET, closed_at__gte=since, closed_at__lte=now
    ).order_by("closed_at", "pk")
    delay = timedelta(minutes=rule.delay_minutes)
    rows = closed.values_list("pk", "customer_id", "closed_at").iterator()
    return (
        Occasion(customer, f"ticket:{pk}", (closed_at or now) + delay)
        for pk, customer, closed_at in rows
    )


def by_hand(rule: SendingRule, now: datetime) -> Iterator[Occasion]:
    """A sample of all customers, spread evenly; the rule's segment says which of them."""
    among = Customer.objects.annotate(place=(F("pk") * SPREAD + rule.pk) % 100)
    ids = among.filter(place__lt=rule.sample_percent).values_list("pk", flat=True)
    return (Occasion(pk, f"by_hand:{rule.batch_id}", now) for pk in ids.iterator())


def reached(rule: SendingRule, today: date, now: datetime, days: int) -> tuple[date, date]:
    """The days whose turn came in the last week, but not before the rule was switched on."""
    shift = timedelta(days=days)
    since = max(here(now - LOOK_BACK), here(rule.on_since or now))
    return since + shift, today + shift


Trigger = SendingRule.Trigger
FOUND: dict[str, Callable[[SendingRule, datetime], Iterator[Occasion]]] = {
    Trigger.CANCELLATION: after_cancellation,
    Trigger.LEFT_BEFORE: left_before,
    Trigger.FIRST_PAYMENT: after_first_payment,
    Trigger.RENEWAL: before_renewal,
    Trigger.QUARTERLY: each_quarter,
    Trigger.TICKET_CLOSED: after_ticket,
    Trigger.BY_HAND: by_hand,
}
