"""Make contents of the library, change them, archive them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.library.uses import uses_of
from campaigns.models import Campaign, Content
from campaigns.services.content_checks import Values, checked
from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit

FIELDS = ("key", "kind", "texts", "owner", "published_on", "expires_on")
ABOUT = ("features", "plans")


@transaction.atomic
def make_content(values: Values, *, by: User | None) -> Content:
    """A new content. Raises RuleError, with its field, for what it can't be."""
    kept, now = checked(values), database_clock()
    content = Content(
        **{name: kept[name] for name in FIELDS}, created_by=by, changed_by=by, changed_at=now
    )
    kept_once(content, lambda: content.save(force_insert=True))
    for name in ABOUT:
        getattr(content, name).set(kept.get(name) or [])
    changes = {name: [None, plain(kept.get(name))] for name in (*FIELDS, *ABOUT)}
    audit(Deed("content_created", by, now), content, changes)
    return content


@transaction.atomic
def change_content(
    content: Content, values: Values, *, seen_at: datetime, by: User | None
) -> Content:
    """Say it otherwise; `seen_at` is when it was last changed, as the person saw it.

    Raises RuleError where somebody else changed it meanwhile, and where mails name its old key.
    """
    held = hold(content)
    if held.changed_at != seen_at:
        raise RuleError(
            _("Somebody else changed it meanwhile. What you typed is kept: compare, then save.")
        )
    kept = checked(values)
    about = {name: list(getattr(held, name).all()) for name in ABOUT}
    was = {name: getattr(held, name) for name in FIELDS} | about
    changes = {
        name: [plain(was[name]), plain(kept.get(name))]
        for name in was
        if plain(was[name]) != plain(kept.get(name))
    }
    if not changes:
        return held
    if "key" in changes:
        check_unused(held)
    now = database_clock()
    for name in FIELDS:
        setattr(held, name, kept[name])
    held.changed_at, held.changed_by = now, by
    kept_once(held, lambda: held.save(update_fields=[*FIELDS, "changed_at", "changed_by"]))
    for name in ABOUT:
        getattr(held, name).set(kept.get(name) or [])
    audit(Deed("content_changed", by, now), held, changes)
    return held


def check_unused(content: Content) -> None:
    """Raise RuleError where campaigns name it by its key, or mails lead to it."""
    uses = uses_of(content)
    if uses:
        said = _("“%(campaign)s” names it by this key, so the key stays.")
        raise RuleError(said % {"campaign": uses[0].campaign}, field="key")
    if content.sent.filter(how="campaign").exists():
        raise RuleError(_("Links in mails lead to it by this key, so the key stays."), field="key")


@transaction.atomic
def archive_content(content: Content, *, by: User | None) -> Content:
    """It is shown to nobody any more; links that went out still lead there."""
    held = hold(content)
    if held.archived_at is not None:
        raise RuleError(_("It is archived already."))
    running = [
        use.campaign for use in uses_of(held) if use.campaign.state == Campaign.State.RUNNING
    ]
    if running:
        said = _("“%(campaign)s” runs and leads to it. Finish it first.")
        raise RuleError(said % {"campaign": running[0]})
    return mark(held, "content_archived", database_clock(), by)


@transaction.atomic
def bring_back_content(content: Content, *, by: User | None) -> Content:
    """Undo an archiving: it is as it was."""
    held = hold(content)
    if held.archived_at is None:
        raise RuleError(_("It is in use already."))
    return mark(held, "content_brought_back", None, by)


def mark(content: Content, verb: str, archived_at: datetime | None, by: User | None) -> Content:
    changes = {"archived_at": [plain(content.archived_at), plain(archived_at)]}
    content.archived_at = archived_at
    content.save(update_fields=["archived_at"])
    audit(Deed(verb, by, database_clock()), content, changes)
    return content


def hold(content: Content) -> Content:
    return Content.objects.select_for_update(no_key=True).get(pk=content.pk)


def kept_once(content: Content, save: Callable[[], None]) -> None:
    """Save it; RuleError where another one has its key."""
    try:
        with transaction.atomic():
            save()
    except IntegrityError as error:
        if Content.objects.filter(key=content.key).exclude(pk=content.pk).exists():
            raise RuleError(_("Another content has this key."), field="key") from error
        raise


def plain(value: Any) -> Any:
    """A value as an audit event keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "__iter__") and not isinstance(value, str | dict):
        return sorted(one.code for one in value)
    return getattr(value, "pk", value)
