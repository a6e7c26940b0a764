"""Make offers to many customers at once, each once by its key, and never above the budget.

The offer's row is locked: of several at work on one offer, the second sees what the first has
made. Whoever locks customers as well does so first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, QuerySet, Sum

from campaigns.approving import is_dear, needs_approval
from campaigns.costs import Pays, applies, cost_of
from campaigns.models import Grant, Offer, OfferRules
from campaigns.paying import paying
from churnapp.common.errors import RuleError
from churnapp.models import Organisation
from customers.filters import segment
from customers.models import Customer

NOT_ELIGIBLE, COOL_DOWN, LIMIT, OPEN = "not_eligible", "cool_down", "limit", "open_already"
ALL_GONE, BUDGET, STOPPED, NOT_APPROVED = "all_gone", "budget", "stopped", "not_approved"
CODES = (NOT_ELIGIBLE, OPEN, COOL_DOWN, LIMIT, ALL_GONE, BUDGET, STOPPED, NOT_APPROVED)
People = Sequence[tuple[int, int | None]]
LONGEST_KEY = 180  # and the customer's id
# One array, where the ORM would send a parameter a key.
THERE = "SELECT key FROM campaigns_grant WHERE key = ANY(%s)"
# What was taken back counts for nothing: it was not meant for the customer.
MADE = """
    SELECT customer_id, max(made_at), count(*),
           bool_or(state = 'open' AND expires_at > %(now)s)
    FROM campaigns_grant
    WHERE offer_id = %(offer)s AND customer_id = ANY(%(ids)s) AND state <> 'taken_back'
    GROUP BY customer_id
"""
# Two random ids make 64 hexadecimal characters, 244 bits of them random.
KEEP = """
    INSERT INTO campaigns_grant (
        offer_id, customer_id, contact_id, key, nonce, made_at, made_by_id, expires_at, state,
        cost_minor, agreed)
    SELECT %(offer)s, asked.customer_id, contact.id, asked.key,
           replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''),
           %(now)s, %(by)s, %(until)s, 'open', asked.cost_minor, '{}'
    FROM unnest(%(customers)s::bigint[], %(contacts)s::bigint[], %(keys)s::text[],
                %(costs)s::bigint[]) AS asked(customer_id, contact_id, key, cost_minor)
    LEFT JOIN customers_contact AS contact
           ON contact.id = asked.contact_id AND contact.customer_id = asked.customer_id
    ON CONFLICT (key) DO NOTHING
