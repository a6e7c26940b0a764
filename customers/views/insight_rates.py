"""Which share of the customers at the start of a period left in it, by what they have in common.

`customer_churn_rate` of the figures, group by group: of those who were customers the day before the
period began, those of whom the page counts a departure and who are none at its end. Groups are as
they are today, as a segment's are.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from churnapp.common.intervals import Interval, wilson
from churnapp.models import Organisation
from customers.models import Cancellation, Customer, Term
from customers.views.segments import attribute_text

ONE_DAY = timedelta(days=1)
GROUPS = ("plan", "country", "owner", "trait")


@dataclass(frozen=True)
class Rate:
    """How many of the customers at the start left."""

    left: int
    at_risk: int

    @property
    def share(self) -> float:
        return self.left / self.at_risk

    @property
    def interval(self) -> Interval | None:
        return wilson(self.left, self.at_risk)


Rates = dict[str, dict[Hashable, Rate]]


def rates_of(
    customers: QuerySet[Customer],
    found: QuerySet[Cancellation],
    days: tuple[date, date],
    attribute: str,
) -> Rates:
    """The rates of each group of `GROUPS` by its value; one question, however many there are.

    `days` are the first and the last of the period; of a group with nobody at the start there is
    none.
    """
    first, last = days
    left = Q(pk__in=found.order_by().values("customer")) & ~customers_on(last)
    rows = (
        customers.filter(customers_on(first - ONE_DAY))
        .alias(has_left=Case(When(left, then=1), default=0))
        .order_by()
        .annotate(
            plan=Coalesce("standing__plan__code", Value("")),
            owned_by=F("owner"),
            trait=attribute_text(attribute) if attribute else Value(""),
        )
        .values_list("plan", "country", "owned_by", "trait")
        .annotate(left=Sum("has_left"), at_risk=Count("pk"))
    )
    return summed(rows)


def customers_on(day: date) -> Q:
    """Who counts as a customer on a day: pays, or pauses and paid within the limit of pauses."""
    terms = Term.objects.standing().filter(subscription__customer=OuterRef("pk"))
    paid = terms.filter(kind=Term.Kind.PAID, arr_minor__gt=0)
    limit = timedelta(days=Organisation.current().pause_limit_days)
    paid_lately = paid.filter(starts_on__lte=day, ends_on__gt=day - limit)
    pauses = terms.filter(kind=Term.Kind.PAUSED).running_on(day)
    return Q(Exists(paid.running_on(day))) | (Q(Exists(pauses)) & Q(Exists(paid_lately)))


def summed(rows: Iterable[tuple[Hashable, ...]]) -> Rates:
    """Rows of the four groups' values with two counts, added up group by group."""
    counts: dict[str, dict[Hashable, list[int]]] = {name: {} for name in GROUPS}
    for *values, left, at_risk in rows:
        for name, value in zip(GROUPS, values, strict=True):
            count = counts[name].setdefault(value, [0, 0])
            count[0] += int(str(left))
            count[1] += int(str(at_risk))
    return {
        name: {value: Rate(*count) for value, count in found.items()}
        for name, found in counts.items()
    }
