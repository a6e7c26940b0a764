"""The rules of sending and how long things about people are kept, changed by an administrator."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from churnapp.models import User
from customers.models import RetentionPeriod, SendingRate
from customers.privacy.purging import periods
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit


@transaction.atomic
def change_sending_rules(changes: Mapping[str, Any], *, by: User | None) -> None:
    """Set these fields of the rules; what stays as it was leaves no trace."""
    rules = SendingRate.objects.select_for_update(of=("self",)).get(pk=1)
    before = {name: getattr(rules, name) for name in changes}
    differing = {name: value for name, value in changes.items() if value != before[name]}
    if not differing:
        return
    SendingRate.objects.filter(pk=1).update(**differing)
    told = {name: [before[name], value] for name, value in differing.items()}
    audit(Deed("sending_rules_changed", by, database_clock()), rules, told)


@transaction.atomic
def change_retention(days: Mapping[str, int | None], *, by: User | None) -> None:
    """Keep each kind of thing, by its key, for so many days; None is for ever."""
    before, now = periods(), database_clock()
    rows = RetentionPeriod.objects.bulk_create(
        [
            RetentionPeriod(key=key, days=chosen)
            for key, chosen in days.items()
            if key in before and before[key] != chosen
        ],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["days"],
    )
    for row in rows:
        audit(Deed("retention_changed", by, now), row, {row.key: [before[row.key], row.days]})
