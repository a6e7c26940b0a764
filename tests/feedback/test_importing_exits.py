"""Files of exit answers: tied to the departure that they are about, with its reason, and undone."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from customers.importing import running
from customers.importing.proposing import propose
from customers.importing.registry import KINDS
from customers.models import (
    Cancellation,
    CancellationReason,
    Customer,
    Import,
    Interaction,
    ReasonView,
)
from customers.services.imports import undo_import
from customers.services.reason_views import state_reason
from feedback.models import Answer, Response, Survey, SurveyVersion
from tests.factories import make_cancellation, make_customer, make_reason, make_user
from tests.feedback_factories import make_survey
from tests.importing.conftest import Take, counts, refusals

HEADER = "customer_id,survey,kind,answered_at,reason,comment,external_id\n"
ONE = HEADER + "C1,Goodbye,exit,2025-03-10T10:00Z,price,Too dear,A-1\n"
NAMED = "customer_id,survey,kind,answered_at,reason,{},external_id\n"


@pytest.fixture(autouse=True)
def customer(db: None) -> Customer:
    make_reason("price", labels={"en": "Too expensive", "nb": "For dyrt"})
    make_reason("support", labels={"en": "Poor support"})
    return make_customer("One", external_id="C1", language="nb")


def undo(file_import: Import) -> None:
    undo_import(file_import, by=make_user("manager"), now=timezone.now())
    running.run_stored(file_import.pk)
    file_import.refresh_from_db()
    assert file_import.undone_at is not None


def stated(gone: Cancellation) -> list[tuple[str, str]]:
    views = ReasonView.objects.standing().filter(cancellation=gone, kind="stated")
    return list(views.values_list("reason__key", "source"))


def headline(gone: Cancellation) -> str:
    gone.refresh_from_db()
    return gone.reason.key if gone.reason else ""


def tied() -> Cancellation | None:
    return Response.objects.get().cancellation


def test_an_exit_answer_states_the_reason_of_the_departure_before_it(
    take: Take, customer: Customer
) -> None:
    gone = make_cancellation(customer, effective_on=date(2025, 3, 1))
    make_cancellation(customer, effective_on=date(2024, 12, 20))

    taken = take("responses", ONE)

    response = Response.objects.get()
    assert counts(taken) == (1, 0, 0, 0)
    assert taken.report["notes"]["departure_found"]["count"] == 1
    assert response.cancellation == gone
    answers = response.answers.values_list("question", "kind", "choices", "text")
    assert {(q, k, tuple(c), t) for q, k, c, t in answers} == {
        ("reason", "single", ("price",), ""),
        ("comment", "long", (), "Too dear"),
    }
    assert stated(gone) == [("price", f"response:{response.pk}")]
    assert headline(gone) == "price"
    assert gone.reason_version is not None
    assert Interaction.objects.get().summary == "For dyrt · Too dear"
    assert SurveyVersion.objects.get().content["questions"][0] == {
        "key": "reason", "kind": "single", "required": False, "choices": [], "source": "reasons",
    }  # fmt: skip


@pytest.mark.parametrize("words", ["price", "Too expensive", "FOR DYRT"])
def test_a_reason_goes_by_its_key_or_any_wording(
    take: Take, customer: Customer, words: str
) -> None:
    gone = make_cancellation(customer)
    take("responses", ONE.replace(",price,", f",{words},"))
    assert [key for key, _source in stated(gone)] == ["price"]
    assert Answer.objects.get(question="reason").choices == ["price"]


def test_a_reason_not_seen_before_is_kept_unsorted(take: Take, customer: Customer) -> None:
    gone = make_cancellation(customer)
    taken = take("responses", ONE.replace(",price,", ",Flyttet til Ørland,"))
    assert taken.report["notes"]["reason_created"]["examples"] == ["Flyttet til Ørland"]
    assert headline(gone) == "flyttet-til-orland"
    undo(taken)
    assert not CancellationReason.objects.filter(key="flyttet-til-orland").exists()
    assert headline(gone) == ""


@pytest.mark.parametrize(
    "day,is_tied",
    [
        (date(2025, 3, 10), True),
        (date(2025, 3, 11), False),
        (date(2024, 12, 10), True),
        (date(2024, 12, 9), False),
    ],
)
def test_only_a_departure_of_the_days_before_is_meant(
    take: Take, customer: Customer, day: date, is_tied: bool
) -> None:
    make_cancellation(customer, effective_on=day)
    taken = take("responses", ONE)
    assert (tied() is not None) == is_tied
    code = "departure_found" if is_tied else "departure_unknown"
    assert taken.report["notes"][code]["count"] == 1


def test_a_departure_counts_from_its_notice(take: Take, customer: Customer) -> None:
    """Notice at 23:30 UTC on the 9th is on the 10th in Oslo, the day of the answer."""
    given = datetime(2025, 3, 9, 23, 30, tzinfo=UTC)
    ahead = make_cancellation(customer, effective_on=date(2025, 6, 1), requested_at=given)
    make_cancellation(customer, effective_on=date(2025, 3, 1))
    take("responses", ONE)
    assert tied() == ahead


def test_departures_that_do_not_count_are_not_meant(take: Take, customer: Customer) -> None:
    make_cancellation(customer, withdrawn_at=timezone.now())
    make_cancellation(make_customer(external_id="C2"))
    take("responses", ONE)
    assert tied() is None


def test_two_of_one_day_make_a_row_that_says_how_to_mend_it(take: Take, customer: Customer) -> None:
    first = make_cancellation(customer)
    make_cancellation(customer, external_id="X-2")
    taken = take("responses", ONE)
    assert refusals(taken) == [
        (
            2,
            "cancellation_id",
            "C1",
            (
                f"2 cancellations of this customer fit: {first.pk}, X-2. Name the one that the"
                " answer is about in the column cancellation_id."
            ),
        )
    ]
    assert not Response.objects.exists()
    mended = NAMED.format("cancellation_id") + "C1,Goodbye,exit,2025-03-10,price,{},A-1\n"
    take("responses", mended.format("X-2"))
    assert tied() == Cancellation.objects.get(external_id="X-2")
    take("responses", mended.format(first.pk))
    assert tied() == first
    assert [key for key, _source in stated(first)] == ["price"]
    assert stated(Cancellation.objects.get(external_id="X-2")) == []


def test_a_departure_is_named_by_its_day(take: Take, customer: Customer) -> None:
    make_cancellation(customer, effective_on=date(2025, 3, 1))
    ahead = make_cancellation(customer, effective_on=date(2025, 9, 1))
    text = NAMED.format("effective_on") + "C1,Goodbye,exit,2025-03-10,price,2025-09-01,A-1\n"
    take("responses", text)
    assert tied() == ahead


REFUSED = {
    "C1,Goodbye,exit,2025-03-10,price,X-9,,A-1": (
        "cancellation_id",
        (
            "This customer has no cancellation of that id. Import cancellations first, or leave it"
            " empty."
        ),
    ),
    "C1,Goodbye,exit,2025-03-10,price,X-2,,A-1": (
        "cancellation_id",
        (
            "This customer has no cancellation of that id. Import cancellations first, or leave it"
            " empty."
        ),
    ),
    "C1,Goodbye,exit,2025-03-10,price,,2025-03-02,A-1": (
        "effective_on",
        (
            "No cancellation of this customer takes effect on that day. Correct the day, or leave"
            " it empty."
        ),
    ),
    "C1,Autumn,nps,2025-03-10,price,,,A-1": (
        "reason",
        (
            "The survey “Autumn” does not ask for a reason. Publish a version with a question that"
            " offers your reasons, or name another survey."
        ),
    ),
}


@pytest.mark.parametrize("row", REFUSED)
def test_what_is_refused_names_its_column_and_the_way_out(
    take: Take, customer: Customer, row: str
) -> None:
    make_cancellation(customer)
    make_cancellation(make_customer(external_id="C2"), external_id="X-2")
    header = NAMED.format("cancellation_id,effective_on")
    taken = take("responses", f"{header}{row}\n")
    assert [(line, column, why) for line, column, _value, why in refusals(taken)] == [
        (2, *REFUSED[row])
    ]
    assert not Response.objects.exists()
    assert not ReasonView.objects.exists()


def test_the_second_import_changes_nothing(take: Take, customer: Customer) -> None:
    gone = make_cancellation(customer)
    take("responses", ONE)
    before = list(ReasonView.objects.values())
    assert counts(take("responses", ONE)) == (0, 0, 1, 0)
    assert list(ReasonView.objects.values()) == before
    assert headline(gone) == "price"


def test_a_correction_changes_what_is_stated_and_its_undo_puts_it_back(
    take: Take, customer: Customer
) -> None:
    gone = make_cancellation(customer)
    take("responses", ONE)
    second = take("responses", ONE.replace("price", "support"))
    assert counts(second) == (0, 1, 0, 0)
    assert [key for key, _source in stated(gone)] == ["support"]
    assert headline(gone) == "support", "nobody chose another one"
    assert Interaction.objects.get().summary == "Poor support · Too dear"
    undo(second)
    assert [key for key, _source in stated(gone)] == ["price"]
    assert headline(gone) == "price"
    assert Answer.objects.get(question="reason").choices == ["price"]
    assert Interaction.objects.get().summary == "For dyrt · Too dear"


def test_a_headline_that_was_chosen_stays(take: Take, customer: Customer) -> None:
    gone = make_cancellation(customer)
    take("responses", ONE)
    Cancellation.objects.update(reason=make_reason("onboarding"))
    take("responses", ONE.replace("price", "support"))
    assert [key for key, _source in stated(gone)] == ["support"]
    assert headline(gone) == "onboarding"


def test_an_emptied_reason_states_nothing_any_more(take: Take, customer: Customer) -> None:
    gone = make_cancellation(customer)
    take("responses", ONE)
    emptied = take("responses", ONE.replace(",price,", ",,"))
    assert (headline(gone), stated(gone)) == ("", [])
    assert gone.reasons_by_kind() == {}
    assert Answer.objects.get(question="reason").choices == []
    undo(emptied)
    assert [key for key, _source in stated(gone)] == ["price"]
    assert headline(gone) == "price"


def test_undo_takes_the_link_and_the_reason_back(take: Take, customer: Customer) -> None:
    gone = make_cancellation(customer)
    taken = take("responses", ONE)
    Cancellation.objects.update(read_at=timezone.now())  # the night has read it meanwhile
    undo(taken)
    assert (headline(gone), stated(gone)) == ("", [])
    assert not ReasonView.objects.exists()
    for model in (Response, Answer, Survey, Interaction):
        assert not model.objects.exists(), model
    codes = taken.report["undo"]
    assert codes["row_deleted customers_reasonview"]["count"] == 1
    assert codes["row_restored customers_cancellation"]["count"] == 1
    assert not [code for code in codes if code.startswith("changed_since")]


def test_undo_brings_back_what_was_stated_before(take: Take, customer: Customer) -> None:
    gone = make_cancellation(customer)
    support = CancellationReason.objects.get(key="support")
    state_reason(gone, "stated", support, by=make_user("csm"))
    taken = take("responses", ONE)
    assert [key for key, _source in stated(gone)] == ["price"]
    undo(taken)
    assert stated(gone) == [("support", "")]
    assert headline(gone) == "support"
    assert taken.report["undo"]["row_restored customers_reasonview"]["count"] == 1


def test_undo_leaves_what_somebody_said_since(take: Take, customer: Customer) -> None:
    gone = make_cancellation(customer)
    taken = take("responses", ONE)
    support = CancellationReason.objects.get(key="support")
    state_reason(gone, "stated", support, by=make_user("csm"))
    undo(taken)
    assert stated(gone) == [("support", "")]


def test_an_answer_tied_before_stays_tied_and_undo_ties_it_back(
    take: Take, customer: Customer
) -> None:
    take("responses", ONE)
    assert tied() is None
    gone = make_cancellation(customer)
    second = take("responses", ONE)
    assert counts(second) == (0, 1, 0, 0)
    assert tied() == gone
    assert [key for key, _source in stated(gone)] == ["price"]
    undo(second)
    assert tied() is None
    assert (headline(gone), stated(gone)) == ("", [])


def test_of_several_answers_the_last_one_given_is_stated(take: Take, customer: Customer) -> None:
    gone = make_cancellation(customer)
    later = "C1,Goodbye,exit,2025-03-12T10:00Z,support,,A-2\n"
    take("responses", HEADER + later + ONE.removeprefix(HEADER))
    assert [key for key, _source in stated(gone)] == ["support"]
    earlier = "C1,Goodbye,exit,2025-03-11T10:00Z,price,,A-3\n"
    take("responses", HEADER + earlier)
    assert [key for key, _source in stated(gone)] == ["support"]


def test_answers_to_a_survey_of_our_own_go_to_its_question(take: Take, customer: Customer) -> None:
    make_survey("exit", name="Goodbye")
    gone = make_cancellation(customer)
    take("responses", ONE)
    assert set(Answer.objects.values_list("question", flat=True)) == {"reason", "comment"}
    assert [key for key, _source in stated(gone)] == ["price"]


def test_a_dry_run_ties_nothing(take: Take, customer: Customer) -> None:
    gone = make_cancellation(customer)
    taken = take("responses", ONE, dry_run=True)
    assert taken.report["notes"]["departure_found"]["count"] == 1
    assert (headline(gone), Response.objects.count()) == ("", 0)


def test_a_date_is_proposed_as_when_it_was_answered() -> None:
    header = ["Kunde", "Survey", "Kind", "Date", "Reason", "Cancellation"]
    assert propose(KINDS["responses"], header, {}).columns == (
        "customer_id", "survey", "kind", "answered_at", "reason", "cancellation_id",
    )  # fmt: skip
