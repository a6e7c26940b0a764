"""Make offers, change them, let a second person approve them, stop them, archive them."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.approving import loosens, needs_approval
from campaigns.models import Offer, OfferRules
from campaigns.models.offer import FIELDS, WORTH
from campaigns.services.checking import Values, checked
from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit

STATES = ("stopped_at", "archived_at")


@transaction.atomic
def make_offer(values: Values, *, by: User | None) -> Offer:
    """A new offer. Raises RuleError, with its field, for what it can't be."""
    now = database_clock()
    offer = Offer(**checked(values), created_by=by, changed_by=by, changed_at=now)
    kept_once(offer, lambda: offer.save(force_insert=True))
    changes = {name: [None, plain(getattr(offer, name))] for name in FIELDS}
    audit(Deed("offer_created", by, now), offer, changes)
    return offer


@transaction.atomic
def change_offer(offer: Offer, values: Values, *, seen_at: datetime, by: User | None) -> Offer:
    """Say it otherwise; `seen_at` is when it was last changed, as the person saw it.

    What it is worth stays while somebody may still accept it. Once that, or a limit, becomes more,
    it has to be approved again. Raises RuleError where somebody else changed it meanwhile.
    """
    held = hold(offer)
    if held.changed_at != seen_at:
        raise RuleError(
            _("Somebody else changed it meanwhile. What you typed is kept: compare, then save.")
        )
    new = checked(values)
    changes = {
        name: [plain(getattr(held, name)), plain(new[name])]
        for name in FIELDS
        if getattr(held, name) != new[name]
    }
    now = database_clock()
    if any(name in changes for name in WORTH):
        check_nobody_waits(held, now)
    if not changes:
        return held
    if held.approved_at is not None and loosens(held, new):
        changes["approved_at"] = [plain(held.approved_at), None]
        held.approved_at = held.approved_by = None
    for name in FIELDS:
        setattr(held, name, new[name])
    held.changed_at, held.changed_by = now, by
    kept = [*FIELDS, "approved_at", "approved_by", "changed_at", "changed_by"]
    kept_once(held, lambda: held.save(update_fields=kept))
    audit(Deed("offer_changed", by, now), held, changes)
    return held


def check_nobody_waits(offer: Offer, now: datetime) -> None:
    """Raise RuleError while it is promised to somebody as it is."""
    waiting = offer.grants.filter(state="open", expires_at__gt=now).count()
    if waiting:
        said = ngettext(
            "%(count)s customer may still accept it as it is, so what it is worth stays. "
            "Make another offer instead.",
            "%(count)s customers may still accept it as it is, so what it is worth stays. "
            "Make another offer instead.",
            waiting,
        )
        raise RuleError(said % {"count": waiting}, field="kind")


@transaction.atomic
def approve_offer(offer: Offer, *, by: User) -> Offer:
    """Approve it as a second person. RuleError for whoever made it or changed it last."""
    held = hold(offer)
    if by.pk in {held.created_by_id, held.changed_by_id}:
        raise RuleError(_("Nobody approves their own offer: ask a colleague."))
    if held.approved_at is not None:
        return held
    return mark(held, "offer_approved", by, approved_at=database_clock(), approved_by=by)


@transaction.atomic
def withdraw_approval(offer: Offer, *, by: User) -> Offer:
    """Undo an approval: above the limits it is made to nobody."""
    held = hold(offer)
    if held.approved_at is None:
        return held
    return mark(held, "offer_approval_withdrawn", by, approved_at=None, approved_by=None)


@transaction.atomic
def stop_offer(offer: Offer, *, by: User | None) -> Offer:
    """It is made to nobody any more, and nobody can accept it. RuleError where it is stopped."""
    held = hold(offer)
    if held.stopped_at is not None:
        raise RuleError(_("It is stopped already."))
    return mark(held, "offer_stopped", by, stopped_at=database_clock())


@transaction.atomic
def resume_offer(offer: Offer, *, by: User | None) -> Offer:
    """It can be made and accepted again, as long as each was open for."""
    held = hold(offer)
    if held.stopped_at is None:
        raise RuleError(_("It is not stopped."))
    return mark(held, "offer_resumed", by, stopped_at=None)


@transaction.atomic
def archive_offer(offer: Offer, *, by: User | None) -> Offer:
    """It has done its work: it is stopped for good and leaves the list; its figures stay."""
    held = hold(offer)
    if held.archived_at is not None:
        raise RuleError(_("It is archived already."))
    return mark(held, "offer_archived", by, archived_at=database_clock())


@transaction.atomic
def bring_back_offer(offer: Offer, *, by: User | None) -> Offer:
    """Undo an archiving: it is as it was."""
    held = hold(offer)
    if held.archived_at is None:
        raise RuleError(_("It is in use already."))
    return mark(held, "offer_brought_back", by, archived_at=None)


@transaction.atomic
def change_rules(values: dict[str, int | None], *, by: User | None) -> OfferRules:
    """From where on a second person approves: `most_cost_minor` and `most_budget_minor`.

    What was made keeps standing; what is not approved and needs it now is made to nobody.
    """
    rules = OfferRules.objects.select_for_update(no_key=True).get(pk=1)
    now = database_clock()
    changes = {
        name: [getattr(rules, name), value]
        for name, value in values.items()
        if getattr(rules, name) != value
    }
    for name, (_before, value) in changes.items():
        if value is not None and value < 0:
            raise RuleError(_("A limit is never below zero."), field=name)
        setattr(rules, name, value)
    if changes:
        rules.changed_at, rules.changed_by = now, by
        rules.save(update_fields=[*changes, "changed_at", "changed_by"])
        audit(Deed("offer_rules_changed", by, now), rules, changes)
    return rules


def waits_for_approval(offer: Offer, rules: OfferRules) -> bool:
    return offer.approved_at is None and needs_approval(offer, rules)


def hold(offer: Offer) -> Offer:
    return Offer.objects.select_for_update(no_key=True).get(pk=offer.pk)


def mark(offer: Offer, verb: str, by: User | None, **values: Any) -> Offer:
    """Set a few fields of a held offer, with an audit event."""
    changes = {name: [plain(getattr(offer, name)), plain(new)] for name, new in values.items()}
    for name, value in values.items():
        setattr(offer, name, value)
    offer.save(update_fields=list(values))
    audit(Deed(verb, by, database_clock()), offer, changes)
    return offer


def kept_once(offer: Offer, save: Any) -> None:
    """Save it; RuleError where another offer has its name."""
    try:
        with transaction.atomic():
            save()
    except IntegrityError as error:
        if Offer.objects.filter(name=offer.name).exclude(pk=offer.pk).exists():
            raise RuleError(_("Another offer has this name."), field="name") from error
        raise


def plain(value: Any) -> Any:
    """A value as an audit event keeps it."""
    if isinstance(value, models.Model):
        return value.pk
    return value.isoformat() if isinstance(value, datetime) else value
