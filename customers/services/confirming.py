"""Confirm reasons that were only suggested, one or many at once, and take that back."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import Cancellation, ReasonCategory, ReasonVersion, ReasonView
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
    views = [
        view
        for view in _standing(chosen).filter(suggested=True)
        if chosen[view.cancellation_id] == view.kind
        and view.cancellation_id in held
        and view.reason.retired_at is None
    ]
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
    views = [
        view
        for view in _standing(chosen).filter(suggested=False, evidence__has_any_keys=PROOF)
        if chosen[view.cancellation_id] == view.kind and view.cancellation_id in held
    ]
    if not views:
        raise RuleError(_("That has been changed since."))
    deed = Deed("reason_confirmation_taken_back", by, database_clock())
    ReasonView.objects.filter(pk__in=[view.pk for view in views]).update(superseded_at=deed.at)
    for view in views:
        _take_back(view, held[view.cancellation_id], deed)


def unsorted_reasons() -> set[int | None]:
    """Headlines that say nothing: none, and those such as "Something else"."""
    newest = ReasonVersion.objects.order_by("reason_id", "-version").distinct("reason_id")
    return {None, *(one.reason_id for one in newest if one.category == ReasonCategory.UNSORTED)}


def _held(chosen: Chosen) -> dict[int, Cancellation]:
    rows = Cancellation.objects.in_force().filter(pk__in=chosen).select_related("reason")
    return {gone.pk: gone for gone in rows.order_by("pk").select_for_update(of=("self",))}


def _standing(chosen: Chosen) -> Any:
    views = ReasonView.objects.standing().filter(cancellation__in=chosen)
    return views.select_related("reason", "reason_version").order_by("pk")


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


def _take_back(view: ReasonView, gone: Cancellation, deed: Deed) -> None:
    evidence = dict(view.evidence)
    before = evidence.pop("headline", None)
    if before and gone.reason_id == view.reason_id:
        gone.reason_id, gone.reason_version_id = before
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
