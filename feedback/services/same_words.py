"""Judge comments in the same words at once: one reads them once, not forty times."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit
from feedback.models import CommentTheme

State = CommentTheme.State
Told = QuerySet[Any]  # rows of `once_a_theme().told()` that the reader may see


@transaction.atomic
def confirm_same(row: Any, found: Told, *, by: User | None) -> int:
    """Say of all comments with these words that they are about the theme; how many there were.

    All are judged at one moment, by which `reopen_same` finds them. RuleError if none waits.
    """
    waiting = same_as(row, found.filter(state=State.SUGGESTED))
    return judge_all(waiting, State.CONFIRMED, by)


@transaction.atomic
def reopen_same(row: Any, found: Told, *, by: User | None) -> int:
    """Take back what was said of all comments with these words at once."""
    return judge_all(same_as(row, found.exclude(state=State.SUGGESTED)), State.SUGGESTED, by)


def same_as(row: Any, found: Told) -> Told:
    """Those that hold the same words and count as the same theme, judged together or not yet."""
    judged = {"decided_at": row.decided_at, "decided_by": row.decided_by_id}
    return found.filter(counts_as=row.counts_as, said=row.said, **judged)


def judge_all(rows: Told, state: str, by: User | None) -> int:
    keys = list(rows.values_list("pk", flat=True))
    held = CommentTheme.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    judged = list(held)
    if not judged:
        raise RuleError(_("Somebody judged these comments meanwhile."))
    now = database_clock()
    is_open = state == State.SUGGESTED
    for row in judged:
        audit(Deed(f"comment_theme_{state}", by, now), row, {"state": [row.state, state]})
        row.state = state
        row.decided_at, row.decided_by = (None, None) if is_open else (now, by)
    CommentTheme.objects.bulk_update(judged, ["state", "decided_at", "decided_by"])
    return len(judged)
