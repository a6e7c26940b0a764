"""What the customers behind answers are compared and chosen by, all as they stand today."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from django.db.models import Case, CharField, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable
from django.http import QueryDict
from django.utils.translation import gettext as _

from churnapp.common.typed_numbers import fits_bigint
from churnapp.models import User
from customers.tenures import TENURES
from customers.views.departure_chips import loss, without
from customers.views.departures import given
from customers.views.insight_values import Band
from customers.views.listing import Chip
from customers.views.owner_filter import of_owners

FIRST_PAID, ARR = "standing__first_paid_on", "standing__arr_minor"
NOBODY = "none"  # the owner of customers without one


def conditions(query: QueryDict, today: date, me: User) -> Iterator[Q]:
    """What an address asks of customers; nonsense in it is left out."""
    if plans := given(query, "plan"):
        yield Q(standing__plan__code__in=plans)
    if countries := given(query, "country"):
        yield Q(country__in=countries)
    if owners := given(query, "owner"):
        yield of_owners(owners, me)
    tenures = [band for band in TENURES if band.key in given(query, "tenure")]
    if tenures:
        yield any_of([band.by(today, FIRST_PAID) for band in tenures])
    least, dash, under = query.get("arr", "").partition("-")
    if dash and fits_bigint(least) and (not under or fits_bigint(under)):
        yield Q(**{f"{ARR}__gte": int(least)})
        if under:
            yield Q(**{f"{ARR}__lt": int(under)})


def chips(query: QueryDict, currency: str) -> list[Chip]:
    """What narrows the customers and stands in no field of the form, each with a way out."""
    owners = [int(pk) for pk in query.getlist("owner") if fits_bigint(pk)]
    people = {str(one.pk): str(one) for one in User.objects.filter(pk__in=owners)} if owners else {}
    bands = {band.key: str(band.label) for band in TENURES}
    told: dict[str, tuple[str, Callable[[str], str]]] = {
        "owner": (_("Owner"), lambda value: _("Nobody") if value == NOBODY else people[value]),
        "tenure": (_("Paying for"), bands.__getitem__),
        "arr": (_("MRR today"), lambda value: loss(value, currency)),
    }
    known = {"owner": [*people, NOBODY], "tenure": bands}
    return [
        Chip(label, words(value), without(query, name, value))
        for name, (label, words) in told.items()
        for value in understood(query, name, known.get(name))
    ]


def understood(query: QueryDict, name: str, known: Iterable[str] | None) -> list[str]:
    """What an address says for a trait; of those with known values, nothing else."""
    return [value for value in given(query, name) if known is None or value in known]


def hidden(query: QueryDict) -> list[tuple[str, str]]:
    """What the form carries along, so that another choice leaves the chips standing."""
    return [(name, value) for name in ("owner", "tenure", "arr") for value in given(query, name)]


def any_of(wanted: list[Q]) -> Q:
    whole = Q()
    for one in wanted:
        whole |= one
    return whole


def tenure_of(today: date) -> Combinable:
    """The key of an invitation's band of tenure."""
    whens = [When(band.by(today, f"customer__{FIRST_PAID}"), Value(band.key)) for band in TENURES]
    return Case(*whens, output_field=CharField())


def band_of(bands: list[Band]) -> Combinable:
    """The number of an invitation's band of ARR; none without a standing."""
    path = f"customer__{ARR}"
    whens = []
    for number, band in enumerate(bands):
        within = Q(**{f"{path}__gte": band.low})
        if band.high is not None:
            within &= Q(**{f"{path}__lt": band.high})
        whens.append(When(within, Value(number)))
    return Case(*whens, output_field=IntegerField()) if whens else Value(None)
