"""The list of reasons for leaving: install, add, rename, merge, separate, retire.

A reason keeps its key through every renaming; its wording stands in versions, and each cancellation
keeps the version that was offered when it was recorded.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import (
    Cancellation,
    CancellationReason,
    Feature,
    ReasonCategory,
    ReasonVersion,
    ReasonView,
)
from customers.services.ledger import database_clock
from customers.services.reason_lists import READY_LISTS
from customers.services.traces import Deed, audit

SOURCE_LANGUAGE = "en"


@dataclass(frozen=True)
class ReasonDetails:
    """Wording by language, English at least, and how a reason is sorted."""

    labels: dict[str, str] = field(default_factory=dict)
    category: str = ReasonCategory.UNSORTED
    avoidable: bool = True
    asks: str = ReasonVersion.Asks.NOTHING


@transaction.atomic
def install_reason_list(name: str, *, by: User | None = None) -> list[CancellationReason]:
    """Add the reasons of a ready list; a key that is there already stays as it is worded.

    `name` is subscription, consultancy or agency. Gives the reasons that were added.
    """
    if name not in READY_LISTS:
        raise RuleError(
            _("There is no such list. Use one of: %(known)s.") % {"known": ", ".join(READY_LISTS)},
            field="name",
        )
    ready = list(enumerate(READY_LISTS[name], start=1))
    there = set(CancellationReason.objects.values_list("key", flat=True))
    added = CancellationReason.objects.bulk_create(
        CancellationReason(key=reason.key, position=position)
        for position, reason in ready
        if reason.key not in there
    )
    by_key = {reason.key: reason for _position, reason in ready}
    ReasonVersion.objects.bulk_create(
        ReasonVersion(
            reason=reason,
            version=1,
            category=by_key[reason.key].category,
            avoidable=by_key[reason.key].avoidable,
            asks=by_key[reason.key].asks,
            labels=by_key[reason.key].labels,
            recorded_by=by,
        )
        for reason in added
    )
    deed = Deed("reason_list_installed", by, database_clock())
    for reason in added:
        audit(deed, reason, {"list": [None, name]})
    return added


@transaction.atomic
def add_reason(
    details: ReasonDetails, *, feature: Feature | None = None, by: User | None
) -> CancellationReason:
    """Add a reason at the end of the list; with a feature, it is the lack of that feature."""
    _check(details)
    last = CancellationReason.objects.order_by("-position").values_list("position", flat=True)
    reason = CancellationReason.objects.create(
        key=_free_key(details.labels[SOURCE_LANGUAGE]),
        feature=feature,
        position=(last.first() or 0) + 1,
    )
    _word(reason, details, 1, by)
    audit(Deed("reason_added", by, database_clock()), reason, {"labels": [None, details.labels]})
    return reason


@transaction.atomic
def rename_reason(
    reason: CancellationReason,
    *,
    labels: dict[str, str] | None = None,
    by: User | None,
    **sorting: Any,
) -> ReasonVersion:
    """Word a reason otherwise from now on, or sort it otherwise: `category`, `avoidable`, `asks`.

    Past cancellations keep the wording that they were recorded with.
    """
    _hold(reason)
    latest = reason.versions.first()
    was = details_of(latest) if latest else ReasonDetails()
    now = replace(was, labels={**was.labels, **(labels or {})}, **sorting)
    _check(now)
    if now == was:
        raise RuleError(_("That is what it is already. Change something."))
    version = _word(reason, now, latest.version + 1 if latest else 1, by)
    changes = {
        name: [before, getattr(now, name)]
        for name, before in vars(was).items()
        if before != getattr(now, name)
    }
    audit(Deed("reason_renamed", by, database_clock()), reason, changes)
    return version


@transaction.atomic
def merge_reasons(
    kept: CancellationReason, merged: CancellationReason, *, by: User | None
) -> CancellationReason:
    """Count what was recorded under `merged` under `kept`; `separate_reason` undoes it.

    Its wording stays on record.
    """
    if kept.pk == merged.pk:
        raise RuleError(_("Choose two different reasons."))
    _hold(kept, merged)
    if kept.merged_into_id or merged.merged_into_id:
        raise RuleError(_("One of the two has been merged already."))
    moved = merged.cancellations.update(reason=kept)
    merged.views.update(reason=kept)
    merged.merged.update(merged_into=kept)
    now = database_clock()
    CancellationReason.objects.filter(pk=merged.pk).update(merged_into=kept, retired_at=now)
    audit(Deed("reason_merged", by, now), merged, {"merged_into": [None, kept.key]})
    audit(Deed("reason_merged", by, now), kept, {"cancellations": [0, moved]})
    kept.refresh_from_db()
    return kept


@transaction.atomic
def separate_reason(
    merged: CancellationReason, *, along: Iterable[CancellationReason] = (), by: User | None
) -> CancellationReason:
    """Count what was recorded in the words of `merged` by itself again, and offer it again.

    `along` had been merged into it before, and comes back under it. What was recorded in the words
    of the reason that it had been merged into stays there.
    """
    children = [one for one in along if one.merged_into_id == merged.merged_into_id]
    _hold(merged, *children)
    kept = merged.merged_into
    if kept is None:
        raise RuleError(_("It stands by itself already."))
    family = [merged, *children]
    for rows in (Cancellation.objects.all(), ReasonView.objects.all()):
        rows.filter(reason=kept, reason_version__reason__in=family).update(reason=merged)
    kept.merged.filter(pk__in=[one.pk for one in children]).update(merged_into=merged)
    CancellationReason.objects.filter(pk=merged.pk).update(merged_into=None, retired_at=None)
    changes = {"merged_into": [kept.key, None]}
    audit(Deed("reason_separated", by, database_clock()), merged, changes)
    merged.refresh_from_db()
    return merged


@transaction.atomic
def retire_reason(reason: CancellationReason, *, by: User | None) -> CancellationReason:
    """Offer a reason no longer; what was recorded with it stays."""
    return _set_retired(reason, database_clock(), "reason_retired", by)


@transaction.atomic
def bring_back_reason(reason: CancellationReason, *, by: User | None) -> CancellationReason:
    """Offer a retired reason again."""
    return _set_retired(reason, None, "reason_brought_back", by)


def details_of(version: ReasonVersion) -> ReasonDetails:
    return ReasonDetails(
        labels=dict(version.labels),
        category=version.category,
        avoidable=version.avoidable,
        asks=version.asks,
    )


def _set_retired(
    reason: CancellationReason, at: datetime | None, verb: str, by: User | None
) -> CancellationReason:
    _hold(reason)
    reason.refresh_from_db()
    if reason.merged_into_id:
        raise RuleError(_("It has been merged into another reason."))
    if bool(reason.retired_at) == bool(at):
        raise RuleError(_("That is how it is already."))
    before, reason.retired_at = reason.retired_at, at
    reason.save(update_fields=["retired_at"])
    changes = {"retired_at": [before and before.isoformat(), at and at.isoformat()]}
    audit(Deed(verb, by, database_clock()), reason, changes)
    return reason


def _hold(*reasons: CancellationReason) -> None:
    """Whoever changes these reasons waits here."""
    ids = [reason.pk for reason in reasons]
    held = CancellationReason.objects.filter(pk__in=ids).order_by("pk").select_for_update()
    if len(held) < len(ids):
        raise RuleError(_("This reason is no longer there."))
    for reason in reasons:
        reason.refresh_from_db()


def _word(
    reason: CancellationReason, details: ReasonDetails, number: int, by: User | None
) -> ReasonVersion:
    return ReasonVersion.objects.create(
        reason=reason,
        version=number,
        category=details.category,
        avoidable=details.avoidable,
        asks=details.asks,
        labels=details.labels,
        recorded_by=by,
    )


def _check(details: ReasonDetails) -> None:
    if not details.labels.get(SOURCE_LANGUAGE, "").strip():
        raise RuleError(_("A reason needs an English wording at least."), field="labels")
    if details.category not in ReasonCategory.values:
        raise RuleError(_("Choose one of the categories."), field="category")
    if details.asks not in ReasonVersion.Asks.values:
        raise RuleError(_("Choose one of the questions."), field="asks")


def _free_key(wording: str) -> str:
    """A key made of the wording that no reason has yet."""
    stem = slugify(wording)[:90] or "reason"
    taken = set(
        CancellationReason.objects.filter(key__startswith=stem).values_list("key", flat=True)
    )
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(key for key in numbered if key not in taken)
