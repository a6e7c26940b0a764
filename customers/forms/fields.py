"""Fields that several forms share."""

from typing import Any

from django import forms
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

from churnapp.common import formats
from churnapp.common.amounts import AmbiguousError, with_point
from churnapp.common.money import is_currency
from churnapp.common.typed_numbers import fits_bigint
from churnapp.models import User
from customers.models import Plan
from customers.services.staff import at_work, why_not

EXAMPLE, SHOWN = "2300.50", 40
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
    """A number, written as the reader's language writes it, or in any way that means one thing."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(widget=widget, localize=True, **options)

    def to_python(self, value: Any) -> Any:
        """The number; an error says how to write it."""
        text = "" if value is None else str(value)
        try:
            return super().to_python(with_point(text, get_format("DECIMAL_SEPARATOR")))
        except AmbiguousError as error:
            thousands, decimal = (formats.typed(reading) for reading in error.readings)
            raise forms.ValidationError(
                _("“%(text)s” can be read in two ways. Write %(thousands)s or %(decimal)s."),
                params={"text": text, "thousands": thousands, "decimal": decimal},
            ) from error
        except forms.ValidationError as error:
            raise forms.ValidationError(
                _("“%(text)s” is no number. Write it like %(example)s."),
                params={"text": text[:SHOWN], "example": formats.typed(EXAMPLE)},
            ) from error


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
    """Somebody who works with customers."""

    def __init__(self, **options: Any) -> None:
        super().__init__(at_work(), **options)

    def keep(self, current: User | None) -> None:
        """Let whoever it is now stay, even if they could not be chosen any more."""
        if current is not None:
            self.queryset = at_work() | User.objects.filter(pk=current.pk).order_by("name", "email")

    def to_python(self, value: Any) -> Any:
        """The person; who can't be chosen is told by name, and what to do instead."""
        try:
            return super().to_python(value)
        except forms.ValidationError:
            text = str(value)
            person = User.objects.filter(pk=int(text)).first() if fits_bigint(text) else None
            if person is None:
                raise
            raise forms.ValidationError(why_not(person)) from None


class PlanField(forms.ModelChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(Plan.objects.all(), **options)
