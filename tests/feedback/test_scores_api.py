"""Answers over the API: read, recorded once, told on the timeline."""

from typing import Any

import pytest

from customers.models import Interaction
from feedback.models import Response, Survey
from tests.api.calls import Caller, found, ids
from tests.factories import make_contact, make_customer, make_organisation, make_user
from tests.feedback_factories import make_invitation, make_response, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def csms() -> Caller:
    return Caller(make_user("csm"))


@pytest.fixture
def autumn() -> Survey:
    return make_survey(name="Autumn")


def given(**changed: Any) -> dict[str, Any]:
    return {
        "external_id": "F-1", "survey": "Autumn", "customer_id": "C1",
        "answered_at": "2025-05-01T10:00:00Z", "score": 3, "comment": "Slow",
    } | changed  # fmt: skip


def test_an_answer_is_recorded_once(csms: Caller, autumn: Survey) -> None:
    customer = make_customer(external_id="C1", language="nb")
    make_contact(customer, email="kari@example.com")
    body = given(contact_email="Kari@example.com")
    row = found(csms.post("responses/", body), 201)
    assert (row["survey"], row["customer_id"], row["score"]) == ("Autumn", "C1", 3)
    assert (row["contact_email"], row["channel"], row["language"]) == (
        "kari@example.com", "api", "nb",
    )  # fmt: skip
    assert [answer["text"] for answer in row["answers"]] == ["", "Slow"]
    assert found(csms.post("responses/", body), 200) == row
    assert Response.objects.count() == 1
    entry = Interaction.objects.get(kind="answer")
    assert (entry.customer, entry.score, entry.sentiment) == (customer, 3, -1)
    assert (entry.summary, entry.facts["kind"]) == ("Slow", "nps")


def test_something_else_under_the_same_id_is_refused(csms: Caller, autumn: Survey) -> None:
    make_customer(external_id="C1")
    found(csms.post("responses/", given()), 201)
    assert "external_id" in found(csms.post("responses/", given(score=4)), 400)
    assert Response.objects.get().answers.get(kind="nps").number == 3


@pytest.mark.parametrize(
    "changed,field",
    [
        ({"score": 11}, "score"),
        ({"score": 7.5}, "score"),
        ({"survey": "Nonsense"}, "survey"),
        ({"survey": "Stars", "score": 9}, "score"),
        ({"survey": "Goodbye", "score": 1}, "score"),
        ({"survey": "Draft"}, "survey"),
        ({"customer_id": "C9"}, "customer_id"),
        ({"contact_email": "nobody@example.com"}, "contact_email"),
        ({"answered_at": "2999-01-01T00:00:00Z"}, "answered_at"),
        ({"mood": "good"}, "mood"),
    ],
)
def test_what_is_wrong_names_its_field(
    csms: Caller, autumn: Survey, changed: dict[str, Any], field: str
) -> None:
    make_customer(external_id="C1")
    make_survey("csat", name="Stars")
    make_survey("exit", name="Goodbye")
    make_survey(name="Draft").versions.update(published_at=None)
    assert list(found(csms.post("responses/", given(**changed)), 400)) == [field]
    assert not Response.objects.exists()


def test_no_score_is_a_question_left_open(csms: Caller, autumn: Survey) -> None:
    make_customer(external_id="C1")
    row = found(csms.post("responses/", given(score=None)), 201)
    assert row["score"] is None
    assert Interaction.objects.get().sentiment is None


def test_surveys_invitations_and_answers_are_read(csms: Caller, autumn: Survey) -> None:
    make_survey("csat", name="Stars")
    contact = make_contact(make_customer(external_id="C1"))
    invitation = make_invitation(autumn, contact)
    waiting = make_invitation(autumn)
    response = make_response(autumn, contact=contact, invitation=invitation, score=9)
    make_response(autumn, answered_at=None)
    assert [row["name"] for row in found(csms.get("surveys/", kind="nps"))["results"]] == ["Autumn"]
    assert ids(csms.get("invitations/", answered="true")) == [invitation.pk]
    assert ids(csms.get("invitations/", answered="false")) == [waiting.pk]
    assert ids(csms.get("responses/", survey="Autumn", customer_id="C1")) == [response.pk]
    assert ids(csms.get("responses/", set_aside="true")) == []
    row = found(csms.get(f"invitations/{invitation.pk}/"))
    assert row["answered_at"] is not None
    assert found(csms.get("responses/", mood="good"), 400)


def test_only_customers_that_the_caller_may_see(autumn: Survey) -> None:
    make_organisation(csm_sees_own_only=True)
    csm = make_user("csm")
    mine = make_response(autumn, contact=make_contact(make_customer(owner=csm)))
    make_response(autumn)
    make_invitation(autumn)
    assert ids(Caller(csm).get("responses/")) == [mine.pk]
    assert ids(Caller(csm).get("invitations/")) == []
    make_customer(external_id="C1")
    assert found(Caller(csm).post("responses/", given()), 400)


def test_reading_is_not_writing(autumn: Survey) -> None:
    make_customer(external_id="C1")
    assert found(Caller(make_user("viewer")).post("responses/", given()), 403)
    assert found(Caller(make_user("csm"), ["read"]).post("responses/", given()), 403)
