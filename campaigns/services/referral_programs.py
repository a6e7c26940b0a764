"""Make referral programs, change them, switch them on and off, archive them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from campaigns.models import Offer, ReferralProgram
from campaigns.models.offer import SOURCE_LANGUAGE
from campaigns.services.checking import Values, check_name, tidy
from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.services.ledger import database_clock
from customers.services.staff import check_at_work
from customers.services.traces import Deed, audit

FIELDS = (
    "name", "reward", "welcome", "texts", "responsible", "days_to_sign_up", "months_to_pay",
    "months_away", "most_a_referrer", "most_a_month",
)  # fmt: skip
# What the page says: each part, and what its length is measured by.
PARTS = {"title": "title", "text": "text", "welcome": "text", "button": "button"}
WITHIN = {
    "days_to_sign_up": (1, 730),
    "months_to_pay": (0, 36),
    "months_away": (0, 120),
    "most_a_referrer": (1, 10_000),
    "most_a_month": (1, 1_000_000),
}
MAY_BE_EMPTY = {"most_a_referrer", "most_a_month"}


@transaction.atomic
def make_program(values: Values, *, by: User | None) -> ReferralProgram:
    """A new program, switched off. Raises RuleError, with its field, for what it can't be."""
    now, kept = database_clock(), checked(values)
    program = ReferralProgram(**kept, created_by=by, changed_by=by, changed_at=now)
    kept_once(program, {"force_insert": True})
    changes = {name: [None, plain(getattr(program, name))] for name in FIELDS}
    audit(Deed("referral_program_created", by, now), program, changes)
    return program


@transaction.atomic
def change_program(
    program: ReferralProgram, values: Values, *, seen_at: datetime, by: User | None
) -> ReferralProgram:
    """Say it otherwise; who came already is judged by what it says now.

    `seen_at` is when it was last changed, as the person saw it: RuleError where somebody else
    changed it meanwhile.
    """
    held = hold(program)
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
    audit(Deed("referral_program_changed", by, held.changed_at), held, changes)
    return held


@transaction.atomic
def switch_on(program: ReferralProgram, *, by: User | None) -> ReferralProgram:
    """Its links open from now on. RuleError where it is archived, or its reward can't be made."""
    held = hold(program)
    if held.archived_at is not None:
        raise RuleError(_("It is archived. Bring it back first."))
    if held.on_since is not None:
        return held
    check_offer(held.reward, "reward")
    return mark(held, "referral_program_on", by, on_since=database_clock())


@transaction.atomic
def switch_off(program: ReferralProgram, *, by: User | None) -> ReferralProgram:
    """Its links open nothing; what was promised to who was referred before is kept."""
    held = hold(program)
    return held if held.on_since is None else mark(held, "referral_program_off", by, on_since=None)


@transaction.atomic
def archive_program(program: ReferralProgram, *, by: User | None) -> ReferralProgram:
    """It has done its work: off and out of the list; its figures stay."""
    held = hold(program)
    if held.archived_at is not None:
        return held
    now = database_clock()
    return mark(held, "referral_program_archived", by, archived_at=now, on_since=None)


@transaction.atomic
def bring_back_program(program: ReferralProgram, *, by: User | None) -> ReferralProgram:
    """Undo an archiving; it stays off until it is switched on."""
    held = hold(program)
    if held.archived_at is None:
        return held
    return mark(held, "referral_program_brought_back", by, archived_at=None)


def checked(values: Values) -> Values:
    """The fields of a program as they are kept."""
    kept = {name: values.get(name) for name in FIELDS}
    kept["name"] = check_name(values.get("name") or "")
    if kept["reward"] is None:
        raise RuleError(_("Choose the offer that the customer gets for it."), field="reward")
    check_offer(kept["reward"], "reward")
    check_offer(kept["welcome"], "welcome")
    check_at_work(kept["responsible"], field="responsible")
    for name, (least, most) in WITHIN.items():
        value = kept[name]
        if value is None and name in MAY_BE_EMPTY:
            continue
        if value is None or not least <= value <= most:
            said = _("Write a number between %(least)s and %(most)s.")
            raise RuleError(said % {"least": least, "most": most}, field=name)
    return kept | {"texts": checked_texts(values.get("texts") or {})}


def check_offer(offer: Offer | None, field: str) -> None:
    if offer is not None and not offer.is_on:
        raise RuleError(_("This offer is stopped or archived. Choose another."), field=field)


def checked_texts(texts: dict[str, Any]) -> dict[str, dict[str, str]]:
    """What the page says by language; English has at least a title and a text."""
    kept = {}
    for language, _name in settings.LANGUAGES:
        told = texts.get(language) or {}
        found = {part: tidy_part(told.get(part, ""), part, language) for part in PARTS}
        if any(found.values()):
            kept[language] = {part: text for part, text in found.items() if text}
    for part in ("title", "text"):
        if not kept.get(SOURCE_LANGUAGE, {}).get(part):
            raise RuleError(
                _("Write it in English first: other languages fall back to it."),
                field=f"{part}_{SOURCE_LANGUAGE}",
            )
    return kept


def tidy_part(text: Any, part: str, language: str) -> str:
    """As `tidy`, where the error stands at the part's own field."""
    try:
        return tidy(text, PARTS[part], language)
    except RuleError as error:
        raise RuleError(str(error), field=f"{part}_{language}") from error


def hold(program: ReferralProgram) -> ReferralProgram:
    found = ReferralProgram.objects.select_for_update(no_key=True, of=("self",))
    return found.select_related("reward", "welcome", "responsible").get(pk=program.pk)


def mark(
    program: ReferralProgram, verb: str, by: User | None, **values: datetime | None
) -> ReferralProgram:
    """Set a few moments of a held program, with an audit event."""
    changes = {name: [plain(getattr(program, name)), plain(new)] for name, new in values.items()}
    for name, value in values.items():
        setattr(program, name, value)
    program.save(update_fields=list(values))
    audit(Deed(verb, by, database_clock()), program, changes)
    return program


def kept_once(program: ReferralProgram, how: dict[str, Any]) -> None:
    """Save it; RuleError where another program has its name."""
    try:
        with transaction.atomic():
            program.save(**how)
    except IntegrityError as error:
        if ReferralProgram.objects.filter(name=program.name).exclude(pk=program.pk).exists():
            raise RuleError(_("Another program has this name."), field="name") from error
        raise


def plain(value: Any) -> Any:
    """A value as an audit event keeps it."""
    if isinstance(value, models.Model):
        return value.pk
    return value.isoformat() if isinstance(value, datetime) else value
