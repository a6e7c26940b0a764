"""What unknown people answer by open links has figures of its own, apart from the customers'."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from feedback.models import Response, Survey
from tests.factories import make_user
from tests.feedback_factories import make_open_link, make_response, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(client: Client) -> Client:
    client.force_login(make_user("viewer"))
    return client


def somebody(survey: Survey, score: int | None = 9, **fields: Any) -> Response:
    """An answer by an open link, of nobody known."""
    response = make_response(survey, score=score, **fields)
    Response.objects.filter(pk=response.pk).update(customer=None, contact=None)
    return response


def shown(client: Client, survey: Survey, query: str = "") -> Any:
    return client.get(reverse("surveys:results", args=[survey.pk]) + query).context


@pytest.fixture
def autumn() -> Survey:
    """One customer who answered 3; unknown people: 10, 9, 7, 2, one left open, one set aside."""
    survey = make_survey()
    make_open_link(survey)
    make_response(survey, score=3)
    for score in (10, 9, 7, 2, None):
        somebody(survey, score)
    somebody(survey, 0, quarantined_at=timezone.now())
    return survey


def test_they_have_a_score_and_a_range_of_their_own(viewer: Client, autumn: Survey) -> None:
    figures = shown(viewer, autumn)["figures"]
    unknown = figures.unknown
    assert (unknown.responses, unknown.scored, unknown.left_open) == (5, 4, 1)
    assert (unknown.score.text, unknown.score.between) == ("25", "−56 to 100")
    assert figures.score.text == "−100", "they change no figure of customers"
    page = viewer.get(reverse("surveys:results", args=[autumn.pk])).content.decode()
    assert "Unknown people" in page
    assert "−56 to 100 with 95 % certainty" in page


def test_their_figures_lead_to_just_their_answers(viewer: Client, autumn: Survey) -> None:
    unknown = shown(viewer, autumn, "?choice=a:b&score=3")["figures"].unknown
    for href, count in (
        (unknown.href, 5),
        (unknown.scored_href, 4),
        (unknown.open_href, 1),
    ):
        rows = shown(viewer, autumn, href.partition("#")[0])["page"].rows
        assert len(rows) == count
        assert all(row.customer is None for row in rows)


def test_those_set_aside_count_where_they_are_asked_for(viewer: Client, autumn: Survey) -> None:
    assert shown(viewer, autumn, "?aside=1")["figures"].unknown.scored == 5


def test_without_a_score_they_are_counted(viewer: Client) -> None:
    survey = make_survey("product")
    somebody(survey, 4)
    unknown = shown(viewer, survey)["figures"].unknown
    assert (unknown.responses, unknown.scored) == (1, 0)


def test_without_any_there_is_no_figure(viewer: Client) -> None:
    survey = make_survey()
    make_response(survey)
    assert shown(viewer, survey)["figures"].unknown is None


def test_the_page_costs_the_same(viewer: Client, autumn: Survey) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            shown(viewer, autumn)
        return len(queries)

    few = asked()
    for _number in range(20):
        somebody(autumn)
    assert asked() == few <= 25
