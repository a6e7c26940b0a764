"""Plain facts for the slow reference: terms, cancellations, and how the organisation counts."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


@dataclass(frozen=True)
class Fact:
    """One row of the table of terms."""

    customer: int
    subscription: int
    arr: int
    starts: date
    ends: date | None
    kind: str = "paid"
    currency: str = "EUR"
    native: int = 0
    rate: Fraction = Fraction(1)
    recorded: datetime | None = None
    superseded: datetime | None = None
    grace: int | None = None


@dataclass(frozen=True)
class Leaving:
    """A cancellation."""

    customer: int
    effective: date
    recorded: datetime
    requested: datetime | None = None
    involuntary: bool = False


@dataclass
class World:
    """Everything that is asked of: facts, and how the organisation counts."""

    facts: list[Fact]
    known_at: datetime
    zone: ZoneInfo = OSLO
    currency: str = "EUR"
    grace: int = 0
    pause_limit: int = 90
    margin: Fraction = Fraction(4, 5)
    leavings: list[Leaving] = field(default_factory=list)
    parents: dict[int, int] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.known_at.astimezone(self.zone).date()

    def local_day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def believed(self) -> dict[int, list[Fact]]:
        """Facts by customer, as known at `known_at`."""
        found: dict[int, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            is_recorded = fact.recorded is None or fact.recorded <= self.known_at
            if is_recorded and (fact.superseded is None or fact.superseded > self.known_at):
                found[fact.customer].append(fact)
        return found

    def known_since(self, fact: Fact) -> datetime | None:
        """Since when the end of `fact` has been believed without a break."""
        recordings = [
            other
            for other in self.facts
            if (other.subscription, other.ends, other.kind)
            == (fact.subscription, fact.ends, fact.kind)
        ]
        since = fact.recorded
        while since is not None:
            earlier = [other for other in recordings if other.superseded == since]
            if not earlier:
                break
            since = earlier[0].recorded
        return since
