"""Who was asked what, and when: one row an invitation, as the rules would have made it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from customers.demo.company import Company
from customers.demo.contacts import ContactRow
from customers.demo.departures import CancellationRow
from customers.demo.lives import Life
from customers.demo.world import World, add_months
from customers.mail.hours import after_quiet_hours
from customers.models import SendingRate
from feedback.inviting.addressees import ROLES

EXIT_SHARE = 0.7
ROUNDS = 5  # each quarter asks every fifth customer
YEARS = 2
TICKET_DAYS, TICKET_DELAY, SPARED = timedelta(180), timedelta(2), timedelta(90)
OUTAGE_DELAY = timedelta(12)


@dataclass(frozen=True)
class Ask:
    """That one contact was asked at `at`; the mail was due at `due_at`.

    `event` and `subject` name what it was asked about, the subject by its id in the company.
    """

    kind: str
    life: Life
    contact: ContactRow
    at: datetime
    due_at: datetime
    event: str
    subject: str
    cancellation: CancellationRow | None = None


@dataclass
class Book:
    """A company's rows where the asking finds them."""

    company: Company
    people: dict[int, list[ContactRow]] = field(default_factory=dict)
    lives: dict[int, Life] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lives = {life.profile.number: life for life in self.company.lives}
        for row in self.company.contacts:
            self.people.setdefault(row.customer_id, []).append(row)

    @property
    def world(self) -> World:
        return self.company.world

    def addressee(self, customer: int, day: date) -> ContactRow | None:
        """The person whom the product would ask."""
        there = [p for p in self.people[customer] if p.left_on is None or p.left_on > day]
        return min(there, key=lambda p: (ROLES.index(p.role), p.id), default=None)


def asks(company: Company) -> list[Ask]:
    """Every invitation, the oldest first."""
    book = Book(company)
    found = [*exits(book), *rounds(book), *tickets(book), *outage(book)]
    return sorted(found, key=lambda ask: (ask.at, ask.kind, ask.contact.id))


def exits(book: Book) -> Iterator[Ask]:
    """Most of those who gave notice themselves."""
    since = book.world.now - timedelta(days=365 * YEARS)
    for row in book.company.cancellations:
        dice = book.world.dice(row.external_id, "exit")
        if row.involuntary or row.withdrawn_at or row.recorded_at < since:
            continue
        contact = book.addressee(row.customer_id, row.recorded_at.date())
        if contact and dice.random() < EXIT_SHARE:
            life, at = book.lives[row.customer_id], row.recorded_at
            due_at = at + timedelta(minutes=60)
            yield Ask("exit", life, contact, at, due_at, "cancellation", row.external_id, row)


def rounds(book: Book) -> Iterator[Ask]:
    """Each quarter another fifth of those who pay, on a Tuesday in its first weeks."""
    for number in quarters(book.world.today):
        day = tuesday_of(number)
        if day >= book.world.today:
            continue
        for life in book.company.lives:
            if life.profile.number % ROUNDS != number % ROUNDS or not life.pays_on(day):
                continue
            at = book.world.at(day, book.world.dice(life.profile.number, "round", number))
            if contact := book.addressee(life.profile.number, day):
                yield Ask("nps", life, contact, at, at, "quarter", str(number))


def quarters(today: date) -> range:
    """The quarters of two years up to today's, numbered as the rule numbers them."""
    last = today.year * 4 + (today.month - 1) // 3
    return range(last - 4 * YEARS + 1, last + 1)


def tuesday_of(quarter: int) -> date:
    day = date(quarter // 4, quarter % 4 * 3 + 1, 8)
    return day + timedelta(days=(1 - day.weekday()) % 7)


def tickets(book: Book) -> Iterator[Ask]:
    """Two days after a ticket was closed; nobody twice in three months."""
    since = book.world.now - TICKET_DAYS
    closed = [(row.closed_at, row) for row in book.company.interactions if row.closed_at]
    spared: dict[int, datetime] = {}
    for at, row in sorted((at, row) for at, row in closed if at >= since):
        contact = book.addressee(row.customer_id, at.date())
        if contact is None or spared.get(row.customer_id, since) > at:
            continue
        spared[row.customer_id] = at + SPARED
        life = book.lives[row.customer_id]
        due_at = after_quiet_hours(at + TICKET_DELAY, book.world.zone, SendingRate())
        yield Ask("csat", life, contact, at, due_at, "ticket", row.external_id or "")


def outage(book: Book) -> Iterator[Ask]:
    """Once, by hand: those who wrote to us while the service was down."""
    story = book.world.story
    days = {story.incident_on, story.incident_on + timedelta(days=1)}
    asked_on = story.incident_on + OUTAGE_DELAY
    wrote = {
        row.customer_id
        for row in book.company.interactions
        if row.complaint and row.occurred_at.date() in days
    }
    at = book.world.at(asked_on, book.world.dice("outage"))
    for customer in sorted(wrote):
        if contact := book.addressee(customer, asked_on):
            yield Ask("ces", book.lives[customer], contact, at, at, "outage", "")


def first_quarter_on(today: date) -> date:
    """When the surveys began: the first day of the first round's quarter."""
    return add_months(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), -3 * (4 * YEARS - 1))
