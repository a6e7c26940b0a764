"""From a query string to customers: the one way that figures, rules and segments take."""

from datetime import datetime

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _t

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.filters.attributes import attribute_names
from customers.filters.choosing import CustomerFilter, filter_name
from customers.filters.names import LIST_NAMES, clean
from customers.models import Customer


def segment(
    query: str,
    customers: QuerySet[Customer],
    *,
    user: User | None = None,
    known_at: datetime | None = None,
    within: tuple[int, ...] = (),
) -> QuerySet[Customer]:
    """Customers that a query string such as `plan=pro&country=NO` chooses.

    With `known_at` a customer's plan is asked of the terms believed then, as figures need it, and
    days are counted from there. `within` names saved segments that it may not choose by.
    Raises RuleError for a name that is neither a field nor any customer's attribute, for a name
    without a value, and for a value that a field can't take: each would silently choose everyone.
    """
    names = QueryDict(query)
    refuse_no_segment(query, names)
    if user is None and "me" in names.getlist("owner"):
        raise RuleError(_t("“owner=me” needs somebody who asks. Write an e-mail address."))
    chosen = CustomerFilter(names, customers, user=user, known_at=known_at, within=within)
    for name in chosen.attributes:
        if not customers.filter(attributes__has_key=name).exists():
            raise RuleError(unknown_name(name, sorted(chosen.filters)))
    if not chosen.is_valid():
        raise RuleError(chosen.problems[0])
    return chosen.qs


def refuse_no_segment(query: str, names: QueryDict) -> None:
    """Raise RuleError where a query string chooses nothing, or leaves a value open."""
    for name, values in names.lists():
        if name in LIST_NAMES:
            raise RuleError(unknown_name(name, sorted(CustomerFilter.base_filters)))
        if not all(values):
            raise RuleError(_t("“%(name)s” needs a value.") % {"name": name})
        if any("\0" in text for text in (name, *values)):
            raise RuleError(
                _t("“%(name)s” holds a character that can't be.") % {"name": clean(name)}
            )
    if not names:
        raise RuleError(
            _t("“%(text)s” is no segment. Write plan=pro&country=NO.") % {"text": query}
        )


def unknown_name(name: str, fields: list[str]) -> str:
    known = ", ".join([*fields, *map(filter_name, attribute_names())])
    return _t("“%(name)s” is neither a field nor an attribute. Known are: %(known)s.") % {
        "name": name,
        "known": known,
    }
