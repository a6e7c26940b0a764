"""Kinds of filters: each turns what was typed into the condition that a customer must meet.

A filter that looks beyond a column of its own takes a question, `asks(value, when)`, which gives
the condition. `when` says as of which moment it is judged.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from churnapp.common.typed_numbers import fits_bigint
from churnapp.models import Organisation
from customers.models import Customer

MOST_DAYS = 36_500
YES, NO = "true", "false"


@dataclass(frozen=True)
class When:
    """As of which moment customers are judged; without one, as they are now."""

    known_at: datetime | None = None

    @property
    def moment(self) -> datetime:
        return self.known_at or timezone.now()

    @cached_property
    def today(self) -> date:
        """The organisation's day of that moment."""
        return self.moment.astimezone(Organisation.current().zone).date()


Question = Callable[[Any, When], Q]
Offers = Callable[[], Iterable[tuple[str, str | Promise]]]


class ManyValuesField(forms.MultipleChoiceField):
    """Any values, given by repeating the name."""

    def valid_value(self, value: str) -> bool:
        return "\0" not in value


class KeysField(forms.MultipleChoiceField):
    """Numbers that rows are known by, given by repeating the name."""

    def valid_value(self, value: str) -> bool:
        return fits_bigint(value)


class ManyValuesFilter(django_filters.Filter):
    """Either of the values given; `offers` gives those to choose from, with their names."""

    field_class: type[forms.Field] = ManyValuesField

    def __init__(self, *args: Any, offers: Offers | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offers = offers

    def filter(self, qs: QuerySet[Customer], value: list[str]) -> QuerySet[Customer]:
        if not value:
            return qs
        return qs.filter(**{f"{self.field_name}__in": value})


class ManyKeysFilter(ManyValuesFilter):
    """Either of the rows given by their numbers."""

    field_class = KeysField


class Asking(django_filters.Filter):
    """A filter by a question."""

    parent: Any

    def __init__(self, label: str | Promise, asks: Question, **options: Any) -> None:
        super().__init__(label=label, **options)
        self.asks = asks

    def meaning(self, value: Any) -> Any:
        """The typed value as the question takes it."""
        return value

    def filter(self, qs: QuerySet[Customer], value: Any) -> QuerySet[Customer]:
        if value in (None, "", []):
            return qs
        return qs.filter(self.asks(self.meaning(value), self.parent.when))


class AnyOf(Asking, ManyValuesFilter):
    """Either of the values given, such as keys and codes."""


class AnyKeyOf(Asking, ManyKeysFilter):
    """Either of the rows given by their numbers."""

    def meaning(self, value: Sequence[str]) -> list[int]:
        return [int(key) for key in value]


class AnyChoice(Asking, django_filters.MultipleChoiceFilter):
    """Either of a few fixed choices."""


class WholeNumber(Asking, django_filters.NumberFilter):
    """A whole number within limits."""

    field_class = forms.IntegerField


class YesOrNo(Asking, django_filters.ChoiceFilter):
    """`true` or `false`; any other word is an error, since it would choose everyone."""

    def __init__(self, label: str | Promise, asks: Question, **options: Any) -> None:
        choices = [(YES, _("Yes")), (NO, _("No"))]
        super().__init__(label, asks, choices=choices, **options)

    def meaning(self, value: str) -> bool:
        return value == YES


def days(label: str | Promise, asks: Question, **options: Any) -> WholeNumber:
    """A number of days from the organisation's today."""
    return WholeNumber(label, asks, min_value=0, max_value=MOST_DAYS, **options)
