"""Customers chosen by an attribute or by a saved view, on pages about what they did.

`attribute.branch=retail` asks for a value, `attribute.branch=none` for customers without one;
`view=12` for the customers that the filters of a saved view choose today.
"""

from collections.abc import Iterator

from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.db.models.lookups import In
from django.http import QueryDict
from django.utils.translation import gettext as _

from churnapp.common.typed_numbers import fits_bigint
from churnapp.models import User
from customers.filters import LIST_NAMES, PREFIX, CustomerFilter, attribute_choices
from customers.filters.offered import segments
from customers.models import Customer, SavedView
from customers.models.customer import CustomerQuerySet
from customers.views.saved_views import views_for

VIEW, ATTRIBUTE = "view", "attribute"  # how an address says a saved view, and what to compare by
NONE = "none"
MOST_VALUES = 20  # of an attribute that is offered to compare by
LONGEST = 100


def conditions(query: QueryDict, user: User, path: str = "") -> Iterator[Q]:
    """What an address asks of the customers at the end of `path`."""
    for name, values in attributes_asked(query).items():
        yield Q(In(attribute_text(name, path), values))
    if (asked := query.get(VIEW, "")) and fits_bigint(asked):
        yield Q(**{f"{path}pk__in": customers_of(asked, user).values("pk")})


def attributes_asked(query: QueryDict) -> dict[str, list[str]]:
    """Attributes with the values that an address gives for them."""
    asked = {}
    for name in query:
        values = [value for value in query.getlist(name) if value and "\0" not in value]
        attribute = name.removeprefix(PREFIX)
        if name.startswith(PREFIX) and attribute and "\0" not in name and values:
            asked[attribute] = values
    return asked


def attribute_text(name: str, path: str = "") -> Coalesce:
    """An attribute's value as text, NONE where there is none."""
    found = Func(
        F(f"{path}attributes"),
        Value(name),
        function="jsonb_extract_path_text",
        output_field=TextField(),
    )
    return Coalesce(NullIf(found, Value("")), Value(NONE), output_field=TextField())


def customers_of(pk: str, user: User) -> CustomerQuerySet:
    """Those that a saved view chooses for `user`; nobody where it can't be read or is gone."""
    nobody = Customer.objects.none()
    view = views_for(user).filter(pk=pk).first()
    if view is None:
        return nobody
    chosen = CustomerFilter(QueryDict(view.query), Customer.objects.all(), user=user)
    return chosen.qs if chosen.is_valid() else nobody


def view_name(pk: str, user: User) -> str:
    names = views_for(user).filter(pk=pk) if fits_bigint(pk) else SavedView.objects.none()
    return names.values_list("name", flat=True).first() or _("no longer there")


def view_choices(query: QueryDict, user: User) -> list[tuple[str, str]]:
    """Saved views to choose from; one in the address that is gone is among them."""
    offered = [(str(pk), name) for pk, name in views_for(user).values_list("pk", "name")]
    asked = query.get(VIEW, "")
    if fits_bigint(asked) and asked not in dict(offered):
        offered.append((asked, _("no longer there")))
    return offered


def segments_to_choose(user: User) -> list[tuple[str, str]]:
    """Saved segments, then saved views that choose, as queries by their names."""
    chosen = {f"segment={key}": str(name) for key, name in segments()}
    for name, query in views_for(user).values_list("name", "query"):
        asked = QueryDict(query, mutable=True)
        for other in LIST_NAMES & set(asked):
            del asked[other]
        for field, values in list(asked.lists()):
            asked.setlist(field, [value for value in values if value])
        if filters := asked.urlencode():
            chosen.setdefault(filters, name)
    return list(chosen.items())


def attribute_to_compare(query: QueryDict) -> str:
    """The attribute that an address compares customers by; empty for none."""
    name = query.get(ATTRIBUTE, "")
    return "" if "\0" in name or len(name) > LONGEST else name


def attributes_to_compare(query: QueryDict) -> list[str]:
    """Attributes with few values, and the one in the address."""
    few = [name for name, values in attribute_choices().items() if 1 < len(values) <= MOST_VALUES]
    asked = attribute_to_compare(query)
    return [*few, asked] if asked and asked not in few else few
