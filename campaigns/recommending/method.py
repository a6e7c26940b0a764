"""Which features and plans are worth recommending, from counts of similar customers; no database.

Similar are customers on the same plan who use the product about as much: uses of the last 90 days
within a factor of four (`band`). Peers are those of them that stayed: paying for a year or longer
and still using it. A feature is recommended where most peers use it for certain: the lower bound
of Wilson's interval at 95 % (JASA 22, 1927) is a half or more. Fewer than 30 peers say nothing; of
a band with too few, all of the plan are asked, whatever they use. A plan is recommended where most
who use the product as much have it for certain, and theirs is the smaller one by what is paid.

Ranked is by how much more sure peers are than the customer: `lower × (1 − days here / days there)`,
the difference of use that a rule of association calls lift when divided (Brin et al., SIGMOD 1997);
a difference does not run away where a feature is rare. It says what goes together, not what causes
staying: that only a campaign with a holdout can show.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from churnapp.common.intervals import wilson

WINDOW_DAYS = 90  # of use that is looked at
STAYED_DAYS = 365  # that a peer has been paying
LEAST_PEERS = 30
LEAST_SHARE = 0.5  # that the lower bound must reach
LITTLE = 0.25  # of the peers' days of use: below it a customer hardly uses a feature
BAND_FACTOR = 4  # how far apart uses may be within a band
MOST_FEATURES = 3  # recommended to one customer
EVERY_BAND = -1


@dataclass(frozen=True)
class Group:
    """Customers of one plan and band, and how many of them are peers; `EVERY_BAND` is the plan."""

    plan: int
    band: int
    peers: int


@dataclass(frozen=True)
class Tally:
    """How many peers of a group use a feature, and on how many of the days on average."""

    plan: int
    band: int
    feature: int
    users: int
    days: float


@dataclass(frozen=True)
class FeatureRule:
    """That a feature is recommended to customers of a group who hardly use it."""

    plan: int
    band: int
    feature: int
    peers: int
    users: int
    lower: float
    days: float


@dataclass(frozen=True)
class Holding:
    """How many peers of a band, whatever their plan, have a plan, and what one pays on average."""

    band: int
    plan: int
    users: int
    pays: float


@dataclass(frozen=True)
class PlanRule:
    """That a plan is recommended to customers of a band on a smaller one."""

    band: int
    old: int
    plan: int
    peers: int
    users: int
    lower: float


def sure_share(users: int, peers: int) -> float | None:
    """The share of peers that is sure, by Wilson's lower bound; None where it says too little."""
    if peers < LEAST_PEERS:
        return None
    interval = wilson(users, peers)
    low = interval[0] if interval else 0.0
    return low if low >= LEAST_SHARE else None


def feature_rules(groups: Iterable[Group], tallies: Iterable[Tally]) -> list[FeatureRule]:
    """What is recommended to each group, by its own peers or, of too few, by the plan's."""
    peers = {(group.plan, group.band): group.peers for group in groups}
    counted: dict[tuple[int, int], list[Tally]] = {}
    for tally in tallies:
        counted.setdefault((tally.plan, tally.band), []).append(tally)
    found = []
    for (plan, band), there in peers.items():
        if band == EVERY_BAND:
            continue
        asked = (plan, band) if there >= LEAST_PEERS else (plan, EVERY_BAND)
        number = peers.get(asked, 0)
        for tally in counted.get(asked, ()):
            lower = sure_share(tally.users, number)
            if lower is not None:
                said = (number, tally.users, lower, tally.days)
                found.append(FeatureRule(plan, band, tally.feature, *said))
    return found


def plan_rules(holdings: Iterable[Holding]) -> list[PlanRule]:
    """For each band the plan that most have for certain, to those on plans that cost less."""
    by_band: dict[int, list[Holding]] = {}
    for holding in holdings:
        by_band.setdefault(holding.band, []).append(holding)
    found = []
    pays = average_pay(by_band.values())
    for band, held in by_band.items():
        peers = sum(holding.users for holding in held)
        best = max(held, key=lambda holding: (holding.users, -holding.plan))
        lower = sure_share(best.users, peers)
        if lower is None:
            continue
        found += [
            PlanRule(band, old, best.plan, peers, best.users, lower)
            for old, paid in sorted(pays.items())
            if old != best.plan and paid < pays[best.plan]
        ]
    return found


def average_pay(bands: Iterable[list[Holding]]) -> dict[int, float]:
    """What the peers of each plan pay on average, all bands together."""
    sums: dict[int, tuple[int, float]] = {}
    for held in bands:
        for holding in held:
            number, paid = sums.get(holding.plan, (0, 0.0))
            sums[holding.plan] = number + holding.users, paid + holding.users * holding.pays
    return {plan: paid / number for plan, (number, paid) in sums.items() if number}
