"""Which contents of the library fit customers, as SQL over any number of them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import prefetch_related_objects

from campaigns.models import Content, Recommendation
from campaigns.sequences import sql
from customers.models import Customer

_FITTING = sql.read("library/fitting")


@dataclass(frozen=True)
class Fit:
    """A content that fits a customer, and why: a feature recommended to them, or their plan."""

    content: Content
    hint: Recommendation | None
    about_plan: bool


def fitting(customer: str, language: str, today: date, *, most: int) -> str:
    """The question for the contents that fit best; `customer` is an SQL expression for its key."""
    return _FITTING.format(
        customer=customer,
        language=sql.quoted_literal(language),
        today=sql.composed("%s::date", [today]),
        most=int(most),
    )


def fits(customer: Customer, language: str, today: date, *, most: int) -> list[Fit]:
    """The contents that fit one customer best, in three questions."""
    rows = sql.run(fitting("%(customer)s", language, today, most=most), {"customer": customer.pk})
    contents = Content.objects.in_bulk([row[0] for row in rows])
    hints = Recommendation.objects.select_related("feature").in_bulk(
        [row[3] for row in rows if row[3]]
    )
    found = [Fit(contents[row[0]], hints.get(row[3]), bool(row[4])) for row in rows]
    prefetch_related_objects([fit.content for fit in found], "features", "plans")
    return found
