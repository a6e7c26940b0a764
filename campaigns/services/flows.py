"""Make cancel flows, change them, switch them on and off, archive them."""

import secrets
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.models import CancelFlow, FlowAnswer
from campaigns.services.flow_checks import Answer, Values, checked, checked_answers
from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit

FIELDS = (
    "name", "query", "priority", "profile", "holdout_percent", "days_open", "ending",
    "renewal_months", "texts",
)  # fmt: skip


@transaction.atomic
def make_flow(values: Values, answers: list[Answer], *, by: User | None) -> CancelFlow:
    """A new flow, switched off. Raises RuleError, with its field, for what it can't be."""
    now = database_clock()
    kept = checked(values)
    told = checked_answers(answers, kept["profile"])
    flow = CancelFlow(
        **{name: kept[name] for name in FIELDS},
        salt=secrets.token_hex(16),
        created_by=by,
        changed_by=by,
        changed_at=now,
    )
    kept_once(flow, {"force_insert": True})
    keep_answers(flow, told)
    changes = {name: [None, getattr(flow, name)] for name in FIELDS}
    audit(Deed("cancel_flow_created", by, now), flow, changes | {"answers": [None, plain(told)]})
    return flow


@transaction.atomic
def change_flow(
    flow: CancelFlow, values: Values, answers: list[Answer], *, seen_at: datetime, by: User | None
) -> CancelFlow:
    """Say it otherwise; who was drawn into the holdout stays there.

    `seen_at` is when it was last changed, as the person saw it: RuleError where somebody else
    changed it meanwhile.
    """
    held = hold(flow)
    if held.changed_at != seen_at:
        raise RuleError(
            _("Somebody else changed it meanwhile. What you typed is kept: compare, then save.")
        )
    kept = checked(values)
    told = checked_answers(answers, kept["profile"])
    was = plain(answers_of(held))
    changes = {
        name: [getattr(held, name), kept[name]]
        for name in FIELDS
        if getattr(held, name) != kept[name]
    }
    if was != plain(told):
        changes["answers"] = [was, plain(told)]
    if not changes:
        return held
    now = database_clock()
    for name in FIELDS:
        setattr(held, name, kept[name])
    held.version += 1
    held.changed_at, held.changed_by = now, by
    kept_once(held, {"update_fields": [*FIELDS, "version", "changed_at", "changed_by"]})
    keep_answers(held, told)
    audit(Deed("cancel_flow_changed", by, now), held, changes)
    return held


@transaction.atomic
def switch_on(flow: CancelFlow, *, by: User | None) -> CancelFlow:
    """Lead customers through it from now on. RuleError where a path takes too many clicks."""
    held = hold(flow)
    if held.archived_at is not None:
        raise RuleError(_("It is archived. Bring it back first."))
    if held.on_since is not None:
        return held
    checked_answers(answers_of(held), held.profile)
    return mark(held, "cancel_flow_switched_on", by, on_since=database_clock())


@transaction.atomic
def switch_off(flow: CancelFlow, *, by: User | None) -> CancelFlow:
    """No new links lead to it; those that were made stay open: leaving is never taken away."""
    held = hold(flow)
    return held if held.on_since is None else mark(held, "cancel_flow_off", by, on_since=None)


@transaction.atomic
def archive_flow(flow: CancelFlow, *, by: User | None) -> CancelFlow:
    """It has done its work: off and out of the list; its figures stay, and links made work."""
    held = hold(flow)
    if held.archived_at is not None:
        return held
    return mark(held, "cancel_flow_archived", by, archived_at=database_clock(), on_since=None)


@transaction.atomic
def bring_back_flow(flow: CancelFlow, *, by: User | None) -> CancelFlow:
    """Undo an archiving; it stays off until it is switched on."""
    held = hold(flow)
    if held.archived_at is None:
        return held
    return mark(held, "cancel_flow_brought_back", by, archived_at=None)


def answers_of(flow: CancelFlow) -> list[Answer]:
    rows = flow.answers.select_related("reason", "offer").order_by("reason__position", "pk")
    return [
        Answer(each.reason, each.kind, each.offer, each.texts, each.address, each.apart)
        for each in rows
    ]


def keep_answers(flow: CancelFlow, answers: list[Answer]) -> None:
    flow.answers.all().delete()
    FlowAnswer.objects.bulk_create(
        FlowAnswer(
            flow=flow,
            reason=each.reason,
            kind=each.kind,
            offer=each.offer,
            texts=each.texts,
            address=each.address,
            apart=each.apart,
        )
        for each in answers
    )


def plain(answers: list[Answer]) -> list[dict[str, Any]]:
    """Answers as an audit event keeps them, in an order of their own."""
    rows = [
        {
            "reason": each.place,
            "kind": str(each.kind),
            "offer": each.offer.pk if each.offer else None,
            "texts": each.texts,
            "address": each.address,
            "apart": each.apart,
        }
        for each in answers
    ]
    return sorted(rows, key=lambda row: str(row["reason"]))


def hold(flow: CancelFlow) -> CancelFlow:
    return CancelFlow.objects.select_for_update(no_key=True).get(pk=flow.pk)


def mark(flow: CancelFlow, verb: str, by: User | None, **values: datetime | None) -> CancelFlow:
    """Set a few moments of a held flow, with an audit event."""
    before = {name: getattr(flow, name) for name in values}
    for name, value in values.items():
        setattr(flow, name, value)
    flow.save(update_fields=list(values))
    changes = {name: [written(before[name]), written(value)] for name, value in values.items()}
    audit(Deed(verb, by, database_clock()), flow, changes)
    return flow


def written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def kept_once(flow: CancelFlow, how: dict[str, Any]) -> None:
    """Save it; RuleError where another flow has its name."""
    try:
        with transaction.atomic():
            flow.save(**how)
    except IntegrityError as error:
        if CancelFlow.objects.filter(name=flow.name).exclude(pk=flow.pk).exists():
            raise RuleError(_("Another flow has this name."), field="name") from error
        raise
