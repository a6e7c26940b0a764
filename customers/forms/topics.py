"""A topic of mail as readers see it: its words, its place, and whom it is for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from churnapp.common import formats
from customers.forms.customers import SeenMixin
from customers.models import Topic
from customers.services.topics import MOST

FALLBACK = _("Empty: readers see the English.")


def name(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=MOST["name"], **options)


def about(label: Any, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, max_length=MOST["about"], widget=widget, **options)


class TopicForm(SeenMixin):
    """Its words in each language, of which English must be there."""

    name_en = name(_("Name in English"))
    about_en = about(_("What it is about, in English"))
    name_nb = name(_("Name in Norwegian"), required=False, help_text=FALLBACK)
    about_nb = about(_("What it is about, in Norwegian"), required=False, help_text=FALLBACK)
    name_da = name(_("Name in Danish"), required=False, help_text=FALLBACK)
    about_da = about(_("What it is about, in Danish"), required=False, help_text=FALLBACK)
    name_sv = name(_("Name in Swedish"), required=False, help_text=FALLBACK)
    about_sv = about(_("What it is about, in Swedish"), required=False, help_text=FALLBACK)
    place = forms.TypedChoiceField(
        label=_("Place in the list"), coerce=int, help_text=_("The others move along.")
    )
    by_default = forms.BooleanField(label=_("Also for people who did not choose"), required=False)

    rows = (
        ("name_en",), ("about_en",), ("name_nb",), ("about_nb",), ("name_da",), ("about_da",),
        ("name_sv",), ("about_sv",), ("place",), ("by_default",),
    )  # fmt: skip

    def __init__(self, topics: Sequence[Topic], silent: int, *args: Any, **options: Any) -> None:
        """Among `topics` it has its place; `silent` people never said whether they want it."""
        super().__init__(*args, **options)
        place = self.fields["place"]
        if isinstance(place, forms.TypedChoiceField):
            place.choices = [(number, str(number)) for number in range(1, len(topics) + 1)]
        self.fields["by_default"].help_text = affected(silent)


def affected(silent: int) -> str:
    """What switching the default does, and to how many."""
    told = ngettext(
        "%(count)s contact never chose: they get its mails while this is on, and none while it is"
        " off.",
        "%(count)s contacts never chose: they get its mails while this is on, and none while it is"
        " off.",
        silent,
    )
    return told % {"count": formats.number(silent)}
