"""Answers given elsewhere, whole: choices, words, the reason, and the departure they are about."""

from typing import Any

import pytest

from customers.models import Cancellation, Customer, Interaction, ReasonKind, ReasonView
from feedback.models import Answer, Response, Survey
from tests.api.calls import Caller, found
from tests.factories import (
    make_cancellation,
    make_customer,
    make_organisation,
    make_reason,
    make_user,
)
from tests.feedback_factories import make_survey

pytestmark = pytest.mark.django_db
CONTENT = {
    "languages": ["en"],
    "questions": [
        {"key": "score", "kind": "nps", "goes": [{"when": {"from": 9, "to": 10}, "to": "end"}]},
        {"key": "parts", "kind": "multiple", "choices": [{"key": "speed"}, {"key": "price"}]},
        {"key": "note", "kind": "short"},
        {"key": "comment", "kind": "long"},
    ],
    "texts": {"en": {"c.parts.speed": "How fast it is", "c.parts.price": "What it costs"}},
}


@pytest.fixture
def csms() -> Caller:
    return Caller(make_user("csm"))


@pytest.fixture
def customer() -> Customer:
    return make_customer(external_id="C1")


@pytest.fixture
def exit_survey() -> Survey:
    make_reason("price", labels={"en": "Too expensive"})
    make_reason("competitor", asks="competitor")
    return make_survey("exit", name="Goodbye")


@pytest.fixture
def gone(customer: Customer) -> Cancellation:
    return make_cancellation(customer, external_id="X-1")


def given(**changed: Any) -> dict[str, Any]:
    return {
        "external_id": "F-1", "survey": "Goodbye", "customer_id": "C1",
        "answered_at": "2025-05-01T10:00:00Z",
    } | changed  # fmt: skip


def stated(gone: Cancellation) -> list[tuple[str, str, str]]:
    views = ReasonView.objects.standing().filter(cancellation=gone, suggested=False)
    return list(views.values_list("kind", "reason__key", "source"))


@pytest.mark.parametrize("named", ["id", "external_id"])
def test_an_exit_answer_states_the_reason_of_its_departure(
    csms: Caller, exit_survey: Survey, gone: Cancellation, named: str
) -> None:
    body = given(
        reason="price",
        cancellation=gone.pk if named == "id" else "X-1",
        answers=[{"question": "kept", "choices": ["no"]}],
        comment="It grew faster than we did",
    )
    row = found(csms.post("responses/", body), 201)

    assert row["cancellation"] == gone.pk
    assert {each["question"]: (each["choices"], each["text"]) for each in row["answers"]} == {
        "reason": (["price"], ""),
        "kept": (["no"], ""),
        "comment": ([], "It grew faster than we did"),
    }
    assert stated(gone) == [(ReasonKind.STATED, "price", f"response:{row['id']}")]
    gone.refresh_from_db()
    assert gone.reason
    assert gone.reason.key == "price"
    entry = Interaction.objects.get(kind="answer")
    assert entry.summary == (
        "Too expensive · No, the decision was made · It grew faster than we did"
    )
    assert found(csms.post("responses/", body), 200) == row
    assert Response.objects.count() == 1
    assert len(stated(gone)) == 1


def test_the_words_beside_a_reason_name_what_it_asks_for(
    csms: Caller, exit_survey: Survey, gone: Cancellation
) -> None:
    answer = {"question": "reason", "choices": ["competitor"], "text": "Planvind"}
    found(csms.post("responses/", given(cancellation="X-1", answers=[answer])), 201)
    gone.refresh_from_db()
    assert gone.competitor == "Planvind"


def test_a_headline_that_was_chosen_stays(
    csms: Caller, exit_survey: Survey, gone: Cancellation
) -> None:
    Cancellation.objects.update(reason=make_reason("insolvent"))
    found(csms.post("responses/", given(reason="price", cancellation="X-1")), 201)
    gone.refresh_from_db()
    assert gone.reason
    assert gone.reason.key == "insolvent"
    assert stated(gone)[0][1] == "price"


def test_without_its_departure_an_answer_states_nothing(
    csms: Caller, exit_survey: Survey, gone: Cancellation
) -> None:
    row = found(csms.post("responses/", given(reason="price")), 201)
    assert row["cancellation"] is None
    assert stated(gone) == []


def test_several_choices_and_words_are_kept(csms: Caller, customer: Customer) -> None:
    make_survey(name="Autumn", content=CONTENT)
    answers = [
        {"question": "score", "number": 6},
        {"question": "parts", "choices": ["speed", "price"]},
        {"question": "note", "text": "Both"},
    ]
    row = found(csms.post("responses/", given(survey="Autumn", answers=answers)), 201)
    assert row["score"] == 6
    assert set(Answer.objects.values_list("question", "number", "text")) == {
        ("score", 6, ""), ("parts", None, ""), ("note", None, "Both"), ("comment", None, ""),
    }  # fmt: skip
    assert Answer.objects.get(question="parts").choices == ["speed", "price"]
    summary = Interaction.objects.get(kind="answer").summary
    assert summary == "How fast it is, What it costs · Both"


