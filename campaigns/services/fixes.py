"""Record what is fixed, change it, put it away, and begin to write to whom it concerns."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from campaigns.models import Campaign, CampaignKind, Fix
from campaigns.services.drafting import draft_about
from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit

FIELDS = ("name", "words", "fixed_on", "feature")
MANY = ("reasons", "themes")
# Whom a fix concerns: the filter that finds them, and the kind of campaign that writes to them.
LEFT, HEARD = "left", "heard"
WHOM = {
    LEFT: ("fix_left", CampaignKind.WIN_BACK),
    HEARD: ("fix_heard", CampaignKind.NEWS),
}


@transaction.atomic
def record_fix(given: Mapping[str, Any], *, by: User | None) -> Fix:
    """Raises RuleError for one that is tied to nothing: nobody could be told of it."""
    fix = Fix(recorded_by=by)
    _take(fix, given)
    audit(_deed("fix_recorded", by), fix, {"name": ["", fix.name]})
    return fix


@transaction.atomic
def change_fix(fix: Fix, given: Mapping[str, Any], *, by: User | None) -> Fix:
    held = Fix.objects.select_for_update(of=("self",)).get(pk=fix.pk)
    before = _told(held)
    _take(held, given)
    after = _told(held)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changes:
        audit(_deed("fix_changed", by), held, changes)
    return held


@transaction.atomic
def archive_fix(fix: Fix, *, by: User | None) -> None:
    """Out of the lists; who was told of it stays told."""
    if not Fix.objects.filter(pk=fix.pk, archived_at=None).update(archived_at=Now()):
        raise RuleError(_("It is archived already."))
    audit(_deed("fix_archived", by), fix, {})


@transaction.atomic
def bring_back_fix(fix: Fix, *, by: User | None) -> None:
    archived = Fix.objects.filter(pk=fix.pk).exclude(archived_at=None)
    if not archived.update(archived_at=None):
        raise RuleError(_("It is not archived."))
    audit(_deed("fix_brought_back", by), fix, {})


def write_about(fix: Fix, whom: str, *, by: User | None) -> Campaign:
    """A draft that tells those who left over it, or those who stay and complained of it."""
    name, kind = WHOM[whom]
    return draft_about(fix, kind, f"{name}={fix.pk}", by=by)


def _take(fix: Fix, given: Mapping[str, Any]) -> None:
    if not (given.get("feature") or any(given.get(name) for name in MANY)):
        raise RuleError(
            _("Tie it to a reason, a feature or a theme: else nobody can be told of it."),
            field="reasons",
        )
    for name in FIELDS:
        setattr(fix, name, given[name])
    fix.save()
    for name in MANY:
        getattr(fix, name).set(given[name])


def _told(fix: Fix) -> dict[str, Any]:
    """What the audit trail keeps of it."""
    plain = {name: str(getattr(fix, name) or "") for name in FIELDS}
    return plain | {name: sorted(getattr(fix, name).values_list("key", flat=True)) for name in MANY}


def _deed(verb: str, by: User | None) -> Deed:
    return Deed(verb, by, database_clock())
