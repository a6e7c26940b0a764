"""How filters in an address are said to a person: labels of fields, words of values."""

from collections.abc import Sequence
from datetime import date
from operator import itemgetter

import django_filters
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from churnapp.common import formats
from churnapp.common.typed_numbers import fits_bigint
from churnapp.models import User
from customers.filters import PREFIX, CustomerFilter, countries
from customers.models import Plan, RiskRule, Segment
from customers.risk.rules import BY_KEY


def filter_label(name: str) -> str | Promise:
    """The field's label; an attribute is called by its own name."""
    field = CustomerFilter.base_filters.get(name)
    return field.label if field else name.removeprefix(PREFIX)


def filter_words(name: str, values: Sequence[str]) -> dict[str, str]:
    """The values of one filter, each as a person says it."""
    names = {
        "owner": owner_names,
        "plan": plan_names,
        "segment": segment_names,
        "flag": rule_names,
    }.get(name)
    known = names(values) if names and values else offered(name)
    return {value: known.get(value) or value_words(name, value) for value in values}


def owner_names(values: Sequence[str]) -> dict[str, str]:
    numbered = [value for value in values if fits_bigint(value)]
    people = {str(one.pk): str(one) for one in User.objects.filter(pk__in=numbered)}
    return {"me": _("me"), "none": _("nobody")} | people


def plan_names(values: Sequence[str]) -> dict[str, str]:
    return {plan.code: str(plan) for plan in Plan.objects.filter(code__in=values)}


def segment_names(values: Sequence[str]) -> dict[str, str]:
    """Archived ones too: where they are in use they go on meaning the same."""
    numbered = [value for value in values if fits_bigint(value)]
    return {str(one.pk): one.name for one in Segment.objects.filter(pk__in=numbered)}


def rule_names(_values: Sequence[str]) -> dict[str, str]:
    return {key: str(name) for key, name in named_rules()}


def named_rules() -> list[tuple[str, str | Promise]]:
    """Early-warning rules by what they are called."""
    rules = {rule.key: rule for rule in RiskRule.objects.all()}
    return [
        (key, rule.name or (BY_KEY[key].name if key in BY_KEY else key))
        for key, rule in rules.items()
    ]


def offered(name: str) -> dict[str, str]:
    """What the filter itself calls the values that it offers."""
    offers = getattr(CustomerFilter.base_filters.get(name), "offers", None)
    return {value: str(text) for value, text in offers()} if offers else {}


def named_countries() -> list[tuple[str, str]]:
    """Every country that a customer has, with its name in the reader's language, by that name."""
    named = [(code, formats.country(code)) for code in countries()]
    return sorted(named, key=itemgetter(1))


def value_words(name: str, value: str) -> str:
    """A choice by its label; a number, a day and a country as the reader's language has them."""
    if name == "country":
        return formats.country(value)
    field = CustomerFilter.base_filters.get(name)
    if isinstance(field, django_filters.NumberFilter):
        return formats.typed(value)
    if isinstance(field, django_filters.DateFilter):
        return day_words(value)
    choices = dict(field.extra.get("choices", ())) if field else {}
    return str(choices.get(value, value))


def day_words(value: str) -> str:
    try:
        return formats.day(date.fromisoformat(value))
    except ValueError:
        return value


NAMED = {
    "owner": owner_names,
    "plan": plan_names,
    "segment": segment_names,
    "flag": rule_names,
}
