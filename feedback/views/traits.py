"""What the customers behind answers are compared and chosen by, as they stand today.

Who was asked on leaving is known by how long they had paid until then.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from django.db.models import Case, CharField, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable
from django.http import QueryDict
from django.utils.translation import gettext as _

from churnapp.common.typed_numbers import fits_bigint
from churnapp.models import User
from customers.filters import PREFIX
from customers.tenures import TENURES, Tenure
from customers.views import segments
from customers.views.departure_chips import attribute_chips, loss, without
from customers.views.departures import blank_for_none, given
from customers.views.insight_values import Band
from customers.views.listing import Chip
from customers.views.owner_filter import of_owners
from feedback.models import SurveyKind

FIRST_PAID, ARR = "standing__first_paid_on", "standing__arr_minor"
LEFT_ON = "cancellation__effective_on"
NOBODY = "none"  # of customers without an owner, a plan or a country


def conditions(query: QueryDict, me: User) -> Iterator[Q]:
    """What an address asks of customers but for their tenure; nonsense in it is left out."""
    yield from segments.conditions(query, me)
    if plans := given(query, "plan"):
        planless = Q(standing__plan=None) if NOBODY in plans else Q()
        yield Q(standing__plan__code__in=plans) | planless
    if countries := given(query, "country"):
        yield Q(country__in=blank_for_none(countries))
    if owners := given(query, "owner"):
        yield of_owners(owners, me)
    least, dash, under = query.get("arr", "").partition("-")
    if dash and fits_bigint(least) and (not under or fits_bigint(under)):
        yield Q(**{f"{ARR}__gte": int(least)})
        if under:
            yield Q(**{f"{ARR}__lt": int(under)})


def paying_for(query: QueryDict, today: date) -> Iterator[Q]:
    """How long customers have paid by today, as an address asks it."""
    if bands := tenures_in(query):
        yield any_of([band.by(today, FIRST_PAID) for band in bands])


def paid_until_they_left(query: QueryDict) -> Q:
    """How long customers had paid when they left, asked of invitations and answers alike."""
    return any_of([band.condition(LEFT_ON) for band in tenures_in(query)])


def tenures_in(query: QueryDict) -> list[Tenure]:
    return [band for band in TENURES if band.key in given(query, "tenure")]


def tenure_label(kind: str) -> str:
    return _("Had paid for") if kind == SurveyKind.EXIT else _("Paying for")


def chips(query: QueryDict, kind: str, currency: str) -> list[Chip]:
    """What narrows the customers and stands in no field of the form, each with a way out."""
    owners = [int(pk) for pk in query.getlist("owner") if fits_bigint(pk)]
    people = {str(one.pk): str(one) for one in User.objects.filter(pk__in=owners)} if owners else {}
    bands = {band.key: str(band.label) for band in TENURES}
    told: dict[str, tuple[str, Callable[[str], str]]] = {
        "owner": (_("Owner"), lambda value: _("Nobody") if value == NOBODY else people[value]),
        "tenure": (tenure_label(kind), bands.__getitem__),
        "arr": (_("MRR today"), lambda value: loss(value, currency)),
    }
    known = {"owner": [*people, NOBODY], "tenure": bands}
    return attribute_chips(query) + [
        Chip(label, words(value), without(query, name, value))
        for name, (label, words) in told.items()
        for value in understood(query, name, known.get(name))
    ]


def understood(query: QueryDict, name: str, known: Iterable[str] | None) -> list[str]:
    """What an address says for a trait; of those with known values, nothing else."""
    return [value for value in given(query, name) if known is None or value in known]


def hidden(query: QueryDict) -> list[tuple[str, str]]:
    """What the form carries along, so that another choice leaves the chips standing."""
    attributes = [PREFIX + name for name in segments.attributes_asked(query)]
    names = ("owner", "tenure", "arr", *attributes)
    return [(name, value) for name in names for value in given(query, name)]


def any_of(wanted: list[Q]) -> Q:
    whole = Q()
    for one in wanted:
        whole |= one
    return whole


def tenure_of(kind: str, today: date) -> Combinable:
    """The key of an invitation's band of tenure: by today, or when the customer left."""
    left = kind == SurveyKind.EXIT
    whens = [
        When(
            band.condition(LEFT_ON) if left else band.by(today, f"customer__{FIRST_PAID}"),
            Value(band.key),
        )
        for band in TENURES
    ]
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
