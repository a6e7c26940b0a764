"""The filters of customers as fields to fill in, under their headings."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import django_filters
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from customers.filters import (
    GROUPS,
    LIST_NAMES,
    PREFIX,
    CustomerFilter,
    Group,
    attribute_choices,
    filter_name,
)
from customers.services.staff import owners
from customers.views.filter_words import named_countries, named_rules

MOST_VALUES = 20  # of an attribute that is offered to choose by
# What an address may hold and few would ever choose by: shown only where it is asked for.
RARE = frozenset(
    {"q", "customer_id", "name", "organisation_number", "parent_id", "owner_email"}
    | {"language", "currency", "signed_up_on"}
)
HAVE_MENUS = ("q", "state", "plan", "owner", "country")  # on the list, beside the others
Choices = list[tuple[str, Any]]


@dataclass(frozen=True)
class Condition:
    """One filter: `kind` says which field asks for it, `values` what is asked now."""

    name: str
    label: str | Promise
    kind: str
    values: list[str]
    choices: Choices
    help: str | Promise = ""

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""


@dataclass(frozen=True)
class ConditionGroup:
    """Conditions under a heading; `has_more` says that others are to be asked for."""

    key: str
    label: str | Promise
    conditions: list[Condition]
    has_more: bool = False

    @property
    def chosen(self) -> int:
        """How many of them are asked for."""
        return sum(bool(condition.values) for condition in self.conditions)


def condition_groups(
    query: QueryDict,
    *,
    without: Iterable[str] = (),
    seen: Mapping[str, list[str]] | None = None,
    lazily: bool = False,
) -> list[ConditionGroup]:
    """Every filter but those of these names, and the attributes with few values.

    `seen` are the attributes, where they have been asked for already. With `lazily` the database is
    asked for values to choose from only where some are chosen: others are left for `more_of`.
    """
    groups = [group_of(group, query, without, lazily=lazily) for group in Group]
    offered = attribute_choices() if seen is None else seen
    groups.append(ConditionGroup("attributes", _("Attributes"), attributes(query, offered)))
    return [group for group in groups if group.conditions or group.has_more]


def group_of(
    group: Group, query: QueryDict, without: Iterable[str], *, lazily: bool
) -> ConditionGroup:
    names = [name for name in names_of(group, query) if name not in without]
    later = [name for name in names if lazily and offers_of(name)]
    now = [name for name in names if name not in later or any(query.getlist(name))]
    shown = [one for one in (condition(name, query) for name in now) if may_be_asked(one)]
    has_more = not set(later) <= {one.name for one in shown}
    return ConditionGroup(group.value, group.label, shown, has_more)


def more_of(key: str, query: QueryDict) -> list[Condition]:
    """What a group that was shown without asking has left: values to choose from, none chosen."""
    names = names_of(Group(key), query) if key in Group.values else []
    left = [name for name in names if offers_of(name) and not any(query.getlist(name))]
    found = (condition(name, query) for name in left if name not in HAVE_MENUS)
    return [one for one in found if may_be_asked(one)]


def names_of(group: Group, query: QueryDict) -> list[str]:
    """The filters under a heading; rare ones only where they are asked for."""
    return [
        name
        for name in CustomerFilter.base_filters
        if GROUPS[name] == group and (name not in RARE or any(query.getlist(name)))
    ]


def condition(name: str, query: QueryDict) -> Condition:
    """One filter as a field, with the values to choose from."""
    one = CustomerFilter.base_filters[name]
    values = [value for value in query.getlist(name) if value]
    offers = offers_of(name)
    choices: Choices = list(offers() if offers else one.extra.get("choices", ()))
    told = one.extra.get("help_text", "")
    return Condition(name, one.label, kind_of(one), values, choices, told)


def offers_of(name: str) -> Callable[[], Any] | None:
    return OFFERS.get(name) or getattr(CustomerFilter.base_filters[name], "offers", None)


def kind_of(one: django_filters.Filter) -> str:
    if isinstance(one, django_filters.ChoiceFilter):
        return "one"
    if isinstance(one, django_filters.NumberFilter):
        return "number"
    if isinstance(one, django_filters.DateFilter):
        return "day"
    many = getattr(one, "offers", None) or one.field_name in OFFERS or "choices" in one.extra
    return "many" if many else "text"


def may_be_asked(one: Condition) -> bool:
    """Whether there is anything to choose from, or something chosen."""
    return one.kind != "many" or bool(one.choices or one.values)


def attributes(query: QueryDict, seen: Mapping[str, list[str]]) -> list[Condition]:
    """Attributes with few values to tick, and those that the query asks for."""
    few = {name: values for name, values in seen.items() if 1 < len(values) <= MOST_VALUES}
    known = LIST_NAMES | set(CustomerFilter.base_filters)
    asked = {name: name.removeprefix(PREFIX) for name in query if name not in known and query[name]}
    names = {filter_name(name): name for name in few} | asked
    return [
        Condition(
            name,
            attribute,
            "many",
            [value for value in query.getlist(name) if value],
            [(value, value) for value in few.get(attribute, ())],
        )
        for name, attribute in names.items()
    ]


def owner_choices() -> Choices:
    """Me, nobody, then everyone who may have customers or has some."""
    named = [(str(one.pk), one) for one in owners()]
    return [("me", _("Me")), ("none", _("Nobody")), *named]


OFFERS: dict[str, Callable[[], Choices]] = {
    "owner": owner_choices,
    "country": named_countries,
    "flag": named_rules,
}
