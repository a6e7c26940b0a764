"""The answers of one survey as a file: what is in it, in which words, and what it costs."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from feedback.models import Response, Survey
from tests.factories import (
    make_contact,
    make_customer,
    make_organisation,
    make_reason,
    make_user,
    stand,
)
from tests.feedback_factories import make_invitation, make_response, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(make_user("manager"))
    return client


def test_the_export_follows_the_filters_that_are_swapped_in(manager: Client) -> None:
    survey = make_survey()
    make_response(survey)
    page = reverse("surveys:results", args=[survey.pk])
    export = reverse("surveys:export", args=[survey.pk])
    whole = manager.get(page, {"period": "all", "page": 2}).content.decode()
    assert f'id="export-link" href="{export}?period=all"' in whole
    assert "js/filters.js" in whole
    asked = {"period": "month", "plan": "business", "page": 2}
    part = manager.get(page, asked, headers={"HX-Request": "true"}).content.decode()
    assert 'id="results" class="stack" data-view="period=month&amp;plan=business"' in part


@pytest.fixture
def goodbye() -> Survey:
    """An exit survey in Norwegian first: a reason, a choice and words; `kept` was asked once."""
    make_organisation(timezone="Europe/Oslo")
    make_reason("rival", asks="competitor", labels={"en": "Went elsewhere", "nb": "Gikk til andre"})
    texts = {
        "en": {"q.why": "Why?", "q.kept": "What could have kept you?", "q.more": "More?"},
        "nb": {"q.why": "Hvorfor?", "q.kept": "Hva kunne fått deg til å bli?", "q.more": "Mer?"},
    }
    texts["en"] |= {"c.kept.price": "A lower price", "c.kept.help": "Better help"}
    texts["nb"] |= {"c.kept.price": "Lavere pris", "c.kept.help": "Bedre hjelp"}
    questions = [
        {"key": "why", "kind": "single", "source": "reasons"},
        {"key": "kept", "kind": "multiple", "choices": [{"key": "price"}, {"key": "help"}]},
        {"key": "more", "kind": "long"},
        {"key": "grade", "kind": "rating"},
    ]
    content = {"languages": ["nb", "en"], "questions": questions, "texts": texts}
    survey = make_survey("exit", content=content)
    newest = content | {"questions": [questions[0], questions[2], questions[3]]}
    survey.versions.create(number=2, content=newest, published_at=timezone.now())
    return survey


def left(survey: Survey, **fields: Any) -> Response:
    """An answer to the first version, at midnight in Oslo but for the date."""
    at = datetime(2026, 10, 17, 23, 59, 25, 362_747, tzinfo=UTC)
    first = survey.versions.get(number=1)
    response = make_response(survey, version=first, answered_at=at, **fields)
    response.answers.all().delete()
    given = {
        "why": {"kind": "single", "choices": ["rival"], "text": "Planvind"},
        "kept": {"kind": "multiple", "choices": ["help", "price"]},
        "more": {"kind": "long", "text": "Good luck"},
    }
    for question, said in given.items():
        response.answers.create(question=question, **said)
    return response


def rows_of(client: Client, survey: Survey, **query: str) -> list[dict[str, str]]:
    address = reverse("surveys:export", args=[survey.pk])
    text = b"".join(client.get(address, {"period": "all"} | query)).decode("utf-8-sig")  # type: ignore[arg-type]
    return list(csv.DictReader(io.StringIO(text)))


def test_every_question_has_a_column_in_the_survey_s_own_language(
    manager: Client, goodbye: Survey
) -> None:
    contact = make_contact(make_customer("Acme", external_id="A1", country="NO"), name="Kari")
    sent = datetime(2026, 10, 16, 8, 0, tzinfo=UTC)
    invitation = make_invitation(goodbye, contact, created_at=sent)
    left(goodbye, contact=contact, invitation=invitation, language="en")
    assert rows_of(manager, goodbye) == [
        {
            "Customer id": "A1",
            "Customer": "Acme",
            "Contact": "Kari",
            "Plan": "",
            "Country": "NO",
            "Sent": "2026-10-16T10:00:00+02:00",
            "Answered": "2026-10-18T01:59:25+02:00",
            "Language": "en",
            "Comment": "Good luck",
            "Hvorfor?": "Gikk til andre",
            "Hvorfor?: what they named": "Planvind",
            "grade": "",
            "Hva kunne fått deg til å bli?": "Bedre hjelp, Lavere pris",
            "Set aside": "0",
            "Set aside because": "",
            "Doubtful signs": "",
        }
    ]


def test_a_question_of_an_older_version_without_an_answer_has_no_column(
    manager: Client, goodbye: Survey
) -> None:
    response = left(goodbye)
    response.answers.filter(question="kept").delete()
    assert not [head for head in rows_of(manager, goodbye)[0] if head.startswith("Hva kunne")]


def test_colleagues_in_two_languages_get_the_same_words(manager: Client, goodbye: Survey) -> None:
    left(goodbye)
    own = rows_of(manager, goodbye)[0]
    manager.cookies["django_language"] = "sv"
    other = rows_of(manager, goodbye)[0]
    assert "Åsidosatt" in other
    assert "Kund" in other
    assert other["Hvorfor?"] == own["Hvorfor?"] == "Gikk til andre"


def test_the_score_and_the_comment_have_one_column_each(manager: Client) -> None:
    survey = make_survey()
    now = timezone.now()
    make_response(survey, score=3, comment="Slow", quarantined_at=now, quarantined_because="test")
    (row,) = rows_of(manager, survey, aside="1")
    assert (row["Score"], row["Comment"]) == ("3", "Slow")
    assert (row["Set aside"], row["Set aside because"]) == ("1", "test")
    assert len(row) == 13


def test_questions_worded_alike_are_told_apart(manager: Client) -> None:
    questions = [{"key": key, "kind": "rating"} for key in ("speed", "price")]
    texts = {"en": {"q.speed": "How was it?", "q.price": "How was it?"}}
    content = {"languages": ["en"], "questions": questions, "texts": texts}
    survey = make_survey("product", content=content)
    make_response(survey, score=2).answers.create(question="price", kind="rating", number=4)
    (row,) = rows_of(manager, survey)
    assert row["score"] == "2", "told by a program for a question that no version knows"
    assert row["How was it? (price)"] == "4"
    assert row["How was it? (speed)"] == ""


def test_the_file_costs_the_same_for_one_answer_and_for_thirty(
    manager: Client, goodbye: Survey
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            rows_of(manager, goodbye)
        return len(queries)

    def answer() -> None:
        contact = make_contact()
        stand(contact.customer)
        left(goodbye, contact=contact, invitation=make_invitation(goodbye, contact))

    answer()
    cost()
    few = cost()
    for _number in range(30):
        answer()
    assert cost() == few <= 12
