"""Save what a form says; refused, the rule stands at its field, and what others saved beside it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from customers.views.dialogs import show_rule


class Save(Protocol):
    """Saves, unless somebody else did since this moment."""

    def __call__(self, *, seen_at: datetime) -> object: ...


class Kept(Protocol):
    """A row that several people change."""

    created_at: datetime
    changed_at: datetime


def made[T](form: forms.BaseForm, deed: Callable[[], T]) -> T | None:
    """What was made of a valid form; None where it was refused, and the form says why."""
    try:
        return deed()
    except RuleError as refusal:
        show_rule(form, refusal)
    return None


def is_changed(
    form: forms.BaseForm,
    kept: Kept,
    save: Save,
    now_says: Callable[[], Mapping[str, Any]],
) -> bool:
    """Whether a valid form was saved; where it was refused, the form says why."""
    try:
        keep(form, kept, save, now_says)
    except RuleError as refusal:
        show_rule(form, refusal)
        return False
    return True


def keep(
    form: forms.BaseForm,
    kept: Kept,
    save: Save,
    now_says: Callable[[], Mapping[str, Any]],
) -> None:
    """Save a valid form, which tells when its reader saw the row; raises what `save` raises.

    Where somebody saved meanwhile, each field tells what it says now.
    """
    seen_at = form.cleaned_data["seen"] or kept.created_at
    try:
        save(seen_at=seen_at)
    except RuleError:
        if kept.changed_at != seen_at:
            show_theirs(form, now_says(), kept.changed_at)
        raise


def show_theirs(form: forms.BaseForm, now_says: Mapping[str, Any], changed_at: datetime) -> None:
    """Say at each field what it says now; who saves again after that means it."""
    for name, value in now_says.items():
        typed = form.cleaned_data.get(name)
        if name == "seen" or name not in form.fields or typed == value:
            continue
        if said(typed) != said(value):
            form.add_error(name, _("It says now: %(value)s") % {"value": said(value) or "–"})
    data = QueryDict(mutable=True)
    data.update(form.data)
    data["seen"] = changed_at.isoformat()
    form.data = data


def said(value: Any) -> str:
    """A value as the form's reader knows it."""
    if value is None or value is False:
        return ""
    if hasattr(value, "__iter__") and not isinstance(value, str):
        return ", ".join(sorted(map(str, value)))
    return str(value)
