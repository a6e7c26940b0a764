"""Dismiss what was recommended to a customer, and take that back."""

from django.db import transaction

from campaigns.models import Recommendation
from churnapp.models import User
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit


@transaction.atomic
def dismiss(hint: Recommendation, *, by: User | None) -> Recommendation:
    """It is shown no more and recommended in no mail; twice is once."""
    held = Recommendation.objects.select_for_update().get(pk=hint.pk)
    if held.dismissed_at is None:
        return _mark(held, "recommendation_dismissed", dismissed=True, by=by)
    return held


@transaction.atomic
def bring_back(hint: Recommendation, *, by: User | None) -> Recommendation:
    """Undo a dismissal; if it holds no more, the next night takes it away."""
    held = Recommendation.objects.select_for_update().get(pk=hint.pk)
    if held.dismissed_at is not None:
        return _mark(held, "recommendation_brought_back", dismissed=False, by=by)
    return held


def _mark(hint: Recommendation, verb: str, *, dismissed: bool, by: User | None) -> Recommendation:
    now = database_clock()
    before = hint.dismissed_at
    hint.dismissed_at, hint.dismissed_by = (now, by) if dismissed else (None, None)
    hint.save(update_fields=["dismissed_at", "dismissed_by"])
    said = [at.isoformat() if at else None for at in (before, hint.dismissed_at)]
    audit(Deed(verb, by, now), hint, {"dismissed_at": said})
    return hint
