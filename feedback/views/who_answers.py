"""Who answers and who does not: response rates of groups of customers, each against the others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Aggregate, BigIntegerField, F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from churnapp.common import formats
from churnapp.common.htmx import page_or_fragment
from churnapp.models import User
from customers.filters import PREFIX
from customers.models import Customer, Plan
from customers.tenures import TENURES
from customers.views.access import allowed, reporting_currency
from customers.views.insight_values import Band, cut_at, nothing
from customers.views.segments import ATTRIBUTE, NONE, attribute_text, attribute_to_compare
from feedback import scores
from feedback.models import Survey, SurveyKind
from feedback.results import by_traits, invitations
from feedback.score_words import Shown, shown_share
from feedback.scores import Asked, Score
from feedback.views.result_asking import SILENT, ResultAsked
from feedback.views.traits import ARR, NOBODY, band_of, tenure_label, tenure_of

MOST = 12
TENURE_KEYS = [band.key for band in TENURES]
Named = tuple[str, str]  # a group in words, and what the address says for it


class Thirds(Aggregate):
    """What a third, and two thirds, of the values lie under."""

    function = "percentile_disc"
    template = "%(function)s(ARRAY[1/3.0, 2/3.0]) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = ArrayField(BigIntegerField())


@dataclass(frozen=True)
class GroupLine:
    """Who of one group answered, against all others; `href` lists who did not."""

    label: str
    asked: Asked
    rate: Shown
    words: str
    tone: str
    href: str


@dataclass(frozen=True)
class Trait:
    """What customers are compared by; `hidden` says how many small groups are left out."""

    label: str | Promise
    lines: list[GroupLine]
    hidden: int


class WhoAnswers:
    """The comparison for one address of a results page."""

    def __init__(self, asked: ResultAsked) -> None:
        self.asked, self.survey, self.chosen = asked, asked.survey, asked.chosen()

    def traits(self) -> list[Trait]:
        """One question to the database for all; by size only where customers still pay."""
        bands = self.bands() if self.survey.kind != SurveyKind.EXIT else []
        compared = attribute_to_compare(self.asked.query)
        by: dict[str, Any] = {
            "plan": F("customer__standing__plan__code"),
            "country": F("customer__country"),
            "owner": F("customer__owner"),
            "tenure": tenure_of(self.survey.kind, self.asked.today),
        } | ({"arr": band_of(bands)} if bands else {})
        if compared:
            by = {ATTRIBUTE: attribute_text(compared, "customer__")} | by
        told: dict[str, tuple[str, Callable[[Any], Named], Sequence[Any]]] = {
            ATTRIBUTE: (compared, valued, ()),
            "plan": (_("Plan"), plans(), ()),
            "country": (_("Country"), countries, ()),
            "owner": (_("Owner"), self.owners().__getitem__, ()),
            "tenure": (tenure_label(self.survey.kind), tenures, TENURE_KEYS),
            "arr": (_("MRR today"), sizes(bands), range(len(bands))),
        }
        found = by_traits(self.survey, self.chosen, by)
        return [self.trait(key, groups, *told[key]) for key, groups in found.items()]

    def trait(
        self,
        key: str,
        found: Mapping[Any, Asked],
        label: str,
        named: Callable[[Any], Named],
        order: Sequence[Any],
    ) -> Trait:
        """The largest groups first, or in the order of a scale."""
        if order:
            found = {value: found[value] for value in (*order, None) if value in found}
        invited = sum(one.invited for one in found.values())
        answered = sum(one.answered for one in found.values())
        lines = []
        for value, one in [*found.items()][:MOST]:
            rest = Asked(invited - one.invited, answered - one.answered)
            lines.append(self.line(key, named(value), one, rest))
        return Trait(label, lines, max(0, len(found) - MOST))

    def line(self, key: str, named: Named, one: Asked, rest: Asked) -> GroupLine:
        tone, words = answer_words(one.rate, rest.rate)
        label, said = named
        name = f"{PREFIX}{attribute_to_compare(self.asked.query)}" if key == ATTRIBUTE else key
        href = self.asked.answers_address(**{name: said, "show": SILENT}) if said else ""
        return GroupLine(label, one, shown_share(one.rate), words, tone, href)

    def owners(self) -> Mapping[int | None, Named]:
        """People by their key; customers of nobody are named too."""
        named: dict[int | None, Named] = {None: (_("Nobody"), NOBODY)}
        for one in User.objects.order_by("pk"):
            named[one.pk] = (str(one), str(one.pk))
        return named

    def bands(self) -> list[Band]:
        """Nothing, then thirds of what the invited customers pay."""
        asked = invitations([self.survey], self.chosen).order_by().values("customer")
        paying = Customer.objects.filter(pk__in=asked, **{f"{ARR}__gt": 0})
        thirds = paying.aggregate(thirds=Thirds(ARR))["thirds"]
        currency = reporting_currency(self.asked.request)
        return [nothing(), *(cut_at(thirds, currency) if thirds else [])]


def plans() -> Callable[[str | None], Named]:
    """Plans by their names."""
    names = {plan.code: str(plan) for plan in Plan.objects.all()}

    def named(code: str | None) -> Named:
        return (names[code], code) if code else (_("No plan"), NOBODY)

    return named


def countries(code: str | None) -> Named:
    return (formats.country(code), code) if code else (_("none"), NOBODY)


def valued(value: str) -> Named:
    return _("none") if value == NONE else value, value


def tenures(key: str | None) -> Named:
    named = {band.key: str(band.label) for band in TENURES}
    return (named[key], key) if key in named else (_("none"), "")


def sizes(bands: list[Band]) -> Callable[[int | None], Named]:
    def named(number: int | None) -> Named:
        return (_("none"), "") if number is None else (bands[number].label, bands[number].key)

    return named


def answer_words(one: Score, rest: Score) -> tuple[str, str]:
    """Tone and words for a group that answers otherwise than the others, beyond chance."""
    if scores.is_noise(one, rest) is not False or one.value is None or rest.value is None:
        return "", ""
    if one.value < rest.value:
        return "pill-warn", _("answer less often")
    return "pill-accent", _("answer more often")


@require_GET
@vary_on_headers("HX-Request")
@allowed("feedback.view_response")
def who_answers(request: HttpRequest, pk: int) -> HttpResponse:
    """The groups of the customers whom a results page is about, as its address says."""
    survey = get_object_or_404(Survey, pk=pk)
    traits = WhoAnswers(ResultAsked(request, survey)).traits()
    template = page_or_fragment(request, "feedback/who_answers.html", "feedback/_who_answers.html")
    return render(request, template, {"survey": survey, "traits": traits})
