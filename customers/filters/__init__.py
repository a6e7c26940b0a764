"""Who is meant by a query: filters of customers, in one set for everything that asks.

The modules `movements`, `departures`, `usage` and `risk` register their filters here; other
apps register theirs in a module `filters` of their own.
"""

from customers.filters import departures, movements, risk, usage
from customers.filters.attributes import attribute_choices, attribute_names, countries
from customers.filters.choosing import (
    GROUPS,
    CustomerFilter,
    filter_name,
    register,
    with_points,
)
from customers.filters.groups import Group
from customers.filters.kinds import (
    AnyChoice,
    AnyKeyOf,
    AnyOf,
    ManyValuesFilter,
    When,
    WholeNumber,
    YesOrNo,
    days,
)
from customers.filters.names import LIST_NAMES, PREFIX
from customers.filters.querying import segment, unknown_name
from customers.filters.searching import fitting, formerly

OURS = (departures, movements, risk, usage)

__all__ = [
    "GROUPS",
    "LIST_NAMES",
    "OURS",
    "PREFIX",
    "AnyChoice",
    "AnyKeyOf",
    "AnyOf",
    "CustomerFilter",
    "Group",
    "ManyValuesFilter",
    "When",
    "WholeNumber",
    "YesOrNo",
    "attribute_choices",
    "attribute_names",
    "countries",
    "days",
    "filter_name",
    "fitting",
    "formerly",
    "register",
    "segment",
    "unknown_name",
    "with_points",
]
