"""One set of filters for the customer list, the API and `--segment`.

A filter chooses customers by their fields' bare names; any other name is an attribute. An attribute
that is called like a field is meant by `attribute.state`. A name given twice means either value
(`country=NO&country=SE`); different names must all hold.
"""

import math
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

import django_filters
from babel import numbers
from django import forms
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.formats import sanitize_separators
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from churnapp.common.errors import RuleError
from churnapp.common.typed_numbers import fits_bigint
from churnapp.models import Organisation, User
from customers.models import Contact, Customer, CustomerAlias, Standing, Term

# What a list's address also holds, and no filter: never taken for an attribute.
LIST_NAMES = frozenset(
    {"sort", "page", "columns", "view", "format", "cursor", "page_size", "selected", "everyone"}
)
PREFIX = "attribute."  # says that a name is an attribute's, whatever fields there are
SHORT_SEARCH = 3  # letters from which a trigram index can find the middle of a name
MOST_WORDS = 10  # of one search
MOST_FORMER = 1_000  # former ids that one search looks up
MOST_MRR = Decimal(10) ** 18  # more than any amount that can be kept
SAMPLE = 500  # customers whose attributes are offered to filter by


class ManyValuesField(forms.MultipleChoiceField):
    """Any values, given by repeating the name."""

    def valid_value(self, value: str) -> bool:
        return "\0" not in value


class ManyValuesFilter(django_filters.Filter):
    """Either of the values given."""

    field_class = ManyValuesField

    def filter(self, qs: QuerySet[Customer], value: list[str]) -> QuerySet[Customer]:
        if not value:
            return qs
        return qs.filter(**{f"{self.field_name}__in": value})


