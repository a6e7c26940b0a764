"""Files of answers: what they make, what they change, and that twice gives the same."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from customers.importing import running, wording
from customers.importing.proposing import guess_kind, propose
from customers.importing.registry import KINDS
from customers.models import Import, Interaction
from customers.services.imports import undo_import
from feedback import scores
from feedback.models import Answer, Response, Survey, SurveyVersion
from tests.factories import make_contact, make_customer, make_user
from tests.feedback_factories import make_survey
from tests.importing.conftest import Take, counts, refusals

HEADER = "customer_id,survey,kind,answered_at,score,comment\n"
ONE = HEADER + "C1,Autumn,nps,2025-05-01T10:00Z,9,Fine\n"


@pytest.fixture(autouse=True)
def customers(db: None) -> None:
    make_customer("One", external_id="C1", language="nb")
    make_customer("Two", external_id="C2")


def undo(file_import: Import) -> None:
    undo_import(file_import, by=make_user("manager"), now=timezone.now())
    running.run_stored(file_import.pk)
    file_import.refresh_from_db()
    assert file_import.undone_at is not None


def numbers() -> dict[int | None, int]:
    found: dict[int | None, int] = {}
    for number in Answer.objects.filter(question="score").values_list("number", flat=True):
        found[number] = found.get(number, 0) + 1
    return found


def test_an_answer_its_survey_and_the_timeline(take: Take) -> None:
    assert counts(take("responses", ONE)) == (1, 0, 0, 0)
    survey = Survey.objects.get()
    assert (survey.name, survey.kind) == ("Autumn", "nps")
    response = Response.objects.counted().get()
    assert (response.customer.external_id, response.channel) == ("C1", "file")  # type: ignore[union-attr]
    assert response.language == "nb"
    assert response.answered_at == datetime(2025, 5, 1, 10, tzinfo=UTC)
    answers = response.answers.values_list("question", "kind", "number", "text")
    assert list(answers) == [("score", "nps", 9, ""), ("comment", "long", None, "Fine")]
    entry = Interaction.objects.get(kind="answer")
    assert (entry.score, entry.sentiment, entry.summary) == (9, 1, "Fine")
    assert entry.facts == {"kind": "nps", "survey": "Autumn", "response": response.pk}


def test_the_survey_of_a_file_asks_in_four_languages(take: Take) -> None:
    take("responses", ONE)
    content = SurveyVersion.objects.get().content
    assert [(q["key"], q["kind"]) for q in content["questions"]] == [
        ("score", "nps"),
        ("comment", "long"),
    ]
    assert content["languages"] == ["en", "nb", "da", "sv"]
    assert content["texts"]["sv"]["title"] == "Autumn"
    assert content["texts"]["nb"]["q.score"].startswith("Hvor sannsynlig")


def test_second_import_adds_nothing(take: Take) -> None:
    text = ONE + "C1,Autumn,nps,2025-05-01T10:00Z,9,Fine\nC2,Autumn,nps,2025-05-02,,\n"
    assert counts(take("responses", text)) == (3, 0, 0, 0)
    assert counts(take("responses", text)) == (0, 0, 3, 0)
    assert Response.objects.count() == Interaction.objects.count() == 3


def test_a_blank_score_is_kept_and_counted_in_no_score(take: Take) -> None:
    take("responses", ONE + "C2,Autumn,nps,2025-05-01,,no number\n")
    assert numbers() == {9: 1, None: 1}
    entry = Interaction.objects.get(customer__external_id="C2")
    assert (entry.score, entry.sentiment) == (None, None)


REFUSED = {
    "C1,Autumn,nps,2025-05-01,11,": "A score of this kind is a whole number from 0 to 10.",
    "C1,Autumn,nps,2025-05-01,-1,": "A score of this kind is a whole number from 0 to 10.",
    "C1,Autumn,csat,2025-05-01,0,": "A score of this kind is a whole number from 1 to 5.",
    "C1,Autumn,ces,2025-05-01,8,": "A score of this kind is a whole number from 1 to 7.",
    "C1,Autumn,nps,2025-05-01,8.5,": "It is no whole number.",
    "C1,Autumn,exit,2025-05-01,3,": "An answer of this kind has no score. Leave it empty.",
    "C9,Autumn,nps,2025-05-01,3,": "No such customer. Import customers or subscriptions first.",
    "C1,Autumn,nps,2100-05-01,3,": wording.row_sentence('{"code": "in_the_future"}'),
    "C1,Known,nps,2025-05-01,3,": "The survey “Known” is of kind csat here already.",
    "C1,Draft,nps,2025-05-01,3,": "This survey is a draft. Publish it first.",
}


@pytest.mark.parametrize("row", REFUSED)
def test_what_is_refused_says_why(take: Take, row: str) -> None:
    make_survey("csat", name="Known")
    make_survey("nps", name="Draft").versions.update(published_at=None)
    taken = take("responses", f"{HEADER}{row}\n")
    assert [(line, why) for line, _column, _value, why in refusals(taken)] == [(2, REFUSED[row])]
    assert not Response.objects.exists()
    assert Survey.objects.count() == 2


def test_whole_numbers_with_decimals_are_taken(take: Take) -> None:
    assert counts(take("responses", HEADER + "C1,A,nps,2025-05-01,8.0,\n"))[0] == 1
    assert numbers() == {8: 1}


def test_one_kind_a_survey(take: Take) -> None:
    taken = take("responses", ONE + "C1,Autumn,csat,2025-05-02,4,\n")
    assert refusals(taken) == [
        (3, "kind", "csat", "Line 2 says that this survey is of kind nps."),
    ]


def test_a_dry_run_makes_nothing(take: Take) -> None:
    taken = take("responses", ONE, dry_run=True)
    assert taken.report["created"] == 1
    assert taken.report["notes"]["survey_created"]["count"] == 1
    assert not Survey.objects.exists()


def test_an_id_of_its_own_names_an_answer_that_may_change(take: Take) -> None:
    header = "customer_id,survey,kind,answered_at,score,comment,external_id,contact_email\n"
    make_contact(customer=None, email="a@example.com")
    row = "C1,Autumn,nps,2025-05-01,9,Fine,R-1,nobody@example.com\n"
    first = take("responses", header + row)
    assert first.report["notes"]["contact_unknown"]["count"] == 1
    second = take("responses", header + row.replace("9,Fine", "3,Worse"))
    assert counts(second) == (0, 1, 0, 0)
    entry = Interaction.objects.get()
    assert (numbers(), entry.score, entry.sentiment) == ({3: 1}, 3, -1)
    undo(second)
    entry.refresh_from_db()
    assert (numbers(), entry.score, entry.summary) == ({9: 1}, 9, "Fine")


def test_a_column_that_is_missing_changes_nothing(take: Take) -> None:
    header = "customer_id,survey,kind,answered_at,{},external_id\n"
    take("responses", header.format("score,comment") + "C1,A,nps,2025-05-01,9,Fine,R-1\n")
    take("responses", header.format("score") + "C1,A,nps,2025-05-01,8,R-1\n")
    assert Answer.objects.get(question="comment").text == "Fine"
    assert Interaction.objects.get().summary == "Fine"


def test_undo_takes_all_of_it_away(take: Take) -> None:
    undo(take("responses", ONE))
    for model in (Response, Answer, Survey, SurveyVersion, Interaction):
        assert not model.objects.exists(), model


def test_undo_leaves_a_survey_that_others_answered(take: Take) -> None:
    first = take("responses", ONE)
    take("responses", HEADER + "C2,Autumn,nps,2025-06-01,3,\n")
    undo(first)
    assert Response.objects.get().customer.external_id == "C2"  # type: ignore[union-attr]
    assert Survey.objects.count() == 1


def test_answers_to_a_survey_made_here_go_to_its_questions(take: Take) -> None:
    make_survey("nps", name="Ours", content={"questions": [{"key": "likely", "kind": "nps"}]})
    take("responses", HEADER + "C1,Ours,nps,2025-05-01,9,Fine\n")
    answers = Answer.objects.values_list("question", "number")
    assert set(answers) == {("likely", 9), ("comment", None)}


NORWEGIAN = (
    "Kundenr;Undersøkelse;Type;Besvart;Poeng;Kommentar;Språk\r\n"
    "C1;Høstens måling;NPS;01.10.2025;10;Vårt beste kjøp – «enkelt»;nb\r\n"
    "C1;Høstens måling;NPS;02.10.2025;9;;nb\r\n"
    "C2;Høstens måling;NPS;03.10.2025;7;Ærlig talt grei;nb\r\n"
    "C2;Høstens måling;NPS;13.10.2025;;Ønsker ikke å svare;nb\r\n"
    "C2;Høstens måling;NPS;14.10.2025;;;nb\r\n"
    "C2;Høstens måling;NPS;15.10.2025;2;Tregt på mobil;nb\r\n"
)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_real_file_with_blanks_in_an_odd_encoding(take: Take, encoding: str) -> None:
    """4 of 6 scored: 2 promoters, 1 passive, 1 detractor. 50 % − 25 % = 25."""
    header = NORWEGIAN.splitlines()[0].split(";")
    assert guess_kind(header) == "responses"
    columns = propose(KINDS["responses"], header, {}).columns
    taken = take(
        "responses", NORWEGIAN.encode(encoding), mapping=dict(zip(header, columns, strict=True))
    )
    assert counts(taken) == (6, 0, 0, 0)
    counted = {number: n for number, n in numbers().items() if number is not None}
    assert (scores.nps(counted).value, scores.nps(counted).n) == (25, 4)
    assert Answer.objects.filter(text="Vårt beste kjøp – «enkelt»").exists()


@pytest.mark.parametrize("kind,top", [("nps", 10), ("csat", 5), ("ces", 7)])
def test_the_timeline_feels_as_the_formula_says(take: Take, kind: str, top: int) -> None:
    asked = scores.SCORED_BY[kind]
    lowest = scores.SCALES[asked][0]
    rows = "".join(f"C1,A,{kind},2025-05-01,{n},\n" for n in range(lowest, top + 1))
    take("responses", HEADER + rows)
    told = dict(Interaction.objects.values_list("score", "sentiment"))
    assert told == {n: scores.sentiment(asked, n) for n in range(lowest, top + 1)}
