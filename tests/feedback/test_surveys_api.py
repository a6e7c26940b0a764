"""Surveys made, changed and published by another program."""

import copy
from typing import Any

import pytest

from churnapp.models import AuditEvent
from feedback.models import Survey, SurveyVersion
from feedback.ready_surveys import READY
from tests.api.calls import Caller, found
from tests.factories import make_user
from tests.feedback_factories import make_survey

pytestmark = pytest.mark.django_db
OWN: dict[str, Any] = {
    "languages": ["en"],
    "questions": [
        {"key": "score", "kind": "nps", "goes": [{"when": {"from": 9, "to": 10}, "to": "end"}]},
        {"key": "why", "kind": "long"},
    ],
    "texts": {
        "en": {
            "title": "How do we do?", "thanks": "Thank you", "q.score": "Would you recommend us?",
            "q.score.low": "No", "q.score.high": "Yes", "q.why": "Why?",
            "mail.subject": "How do we do?", "mail.body": "Tell us.", "mail.button": "Answer",
            "reminder.subject": "Still curious", "reminder.body": "Please.",
        }
    },
}  # fmt: skip

GOES_NOWHERE = {"key": "a", "kind": "nps", "goes": [{"when": 3, "to": "end"}]}


@pytest.fixture
def managers() -> Caller:
    return Caller(make_user("manager"))


def own(**changed: Any) -> dict[str, Any]:
    return copy.deepcopy(OWN) | changed


def test_a_ready_survey_asks_at_once(managers: Caller) -> None:
    row = found(managers.post("surveys/", {"name": "Autumn", "kind": "nps"}), 201)
    assert (row["name"], row["kind"], row["draft"]) == ("Autumn", "nps", None)
    assert row["published"]["number"] == 1
    assert row["published"]["content"] == READY["nps"]
    assert found(managers.get(f"surveys/{row['id']}/")) == row
    assert AuditEvent.objects.filter(verb="survey_created", object_id=row["id"]).exists()


def test_content_of_ones_own_is_a_draft_until_it_is_published(managers: Caller) -> None:
    body = {"name": "Ours", "kind": "nps", "content": own()}
    row = found(managers.post("surveys/", body), 201)
    assert row["published"] is None
    assert row["draft"]["content"]["questions"][0]["goes"] == [
        {"when": {"from": 9, "to": 10}, "to": "end"}
    ]
    published = found(managers.post(f"surveys/{row['id']}/publish/"))
    assert published["draft"] is None
    assert published["published"]["content"] == row["draft"]["content"]
    assert "no draft" in str(found(managers.post(f"surveys/{row['id']}/publish/"), 400))


def test_the_next_version_is_written_and_published(managers: Caller) -> None:
    survey = make_survey(name="Ours", content=own())
    changed = own()
    changed["texts"]["en"]["title"] = "Another title"
    row = found(managers.patch(f"surveys/{survey.pk}/", {"content": changed}))
    assert (row["published"]["number"], row["draft"]["number"]) == (1, 2)
    assert row["published"]["content"]["texts"]["en"]["title"] == "How do we do?"
    row = found(managers.post(f"surveys/{survey.pk}/publish/"))
    assert row["published"]["number"] == 2
    assert row["published"]["content"]["texts"]["en"]["title"] == "Another title"
    assert survey.versions.count() == 2


def test_a_draft_is_not_written_over_unseen(managers: Caller) -> None:
    survey = make_survey(name="Ours", content=own())
    address = f"surveys/{survey.pk}/"
    seen_at = found(managers.patch(address, {"content": own()}))["draft"]["changed_at"]
    assert list(found(managers.patch(address, {"content": own()}), 400)) == ["seen_at"]
    changed = own(languages=["en", "nb"])
    later = found(managers.patch(address, {"content": changed, "seen_at": seen_at}))["draft"]
    assert later["content"]["languages"] == ["en", "nb"]
    refused = found(managers.patch(address, {"content": own(), "seen_at": seen_at}), 400)
    assert "Somebody else has changed this draft" in str(refused)
    assert survey.versions.first().content["languages"] == ["en", "nb"]


def test_a_survey_is_renamed(managers: Caller) -> None:
    survey = make_survey(name="Autumn")
    make_survey(name="Winter")
    row = found(managers.patch(f"surveys/{survey.pk}/", {"name": " Autumn 2026 "}))
    assert row["name"] == "Autumn 2026"
    assert list(found(managers.patch(f"surveys/{survey.pk}/", {"name": "Winter"}), 400)) == ["name"]
    assert AuditEvent.objects.get(verb="survey_renamed").changes == {
        "name": ["Autumn", "Autumn 2026"]
    }


@pytest.mark.parametrize(
    "changed,field",
    [
        ({"name": "Autumn"}, "name"),
        ({"name": " "}, "name"),
        ({"kind": "mood"}, "kind"),
        ({"content": own(languages=["nb"])}, "content.languages"),
        ({"content": own(texts={"en": {}})}, "content.texts.en.title"),
        (
            {"content": own(questions=[{"key": "Why", "kind": "long"}])},
            "content.questions.0.key",
        ),
        (
            {"content": own(questions=[{"key": "a", "kind": "single", "choices": [{"key": "b"}]}])},
            "content.questions.0.choices",
        ),
        ({"content": own(questions=[{"key": "a", "kind": "mood"}])}, "content"),
        ({"content": own(colour="red")}, "content"),
        (
            {"content": own(questions=[GOES_NOWHERE])},
            "content",
        ),
        ({"mood": "good"}, "mood"),
    ],
)  # fmt: skip
def test_what_is_wrong_names_its_field_and_makes_nothing(
    managers: Caller, changed: dict[str, Any], field: str
) -> None:
    make_survey(name="Autumn")
    body = {"name": "Ours", "kind": "nps", "content": own()} | changed
    assert list(found(managers.post("surveys/", body), 400)) == [field]
    assert (Survey.objects.count(), SurveyVersion.objects.count()) == (1, 1)


def test_a_change_that_is_wrong_changes_nothing(managers: Caller) -> None:
    survey = make_survey(name="Autumn")
    body = {"name": "Winter", "content": own(languages=["nb"])}
    assert found(managers.patch(f"surveys/{survey.pk}/", body), 400)
    survey.refresh_from_db()
    assert (survey.name, survey.versions.count()) == ("Autumn", 1)


def test_who_works_with_customers_makes_no_surveys() -> None:
    csms = Caller(make_user("csm"))
    survey = make_survey(name="Autumn")
    assert found(csms.post("surveys/", {"name": "A", "kind": "nps"}), 403)
    assert found(csms.patch(f"surveys/{survey.pk}/", {"name": "A"}), 403)
    assert found(csms.post(f"surveys/{survey.pk}/publish/"), 403)


def test_many_surveys_cost_no_more_questions(
    managers: Caller, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        make_survey()
    with django_assert_max_num_queries(6):
        assert len(found(managers.get("surveys/"))["results"]) == 20
