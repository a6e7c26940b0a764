"""Two people editing one thing: the second sees what changed and keeps what they typed."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from django.http import QueryDict
from django.utils.translation import gettext as _

from churnapp.common import formats
from churnapp.common.errors import RuleError
from customers.forms.customers import SeenMixin, shown
from customers.services.customers import EditedMeanwhileError
from customers.views.dialogs import Done


def or_show_theirs(form: SeenMixin, act: Callable[[], Done], sealed: str) -> Done:
    """Save; where somebody else was quicker, say what they changed and keep what was typed.

    The form then has seen their version, so that sending it again overwrites knowingly.
    """
    try:
        return act()
    except EditedMeanwhileError as error:
        typed = cast("QueryDict", form.data).copy()
        typed["seen"] = sealed
        form.data = typed
        for name, value in error.now.items():
            if name in form.fields:
                form.add_error(name, _("Now: %(value)s") % {"value": readable(value)})
        message = _(
            "Somebody else changed this while you were writing. Your version is kept below: "
            "send it again to put it over theirs."
        )
        raise RuleError(message) from error


def readable(value: Any) -> str:
    """A field's value in a sentence."""
    if value in (None, "", {}):
        return _("empty")
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {shown(held)}" for name, held in sorted(value.items()))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return formats.day(value) if hasattr(value, "isoformat") else str(value)
