"""What people fill in about flags and early-warning rules."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from churnapp.common import formats
from customers.forms.fields import DayField
from customers.models import RiskFlag, RiskRule
from customers.risk.rules import BY_KEY, Number

SOLVED = "solved"
MOST_FLAGS = 200


def token_of(flag: RiskFlag) -> str:
    """A flag and the moment of its last change, as a page shows it."""
    return f"{flag.pk}.{flag.changed_at.isoformat()}"


class FlagsForm(forms.Form):
    """Flags as the page showed them."""

    flags = forms.CharField(widget=forms.HiddenInput)

    def clean_flags(self) -> dict[int, datetime]:
        """The moment each flag was seen at, by the flag's key."""
        seen = {}
        for token in self.cleaned_data["flags"].split(",")[:MOST_FLAGS]:
            pk, _dot, moment = token.partition(".")
            try:
                seen[int(pk)] = datetime.fromisoformat(moment)
            except ValueError:
                raise forms.ValidationError(
                    _("Open the page again and choose once more.")
                ) from None
        return seen


class NotedForm(FlagsForm):
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )


class SnoozeForm(NotedForm):
    """Until when flags are left alone."""

    until = DayField(label=_("Until"))
    field_order = ["until", "note"]

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["until"].initial = today + timedelta(days=14)
        self.fields["until"].widget.attrs["min"] = (today + timedelta(days=1)).isoformat()
        self.fields["until"].help_text = _("It comes back on that day, or before if it gets worse.")


class ResolveForm(NotedForm):
    """Why a flag is closed: dealt with, or no warning at all."""

    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[
            (SOLVED, _("Dealt with")),
            *[(value, capfirst(name)) for value, name in RiskFlag.Dismissal.choices if value],
        ],
        initial=SOLVED,
        widget=forms.RadioSelect,
    )
    field_order = ["outcome", "note"]


class RuleForm(forms.Form):
    """Severity, switch and numbers of one rule."""

    enabled = forms.BooleanField(label=_("Switched on"), required=False)
    severity = forms.TypedChoiceField(
        label=_("Severity"),
        coerce=int,
        choices=[(number, number) for number in range(1, 6)],
        help_text=_("5 is the gravest. A customer's risk is the sum over its open flags."),
    )

    def __init__(self, *args: Any, rule: RiskRule, **options: Any) -> None:
        known = BY_KEY[rule.key]
        beginning = {"enabled": rule.enabled, "severity": rule.severity}
        options["initial"] = beginning | known.numbers_from(rule.params)
        super().__init__(*args, **options)
        self.names = [number.name for number in known.numbers]
        self.fields |= {number.name: number_field(number) for number in known.numbers}

    @property
    def params(self) -> dict[str, int]:
        """The rule's own numbers as filled in; the form must be valid."""
        return {name: self.cleaned_data[name] for name in self.names}


def number_field(number: Number) -> forms.IntegerField:
    words = {
        "unit": number.unit,
        "least": formats.number(number.least),
        "most": formats.number(number.most),
    }
    return forms.IntegerField(
        label=str(number.label),
        min_value=number.least,
        max_value=number.most,
        help_text=_("%(unit)s, %(least)s to %(most)s") % words,
    )