"""


@dataclass(frozen=True)
class Past:
    """What one customer was offered of it before."""

    last_at: datetime | None = None
    count: int = 0
    has_open: bool = False


@dataclass
class Purse:
    """What is left of an offer: how many, and how much; None where there is no limit."""

    number: int | None
    money: int | None
    costs: dict[int, int] = field(default_factory=dict)

    def take(self, customer: int, cost: int) -> str | None:
        """Take one out of it; the code of why not where it does not suffice."""
        if self.number is not None and self.number <= len(self.costs):
            return ALL_GONE
        if self.money is not None and cost > self.money:
            return BUDGET
        if self.money is not None:
            self.money -= cost
        self.costs[customer] = cost
        return None


@dataclass(frozen=True)
class Round:
    """One offer made to several customers: at which contact, and by what key, each once."""

    offer: Offer
    contacts: dict[int, int | None]
    key: str
    now: datetime
    by: int | None

    def key_of(self, customer: int) -> str:
        return f"{self.key}:{customer}"


@transaction.atomic
def grant(
    offer: Offer, people: People, *, key: str, now: datetime, by: int | None = None
) -> dict[int, str]:
    """Make the offer to customers, at a contact each; gives the code of why not for the others.

    `by` is the id of the person who makes it by hand. Repeated with the same key it makes nothing
    twice, and who has an offer of that key is not in what it gives. They are served in order while
    number and budget last. Whether a customer may be written to at all is the caller's question.
    """
    if len(key) > LONGEST_KEY:
        raise ValueError("the key of an offer is too long")
    held = Offer.objects.select_for_update(no_key=True).get(pk=offer.pk)
    around = Round(held, dict(reversed(people)), key, now, by)  # of somebody named twice, the first
    asked = without_one(around, [customer for customer, _contact in people])
    if not asked:
        return {}
    rules = OfferRules.current()
    if no := refusal(held, rules):
        return dict.fromkeys(asked, no)
    purse = purse_of(held, now)
    refused = choose(around, asked, purse, rules)
    keep(around, purse.costs)
    return refused


def without_one(around: Round, customers: Sequence[int]) -> list[int]:
    """Customers who have no offer of the key, each once, in their order."""
    keys = {around.key_of(customer): customer for customer in customers}
    with connection.cursor() as cursor:
        cursor.execute(THERE, [list(keys)])
        there = {key for (key,) in cursor.fetchall()}
    return [customer for key, customer in keys.items() if key not in there]


def refusal(offer: Offer, rules: OfferRules) -> str | None:
    """Why it can be made to nobody."""
    if not offer.is_on:
        return STOPPED
    return NOT_APPROVED if needs_approval(offer, rules) and offer.approved_at is None else None


def choose(around: Round, asked: Sequence[int], purse: Purse, rules: OfferRules) -> dict[int, str]:
    """Take out of the purse for whoever gets one; the codes of why not for the others."""
    offer, today = around.offer, local_day(around.now)
    eligible, past, pays = eligible_of(offer, asked), past_of(around, asked), paying(asked, today)
    refused: dict[int, str] = {}
    for customer in asked:
        what = pays[customer][0] if customer in pays else Pays()
        no = None if customer in eligible and applies(offer, what) else NOT_ELIGIBLE
        no = no or held_back(offer, past.get(customer, Past()), around.now)
        cost = cost_of(offer, what)
        if no is None and is_dear(cost, rules) and offer.approved_at is None:
            no = NOT_APPROVED
        no = no or purse.take(customer, cost)
        if no is not None:
            refused[customer] = no
    return refused


def local_day(now: datetime) -> date:
    return now.astimezone(Organisation.current().zone).date()


def eligible_of(offer: Offer, customers: Sequence[int]) -> set[int]:
    """Who of them is in the offer's segment; nobody where it can't be read any more."""
    found: QuerySet[Customer] = Customer.objects.all()
    try:
        found = segment(offer.eligible, found) if offer.eligible else found
    except RuleError:
        return set()
    return set(found.filter(pk__in=customers).values_list("pk", flat=True))


def past_of(around: Round, customers: Sequence[int]) -> dict[int, Past]:
    asked: dict[str, Any] = {"offer": around.offer.pk, "ids": list(customers), "now": around.now}
    with connection.cursor() as cursor:
        cursor.execute(MADE, asked)
        return {customer: Past(*told) for customer, *told in cursor.fetchall()}


def held_back(offer: Offer, past: Past, now: datetime) -> str | None:
    """Why somebody to whom it was made before gets none now."""
    if past.has_open:
        return OPEN
    rested = timedelta(days=offer.cool_down_days)
    if past.last_at is not None and now < past.last_at + rested:
        return COOL_DOWN
    return LIMIT if past.count >= offer.most_a_customer else None


def keep(around: Round, costs: Mapping[int, int]) -> None:
    """The rows of those who get one, in one statement."""
    asked: dict[str, Any] = {
        "offer": around.offer.pk,
        "now": around.now,
        "by": around.by,
        "until": around.now + timedelta(days=around.offer.days_to_accept),
        "customers": list(costs),
        "contacts": [around.contacts[customer] for customer in costs],
        "keys": [around.key_of(customer) for customer in costs],
        "costs": list(costs.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(KEEP, asked)


def purse_of(offer: Offer, now: datetime, *, without: int = 0) -> Purse:
    """What is left of a locked offer, as if the one of the id `without` had not been made."""
    if offer.budget_minor is None and offer.most_in_total is None:
        return Purse(None, None)
    binding = Grant.objects.filter(offer=offer).binding(now).exclude(pk=without)
    used = binding.aggregate(count=Count("pk"), cost=Sum("cost_minor"))
    number = None if offer.most_in_total is None else offer.most_in_total - used["count"]
    money = None if offer.budget_minor is None else offer.budget_minor - (used["cost"] or 0)
    return Purse(number, money)
