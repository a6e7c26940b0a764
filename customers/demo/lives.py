"""One customer's life, month by month: trial, orders, pauses, leaving, coming back."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from customers.demo.profiles import Profile

SECOND = timedelta(seconds=1)


class Kind(StrEnum):
    PAID = "paid"
    TRIAL = "trial"
    PAUSED = "paused"
    END = "end"


@dataclass(frozen=True)
class Order:
    """What is bought: so many seats of a plan at a price for one seat and interval."""

    plan: str
    seats: int
    interval: str
    amount_minor: int


@dataclass(frozen=True)
class Revision:
    """From `on` another order holds, or none; we know it since `known_at`.

    A mistaken number of seats was believed until `corrected_at`; an end was believed until
    `withdrawn_at`.
    """

    on: date
    known_at: datetime
    kind: Kind
    order: Order
    mistaken_seats: int | None = None
    corrected_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass
class Stream:
    """One subscription: its revisions in the order of knowing."""

    external_id: str
    revisions: list[Revision] = field(default_factory=list)

    def revise(self, revision: Revision) -> None:
        self.revisions.append(revision)

    @property
    def last_known_at(self) -> datetime | None:
        if not self.revisions:
            return None
        last = self.revisions[-1]
        return max(filter(None, (last.known_at, last.corrected_at, last.withdrawn_at)))

    @property
    def ends_on(self) -> date | None:
        """The known end, unless it was withdrawn."""
        last = self.revisions[-1] if self.revisions else None
        gone = last is not None and last.kind is Kind.END and last.withdrawn_at is None
        return last.on if last and gone else None


@dataclass(frozen=True)
class Departure:
    """That the customer gives notice, or is cut off, and what is said about it."""

    subscription: str
    requested_at: datetime | None
    recorded_at: datetime
    effective_on: date
    reason: str
    withdrawn_at: datetime | None = None

    @property
    def involuntary(self) -> bool:
        return self.reason == "payment-failed"


@dataclass(frozen=True)
class Slump:
    """Use falls to the share `depth` of what is usual on `[starts_on, ends_on)`."""

    starts_on: date
    ends_on: date | None
    depth: float


@dataclass
class Life:
    """All that befalls one customer up to today, and what is already known of tomorrow."""

    profile: Profile
    streams: list[Stream] = field(default_factory=list)
    departures: list[Departure] = field(default_factory=list)
    slumps: list[Slump] = field(default_factory=list)
    champion_left_on: date | None = None
    paid_from: date | None = None

    @property
    def left_on(self) -> date | None:
        """The day the last subscription ended or will end; None while one runs on."""
        ends = [stream.ends_on for stream in self.streams]
        return None if None in ends or not ends else max(day for day in ends if day)

    def pays_on(self, day: date) -> bool:
        return any(
            revision is not None and revision.kind is Kind.PAID
            for revision in (revision_on(stream, day) for stream in self.streams)
        )


def revision_on(stream: Stream, day: date) -> Revision | None:
    """What holds on `day`, as known at last; a withdrawn end never held."""
    standing = [r for r in stream.revisions if r.on <= day and not r.withdrawn_at]
    return standing[-1] if standing and standing[-1].kind is not Kind.END else None


def known_after(stream: Stream, moment: datetime) -> datetime:
    """`moment`, or just after the last thing known of this subscription."""
    last = stream.last_known_at
    return max(moment, last + SECOND) if last else moment
