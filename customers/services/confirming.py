"""Confirm reasons that were only suggested or turn them down, one or many, and take that back."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import (
    Cancellation,
    CancellationReason,
    ReasonCategory,
    ReasonVersion,
    ReasonView,
)
from customers.services.ledger import database_clock
from customers.services.reason_views import key_of
from customers.services.traces import Deed, audit

PROOF = ["words", "flags"]  # what a suggestion rests on
Chosen = Mapping[int, str]  # a kind by the cancellation


@transaction.atomic
def confirm_reasons(chosen: Chosen, *, by: User) -> list[ReasonView]:
    """Suggestions are right; where the headline says nothing, it is this from now on.

    What nobody can confirm any more is left out; RuleError where that is all.
    """
    held = _held(chosen)
    suggested = _of(chosen, _standing(chosen).filter(suggested=True), held)
    views = [view for view in suggested if view.reason.retired_at is None]
    if not views:
        raise RuleError(_("There is no suggestion to confirm any more."))
    deed = Deed("reason_confirmed", by, database_clock())
    silent = unsorted_reasons()
    ReasonView.objects.filter(pk__in=[view.pk for view in views]).update(superseded_at=deed.at)
    return [_confirm(view, held[view.cancellation_id], silent, deed) for view in views]


@transaction.atomic
def take_back_confirmations(chosen: Chosen, *, by: User) -> None:
    """What was confirmed is a suggestion again, and the headline what it was."""
    held = _held(chosen)
    proved = _standing(chosen).filter(suggested=False, evidence__has_any_keys=PROOF)
    views = _of(chosen, proved, held)
    if not views:
        raise RuleError(_("That has been changed since."))
    deed = Deed("reason_confirmation_taken_back", by, database_clock())
    ReasonView.objects.filter(pk__in=[view.pk for view in views]).update(superseded_at=deed.at)
    reasons = CancellationReason.objects.exclude(merged_into=None)
    merged = dict(reasons.values_list("pk", "merged_into"))
    for view in views:
        _take_back(view, held[view.cancellation_id], merged, deed)


@transaction.atomic
def turn_down_reasons(chosen: Chosen, *, by: User) -> None:
    """Suggestions are wrong: they are gone, and the same words don't bring them back."""
    views = _of(chosen, _standing(chosen).filter(suggested=True), _held(chosen))
    if not views:
        raise RuleError(_("There is no suggestion to turn down any more."))
    deed = Deed("reason_turned_down", by, database_clock())
    ReasonView.objects.filter(pk__in=[view.pk for view in views]).update(
        superseded_at=deed.at, turned_down=True
    )
    for view in views:
        audit(deed, view.cancellation, {f"{view.kind}_reason": [view.reason.key, ""]})


@transaction.atomic
def take_back_turning_down(chosen: Chosen, *, by: User) -> None:
    """What was turned down last is suggested again, where nothing has taken its place."""
    held = _held(chosen)
    taken = ReasonView.objects.standing().filter(cancellation__in=held)
    there = set(taken.values_list("cancellation_id", "kind"))
    turned = ReasonView.objects.filter(cancellation__in=held, turned_down=True)
    last = turned.order_by("cancellation_id", "kind", "-superseded_at", "-pk")
    views = [
        view
        for view in _of(chosen, _told(last.distinct("cancellation_id", "kind")), held)
        if (view.cancellation_id, view.kind) not in there and view.reason.retired_at is None
    ]
    if not views:
        raise RuleError(_("That has been changed since."))
    deed = Deed("reason_suggested_again", by, database_clock())
    ReasonView.objects.filter(pk__in=[view.pk for view in views]).update(turned_down=False)
    for view in views:
        audit(deed, view.cancellation, {f"{view.kind}_reason": ["", view.reason.key]})
        _again(view, deed, suggested=True, evidence=view.evidence)


def unsorted_reasons() -> set[int | None]:
    """Headlines that say nothing: none, and those such as "Something else"."""
    newest = ReasonVersion.objects.order_by("reason_id", "-version").distinct("reason_id")
    return {None, *(one.reason_id for one in newest if one.category == ReasonCategory.UNSORTED)}


def _held(chosen: Chosen) -> dict[int, Cancellation]:
    rows = Cancellation.objects.in_force().filter(pk__in=chosen).select_related("reason")
    return {gone.pk: gone for gone in rows.order_by("pk").select_for_update(of=("self",))}


def _standing(chosen: Chosen) -> Any:
    return _told(ReasonView.objects.standing().filter(cancellation__in=chosen).order_by("pk"))


def _told(views: Any) -> Any:
    return views.select_related("cancellation", "reason", "reason_version")


def _of(chosen: Chosen, views: Any, held: Mapping[int, Cancellation]) -> list[ReasonView]:
    """Those of the kind chosen for their departure, which is held."""
    return [
        view
        for view in views
        if chosen[view.cancellation_id] == view.kind and view.cancellation_id in held
    ]


def _confirm(
    view: ReasonView, gone: Cancellation, silent: set[int | None], deed: Deed
) -> ReasonView:
    evidence = dict(view.evidence)
    if gone.reason_id in silent:
        evidence["headline"] = [gone.reason_id, gone.reason_version_id]
        changes = {"reason": [key_of(gone.reason), view.reason.key]}
        audit(Deed("cancellation_amended", deed.by, deed.at), gone, changes)
        gone.reason, gone.reason_version = view.reason, view.reason_version
        gone.save(update_fields=["reason", "reason_version"])
    audit(deed, gone, {f"{view.kind}_reason": ["", view.reason.key]})
    return _again(view, deed, suggested=False, evidence=evidence)


def _take_back(
    view: ReasonView, gone: Cancellation, merged: Mapping[int, int | None], deed: Deed
) -> None:
    evidence = dict(view.evidence)
    before = evidence.pop("headline", None)
    if before and gone.reason_id == view.reason_id:
        reason, gone.reason_version_id = before
        gone.reason_id = merged.get(reason, reason)
        gone.save(update_fields=["reason", "reason_version"])
    audit(deed, gone, {f"{view.kind}_reason": [view.reason.key, ""]})
    _again(view, deed, suggested=True, evidence=evidence)


def _again(view: ReasonView, deed: Deed, **fields: Any) -> ReasonView:
    return ReasonView.objects.create(
        cancellation_id=view.cancellation_id,
        kind=view.kind,
        reason=view.reason,
        reason_version=view.reason_version,
        source=view.source,
        recorded_at=deed.at,
        recorded_by=None if fields["suggested"] else deed.by,
        **fields,
    )
