"""Whom something is for: a saved segment or view by its name, or a filter that is written."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

Saved = Iterable[tuple[str, str]]  # each by its query, with its name


def chosen_field() -> forms.ChoiceField:
    """The saved ones; `offer_saved` fills them in."""
    return forms.ChoiceField(
        label=_("Whom it is for"),
        required=False,
        help_text=_("A saved segment, or a saved view of the customer list as it is now."),
    )


def offer_saved(form: forms.BaseForm, saved: Saved, text: str, none: Any) -> None:
    """Offer them by query and name, and `none` of them; `text` names the field of the filter."""
    offered = dict(saved)
    field: Any = form.fields["chosen"]
    field.choices = [("", none), *offered.items()]
    query = form.get_initial_for_field(form.fields[text], text)
    if query in offered:
        form.initial.update({"chosen": query, text: ""})


def take_chosen(form: forms.BaseForm, cleaned: dict[str, Any], text: str) -> dict[str, Any]:
    """A saved one stands for its filter; one written beside it would be passed over."""
    chosen, written = cleaned.get("chosen"), cleaned.get(text)
    if chosen and written not in {None, "", chosen}:
        form.add_error(text, _("Choose a saved one or write a filter, not both."))
    elif chosen:
        cleaned[text] = chosen
    return cleaned
