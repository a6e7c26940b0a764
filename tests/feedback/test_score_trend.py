"""The trend of a survey's score: each month with its range, and the very answers it is made of."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from churnapp.common.charts.lines import LineChart
from customers.views.departures import same_day_last_year
from feedback.models import Survey
from feedback.score_words import point_words
from feedback.scores import Score
from tests.factories import make_user, today_here
from tests.feedback_factories import make_response, make_survey

pytestmark = pytest.mark.django_db
MIDDLE = "?from=2025-01-15&to=2025-03-10"


@pytest.fixture
def viewer(client: Client) -> Client:
    client.force_login(make_user("viewer"))
    return client


@pytest.fixture
def winter() -> Survey:
    """Answers before, on and after the edges of the middle of January to March."""
    survey = make_survey()
    for day, score in (
        (date(2025, 1, 14), 0),
        (date(2025, 1, 15), 10),
        (date(2025, 2, 1), 10),
        (date(2025, 2, 28), 3),
        (date(2025, 3, 10), 9),
        (date(2025, 3, 11), 0),
    ):
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        make_response(survey, score=score, answered_at=at)
    make_response(survey, score=None, answered_at=datetime(2025, 2, 2, tzinfo=UTC))
    return survey


def trend(client: Client, survey: Survey, query: str = "") -> LineChart:
    page = client.get(reverse("surveys:results", args=[survey.pk]) + query)
    return page.context["figures"].trend.chart()


def test_each_point_leads_to_just_its_answers(viewer: Client, winter: Survey) -> None:
    chart = trend(viewer, winter, MIDDLE)
    counted = []
    for column in chart.columns:
        query = column.href.partition("#")[0]
        page = viewer.get(reverse("surveys:results", args=[winter.pk]) + query)
        counted.append(len(page.context["page"].rows))
        assert f"{counted[-1]} answer" in column.readings[0].text
    assert counted == [1, 2, 1]


def test_months_that_are_cut_say_their_days_and_are_marked(viewer: Client, winter: Survey) -> None:
    chart = trend(viewer, winter, MIDDLE)
    first, whole, last = chart.columns
    assert "15" in first.name
    assert whole.name == "Feb 2025"
    assert "10" in last.name
    assert (chart.cut, chart.partial, chart.dashed) == (True, True, "only a part of the month")


def test_whole_months_are_not_marked(viewer: Client, winter: Survey) -> None:
    chart = trend(viewer, winter, "?from=2025-01-01&to=2025-03-31")
    assert [column.name for column in chart.columns] == ["Jan 2025", "Feb 2025", "Mar 2025"]
    assert (chart.cut, chart.partial) == (False, False)


def test_the_usual_year_begins_within_a_month(viewer: Client) -> None:
    today, survey = today_here(), make_survey()
    first = same_day_last_year(today) + timedelta(days=1)
    at = datetime(first.year, first.month, first.day, 12, tzinfo=UTC)
    make_response(survey, answered_at=at)
    chart = trend(viewer, survey, "?by=month")
    assert f"from={first}" in chart.columns[0].href
    assert f"to={today}" in chart.columns[-1].href
    assert chart.cut == (first.day > 1)
    assert chart.partial


YEAR = "?from=2025-01-01&to=2025-12-31"


def answered(survey: Survey, months: tuple[int, ...], times: int, score: int = 9) -> None:
    for month in months:
        for _number in range(times):
            at = datetime(2025, month, 10, 12, tzinfo=UTC)
            make_response(survey, score=score, answered_at=at)


def test_few_answers_a_month_are_shown_by_quarter_with_points_that_lead_to_them(
    viewer: Client,
) -> None:
    survey = make_survey()
    answered(survey, (1, 3, 4, 10, 12), 3)
    answered(survey, (7,), 1, score=0)
    chart = trend(viewer, survey, YEAR)
    assert chart.title == "NPS by quarter"
    assert [column.name for column in chart.columns] == [f"Q{q} 2025" for q in (1, 2, 3, 4)]
    counted = []
    for column in chart.columns:
        page = viewer.get(
            reverse("surveys:results", args=[survey.pk]) + column.href.partition("#")[0]
        )
        counted.append(len(page.context["page"].rows))
        assert f"{counted[-1]} answer" in column.readings[0].text
    assert counted == [6, 3, 1, 6]
    assert [dot.hollow for dot in chart.dots] == [False, True, True, False]
    (line,) = chart.paths
    assert line.d.count("L") == 1, "one answer of 0 draws no plunge"


def test_many_answers_a_month_are_shown_by_month(viewer: Client) -> None:
    survey = make_survey()
    answered(survey, tuple(range(1, 13)), 10)
    chart = trend(viewer, survey, YEAR)
    assert chart.title == "NPS by month"
    assert len(chart.columns) == 12
    assert not chart.hollow


def test_the_reader_chooses_and_other_filters_leave_it_so(viewer: Client) -> None:
    survey = make_survey()
    answered(survey, (1, 12), 2)
    address = reverse("surveys:results", args=[survey.pk])
    page = viewer.get(address + YEAR + "&by=month")
    assert len(page.context["figures"].trend.chart().columns) == 12
    text = page.content.decode()
    assert '<input type="hidden" name="by" value="month">' in text
    assert "by=quarter" in text
    assert viewer.get(address + YEAR + "&by=week").context["figures"].trend.interval == "quarter"


def test_the_axis_is_the_whole_scale_of_the_score(viewer: Client, winter: Survey) -> None:
    ticks = trend(viewer, winter, MIDDLE).ticks
    assert [tick.label for tick in ticks] == ["−100", "−50", "0", "50", "100"]


@pytest.mark.parametrize(
    "score, words",
    [
        (Score(0, None), "n/a"),
        (Score(1, 100, (100, 100)), "100 (1 answer, too few or too alike for a range)"),
        (Score(3, 100, (100, 100)), "100 (3 answers, too few or too alike for a range)"),
        (Score(1, 5), "5 (1 answer, too few or too alike for a range)"),
        (Score(4, 25, (-56, 100)), "25 (−56 to 100, 4 answers)"),
    ],
)
def test_a_point_says_how_little_it_knows(score: Score, words: str) -> None:
    assert point_words("nps", score) == words


def test_the_table_behind_the_chart_holds_the_ranges(viewer: Client, winter: Survey) -> None:
    page = viewer.get(reverse("surveys:results", args=[winter.pk]) + MIDDLE).content.decode()
    assert "100 (1 answer, too few or too alike for a range)" in page
    assert "2 answers)" in page
