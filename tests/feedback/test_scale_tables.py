"""Questions on a scale that give their survey no score: mean, range and bars, each with answers."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.models import Answer, Survey, SurveyVersion
from feedback.ready_surveys import READY
from feedback.scores import mean_on
from tests.factories import make_user
from tests.feedback_factories import make_response, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(client: Client) -> Client:
    client.force_login(make_user("viewer"))
    return client


@pytest.fixture
def product() -> Survey:
    """5, 5, 4, 2 to how well the product does, and one who left it open."""
    survey = make_survey("product")
    for score in (5, 5, 4, 2, None):
        make_response(survey, score=score)
    return survey


def shown(client: Client, survey: Survey, query: str = "") -> Any:
    return client.get(reverse("surveys:results", args=[survey.pk]) + query).context


def test_the_ready_product_survey_has_a_mean_a_score_and_bars(
    viewer: Client, product: Survey
) -> None:
    (table,) = shown(viewer, product)["scale_tables"]
    assert table.title == "How well does the product do what you need?"
    assert (table.n, table.mean.text, table.mean.between) == (4, "4", "2.6 to 5")
    assert (table.name, table.score.text, table.index) == ("CSAT", "75%", 75)
    assert [(bar.label, bar.count) for bar in table.bars] == [
        ("5", 2), ("4", 1), ("3", 0), ("2", 1), ("1", 0),
    ]  # fmt: skip


def test_every_figure_leads_to_its_answers(viewer: Client, product: Survey) -> None:
    (table,) = shown(viewer, product, "?choice=better:faster")["scale_tables"]
    for href, count in [(table.href, table.n), *((bar.href, bar.count) for bar in table.bars)]:
        listed = shown(viewer, product, href.partition("#")[0])
        assert len(listed["page"].rows) == count


def second_scale(kind: str, key: str = "again") -> dict[str, Any]:
    ready = READY["nps"]
    asked = [*ready["questions"], {"key": key, "kind": kind}]
    english = {**ready["texts"]["en"], f"q.{key}": "And then?"}
    return {**ready, "questions": asked, "texts": {"en": english}}


@pytest.mark.parametrize(
    "kind, name, number", [("rating", "CSAT", 4), ("effort", "Effort (CES)", 6), ("nps", "NPS", 9)]
)
def test_a_second_scale_stands_beside_the_score(
    viewer: Client, kind: str, name: str, number: int
) -> None:
    survey = make_survey(content=second_scale(kind))
    for score in (10, 3):
        response = make_response(survey, score=score)
        Answer.objects.create(response=response, question="again", kind=kind, number=number)
    context = shown(viewer, survey)
    (table,) = context["scale_tables"]
    assert (table.title, table.name, table.n, table.mean.text) == (
        "And then?",
        name,
        2,
        f"{number}",
    )
    assert context["figures"].score.text == "0", "it changes no score"


def test_without_a_second_scale_there_is_no_table(viewer: Client) -> None:
    survey = make_survey()
    make_response(survey)
    assert shown(viewer, survey)["scale_tables"] == []


def test_a_scale_that_is_no_longer_asked_keeps_its_figures(viewer: Client, product: Survey) -> None:
    questions = [each for each in READY["product"]["questions"] if each["key"] != "score"]
    content = {**READY["product"], "questions": questions}
    SurveyVersion.objects.create(
        survey=product, number=2, content=content, published_at=timezone.now()
    )
    (table,) = shown(viewer, product)["scale_tables"]
    assert (table.n, table.is_asked) == (4, False)


def test_nonsense_in_the_address_lists_nothing_or_everything(
    viewer: Client, product: Survey
) -> None:
    for query, count in (("score:rating:x", 4), ("score:rating:99", 0), ("score", 5), ("%00", 5)):
        assert len(shown(viewer, product, f"?scale={query}")["page"].rows) == count
    assert len(shown(viewer, product, "?scale=a:%00b&choice=a:%00b")["page"].rows) == 0


def test_a_mean_stays_within_its_scale_and_of_one_has_no_range() -> None:
    found = mean_on((1, 5), {5: 3, 4: 1})
    assert found.interval is not None
    assert found.interval[1] == 5
    assert mean_on((1, 5), {5: 1}).interval is None


@pytest.mark.parametrize("answers", [1, 30])
def test_the_page_costs_the_same(
    viewer: Client, answers: int, django_assert_max_num_queries: Any
) -> None:
    survey = make_survey("product")
    for _number in range(answers):
        make_response(survey, score=4)
    with django_assert_max_num_queries(25):
        shown(viewer, survey)