class CustomerFilter(django_filters.FilterSet):
    """Filters of the customer list. `user` gives `owner=me` its meaning."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    customer_id = ManyValuesFilter(method="known_as", label=_("Customer id"))
    name = ManyValuesFilter(label=_("Name"))
    contact = django_filters.CharFilter(method="who_works_there", label=_("Contact"))
    organisation_number = ManyValuesFilter(label=_("Organisation number"))
    parent_id = ManyValuesFilter(field_name="parent__external_id", label=_("Parent company"))
    state = django_filters.MultipleChoiceFilter(
        field_name="standing__state",
        choices=Standing.State.choices,
        label=_("State"),
        distinct=False,
    )
    plan = ManyValuesFilter(method="on_plan", label=_("Plan"))
    owner = ManyValuesFilter(method="owned_by", label=_("Owner"))
    owner_email = ManyValuesFilter(field_name="owner__email", label=_("Owner's e-mail address"))
    country = ManyValuesFilter(label=_("Country"))
    language = ManyValuesFilter(label=_("Language"))
    currency = ManyValuesFilter(label=_("Currency"))
    risk = django_filters.NumberFilter(
        field_name="standing__risk", lookup_expr="gte", label=_("Risk, at least"), min_value=0
    )
    mrr_from = django_filters.NumberFilter(method="worth_from", label=_("MRR, at least"))
    mrr_to = django_filters.NumberFilter(method="worth_to", label=_("MRR, at most"))
    signed_up_on = django_filters.DateFilter(label=_("Signed up on"))
    signed_up_from = django_filters.DateFilter(
        field_name="signed_up_on", lookup_expr="gte", label=_("Signed up from")
    )
    signed_up_to = django_filters.DateFilter(
        field_name="signed_up_on", lookup_expr="lte", label=_("Signed up until")
    )
    lost_from = django_filters.DateFilter(
        field_name="standing__lost_on", lookup_expr="gte", label=_("Lost from")
    )
    lost_to = django_filters.DateFilter(
        field_name="standing__lost_on", lookup_expr="lte", label=_("Lost until")
    )

    class Meta:
        model = Customer
        fields: list[str] = []

    def __init__(
        self,
        data: QueryDict | None,
        queryset: QuerySet[Customer] | None = None,
        *,
        user: User | None = None,
        known_at: datetime | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data and with_points(data), queryset, **options)
        self.user = user or getattr(self.request, "user", None)
        self.known_at = known_at

    @property
    def attributes(self) -> dict[str, list[str]]:
        """Names in the query that are no field's, with their values: attributes."""
        data = cast("QueryDict", self.data)
        known = LIST_NAMES | set(self.filters)
        found: dict[str, list[str]] = {}
        for name in data:
            values = [clean(value) for value in data.getlist(name) if value]
            if name not in known and values:
                found.setdefault(clean(name).removeprefix(PREFIX), []).extend(values)
        return found

    @property
    def problems(self) -> list[str]:
        """What can't be read, with the field's label."""
        return [f"{self.filters[name].label}: {said[0]}" for name, said in self.errors.items()]

    def filter_queryset(self, queryset: QuerySet[Customer]) -> QuerySet[Customer]:
        found = super().filter_queryset(queryset)
        for name, values in self.attributes.items():
            found = found.filter(has_attribute(name, values))
        return found

    def search(self, customers: QuerySet[Customer], _name: str, text: str) -> QuerySet[Customer]:
        """By words of the name, the beginning of an id or an organisation number, or an address."""
        wanted = text.strip()
        named = fitting(wanted)
        if "@" not in wanted:  # who works there would cost every search the index on names
            return customers.filter(named)
        found = Customer.objects.filter(named).values("pk")
        return customers.filter(pk__in=found.union(whose_contact("email", wanted=wanted)))

    def who_works_there(
        self, customers: QuerySet[Customer], _name: str, text: str
    ) -> QuerySet[Customer]:
        """By words of a contact's name or e-mail address."""
        return customers.filter(pk__in=whose_contact("name", "email", wanted=text.strip()))

    def known_as(
        self, customers: QuerySet[Customer], _name: str, ids: list[str]
    ) -> QuerySet[Customer]:
        """By their ids, also those of records that were merged into them."""
        if not ids:
            return customers
        return customers.filter(Q(external_id__in=ids) | Q(pk__in=formerly(external_id__in=ids)))

    def on_plan(
        self, customers: QuerySet[Customer], _name: str, plans: list[str]
    ) -> QuerySet[Customer]:
        """By the plan as it stood at `known_at`; without one, as customers stand in the list."""
        if not plans:
            return customers
        if self.known_at is None:
            return customers.filter(standing__plan__code__in=plans)
        day = self.known_at.astimezone(Organisation.current().zone).date()
        ever = Term.objects.believed_at(self.known_at).filter(plan__code__in=plans)
        terms = Term.objects.filter(
            subscription__customer__in=ever.values("subscription__customer")
        )
        on_it = terms.with_current_plan(self.known_at, day).filter(Q(current_plan__in=plans))
        return customers.filter(pk__in=on_it.values("subscription__customer"))

    def owned_by(
        self, customers: QuerySet[Customer], _name: str, owners: list[str]
    ) -> QuerySet[Customer]:
        """`me`, `none`, an address or the number of a person."""
        if not owners:
            return customers
        numbered = [owner for owner in owners if fits_bigint(owner)]
        wanted = Q(owner__in=numbered)
        if "me" in owners:
            wanted |= Q(owner=self.user)
        if "none" in owners:
            wanted |= Q(owner=None)
        addresses = [owner for owner in owners if "@" in owner]
        if addresses:
            wanted |= Q(owner__in=User.objects.filter(email__in=addresses))
        return customers.filter(wanted)

    def worth_from(
        self, customers: QuerySet[Customer], _name: str, mrr: Decimal
    ) -> QuerySet[Customer]:
        return customers.filter(standing__arr_minor__gte=annualised(mrr))

    def worth_to(
        self, customers: QuerySet[Customer], _name: str, mrr: Decimal
    ) -> QuerySet[Customer]:
        return customers.filter(standing__arr_minor__lte=annualised(mrr))


def with_points(query: QueryDict) -> QueryDict:
    """A query whose numbers have a decimal point, whatever the reader's language types."""
    kept = query.copy()
    for name, one in CustomerFilter.base_filters.items():
        if name in query and isinstance(one, django_filters.NumberFilter):
            kept.setlist(name, [str(sanitize_separators(text)) for text in query.getlist(name)])
    return kept


def fitting(wanted: str) -> Q:
    """Words of the name, the beginning of an id, a former one too, or an organisation number."""
    return (
        has_words("name", wanted)
        | Q(external_id__startswith=wanted)
        | Q(organisation_number__startswith=wanted.replace(" ", ""))
        | Q(pk__in=formerly(external_id__startswith=wanted))
    )


def formerly(**wanted: Any) -> list[int]:
    """A few customers that were known by other ids, as numbers: a subquery would cost the index."""
    former = CustomerAlias.objects.filter(**wanted).values_list("customer_id", flat=True)
    return list(former[:MOST_FORMER])


