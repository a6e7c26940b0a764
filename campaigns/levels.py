"""Which loyalty level a customer stands on: conditions in SQL, for one or for all of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q, Sum

from campaigns.models import LoyaltyLevel
from churnapp.common.periods import same_day_after
from customers.models import Customer, Standing
from customers.models.customer import CustomerQuerySet


def reaches(level: LoyaltyLevel, today: date) -> Q:
    """Of customers: who pays, and has done so as long and as much as the level asks."""
    found = Q(standing__state=Standing.State.ACTIVE)
    if level.least_months is not None:
        latest = same_day_after(today, -level.least_months)
        found &= Q(standing__first_paid_on__lte=latest)
    if level.least_year_minor is not None:
        found &= Q(standing__arr_minor__gte=level.least_year_minor)
    return found


def stands_on(levels: Sequence[LoyaltyLevel], today: date) -> dict[int, Q]:
    """Of customers, by level: who has reached it and none above it."""
    conditions: dict[int, Q] = {}
    higher = Q(pk__in=[])
    for level in sorted(levels, key=lambda each: (each.position, each.pk), reverse=True):
        reached = reaches(level, today)
        conditions[level.pk] = reached & ~higher
        higher |= reached
    return conditions


def level_of(customer: Customer, today: date) -> LoyaltyLevel | None:
    levels = list(LoyaltyLevel.objects.on())
    own = Customer.objects.filter(pk=customer.pk)
    by_level = {
        key: Count("pk", filter=condition) for key, condition in stands_on(levels, today).items()
    }
    found = own.aggregate(**{f"level_{key}": count for key, count in by_level.items()})
    return next((each for each in levels if found.get(f"level_{each.pk}")), None)


def counted(
    levels: Sequence[LoyaltyLevel], customers: CustomerQuerySet, today: date
) -> dict[int, tuple[int, int]]:
    """How many stand on each level, and what they pay a year; one question, of those on any."""
    asked: dict[str, Any] = {}
    on_any = Q(*(reaches(level, today) for level in levels), _connector=Q.OR)
    for key, condition in stands_on(levels, today).items():
        asked[f"count_{key}"] = Count("pk", filter=condition)
        asked[f"worth_{key}"] = Sum("standing__arr_minor", filter=condition, default=0)
    found = customers.filter(on_any).order_by().aggregate(**asked) if asked else {}
    return {each.pk: (found[f"count_{each.pk}"], found[f"worth_{each.pk}"]) for each in levels}
