"""Fields that several forms share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from churnapp.common.money import is_currency
from churnapp.models import User
from customers.models import Plan

INTERVALS = [
    ("month", _("a month")),
    ("year", _("a year")),
    ("quarter", _("a quarter")),
    ("half-year", _("half a year")),
    ("week", _("a week")),
    ("day", _("a day")),
]


class DayField(forms.DateField):
    """A day, from the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **options)


class AmountField(forms.DecimalField):
    """A number, written as the reader's language writes it."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(widget=widget, localize=True, **options)


class CurrencyField(forms.CharField):
    """An ISO 4217 code."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"})
        super().__init__(max_length=3, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        code = str(super().clean(value)).upper()
        if code and not is_currency(code):
            raise forms.ValidationError(
                _("%(code)s is no currency. Use an ISO 4217 code such as EUR."),
                params={"code": code},
            )
        return code


class PersonField(forms.ModelChoiceField):
    """Somebody who works here."""

    def __init__(self, **options: Any) -> None:
        people = User.objects.filter(is_active=True).order_by("name", "email")
        super().__init__(people, **options)


class PlanField(forms.ModelChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(Plan.objects.all(), **options)
