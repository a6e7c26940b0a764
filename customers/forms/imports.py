"""Forms of the import pages: a file, and which of its columns is which of ours."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from customers.importing import arranging
from customers.importing.arranging import DAYS, DECIMAL, LEFT_OUT
from customers.importing.columns import Column, Reads
from customers.importing.errors import FileRefusedError
from customers.importing.kinds import Kind
from customers.importing.labels import label
from customers.importing.proposing import Proposal
from customers.importing.wording import file_sentence
from customers.models import Import
from customers.services.imports import Wish

UNKNOWN, OUT = "", "-"
SETTABLE = ("plan", "feature", "channel", "quantity", "reason")


class UploadForm(forms.Form):
    """A file, and what it tells of."""

    file = forms.FileField(label=_("CSV file"))
    kind = forms.ChoiceField(
        label=_("What it tells of"),
        required=False,
        choices=[("", _("Recognise it by its columns")), *Import.Kind.choices],
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size and file.size > settings.IMPORT_MAX_BYTES:
            limit = settings.IMPORT_MAX_BYTES // 1024**2
            sentence = file_sentence({"code": "too_many_bytes", "limit": limit})
            raise forms.ValidationError(sentence)
        return file


class ColumnsForm(forms.Form):
    """One choice a column of the file, values for what it lacks, and how it writes numbers."""

    decimal = forms.ChoiceField(
        label=_("Decimal mark"),
        required=False,
        choices=[
            ("", _("As the file shows")),
            ("point", _("Point: 1,234.50")),
            ("comma", _("Comma: 1.234,50")),
        ],
    )
    dates = forms.ChoiceField(
        label=_("Order of dates"),
        required=False,
        choices=[
            ("", _("As the file shows")),
            ("DMY", _("Day first: 31/01/2025")),
            ("MDY", _("Month first: 01/31/2025")),
        ],
    )

    def __init__(self, kind: Kind, header: Sequence[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        self.header = header
        for place, theirs in enumerate(header):
            if theirs:
                self.fields[f"column_{place}"] = self._column_field(theirs)
        for column in kind.columns:
            if column.reads in {Reads.CHOICE, Reads.CURRENCY} or column.name in SETTABLE:
                self.fields[f"set_{column.name}"] = _value_field(column)

    def _column_field(self, theirs: str) -> forms.ChoiceField:
        spare = [(UNKNOWN, _("Leave out"))]
        if self.kind.keeps_extras:
            spare = [(UNKNOWN, _("Keep as an attribute")), (OUT, _("Leave out"))]
        ours = [(column.name, _option(column)) for column in self.kind.columns]
        return forms.ChoiceField(label=theirs, required=False, choices=[*spare, *ours])

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("column_")]

    @property
    def value_fields(self) -> list[forms.BoundField]:
        """Values for every row, for what no column of the file says."""
        said = {field.value() for field in self.column_fields}
        names = [name for name in self.fields if name.startswith("set_")]
        return [self[name] for name in names if name.removeprefix("set_") not in said]

    @property
    def mapping(self) -> dict[str, str]:
        """Theirs to ours, as the import takes it."""
        out = {OUT} if self.kind.keeps_extras else {OUT, UNKNOWN}
        chosen = {
            theirs: self.cleaned_data[f"column_{place}"]
            for place, theirs in enumerate(self.header)
            if theirs
        }
        return {
            theirs: LEFT_OUT if ours in out else ours
            for theirs, ours in chosen.items()
            if ours or ours in out
        }

    @property
    def fixed_values(self) -> dict[str, str]:
        """Ours to one value, for columns that the file does not have."""
        mapped = set(self.mapping.values())
        values = {name.removeprefix("set_"): self.cleaned_data[name] for name in self.fields}
        return {
            name: value
            for name, value in values.items()
            if value and name not in mapped and (name in self.kind.names or name in (DECIMAL, DAYS))
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                arranging.arrange(self.kind, self.header, self.mapping, self.fixed_values)
            except FileRefusedError as refusal:
                raise forms.ValidationError(
                    file_sentence({"code": refusal.code} | refusal.facts)
                ) from refusal
        return cleaned


def first_values(
    kind: Kind, header: Sequence[str], proposal: Proposal, chosen: Wish | None
) -> dict[str, str]:
    """What the form shows first: what was chosen before, else what is proposed."""
    if chosen is None:
        columns, values = list(proposal.columns), proposal.fixed_values
    else:
        out = OUT if kind.keeps_extras else UNKNOWN
        ours = [chosen.mapping.get(theirs, UNKNOWN) for theirs in header]
        dropped = [chosen.mapping.get(theirs) == LEFT_OUT for theirs in header]
        columns = [out if gone else name for name, gone in zip(ours, dropped, strict=True)]
        values = chosen.fixed_values
    shown = {f"column_{place}": ours for place, ours in enumerate(columns)}
    ways = {name: values[name] for name in (DECIMAL, DAYS) if name in values}
    return shown | ways | {f"set_{name}": value for name, value in values.items()}


def _option(column: Column) -> str:
    """A column of ours with its name in the contract, the needed ones marked."""
    needed = str(_(", needed")) if column.required else ""
    return f"{label(column.name)} ({column.name}{needed})"


def _value_field(column: Column) -> forms.Field:
    if column.reads == Reads.CHOICE:
        values = sorted(set(column.choices.values()))
        choices = [("", "—"), *((value, value) for value in values)]
        return forms.ChoiceField(label=label(column.name), required=False, choices=choices)
    return forms.CharField(label=label(column.name), required=False, max_length=column.longest)
