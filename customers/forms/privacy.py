"""Look for a person, and be sure before erasing one."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class PersonForm(forms.Form):
    address = forms.CharField(
        label=_("E-mail address, or the name of an author"),
        help_text=_("An author of mentions or reviews whose address nobody knows."),
        max_length=254,
    )


class EraseForm(PersonForm):
    """The address is typed once more: an erasure can't be undone."""

    address = forms.CharField(widget=forms.HiddenInput)
    again = forms.CharField(
        label=_("Type the address once more"),
        help_text=_("Erasing can't be undone."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        address, again = cleaned.get("address", ""), cleaned.get("again", "")
        if again and again.strip().lower() != address.strip().lower():
            self.add_error(
                "again",
                gettext("This is not %(address)s. Type the address just as it stands above.")
                % {"address": address},
            )
        return cleaned
