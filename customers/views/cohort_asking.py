"""What the cohort pages are asked in their address."""

from dataclasses import dataclass, replace
from typing import cast

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from churnapp.common.errors import RuleError
from churnapp.common.periods import Interval
from customers.filters import attribute_choices
from customers.metrics.cohorts import BEGINS, BY, MEASURES, Begin, Measure
from customers.views.asking import INTERVAL_NAMES, Choice, segment_of

BEGIN_NAMES: dict[Begin, Promise] = {
    "first_paid": _lazy("First payment"),
    "signed_up": _lazy("Sign-up"),
}
MEASURE_NAMES: dict[Measure, Promise] = {"customers": _lazy("Customers"), "mrr": _lazy("Money")}
FIELD_NAMES: dict[str, Promise] = {
    "plan": _lazy("Plan"),
    "country": _lazy("Country"),
    "owner": _lazy("Owner"),
    "language": _lazy("Language"),
    "currency": _lazy("Currency"),
}


@dataclass(frozen=True)
class CohortsAsked:
    """How cohorts are formed and measured; `group` is empty for no division."""

    by: Interval
    begin: Begin
    measure: Measure
    group: str
    segment: str

    def query(self, **more: str) -> str:
        """The question as a query string; empty values are left out."""
        fields = {"by": self.by, "cohort": self.begin, "measure": self.measure} | more
        own = QueryDict(mutable=True)
        own.update(
            {name: value for name, value in (fields | {"group": self.group}).items() if value}
        )
        return "&".join(filter(None, [own.urlencode(), self.segment]))


def cohorts_asked(request: HttpRequest) -> CohortsAsked:
    """The question in an address, its gaps filled. Raises RuleError for nonsense."""
    return CohortsAsked(
        by=cast("Interval", one_of(request, "by", BY)),
        begin=cast("Begin", one_of(request, "cohort", BEGINS)),
        measure=cast("Measure", one_of(request, "measure", MEASURES)),
        group=request.GET.get("group", ""),
        segment=segment_of(request.GET),
    )


def one_of(request: HttpRequest, name: str, known: tuple[str, ...]) -> str:
    """The value in the address, the first known one by default."""
    value = request.GET.get(name) or known[0]
    if value not in known:
        raise RuleError(
            _("“%(value)s” is not known here. Choose one of: %(known)s.")
            % {"value": value, "known": ", ".join(known)}
        )
    return value


def by_choices(asked: CohortsAsked) -> list[Choice]:
    return [
        Choice(INTERVAL_NAMES[by], "?" + replace(asked, by=by).query(), by == asked.by) for by in BY
    ]


def begin_choices(asked: CohortsAsked) -> list[Choice]:
    return [
        Choice(BEGIN_NAMES[begin], "?" + replace(asked, begin=begin).query(), begin == asked.begin)
        for begin in BEGINS
    ]


def measure_choices(asked: CohortsAsked) -> list[Choice]:
    return [
        Choice(
            MEASURE_NAMES[measure],
            "?" + replace(asked, measure=measure).query(),
            measure == asked.measure,
        )
        for measure in MEASURES
    ]


def group_choices(asked: CohortsAsked) -> list[tuple[str, str | Promise]]:
    """Fields and attributes that may divide cohorts; the one in the address is among them."""
    own = {name: name.replace("_", " ").capitalize() for name in attribute_choices()}
    known: dict[str, str | Promise] = {"": _("Not divided"), **FIELD_NAMES, **own}
    if asked.group not in known:
        known[asked.group] = asked.group
    return list(known.items())
