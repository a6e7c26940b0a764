"""Whether a rule has anything to judge by; one that has not says so instead of staying silent."""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, Self

from customers.risk.rules import Need, Rule

# Records that end longer ago are an old import, not silence of the customers.
LATEST_USE_DAYS = 35
LATEST_CONTACT_DAYS = 60
FRESH_DAYS = 2
OLDEST = {Need.USE: LATEST_USE_DAYS, Need.CONTACT: LATEST_CONTACT_DAYS}


@dataclass(frozen=True)
class Records:
    """What is on record before a day: the last day of use and contact, and what exists at all."""

    used_on: date | None
    contact_on: date | None
    terms: bool
    plan_features: bool
    releases: bool
    contracts: bool
    payments: bool
    champions: bool
    complaints: bool
    requests: bool
    answers: bool
    mailed_answers: bool

    @classmethod
    def from_row(cls, row: tuple[Any, ...]) -> Self:
        """From the one row of `sql/day/readiness.sql`."""
        return cls(**dict(zip((field.name for field in fields(cls)), row, strict=True)))

    def judged_until(self, as_of: date) -> date:
        """The first day whose use is not judged: the day after the last one on record."""
        return as_of if self.used_on is None else min(as_of, self.used_on + timedelta(days=1))


@dataclass(frozen=True)
class Verdict:
    """Whether a rule can judge; `facts` are its reason, or up to which day it judges."""

    ready: bool
    facts: dict[str, str]

    @property
    def is_outdated(self) -> bool:
        """There is something on record, but too old: what the rule said before still stands."""
        return not self.ready and "until" in self.facts


def verdict(rule: Rule, records: Records, as_of: date) -> Verdict:
    """Whether `rule` can judge customers on `as_of` by what is on record."""
    for need in rule.needs:
        found = getattr(records, need.value)
        if not found:
            return Verdict(ready=False, facts={"missing": need.value})
        if need in OLDEST and (as_of - found).days > OLDEST[need]:
            return Verdict(ready=False, facts={"missing": need.value, "until": found.isoformat()})
    used_on = records.used_on
    if Need.USE in rule.needs and used_on and (as_of - used_on).days > FRESH_DAYS:
        return Verdict(ready=True, facts={"until": used_on.isoformat()})
    return Verdict(ready=True, facts={})
