"""All surveys with their scores, those of one kind or of a time where the address says so."""

from datetime import datetime, time

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from churnapp.permissions import sees_everything
from customers.views.access import allowed, organisation, person, today_here, visible_customers
from customers.views.departure_chips import without
from customers.views.listing import Chip
from feedback.models import Survey, SurveyKind
from feedback.results import Chosen, results
from feedback.score_words import NAMES, shown, shown_share
from feedback.views.asked_words import lately_words
from feedback.views.result_asking import ONE_DAY, PERIODS, first_day

ALL_TIME = "all"


class SurveysAsked:
    """One address of the list, read; nonsense in it is left out."""

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.query = request, request.GET
        self.today, self.zone = today_here(), organisation(request).zone

    @property
    def is_archived(self) -> bool:
        return self.query.get("show") == "archived"

    @property
    def kind(self) -> str:
        """Empty for every kind."""
        asked = self.query.get("kind", "")
        return asked if asked in SurveyKind.values else ""

    @property
    def period(self) -> str:
        asked = self.query.get("period", "")
        return asked if asked in PERIODS else ALL_TIME

    def surveys(self) -> QuerySet[Survey]:
        found = Survey.objects.archived() if self.is_archived else Survey.objects.in_use()
        return found.filter(kind=self.kind) if self.kind else found

    def chosen(self) -> Chosen:
        """The answers that the figures are made of."""
        is_all = sees_everything(person(self.request), organisation(self.request))
        customers = None if is_all else visible_customers(self.request)
        first = first_day(self.period, self.today)
        if first is None:
            return Chosen(customers=customers)
        since, until = (
            datetime.combine(day, time(), self.zone) for day in (first, self.today + ONE_DAY)
        )
        return Chosen(since=since, until=until, customers=customers)

    def chips(self) -> list[Chip]:
        found = []
        if self.kind:
            label = str(SurveyKind(self.kind).label)
            found.append(Chip(_("Kind"), label, without(self.query, "kind", self.kind)))
        if self.period != ALL_TIME:
            label = str(PERIODS[self.period])
            found.append(Chip(_("Period"), label, without(self.query, "period", self.period)))
        return found


@require_GET
@allowed("feedback.view_response")
def survey_list(request: HttpRequest) -> HttpResponse:
    """Every survey in use with its score, how many answered, and when last; or those archived."""
    asked = SurveysAsked(request)
    rows = [
        {
            "result": result,
            "name": NAMES.get(result.survey.kind, ""),
            "score": shown(result.survey.kind, result.score),
            "rate": shown_share(result.asked.settled.rate),
            "lately": lately_words(result.asked),
        }
        for result in results(asked.surveys(), asked.chosen())
    ]
    context = {
        "rows": rows,
        "is_archived": asked.is_archived,
        "chips": asked.chips(),
        "period": asked.period,
        "has_archived": Survey.objects.archived().exists,
        "computed_at": timezone.now(),
    }
    return render(request, "feedback/surveys.html", context)
