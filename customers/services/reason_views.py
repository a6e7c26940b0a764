"""Four kinds of reason for one departure, kept apart: stated, from text, the CSM's, from behaviour.

The headline reason, which figures count by, is the one that was recorded. Where none was chosen it
is the first of stated, CSM's, from text and from behaviour that is known.
"""

from collections.abc import Mapping
from datetime import datetime

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
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit

LONGEST_NAME = 200
FIELD_OF: dict[str, str] = {
    ReasonVersion.Asks.COMPETITOR: "competitor",
    ReasonVersion.Asks.FEATURE: "missing_feature",
}
IN_ORDER = (ReasonKind.STATED, ReasonKind.CSM, ReasonKind.TEXT, ReasonKind.BEHAVIOUR)

Views = dict[str, CancellationReason]
NewViews = Mapping[str, CancellationReason | None]


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
    """Say what one kind of view holds now, None for nothing; an empty headline takes it over."""
    if reason and reason.merged_into:
        reason = reason.merged_into
    held = Cancellation.objects.select_for_update().get(pk=cancellation.pk)
    if held.withdrawn_at:
        raise RuleError(_("This cancellation has been withdrawn."))
    keep_views(held, {kind: reason}, Deed("reason_stated", by, database_clock()), source=source)
    if held.reason_id is None and reason is not None:
        held.reason, held.reason_version = reason, reason.versions.first()
        held.save(update_fields=["reason", "reason_version"])
        changes = {"reason": ["", reason.key]}
        audit(Deed("cancellation_amended", by, database_clock()), held, changes)


@transaction.atomic
def name_what_was_asked(cancellation: Cancellation, reason: CancellationReason, text: str) -> None:
    """Keep the competitor or the feature that a reason asks for, where none is named yet."""
    version = reason.versions.first()
    field = FIELD_OF.get(version.asks, "") if version else ""
    held = Cancellation.objects.select_for_update(no_key=True).get(pk=cancellation.pk)
    named = text.strip()[:LONGEST_NAME]
    if not field or not named or getattr(held, field):
        return
    Cancellation.objects.filter(pk=held.pk).update(**{field: named})
    deed = Deed("cancellation_amended", None, database_clock())
    audit(deed, held, {field: ["", named]})


@transaction.atomic
def take_back_reason(source: str, *, at: datetime) -> None:
    """What came with a source, such as an answer, does not count; the headline stays."""
    ReasonView.objects.standing().filter(source=source).update(superseded_at=at)


def keep_views(
    cancellation: Cancellation, now: NewViews, deed: Deed, *, source: str = ""
) -> list[CancellationReason]:
    """Let views stand instead of those before them; the caller holds the cancellation.

    Gives the reasons that are new.
    """
    standing = cancellation.views.standing().filter(kind__in=now).select_related("reason")
    before = {view.kind: view.reason for view in standing if not view.suggested}
    changed = {kind: reason for kind, reason in now.items() if before.get(kind) != reason}
    if not changed:
        return []
    standing.filter(kind__in=changed).update(superseded_at=deed.at)
    new = {kind: reason for kind, reason in changed.items() if reason}
    newest = ReasonVersion.objects.filter(reason__in=new.values()).order_by("reason_id", "-version")
    versions = {version.reason_id: version for version in newest.distinct("reason_id")}
    ReasonView.objects.bulk_create(
        ReasonView(
            cancellation=cancellation,
            kind=kind,
            reason=reason,
            reason_version=versions.get(reason.pk),
            source=source,
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


def key_of(reason: CancellationReason | None) -> str:
    return reason.key if reason else ""
