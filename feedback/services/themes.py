"""Judge what was suggested, take up themes and turn them down, name them and merge them."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit
from feedback.models import CommentTheme, Theme
from feedback.services.bells import ring_for_all

State = CommentTheme.State


@transaction.atomic
def confirm(row: CommentTheme, *, by: User | None) -> CommentTheme:
    """Say that the comment is about the theme: from now on it counts."""
    return decide(row, State.CONFIRMED, by)


@transaction.atomic
def reject(row: CommentTheme, *, by: User | None) -> CommentTheme:
    """Say that the comment is not about the theme: it is never suggested again."""
    return decide(row, State.REJECTED, by)


@transaction.atomic
def reopen(row: CommentTheme, *, by: User | None) -> CommentTheme:
    """Take a judgement back; it waits again."""
    return decide(row, State.SUGGESTED, by)


def decide(row: CommentTheme, state: str, by: User | None) -> CommentTheme:
    held = CommentTheme.objects.select_for_update(no_key=True).get(pk=row.pk)
    if held.state == state:
        return held
    was, now = held.state, database_clock()
    is_open = state == State.SUGGESTED
    held.state = state
    held.decided_at, held.decided_by = (None, None) if is_open else (now, by)
    held.save(update_fields=["state", "decided_at", "decided_by"])
    audit(Deed(f"comment_theme_{state}", by, now), held, {"state": [was, state]})
    return held


@transaction.atomic
def accept_theme(theme: Theme, *, by: User | None) -> Theme:
    """Take a proposal up; its suggestions then wait for somebody to judge them."""
    held = standing(theme)
    if held.accepted_at is None:
        held.accepted_at, held.accepted_by = database_clock(), by
        held.save(update_fields=["accepted_at", "accepted_by"])
        audit(Deed("theme_accepted", by, held.accepted_at), held, {})
    return held


@transaction.atomic
def hand_back_theme(theme: Theme, *, by: User | None) -> Theme:
    """Take back that a theme was taken up: it is a proposal again, what was judged stays judged."""
    held = standing(theme)
    if held.accepted_at is not None:
        held.accepted_at = held.accepted_by = None
        held.save(update_fields=["accepted_at", "accepted_by"])
        audit(Deed("theme_handed_back", by, database_clock()), held, {})
    return held


@transaction.atomic
def retire_theme(theme: Theme, *, by: User | None) -> Theme:
    """Look for it no more. A proposal so turned down is not made again; what was judged stays."""
    held = standing(theme)
    held.retired_at = database_clock()
    held.save(update_fields=["retired_at"])
    audit(Deed("theme_retired", by, held.retired_at), held, {})
    return held


@transaction.atomic
def restore_theme(theme: Theme, *, by: User | None) -> Theme:
    """Take back that a theme was retired, or a proposal turned down."""
    held = Theme.objects.select_for_update(no_key=True).get(pk=theme.pk)
    if held.retired_at is not None and held.merged_into_id is None:
        held.retired_at = None
        held.save(update_fields=["retired_at"])
        audit(Deed("theme_restored", by, database_clock()), held, {})
    return held


@transaction.atomic
def change_theme(
    theme: Theme,
    labels: Mapping[str, str],
    words: Mapping[str, Sequence[str]],
    *,
    by: User | None,
) -> Theme:
    """Name a theme and say which words suggest it; changed words are looked for at once.

    Raises RuleError for a theme without a name, and for one without words.
    """
    held = standing(theme)
    named = {language: label for language, label in labels.items() if label}
    sought = {language: list(lines) for language, lines in words.items() if lines}
    if not named:
        raise RuleError(_("Give it a name in one language at least."))
    if not sought:
        raise RuleError(_("Say which words suggest it, in one language at least."))
    changes = {
        name: [was, now]
        for name, was, now in (("labels", held.labels, named), ("words", held.words, sought))
        if was != now
    }
    held.labels, held.words = named, sought
    held.save(update_fields=["labels", "words"])
    if changes:
        audit(Deed("theme_changed", by, database_clock()), held, changes)
    if "words" in changes:
        ring_for_all()
    return held


@transaction.atomic
def merge_theme(theme: Theme, into: Theme, *, by: User | None) -> Theme:
    """Count the comments and words of `theme` as those of `into`; `separate_theme` undoes it.

    Raises RuleError if one of the two is merged already, or has others merged into it.
    """
    if theme.pk == into.pk:
        raise RuleError(_("A theme can't be merged into itself."), field="into")
    held = locked(theme, into)
    source, target = held[theme.pk], held[into.pk]
    if source.merged.exists():
        text = _("Others are merged into %(theme)s. Separate them first.")
        raise RuleError(text % {"theme": source}, field="into")
    source.merged_into = target
    source.save(update_fields=["merged_into"])
    deed = Deed("theme_merged", by, database_clock())
    audit(deed, source, {"merged_into": [None, target.key]})
    return target


@transaction.atomic
def separate_theme(theme: Theme, *, by: User | None) -> Theme:
    """Let a merged theme stand by itself again, with its words and all that was judged."""
    held = Theme.objects.select_for_update(no_key=True).get(pk=theme.pk)
    if held.merged_into is None:
        raise RuleError(_("It stands by itself already."))
    target, held.merged_into = held.merged_into, None
    held.save(update_fields=["merged_into"])
    deed = Deed("theme_separated", by, database_clock())
    audit(deed, held, {"merged_into": [target.key, None]})
    ring_for_all()
    return held


def joined(
    ours: Mapping[str, Sequence[str]], theirs: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """The lines of both, each once."""
    return {
        language: list(dict.fromkeys([*ours.get(language, ()), *theirs.get(language, ())]))
        for language in {**ours, **theirs}
    }


def standing(theme: Theme) -> Theme:
    """The theme as it is now, held until the transaction ends. RuleError for one that is gone."""
    return locked(theme)[theme.pk]


def locked(*themes: Theme) -> dict[int, Theme]:
    """Themes by their keys, held in one order whoever asks. RuleError where one is gone."""
    rows = Theme.objects.select_for_update(no_key=True).filter(pk__in=[each.pk for each in themes])
    held = {each.pk: each for each in rows.order_by("pk")}
    if any(each.retired_at or each.merged_into_id for each in held.values()):
        raise RuleError(_("This theme was merged or is no longer used."))
    return held
