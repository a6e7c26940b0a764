"""NPS, CSAT and CES on the overview."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    make_contact,
    make_customer,
    make_organisation,
    make_subscription,
    make_user,
)
from tests.feedback_factories import make_response, make_survey

pytestmark = pytest.mark.django_db
TILES = reverse("surveys:tiles")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def viewer() -> Client:
    client = Client()
    client.force_login(make_user("viewer"))
    return client


def tiles(client: Client) -> str:
    response = client.get(TILES, headers=HTMX)
    assert response.status_code == 200
    return response.content.decode()


def days_ago(days: int) -> dict[str, object]:
    return {"answered_at": timezone.now() - timedelta(days=days)}


def test_a_score_with_its_interval_and_change(viewer: Client) -> None:
    survey = make_survey()
    for number in range(12):
        make_response(survey, score=10 if number % 4 else 0)
        make_response(survey, score=0, **days_ago(120))
    text = tiles(viewer)
    assert '<p class="tile-value">50</p>' in text
    assert "12 answers" in text
    assert "1 to 99 with 95 % certainty" in text
    assert "up from −100 in the period before" in text
    assert reverse("surveys:results", args=[survey.pk]) in text


def test_two_surveys_of_a_kind_make_one_score(viewer: Client) -> None:
    make_response(make_survey("csat"), score=5)
    make_response(make_survey("csat"), score=1)
    text = tiles(viewer)
    assert '<p class="tile-value">50%</p>' in text
    assert "2 answers" in text
    assert "nothing to compare with" in text


def test_the_score_of_two_surveys_leads_to_both_in_the_same_ninety_days(viewer: Client) -> None:
    one, other = make_survey(), make_survey()
    for survey, days in ((one, 0), (one, 30), (one, 89), (one, 91), (other, 5), (other, 300)):
        make_response(survey, score=9, **days_ago(days))
    make_response(one, score=None)
    make_response(make_survey("csat"), score=5)
    page = viewer.get(TILES)
    (tile,) = [tile for tile in page.context["tiles"] if tile.kind == "nps"]
    listed = viewer.get(tile.href)
    rows = listed.context["rows"]
    assert {row["result"].survey for row in rows} == {one, other}
    assert sum(row["result"].n for row in rows) == tile.n == 4
    assert [str(chip.value) for chip in listed.context["chips"]] == [
        "recommendation (NPS)", "Last 90 days",
    ]  # fmt: skip
    text = listed.content.decode()
    assert "3 with a score" in text
    for row in rows:
        href = reverse("surveys:results", args=[row["result"].survey.pk]) + "?period=quarter"
        assert f'href="{href}"' in text
        assert viewer.get(href).context["figures"].result.responses == row["result"].responses


def test_a_survey_leads_to_all_the_answers_that_its_line_counts(viewer: Client) -> None:
    survey = make_survey()
    make_response(survey, score=9, **days_ago(900))
    listed = viewer.get(reverse("surveys:list"), {"kind": "x", "period": "y"})
    (row,) = listed.context["rows"]
    href = reverse("surveys:results", args=[survey.pk]) + "?period=all"
    assert f'href="{href}"' in listed.content.decode()
    assert viewer.get(href).context["figures"].result.responses == row["result"].responses == 1


def test_a_list_that_its_filters_leave_empty_says_so(viewer: Client) -> None:
    make_survey()
    page = viewer.get(reverse("surveys:list"), {"kind": "csat"}).content.decode()
    assert "No survey, as far as these filters say" in page


def test_no_answers_are_no_score(viewer: Client) -> None:
    make_response(make_survey("ces"), score=6, **days_ago(300))
    make_response(make_survey(), quarantined_at=timezone.now())
    make_survey("exit")
    text = tiles(viewer)
    assert text.count("No answers yet.") == 2
    assert text.count("No answer in the last 90 days.") == 1


def test_a_csm_sees_the_score_of_their_own_where_the_organisation_says_so() -> None:
    make_organisation(csm_sees_own_only=True)
    csm, survey = make_user("csm"), make_survey()
    make_response(survey, score=10)
    make_response(survey, score=0, contact=make_contact(make_customer(owner=csm)))
    client = Client()
    client.force_login(csm)
    assert '<p class="tile-value">−100</p>' in tiles(client)


@pytest.mark.parametrize("count", [1, 9])
def test_they_cost_the_same(viewer: Client, count: int) -> None:
    for _number in range(count):
        for kind in ("nps", "csat", "ces"):
            make_response(make_survey(kind), score=5)
    with CaptureQueriesContext(connection) as asked:
        tiles(viewer)
    assert len(asked) <= 8


def test_they_stand_on_the_overview_and_on_a_page_of_their_own(viewer: Client) -> None:
    make_subscription()
    overview = viewer.get(reverse("customers:overview")).content.decode()
    assert f'hx-get="{TILES}"' in overview
    assert f'href="{TILES}"' in overview
    assert "<html" in viewer.get(TILES).content.decode()
