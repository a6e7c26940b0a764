"""One set of filters for the customer list, the API, figures, sending rules and segments.

A filter chooses customers by their fields' bare names; any other name is an attribute. An attribute
that is called like a field is meant by `attribute.state`. A name given twice means either value
(`country=NO&country=SE`); different names must all hold.

What filters are not declared here are registered: see `register`.
"""

from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

import django_filters
from babel import numbers
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.formats import sanitize_separators
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from churnapp.common.errors import RuleError
from churnapp.common.typed_numbers import fits_bigint
from churnapp.models import Organisation, User
from customers.filters.attributes import has_attribute
from customers.filters.groups import Group
from customers.filters.kinds import ManyKeysFilter, ManyValuesFilter, When
from customers.filters.names import LIST_NAMES, PREFIX, clean
from customers.filters.offered import plans, segments
from customers.filters.searching import fitting, formerly, whose_contact
from customers.models import Customer, Segment, SegmentMember, Standing, Term

MOST_MRR = Decimal(10) ** 18  # more than any amount that can be kept
DEEPEST = 5  # segments that may stand within each other


class CustomerFilter(django_filters.FilterSet):
    """Filters of customers. `user` gives `owner=me` its meaning.

    `within` holds the segments whose conditions these are, from the outermost on.
    """

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
    plan = ManyValuesFilter(method="on_plan", label=_("Plan"), offers=plans)
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
    segment = ManyKeysFilter(
        method="in_segment",
        label=_("Segment"),
        offers=segments,
        help_text=_("Members of a saved segment: frozen ones as they were, others as now."),
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
        within: tuple[int, ...] = (),
        **options: Any,
    ) -> None:
        super().__init__(data and with_points(data), queryset, **options)
        self.user = user or getattr(self.request, "user", None)
        self.known_at, self.within = known_at, within

    @cached_property
    def when(self) -> When:
        return When(self.known_at)

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

    @cached_property
    def form(self) -> Any:
        """The values as they were typed; a segment that can't be one is wrong among them."""
        form = super().form
        keys = form.is_bound and form.is_valid() and form.cleaned_data.get("segment")
        for key in keys or ():
            try:
                self.saved[int(key)] = self.members_of(int(key))
            except RuleError as error:
                form.add_error("segment", str(error))
                break
        return form

    @cached_property
    def saved(self) -> dict[int, QuerySet[Any, Any]]:
        """Who is in each of the segments that are asked for, as keys."""
        return {}

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
        ever = Term.objects.believed_at(self.known_at).filter(plan__code__in=plans)
        terms = Term.objects.filter(
            subscription__customer__in=ever.values("subscription__customer")
        )
        current = terms.with_current_plan(self.known_at, self.when.today)
        on_it = current.filter(Q(current_plan__in=plans))
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
            wanted |= Q(owner__in=[self.user] if self.user else [])
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

    def in_segment(
        self, customers: QuerySet[Customer], _name: str, keys: list[str]
    ) -> QuerySet[Customer]:
        """Members of either segment: frozen ones as they were, others as they are now."""
        if not keys:
            return customers
        inside = (Q(pk__in=self.saved[int(key)]) for key in keys)
        return customers.filter(Q(*inside, _connector=Q.OR))

    def members_of(self, key: int) -> QuerySet[Any, Any]:
        """Keys of a segment's members. Raises RuleError for one that chooses itself, or none."""
        one = Segment.objects.filter(pk=key).first()
        if one is None:
            raise RuleError(_t("There is no segment %(number)s.") % {"number": key})
        if one.pk in self.within:
            raise RuleError(
                _t("“%(name)s” would choose among its own members. Take that condition away.")
                % {"name": one}
            )
        if len(self.within) >= DEEPEST:
            raise RuleError(
                _t("Segments stand in each other more than %(most)s deep.") % {"most": DEEPEST}
            )
        if one.frozen_at:
            return SegmentMember.objects.filter(segment=one).values("customer")
        inner = CustomerFilter(
            QueryDict(one.query),
            Customer.objects.all(),
            user=self.user,
            known_at=self.known_at,
            within=(*self.within, one.pk),
        )
        if not inner.is_valid():
            raise RuleError(f"{one}: {inner.problems[0]}")
        return inner.qs.values("pk")


# Under which heading each filter stands.
GROUPS: dict[str, Group] = dict.fromkeys(CustomerFilter.base_filters, Group.FACTS)
MONEY = ("state", "plan", "mrr_from", "mrr_to", "lost_from", "lost_to")
GROUPS |= dict.fromkeys(MONEY, Group.MONEY) | {"risk": Group.RISK, "segment": Group.SEGMENTS}


def register(name: str, one: django_filters.Filter, group: Group) -> None:
    """Add a filter that every list, figure, rule and segment then understands.

    An app registers its own in its module `filters`, which is found by its name when Django starts:

        register("nps_to", WholeNumber(_("NPS, at most"), asks), Group.ANSWERS)

    where `asks(value, when)` gives the condition on customers as a `Q`, by a subquery that an index
    answers. An attribute of that name is from then on meant by `attribute.nps_to`.
    Raises ValueError for a name that is taken.
    """
    if name in CustomerFilter.base_filters or name in LIST_NAMES:
        raise ValueError(name)
    if one.field_name is None:
        one.field_name = name
    CustomerFilter.declared_filters[name] = one
    CustomerFilter.base_filters[name] = one
    GROUPS[name] = group


def with_points(query: QueryDict) -> QueryDict:
    """A query whose numbers have a decimal point, whatever the reader's language types."""
    kept = query.copy()
    for name, one in CustomerFilter.base_filters.items():
        if name in query and isinstance(one, django_filters.NumberFilter):
            kept.setlist(name, [str(sanitize_separators(text)) for text in query.getlist(name)])
    return kept


def annualised(mrr: Decimal) -> int:
    """A month's amount of the reporting currency as ARR in minor units."""
    places = numbers.get_currency_precision(Organisation.current().currency)
    within = max(min(mrr, MOST_MRR), -MOST_MRR)
    return round(within.scaleb(places) * 12)


def filter_name(attribute: str) -> str:
    """The name by which a query means the attribute: its own, unless something else has it."""
    taken = attribute in LIST_NAMES or attribute in CustomerFilter.base_filters
    return PREFIX + attribute if taken or attribute.startswith(PREFIX) else attribute
