"""Customers who come back: a new subscription at the price that was offered, known since that day.

Told as the lives of the demo are, so that terms, payments, use and timeline agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from campaigns.demo.cast import Cast, departure_before, returns_later
from churnapp.common.periods import same_day_after
from customers.demo.catalogue import amount_minor
from customers.demo.events import order_events
from customers.demo.lives import SECOND, Kind, Life, Order, Revision, Stream
from customers.demo.money import payments
from customers.demo.subscriptions import terms
from customers.demo.usage import usage
from customers.models import Feature, Interaction, Payment, Plan, Subscription, Term, Usage

CHUNK = 1_000


@dataclass(frozen=True)
class Comeback:
    """That a customer came back at a moment: so many percent off for so many months."""

    customer: int
    at: datetime
    on: date
    percent: int = 0
    months: int = 0
    left_again_on: date | None = None


@dataclass
class Returns:
    """All who came back over campaigns, kept until they are written down."""

    cast: Cast
    known: dict[int, Comeback] = field(default_factory=dict)
    streams: dict[int, Stream] = field(default_factory=dict)

    def add(self, back: Comeback) -> None:
        """Let a customer come back, once."""
        life = self.cast.lives[back.customer]
        stream = Stream(f"{life.profile.external_id}-w")
        for revision in revisions(back, self.order(life, back)):
            stream.revise(revision)
        self.known[back.customer] = back
        self.streams[back.customer] = stream
        life.streams.append(stream)

    def order(self, life: Life, back: Comeback) -> Order:
        """What they had bought last, by the month and at today's price."""
        last = [r.order for s in life.streams for r in s.revisions if r.kind is Kind.PAID][-1]
        plan = "start" if last.plan == "basis" else last.plan
        raised = back.on >= self.cast.world.story.price_rise_on
        price = amount_minor(plan, life.profile.currency, "month", raised=raised)
        return Order(plan, last.seats, "month", price)

    def is_back(self, customer: int, moment: datetime) -> bool:
        """Whether they pay again at a moment, over a campaign or by themselves."""
        back = self.known.get(customer)
        day = moment.astimezone(self.cast.world.zone).date()
        return (back is not None and back.at <= moment) or self.cast.lives[customer].pays_on(day)

    def is_free(self, customer: int, moment: datetime) -> bool:
        """Whether they may come back: not those who do so by themselves, once each."""
        day = moment.astimezone(self.cast.world.zone).date()
        life = self.cast.lives[customer]
        is_gone = may_come_back(self.cast, customer, day) and not returns_later(life, day)
        return is_gone and customer not in self.known

    def write(self) -> dict[int, Subscription]:
        """Everything that follows from it, by a few statements; subscriptions by customer."""
        made = {
            customer: Subscription(customer_id=customer, external_id=stream.external_id)
            for customer, stream in self.streams.items()
        }
        Subscription.objects.bulk_create(made.values(), batch_size=CHUNK)
        plans = dict(Plan.objects.values_list("code", "pk"))
        Term.objects.bulk_create(
            (row for customer in made for row in self.terms(customer, made[customer].pk, plans)),
            batch_size=CHUNK,
        )
        Interaction.objects.bulk_create(
            (row for customer in made for row in self.told(customer)), batch_size=CHUNK
        )
        Payment.objects.bulk_create(
            (row for customer in made for row in self.paid(customer)), batch_size=CHUNK
        )
        Usage.objects.bulk_create(self.used(), batch_size=2 * CHUNK, ignore_conflicts=True)
        return made

    def terms(self, customer: int, subscription: int, plans: dict[str, int]) -> Iterator[Term]:
        life, rates = self.cast.lives[customer], self.cast.company.rates
        rows = terms(self.streams[customer], subscription, life.profile.currency, rates)
        for row in rows:
            yield Term(**row._asdict() | {"plan_id": plans[row.plan_id]})

    def told(self, customer: int) -> Iterator[Interaction]:
        life = self.cast.lives[customer]
        alone = Life(life.profile, streams=[self.streams[customer]])
        for row in order_events(alone, self.cast.company.rates):
            yield Interaction(
                customer_id=customer,
                kind=row.kind,
                verb=row.verb,
                facts=row.facts,
                occurred_at=row.occurred_at,
            )

    def paid(self, customer: int) -> Iterator[Payment]:
        life = self.cast.lives[customer]
        alone = Life(life.profile, streams=[self.streams[customer]])
        for row in payments(alone, self.cast.world):
            place = {"customer_id": customer, "ordinal": len(life.streams)}
            yield Payment(**row._asdict() | place)

    def used(self) -> Iterator[Usage]:
        features = dict(Feature.objects.values_list("code", "pk"))
        for customer, back in self.known.items():
            for _number, code, day, count in usage(self.cast.lives[customer], self.cast.world):
                if day >= back.on:
                    yield Usage(
                        customer_id=customer, feature_id=features[code], day=day, count=count
                    )


def revisions(back: Comeback, full: Order) -> Iterator[Revision]:
    """The lower price, then the full one, then an end where they left again."""
    lower = Order(
        full.plan, full.seats, full.interval, full.amount_minor * (100 - back.percent) // 100
    )
    yield Revision(back.on, back.at, Kind.PAID, lower)
    if back.percent:
        later = same_day_after(back.on, back.months)
        yield Revision(later, back.at + SECOND, Kind.PAID, full)
    if back.left_again_on:
        known_at = back.at + (back.left_again_on - back.on) - timedelta(days=10)
        yield Revision(back.left_again_on, known_at, Kind.END, full)


def may_come_back(cast: Cast, customer: int, day: date) -> bool:
    """Whether they were a paying customer, left, and have not closed down."""
    last = departure_before(cast.lives[customer], day)
    return last is not None and last.reason != "closed-or-merged"
