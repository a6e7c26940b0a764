"""Forget what has been kept long enough."""

from datetime import datetime, timedelta

from churnapp.common.personal import Kept, registry
from customers.models import RetentionPeriod


def periods() -> dict[str, int | None]:
    """Days that each kind is kept, by key; None is for ever."""
    proposed: dict[str, int | None] = {key: kept.days for key, kept in registry.kept.items()}
    chosen = dict(RetentionPeriod.objects.values_list("key", "days"))
    return proposed | {key: days for key, days in chosen.items() if key in proposed}


def purge(now: datetime) -> dict[str, int]:
    """Forget what is older than its period; how much of each kind. Safe to repeat."""
    gone = {key: forget(registry.kept[key], days, now) for key, days in periods().items()}
    return {key: count for key, count in gone.items() if count}


def forget(kept: Kept, days: int | None, now: datetime) -> int:
    return 0 if days is None else kept.purge(now - timedelta(days=days))