def has_words(name: str, wanted: str) -> Q:
    """Every word somewhere in the field, in any order; of fewer letters, its beginning."""
    if len(wanted) < SHORT_SEARCH:
        return Q(**{f"{name}__istartswith": wanted})
    words = wanted.split()[:MOST_WORDS]
    if max(len(word) for word in words) < SHORT_SEARCH:
        words = [wanted]
    return Q(*(Q(**{f"{name}__icontains": word}) for word in words))


def whose_contact(*fields: str, wanted: str) -> QuerySet[Contact, Any]:
    """The customers of the contacts of whom one of the fields has every word, as keys."""
    people = Q(*(has_words(name, wanted) for name in fields), _connector=Q.OR)
    return Contact.objects.filter(people).values("customer_id")


def annualised(mrr: Decimal) -> int:
    """A month's amount of the reporting currency as ARR in minor units."""
    places = numbers.get_currency_precision(Organisation.current().currency)
    within = max(min(mrr, MOST_MRR), -MOST_MRR)
    return round(within.scaleb(places) * 12)


def filter_name(attribute: str) -> str:
    """The name by which a query means the attribute: its own, unless something else has it."""
    taken = attribute in LIST_NAMES or attribute in CustomerFilter.base_filters
    return PREFIX + attribute if taken or attribute.startswith(PREFIX) else attribute


def has_attribute(name: str, values: Iterable[str]) -> Q:
    """Customers with an attribute of one of these values, written as text or as a number."""
    wanted = Q()
    for value in values:
        for meaning in meanings_of(value):
            wanted |= Q(attributes__contains={name: meaning})
    return wanted


def meanings_of(value: str) -> list[str | bool | int | float]:
    """What a word of a query may be in JSON: itself, and a number, true or false."""
    meanings: list[str | bool | int | float] = [value]
    if value.lower() in {"true", "false"}:
        meanings.append(value.lower() == "true")
    try:
        number = float(value)
    except ValueError:
        return meanings
    if math.isfinite(number):
        meanings.append(int(number) if number.is_integer() else number)
    return meanings


def segment(
    query: str,
    customers: QuerySet[Customer],
    *,
    user: User | None = None,
    known_at: datetime | None = None,
) -> QuerySet[Customer]:
    """Customers that a query string such as `plan=pro&country=NO` chooses.

    With `known_at` a customer's plan is asked of the terms believed then, as figures need it.
    Raises RuleError for a name that is neither a field nor any customer's attribute, for a name
    without a value, and for a value that a field can't take: each would silently choose everyone.
    """
    names = QueryDict(query)
    refuse_no_segment(query, names)
    if user is None and "me" in names.getlist("owner"):
        raise RuleError(_t("“owner=me” needs somebody who asks. Write an e-mail address."))
    chosen = CustomerFilter(names, customers, user=user, known_at=known_at)
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


def clean(text: str) -> str:
    return text.replace("\0", "")


def unknown_name(name: str, fields: list[str]) -> str:
    known = ", ".join([*fields, *map(filter_name, attribute_names())])
    return _t("“%(name)s” is neither a field nor an attribute. Known are: %(known)s.") % {
        "name": name,
        "known": known,
    }


def attribute_names() -> list[str]:
    """Attributes that the newest customers have: enough to offer, cheap at any size."""
    return list(attribute_choices())


def attribute_choices() -> dict[str, list[str]]:
    """Attributes of the newest customers with the values seen there, both sorted."""
    with connection.cursor() as cursor:
        cursor.execute(ATTRIBUTES_SEEN, [SAMPLE])
        return dict(cursor.fetchall())


def countries() -> list[str]:
    """Every country that a customer has, by jumping along the index instead of reading it all."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTRIES)
        return [country for (country,) in cursor.fetchall() if country]


ATTRIBUTES_SEEN = """
    SELECT key, array_agg(DISTINCT value ORDER BY value)
    FROM (SELECT attributes FROM customers_customer ORDER BY id DESC LIMIT %s) AS newest,
         jsonb_each_text(attributes) AS pair(key, value)
    WHERE value <> ''
    GROUP BY key
    ORDER BY key
"""

COUNTRIES = """
    WITH RECURSIVE seen AS (
        (SELECT country FROM customers_customer ORDER BY country LIMIT 1)
        UNION ALL
        SELECT (SELECT next.country FROM customers_customer AS next
                WHERE next.country > seen.country ORDER BY next.country LIMIT 1)
        FROM seen WHERE seen.country IS NOT NULL
    )
    SELECT country FROM seen WHERE country <> ''
"""
