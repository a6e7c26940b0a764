"""What referrals came to: customers and what they pay, and whether they stay longer than others."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from campaigns.models import Referral
from campaigns.referring.asking import ask, day_of
from churnapp.models import Organisation
from customers.metrics.survival import Point, Spell, kaplan_meier, point_at
from customers.models.customer import CustomerQuerySet

MONTHS = {3: 91, 6: 182, 12: 365}  # days of each
ENOUGH = 10  # so many were seen for as long, or nothing is said


@dataclass(frozen=True)
class Worth:
    """Customers who came by a referral, those who pay today, and what these pay a year."""

    customers: int
    paying: int
    year_minor: int


@dataclass(frozen=True)
class Stay:
    """The share of a group still paying after some days, with its interval; None: too few."""

    seen: int
    share: float | None = None
    low: float | None = None
    high: float | None = None


def worth_of(customers: CustomerQuerySet | None, today: date) -> Worth:
    """`customers` are those that the reader may see; None for all."""
    places = {"visible": sees(customers, "referral.customer_id")}
    (row,) = ask("worth", places=places, today=today)
    return Worth(*row)


def stays(
    customers: CustomerQuerySet | None, organisation: Organisation, today: date
) -> list[tuple[int, Stay, Stay]]:
    """By months: how those who were referred stay, and all others who came since then."""
    places = {
        "visible": sees(customers, "referral.customer_id"),
        "others_visible": sees(customers, "standing.customer_id"),
    }
    since = first_day()
    limit = organisation.pause_limit_days
    asked = {"today": today, "since": since, "pause_limit": limit}
    rows = ask("brought", places=places, **asked) if since else []
    referred = [Spell(*row[1:]) for row in rows if row[0]]
    others = [Spell(*row[1:]) for row in rows if not row[0]]
    one, two = kaplan_meier(referred), kaplan_meier(others)
    return [
        (months, stay_at(referred, one, day), stay_at(others, two, day))
        for months, day in MONTHS.items()
    ]


def first_day() -> date | None:
    """The day of the first referral; None before any."""
    first = Referral.objects.order_by("at", "pk").values_list("at", flat=True).first()
    return day_of(first) if first else None


def stay_at(spells: list[Spell], points: list[Point], day: int) -> Stay:
    """Counted as seen is who was there that long, or has left before."""
    seen = sum(spell.count for spell in spells if spell.left or spell.days >= day)
    if seen < ENOUGH:
        return Stay(seen)
    point = point_at(points, day)
    return Stay(seen, point.share, point.low, point.high) if point else Stay(seen, 1.0)


def sees(customers: CustomerQuerySet | None, column: str) -> str:
    """Whether the reader may see the customer in a column, as SQL."""
    if customers is None:
        return "true"
    rows: Any = customers.order_by().values("id").query.sql_with_params()
    written: str = connection.ops.compose_sql(*rows)  # type: ignore[attr-defined]
    return f"{column} IN ({written.replace('%', '%%')})"
