"""What became of offers: how many were accepted, what they cost, what was paid after them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from campaigns.models import Offer
from churnapp.common.intervals import Interval, around_mean, wilson

ENOUGH = 10

# One row an offer. What is not accepted when its days are over is settled too.
COUNTS = """
    SELECT offer_id,
           count(*) FILTER (WHERE state <> 'taken_back'),
           count(*) FILTER (WHERE state = 'open' AND expires_at > now()),
           count(*) FILTER (WHERE state = 'accepted'),
           count(*) FILTER (WHERE state = 'declined'),
           coalesce(sum(cost_minor) FILTER (WHERE state = 'accepted'), 0)::bigint,
           coalesce(sum(cost_minor) FILTER (
               WHERE state = 'open' AND expires_at > now()), 0)::bigint,
           max(made_at)
    FROM campaigns_grant
    WHERE offer_id = ANY(%s)
    GROUP BY offer_id
"""
# What each customer who accepted a year ago or more paid in the 365 days from then on, as believed
# now, less what the offer cost: a term counts for the days of that year that it held.
YEAR_AFTER = """
    SELECT count(*), avg(net)::float8, coalesce(stddev_samp(net), 0)::float8
    FROM (
        SELECT coalesce(sum(term.arr_minor::numeric / 365 * (
                   least(coalesce(term.ends_on, accepted.until), accepted.until)
                   - greatest(term.starts_on, accepted.since))), 0) - accepted.cost_minor AS net
        FROM (
            SELECT id, customer_id, cost_minor, (settled_at AT TIME ZONE %(zone)s)::date AS since,
                   (settled_at AT TIME ZONE %(zone)s)::date + 365 AS until
            FROM campaigns_grant
            WHERE offer_id = %(offer)s AND state = 'accepted'
              AND (settled_at AT TIME ZONE %(zone)s)::date + 365 <= %(today)s
        ) AS accepted
        LEFT JOIN customers_subscription AS subscription
               ON subscription.customer_id = accepted.customer_id
        LEFT JOIN customers_term AS term
               ON term.subscription_id = subscription.id AND term.superseded_at IS NULL
              AND term.kind = 'paid' AND term.starts_on < accepted.until
              AND coalesce(term.ends_on > accepted.since, true)
        GROUP BY accepted.id, accepted.cost_minor
    ) AS each
"""


@dataclass(frozen=True)
class Reception:
    """How an offer was received; amounts in minor units of the reporting currency."""

    made: int = 0
    open: int = 0
    accepted: int = 0
    declined: int = 0
    cost_minor: int = 0
    promised_minor: int = 0
    last_at: date | None = None

    @property
    def settled(self) -> int:
        """Those that were decided on, or whose days are over."""
        return self.made - self.open

    @property
    def is_enough(self) -> bool:
        return self.settled >= ENOUGH

    @property
    def rate(self) -> float | None:
        """The share of the settled ones that was accepted."""
        return self.accepted / self.settled if self.settled else None

    @property
    def interval(self) -> Interval | None:
        return wilson(self.accepted, self.settled)

    @property
    def bound_minor(self) -> int:
        """What stands against the budget."""
        return self.cost_minor + self.promised_minor


@dataclass(frozen=True)
class YearAfter:
    """What customers who accepted paid in the year after, less the cost, on average."""

    count: int = 0
    net_minor: float | None = None
    interval: Interval | None = field(default=None)

    @property
    def is_enough(self) -> bool:
        return self.count >= ENOUGH


def receptions(offers: Iterable[Offer]) -> dict[int, Reception]:
    """By offer, in one statement."""
    wanted = [offer.pk for offer in offers]
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, [wanted])
        found = {offer: Reception(*told) for offer, *told in cursor.fetchall()}
    return {pk: found.get(pk, Reception()) for pk in wanted}


def year_after(offer: Offer, today: date, zone: str) -> YearAfter:
    with connection.cursor() as cursor:
        cursor.execute(YEAR_AFTER, {"offer": offer.pk, "today": today, "zone": zone})
        count, mean, deviation = cursor.fetchone()
    if not count:
        return YearAfter()
    return YearAfter(count, mean, around_mean(mean, deviation, count))


def expected_minor(reception: Reception, after: YearAfter) -> float | None:
    """What one more of it brings on average; None while either is too little to say."""
    if not (reception.is_enough and after.is_enough) or after.net_minor is None:
        return None
    return (reception.rate or 0.0) * after.net_minor