@pytest.mark.parametrize(
    "changed,field,says",
    [
        ({"reason": "prize"}, "reason", "“prize” is no choice of “reason”. Known are: "),
        ({"reason": "price", "survey": "Autumn"}, "reason", "does not ask for a reason"),
        ({"cancellation": 987654}, "cancellation", "no cancellation 987654 that you may see"),
        ({"cancellation": "X-9"}, "cancellation", "no cancellation \"X-9\" that you may see"),
        ({"cancellation": 2**70}, "cancellation", "that you may see"),
        ({"cancellation": True}, "cancellation", "Send a number"),
        ({"cancellation": "X-2"}, "cancellation", "is not one of customer C1"),
        ({"answers": [{"question": "mood"}]}, "answers.0.question", "It asks: reason, kept"),
        (
            {"answers": [{"question": "kept", "choices": ["yes"]}]},
            "answers.0.choices",
            "“yes” is no choice of “kept”. Known are: no, price",
        ),
        (
            {"answers": [{"question": "kept", "choices": ["no", "price"]}]},
            "answers.0.choices",
            "takes one choice, and 2 were sent",
        ),
        ({"answers": [{"question": "kept", "number": 3}]}, "answers.0.number", "takes no number"),
        (
            {"answers": [{"question": "comment", "choices": ["no"]}]},
            "answers.0.choices",
            "takes no choices",
        ),
        (
            {"answers": [{"question": "comment", "text": "a"}] * 2},
            "answers.1.question",
            "“comment” is there twice.",
        ),
        (
            {"comment": "a", "answers": [{"question": "comment", "text": "b"}]},
            "comment",
            "Send it once",
        ),
        (
            {"reason": "price", "answers": [{"question": "reason", "choices": ["price"]}]},
            "reason",
            "Send it once",
        ),
        (
            {"survey": "Autumn", "answers": [{"question": "score", "number": 11}]},
            "answers",
            "",
        ),
        (
            {"survey": "Autumn", "score": 9, "answers": [{"question": "note", "text": "Fine"}]},
            "answers.0",
            "nobody is asked “note”",
        ),
        (
            {"survey": "Autumn", "answers": [{"question": "note", "text": "x" * 201}]},
            "answers.0.text",
            "at most 200",
        ),
        (
            {"survey": "Autumn", "answers": [{"question": "parts", "choices": ["speed"] * 2}]},
            "answers.0.choices",
            "“speed” is there twice.",
        ),
        (
            {"survey": "Autumn", "answers": [{"question": "score", "number": 3, "text": "x"}]},
            "answers.0.text",
            "takes no text",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_names_its_place_and_the_way_out(
    csms: Caller, exit_survey: Survey, gone: Cancellation, changed: dict[str, Any], field: str,
    says: str,
) -> None:  # fmt: skip
    make_survey(name="Autumn", content=CONTENT)
    make_cancellation(make_customer(external_id="C2"), external_id="X-2")
    refused = found(csms.post("responses/", given(**changed)), 400)
    assert list(refused) == [field]
    assert says in str(refused[field])
    assert not Response.objects.exists()
    assert not Interaction.objects.exists()
    assert stated(gone) == []


@pytest.mark.parametrize(
    "changed", [{"reason": "competitor"}, {"cancellation": "X-2"}, {"comment": "Other words"}]
)
def test_something_else_under_the_same_id_is_refused(
    csms: Caller, exit_survey: Survey, gone: Cancellation, changed: dict[str, Any]
) -> None:
    make_cancellation(gone.customer, external_id="X-2")
    body = given(reason="price", cancellation="X-1", comment="Too dear")
    found(csms.post("responses/", body), 201)
    assert list(found(csms.post("responses/", body | changed), 400)) == ["external_id"]
    assert stated(gone)[0][1] == "price"


def test_a_departure_that_was_withdrawn_keeps_the_answer_and_takes_no_reason(
    csms: Caller, exit_survey: Survey, gone: Cancellation
) -> None:
    Cancellation.objects.update(withdrawn_at=gone.recorded_at)
    row = found(csms.post("responses/", given(reason="price", cancellation="X-1")), 201)
    assert row["cancellation"] == gone.pk
    assert stated(gone) == []


def test_departures_of_others_can_not_be_named(exit_survey: Survey, gone: Cancellation) -> None:
    make_organisation(csm_sees_own_only=True)
    csm = make_user("csm")
    make_customer(external_id="C2", owner=csm)
    body = given(customer_id="C2", cancellation=gone.pk)
    assert list(found(Caller(csm).post("responses/", body), 400)) == ["cancellation"]


def test_answers_about_a_departure_are_listed(
    csms: Caller, exit_survey: Survey, gone: Cancellation
) -> None:
    row = found(csms.post("responses/", given(cancellation="X-1")), 201)
    found(csms.post("responses/", given(external_id="F-2")), 201)
    listed = found(csms.get("responses/", cancellation=gone.pk))["results"]
    assert [each["id"] for each in listed] == [row["id"]]
