"""Make loyalty levels, change them, archive them."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from campaigns.models import LoyaltyLevel
from campaigns.services.checking import CONTROL, Values
from campaigns.services.referral_programs import check_offer
from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit

FIELDS = ("name", "position", "least_months", "least_year_minor", "reward", "given")
WITHIN = {"position": (1, 1_000), "least_months": (0, 600), "least_year_minor": (0, 10**15)}


@transaction.atomic
def make_level(values: Values, *, by: User | None) -> LoyaltyLevel:
    """A new level. Raises RuleError, with its field, for what it can't be."""
    now, kept = database_clock(), checked(values)
    level = LoyaltyLevel(**kept, created_by=by, changed_by=by, changed_at=now)
    kept_once(level, {"force_insert": True})
    changes = {name: [None, plain(kept[name])] for name in FIELDS}
    audit(Deed("loyalty_level_made", by, now), level, changes)
    return level


@transaction.atomic
def change_level(
    level: LoyaltyLevel, values: Values, *, seen_at: datetime, by: User | None
) -> LoyaltyLevel:
    """Say it otherwise; what was given stays.

    `seen_at` is when it was last changed, as the person saw it: RuleError where somebody else
    changed it meanwhile.
    """
    held = hold(level)
    if held.changed_at != seen_at:
        raise RuleError(
            _("Somebody else changed it meanwhile. What you typed is kept: compare, then save.")
        )
    kept = checked(values)
    changes = {
        name: [plain(getattr(held, name)), plain(kept[name])]
        for name in FIELDS
        if getattr(held, name) != kept[name]
    }
    if not changes:
        return held
    for name in FIELDS:
        setattr(held, name, kept[name])
    held.changed_at, held.changed_by = database_clock(), by
    kept_once(held, {"update_fields": [*FIELDS, "changed_at", "changed_by"]})
    audit(Deed("loyalty_level_changed", by, held.changed_at), held, changes)
    return held


def checked(values: Values) -> Values:
    kept = {name: values.get(name) for name in FIELDS}
    kept["name"] = " ".join(CONTROL.sub("", values.get("name") or "").split())
    if not kept["name"] or len(kept["name"]) > LoyaltyLevel.LONGEST_NAME:
        said = _("Give it a name of at most %(limit)s characters.")
        raise RuleError(said % {"limit": LoyaltyLevel.LONGEST_NAME}, field="name")
    for name, (least, most) in WITHIN.items():
        value = kept[name]
        if value is None and name != "position":
            continue
        if value is None or not least <= value <= most:
            said = _("Write a number between %(least)s and %(most)s.")
            raise RuleError(said % {"least": least, "most": most}, field=name)
    if kept["least_months"] is None and kept["least_year_minor"] is None:
        raise RuleError(_("Say how long, or how much, it takes."), field="least_months")
    if kept["given"] not in LoyaltyLevel.Given.values:
        raise RuleError(_("Choose when the reward is given."), field="given")
    check_offer(kept["reward"], "reward")
    return kept


@transaction.atomic
def archive_level(level: LoyaltyLevel, *, by: User | None) -> LoyaltyLevel:
    """Nobody stands on it any more; what was given stays."""
    return mark(level, "loyalty_level_archived", database_clock(), by)


@transaction.atomic
def bring_back_level(level: LoyaltyLevel, *, by: User | None) -> LoyaltyLevel:
    """Undo an archiving."""
    return mark(level, "loyalty_level_brought_back", None, by)


def mark(level: LoyaltyLevel, verb: str, at: datetime | None, by: User | None) -> LoyaltyLevel:
    held = hold(level)
    if (held.archived_at is None) == (at is None):
        return held
    changes = {"archived_at": [plain(held.archived_at), plain(at)]}
    held.archived_at = at
    held.save(update_fields=["archived_at"])
    audit(Deed(verb, by, database_clock()), held, changes)
    return held


def hold(level: LoyaltyLevel) -> LoyaltyLevel:
    return LoyaltyLevel.objects.select_for_update(no_key=True).get(pk=level.pk)


def kept_once(level: LoyaltyLevel, how: dict[str, Any]) -> None:
    """Save it; RuleError where another level has its name."""
    try:
        with transaction.atomic():
            level.save(**how)
    except IntegrityError as error:
        if LoyaltyLevel.objects.filter(name=level.name).exclude(pk=level.pk).exists():
            raise RuleError(_("Another level has this name."), field="name") from error
        raise


def plain(value: Any) -> Any:
    """A value as an audit event keeps it."""
    if isinstance(value, models.Model):
        return value.pk
    return value.isoformat() if isinstance(value, datetime) else value
