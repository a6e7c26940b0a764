"""The whole company as rows, ready to load: the same for the same world."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from customers.demo.contacts import ContactRow, contacts
from customers.demo.conversations import interactions
from customers.demo.course import live
from customers.demo.departures import CancellationRow, cancellations
from customers.demo.events import notice_events, order_events
from customers.demo.lives import Life
from customers.demo.money import PaymentRow, SpendRow, payments, spend
from customers.demo.profiles import Profile, draw_profiles
from customers.demo.rates import RateRow, Rates
from customers.demo.subscriptions import SubscriptionRow, TermRow, subscription, terms
from customers.demo.timeline import InteractionRow
from customers.demo.todo import TaskRow, tasks
from customers.demo.usage import UsageRow, usage
from customers.demo.world import World


class CustomerRow(NamedTuple):
    id: int
    external_id: str
    name: str
    organisation_number: str
    parent_id: int | None
    owner_id: str | None
    signed_up_on: date
    country: str
    language: str
    currency: str
    attributes: dict[str, str]


@dataclass
class Company:
    """Rows by table; ids count from one, references are those ids, addresses, codes or keys."""

    world: World
    rates: Rates
    lives: list[Life] = field(default_factory=list)
    customers: list[CustomerRow] = field(default_factory=list)
    contacts: list[ContactRow] = field(default_factory=list)
    subscriptions: list[SubscriptionRow] = field(default_factory=list)
    terms: list[TermRow] = field(default_factory=list)
    cancellations: list[CancellationRow] = field(default_factory=list)
    interactions: list[InteractionRow] = field(default_factory=list)
    payments: list[PaymentRow] = field(default_factory=list)
    tasks: list[TaskRow] = field(default_factory=list)

    def usage(self) -> Iterator[UsageRow]:
        """Too many to hold: customer, feature, day, count."""
        for life in self.lives:
            yield from usage(life, self.world)

    def spend(self) -> Iterator[SpendRow]:
        return spend(self.world, self.rates)

    def rate_rows(self) -> Iterator[RateRow]:
        return self.rates.rows()


def build(world: World) -> Company:
    """Tell every customer's life and write it down."""
    company = Company(world, Rates(world))
    for profile in draw_profiles(world):
        _add(company, live(world, profile))
    return company


def _add(company: Company, life: Life) -> None:
    world = company.world
    people = contacts(life, world, first_id=len(company.contacts) + 1)
    company.lives.append(life)
    company.customers.append(_customer(life.profile))
    company.contacts += people
    for stream in life.streams:
        if not stream.revisions:
            continue
        row = subscription(life, stream, len(company.subscriptions) + 1, world)
        company.subscriptions.append(row)
        company.terms += terms(stream, row.id, life.profile.currency, company.rates)
    notices = list(cancellations(life, people, world))
    company.cancellations += notices
    company.interactions += interactions(life, people, world)
    company.interactions += order_events(life, company.rates)
    company.interactions += notice_events(life, notices)
    company.payments += payments(life, world)
    company.tasks += tasks(life, world)


def _customer(profile: Profile) -> CustomerRow:
    return CustomerRow(
        id=profile.number,
        external_id=profile.external_id,
        name=profile.name,
        organisation_number=profile.organisation_number,
        parent_id=profile.parent,
        owner_id=profile.owner,
        signed_up_on=profile.signed_up_on,
        country=profile.country,
        language=profile.language,
        currency=profile.currency,
        attributes=profile.attributes,
    )
