"""What narrows a page of departures beside its form: said in words, each with a way out."""

from collections.abc import Callable

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from churnapp.common import formats
from churnapp.common.typed_numbers import fits_bigint
from customers.filters import PREFIX
from customers.models import ReasonCategory, ReasonKind
from customers.tenures import TENURES
from customers.views.access import person
from customers.views.departures import ANYBODY, read_day
from customers.views.insight_values import words_of
from customers.views.listing import Chip
from customers.views.segments import NONE, VIEW, attributes_asked, view_name


def narrowed(request: HttpRequest, form_names: set[str], currency: str) -> list[Chip]:
    """A chip for each filter of the address that the page's form does not show."""
    query = request.GET
    labels = {
        "from": _("From"),
        "to": _("To"),
        "reason": _("Reason"),
        "kind": _("Kind"),
        "category": _("Kind of reason"),
        "avoidable": _("Avoidable"),
        "country": _("Country"),
        "tenure": _("Time as a customer"),
        "competitor": _("Competitor"),
        "lost": _("Lost MRR"),
        "agree": _("Kinds of reason"),
        **{kind: str(label) for kind, label in ReasonKind.choices},
    }
    chips = [
        Chip(label, words(name, value, currency), without(query, name, value))
        for name, label in labels.items()
        if name not in form_names
        for value in query.getlist(name)
        if value and "\0" not in value
    ]
    return chips + segment_chips(request, form_names)


def segment_chips(request: HttpRequest, form_names: set[str]) -> list[Chip]:
    """Chips for attributes of the customers and for a saved view."""
    query = request.GET
    chips = attribute_chips(query)
    pk = query.get(VIEW, "")
    if VIEW not in form_names and fits_bigint(pk):
        name = view_name(pk, person(request))
        chips.append(Chip(_("Saved view"), name, without(query, VIEW, pk)))
    return chips


def attribute_chips(query: QueryDict) -> list[Chip]:
    return [
        Chip(name, _("none") if value == NONE else value, without(query, PREFIX + name, value))
        for name, values in attributes_asked(query).items()
        for value in values
    ]


def hidden(query: QueryDict, form_names: set[str]) -> list[tuple[str, str]]:
    """What the form has to carry along, so that another choice leaves the chips standing."""
    kept = {"reason", "kind", "category", "avoidable", "country", "tenure", "competitor", "lost"}
    kept |= {"agree", *ReasonKind.values}
    kept |= {VIEW, *(PREFIX + name for name in attributes_asked(query))}
    names = kept - form_names
    return [(name, value) for name, values in query.lists() if name in names for value in values]


def words(name: str, value: str, currency: str) -> str:
    known: dict[str, dict[str, str]] = {
        "category": {key: str(label) for key, label in ReasonCategory.choices},
        "avoidable": {"yes": _("yes"), "no": _("no")},
        "competitor": {ANYBODY: _("anybody named")},
        "kind": {"voluntary": _("Voluntary"), "involuntary": _("Involuntary")},
        "tenure": {band.key: str(band.label) for band in TENURES},
    }
    told: dict[str, Callable[[], str]] = {
        "from": lambda: formats.day(read_day(value)),
        "to": lambda: formats.day(read_day(value)),
        "lost": lambda: loss(value, currency),
        "agree": lambda: compared(value),
        "country": lambda: _("No country") if value == "none" else formats.country(value),
    }
    if name in told:
        return told[name]()
    return known.get(name, {}).get(value, value)


def compared(value: str) -> str:
    """Two kinds, and whether they agree."""
    labels = {kind: str(label) for kind, label in ReasonKind.choices}
    one, _dot, rest = value.partition(".")
    other, _dot, how = rest.partition(".")
    sentences = {
        "both": _("“%(one)s” and “%(other)s” both known"),
        "same": _("“%(one)s” and “%(other)s” agree"),
        "differ": _("“%(one)s” and “%(other)s” differ"),
    }
    if one not in labels or other not in labels or how not in sentences:
        return value
    return sentences[how] % {"one": labels[one], "other": labels[other]}


def loss(value: str, currency: str) -> str:
    least, _dash, under = value.partition("-")
    if not all(edge.isdecimal() for edge in (least, under) if edge):
        return value
    if under == "1":
        return _("Nothing")
    return words_of(int(least or 0), int(under) if under else None, currency)


def without(query: QueryDict, name: str, value: str) -> str:
    """The query string with one value of one field taken away."""
    kept = query.copy()
    kept.setlist(name, [other for other in kept.getlist(name) if other != value])
    kept.pop("page", None)
    return f"?{kept.urlencode()}"
