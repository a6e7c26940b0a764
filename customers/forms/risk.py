"""What people fill in about flags and early-warning rules."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from churnapp.common import formats
from churnapp.common.typed_numbers import fits_bigint
from customers.forms.fields import DayField
from customers.models import RiskFlag, RiskRule
from customers.risk.rules import BY_KEY, Number

SOLVED = "solved"
MOST_FLAGS = 200


def token_of(flag: RiskFlag) -> str:
    """A flag and the moment of its last change, as a page shows it."""
    return f"{flag.pk}.{flag.changed_at.isoformat()}"


class FlagsField(forms.MultipleChoiceField):
    """Flags as the page showed them: the moment each was seen at, by the flag's key."""

    default_error_messages = {"required": _("Choose at least one warning.")}

    def to_python(self, value: Any) -> list[str]:
        return tokens_in(",".join(super().to_python(value)))

    def valid_value(self, _value: str) -> bool:
        return True

    def clean(self, value: Any) -> dict[int, datetime]:
        seen = {}
        for token in super().clean(value):
            pk, _dot, moment = token.partition(".")
            if not (fits_bigint(pk) and is_moment(moment)):
                raise forms.ValidationError(_("Open the page again and choose once more."))
            seen[int(pk)] = datetime.fromisoformat(moment)
        return seen


def is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def tokens_in(text: str) -> list[str]:
    return [token for token in text.split(",") if token][:MOST_FLAGS]


class FlagsForm(forms.Form):
    flags = FlagsField(label=_("Warnings"), widget=forms.CheckboxSelectMultiple)


class NotedForm(FlagsForm):
    """Which flags, all of them at first, and what there is to say. `offered` stay on the page."""

    offered = forms.CharField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = self.initial.get("flags", "")
        if self.is_bound:
            posted = cast("QueryDict", self.data)
            offered = posted.get("offered") or ",".join(posted.getlist("flags"))
        self.initial["offered"] = offered
        self.initial["flags"] = tokens_in(offered)

    def offer(self, name_of: Callable[[list[int]], dict[int, str]]) -> None:
        """Lay out the flags that the page showed, in the words that `name_of` has for them."""
        keys = {token: token.partition(".")[0] for token in self.initial["flags"]}
        words = name_of([int(key) for key in keys.values() if fits_bigint(key)])
        self.fields["flags"].choices = [
            (token, words[int(key)])
            for token, key in keys.items()
            if fits_bigint(key) and int(key) in words
        ]


class SnoozeForm(NotedForm):
    """Until when flags are left alone."""

    until = DayField(label=_("Until"))
    field_order = ["flags", "until", "note"]

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
    field_order = ["flags", "outcome", "note"]


class RuleForm(forms.Form):
    """Severity, switch and numbers of one rule."""

    enabled = forms.BooleanField(label=_("Switched on"), required=False)
    severity = forms.TypedChoiceField(
        label=_("Severity"),
        coerce=int,
        choices=[(number, number) for number in range(1, 6)],
        help_text=_("5 is the gravest. A customer's risk is the sum over its open warnings."),
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
