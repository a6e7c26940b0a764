"""What a segment is called, and which people at its customers are meant."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from customers.filters.contacts import ContactFilter
from customers.models import Contact, Segment
from customers.models.customer import LANGUAGES
from customers.services.segments import LONGEST_DESCRIPTION, LONGEST_NAME, SegmentDetails

PREFIX = "segment"  # its fields never meet those of the conditions beside them


class SegmentForm(forms.Form):
    """All of a segment but its conditions; `seen` tells which version the person had."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    description = forms.CharField(
        label=_("Description"),
        max_length=LONGEST_DESCRIPTION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What it is for, and what to know before it is used."),
    )
    contact_role = forms.MultipleChoiceField(
        label=_("Role"),
        choices=Contact.Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    contact_language = forms.MultipleChoiceField(
        label=_("Language"),
        choices=LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=ContactFilter.base_filters["contact_language"].extra["help_text"],
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    # Where a rule names a part of the segment, the field that asks for it.
    asked_as = {"contact_query": "contact_role"}

    def __init__(
        self, data: QueryDict | None = None, *, segment: Segment | None = None, name: str = ""
    ) -> None:
        initial = beginning(segment) if segment else {"name": name}
        super().__init__(data, prefix=PREFIX, initial=initial)

    @property
    def contact_query(self) -> str:
        """The chosen roles and languages as a query string; what can't be read is left out."""
        asked = QueryDict(mutable=True)
        for name in ContactFilter.base_filters:
            field = self[name]
            asked.setlist(name, list(field.data or ()) if self.is_bound else field.initial or [])
        return asked.urlencode()

    @property
    def seen_at(self) -> datetime | None:
        try:
            return parse_datetime(self.cleaned_data["seen"])
        except ValueError:
            return None

    def details(self, conditions: str) -> SegmentDetails:
        given = self.cleaned_data
        return SegmentDetails(given["name"], conditions, given["description"], self.contact_query)


def beginning(segment: Segment) -> dict[str, Any]:
    """What the fields hold before anybody types."""
    people = QueryDict(segment.contact_query)
    chosen = {name: people.getlist(name) for name in ContactFilter.base_filters}
    told = {"name": segment.name, "description": segment.description}
    return told | chosen | {"seen": segment.changed_at.isoformat()}
