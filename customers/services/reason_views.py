"""Four kinds of reason for one departure, kept apart: stated, from text, the CSM's, from behaviour.

The headline reason, which figures count by, is the one that was recorded. Where none was chosen it
is the first of stated, CSM's, from text and from behaviour that is known, and goes along with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import (
    Cancellation,
    CancellationReason,
    ReasonKind,
    ReasonVersion,
    ReasonView,
)
from customers.services.asked_names import unname
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit

IN_ORDER = (ReasonKind.STATED, ReasonKind.CSM, ReasonKind.TEXT, ReasonKind.BEHAVIOUR)

Views = dict[str, CancellationReason]
NewViews = Mapping[str, CancellationReason | None]
# In the evidence of a view: the headline goes along with it; what it came with does not count.
LEADS, TAKEN_BACK = "leads", "taken_back"


def first_known(views: Views) -> CancellationReason | None:
    return next((views[kind] for kind in IN_ORDER if kind in views), None)


@transaction.atomic
def state_reason(
    cancellation: Cancellation,
    kind: str,
    reason: CancellationReason | None,
    *,
    by: User | None,
    source: str = "",
) -> None:
    """Say what one kind of view holds now, None for nothing.

    The headline goes along, unless somebody chose another one or a file brought it.
    """
    if reason and reason.merged_into:
        reason = reason.merged_into
    held = Cancellation.objects.select_for_update().get(pk=cancellation.pk)
    if held.withdrawn_at:
        raise RuleError(_("This cancellation has been withdrawn."))
    deed = Deed("reason_stated", by, database_clock())
    leads = {LEADS: True} if headline_goes_along(held) else {}
    keep_views(held, {kind: reason}, deed, source=source, evidence=leads)
    if leads:
        follow_views(held, replace(deed, verb="cancellation_amended"))


def headline_goes_along(cancellation: Cancellation) -> bool:
    """Whether the headline is empty, or what the views say: nobody chose another one."""
    if cancellation.reason_id is None:
        return True
    view = leading_view(cancellation)
    return view is not None and view.reason_id == cancellation.reason_id


def leading_view(cancellation: Cancellation) -> ReasonView | None:
    """The view that the headline is made of where none was chosen."""
    standing = cancellation.views.standing().filter(suggested=False)
    by_kind = {view.kind: view for view in standing.select_related("reason")}
    return next((by_kind[kind] for kind in IN_ORDER if kind in by_kind), None)


def follow_views(cancellation: Cancellation, deed: Deed) -> None:
    """Let the headline of a cancellation that is held be what the views say."""
    view = leading_view(cancellation)
    reason = view.reason if view else None
    if reason == cancellation.reason:
        return
    changes = {"reason": [key_of(cancellation.reason), key_of(reason)]}
    cancellation.reason = reason
    cancellation.reason_version = view.reason_version if view else None
    cancellation.save(update_fields=["reason", "reason_version"])
    audit(deed, cancellation, changes)


@transaction.atomic
def take_back_reason(source: str, *, at: datetime) -> None:
    """What came with a source, such as an answer, does not count any more.

    What it had taken the place of stands again. The headline goes along if it came with it, and
    what it named is forgotten.
    """
    about = ReasonView.objects.filter(source=source).exclude(evidence__has_key=TAKEN_BACK)
    ids = set(about.values_list("cancellation_id", flat=True))
    if not ids:
        return
    told = Cancellation.objects.filter(pk__in=ids).order_by("pk").select_for_update()
    for held in told:
        take_back_from(held, source, at)


def take_back_from(cancellation: Cancellation, source: str, at: datetime) -> None:
    views = list(
        cancellation.views.filter(suggested=False).select_related("reason").order_by("-pk")
    )
    own = [view for view in views if view.source == source]
    ending = [view for view in own if view.superseded_at is None]
    led = any(
        view.evidence.get(LEADS) and view.reason_id == cancellation.reason_id for view in ending
    )
    for view in own:
        view.evidence = view.evidence | {TAKEN_BACK: True}
        view.superseded_at = view.superseded_at or at
    ReasonView.objects.bulk_update(own, ["evidence", "superseded_at"])
    again = {view.kind: before(view, views) for view in ending}
    ReasonView.objects.bulk_create(anew(view, at) for view in again.values() if view)
    changes = {
        f"{view.kind}_reason": [view.reason.key, key_of(older.reason if older else None)]
        for view in ending
        for older in (again[view.kind],)
    }
    if changes:
        audit(Deed("reason_stated", None, at), cancellation, changes)
    if led:
        follow_views(cancellation, Deed("cancellation_amended", None, at))
    unname(cancellation, source)


def before(view: ReasonView, views: Iterable[ReasonView]) -> ReasonView | None:
    """What a view took the place of, of all `views` of a departure, the newest first.

    None where none stood just then: somebody had taken it back.
    """
    for older in views:
        follows = older.kind == view.kind and older.superseded_at == view.recorded_at
        if not follows or older.pk >= view.pk:
            continue
        if TAKEN_BACK not in older.evidence:
            return older
        view = older
    return None


def anew(view: ReasonView, at: datetime) -> ReasonView:
    """The same view, standing again."""
    return ReasonView(
        cancellation_id=view.cancellation_id,
        kind=view.kind,
        reason=view.reason,
        reason_version_id=view.reason_version_id,
        source=view.source,
        evidence=view.evidence,
        recorded_at=at,
        recorded_by_id=view.recorded_by_id,
    )


def keep_views(
    cancellation: Cancellation,
    now: NewViews,
    deed: Deed,
    *,
    source: str = "",
    evidence: Mapping[str, Any] | None = None,
) -> list[CancellationReason]:
    """Let views of a cancellation that is held stand instead of those before; gives what is new."""
    standing = cancellation.views.standing().filter(kind__in=now).select_related("reason")
    before = {view.kind: view.reason for view in standing if not view.suggested}
    changed = {kind: reason for kind, reason in now.items() if before.get(kind) != reason}
    if not changed:
        return []
    standing.filter(kind__in=changed).update(superseded_at=deed.at)
    new = {kind: reason for kind, reason in changed.items() if reason}
    versions = newest_versions(new.values())
    ReasonView.objects.bulk_create(
        ReasonView(
            cancellation=cancellation,
            kind=kind,
            reason=reason,
            reason_version=versions.get(reason.pk),
            source=source,
            evidence=dict(evidence or {}),
            recorded_at=deed.at,
            recorded_by=deed.by,
        )
        for kind, reason in new.items()
    )
    if deed.verb == "cancellation_recorded":
        return list(new.values())  # its own record says so
    changes = {
        f"{kind}_reason": [key_of(before.get(kind)), key_of(reason)]
        for kind, reason in changed.items()
    }
    audit(Deed("reason_stated", deed.by, deed.at), cancellation, changes)
    return list(new.values())


def newest_versions(reasons: Iterable[CancellationReason]) -> dict[int, ReasonVersion]:
    newest = ReasonVersion.objects.filter(reason__in=reasons).order_by("reason_id", "-version")
    return {version.reason_id: version for version in newest.distinct("reason_id")}


def key_of(reason: CancellationReason | None) -> str:
    return reason.key if reason else ""
