"""`manage.py scores`: the contract that other programs rely on."""

import csv
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import make_contact, make_customer, make_mail
from tests.feedback_factories import make_invitation, make_response, make_survey
from tests.importing.conftest import Take

pytestmark = pytest.mark.django_db
KEYS = [
    "survey", "kind", "n", "nps", "nps_ci", "promoters", "passives", "detractors", "csat",
    "csat_ci", "ces", "invited", "response_rate",
]  # fmt: skip


def written(*options: str) -> str:
    out = StringIO()
    call_command("scores", *options, stdout=out)
    return out.getvalue()


def answer(*options: str) -> list[dict[str, Any]]:
    return json.loads(written(*options, "--format", "json"))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_every_kind_of_survey() -> None:
    surveys = {kind: make_survey(kind, name=kind) for kind in ("nps", "csat", "ces", "exit")}
    for kind, numbers in {
        "nps": (10, 9, 7, 2, None),
        "csat": (5, 4, 1, None),
        "ces": (7, 4),
    }.items():
        for number in numbers:
            make_response(surveys[kind], score=number)
    found = {row["survey"]: row for row in answer()}
    assert list(found["nps"]) == KEYS
    nps = found["nps"]
    assert (nps["n"], nps["nps"]) == (4, 25)
    assert (nps["promoters"], nps["passives"], nps["detractors"]) == (2, 1, 1)
    assert nps["nps_ci"] == pytest.approx([25 - 81.3, 100], abs=0.1)
    assert (nps["csat"], nps["csat_ci"], nps["ces"]) == (None, None, None)
    assert (nps["invited"], nps["response_rate"]) == (0, None)
    csat = found["csat"]
    assert (csat["n"], csat["csat"], csat["nps"], csat["promoters"]) == (
        3, pytest.approx(2 / 3), None, None,
    )  # fmt: skip
    assert csat["csat_ci"] == pytest.approx([0.2077, 0.9385], abs=1e-4)
    assert (found["ces"]["n"], found["ces"]["ces"]) == (2, 5.5)
    assert (found["exit"]["n"], found["exit"]["nps"]) == (0, None)


def test_quarantine_beginnings_and_strangers_are_counted_in_no_score() -> None:
    survey = make_survey()
    make_response(survey, score=10)
    make_response(survey, score=0, quarantined_at=timezone.now())
    make_response(survey, score=0, answered_at=None)
    make_response(survey, score=0, customer=None)
    assert [(row["n"], row["nps"]) for row in answer()] == [(1, 100)]


def test_response_rate_counts_answers_to_invitations() -> None:
    survey = make_survey()
    for number in range(4):
        contact = make_contact()
        invitation = make_invitation(survey, contact)
        if number == 0:
            make_response(survey, contact=contact, invitation=invitation)
    make_invitation(survey, called_back_at=timezone.now())
    for never_asked in ("cancelled", "suppressed"):
        make_invitation(survey, mail=make_mail(state=never_asked))
    make_response(survey)  # came by an open link
    assert [(row["invited"], row["response_rate"], row["n"]) for row in answer()] == [(4, 0.25, 2)]


def test_days_are_the_organisations_and_both_included() -> None:
    survey = make_survey()
    make_response(survey, score=10, answered_at=moment("2025-02-28T22:30"))  # still February
    make_response(survey, score=0, answered_at=moment("2025-02-28T23:30"))  # March in Oslo
    assert answer("--from", "2025-02", "--to", "2025-02")[0]["nps"] == 100
    assert answer("--from", "2025-03-01", "--to", "2025-03-01")[0]["nps"] == -100
    assert answer("--from", "2025-Q1")[0]["n"] == 2
    assert answer("--to", "2025-01")[0]["n"] == 0


def test_a_segment_chooses_customers() -> None:
    survey = make_survey()
    make_response(survey, score=10, contact=make_contact(make_customer(country="SE")))
    make_response(survey, score=0, contact=make_contact(make_customer(attributes={"case": "A"})))
    assert answer("--segment", "country=SE")[0]["nps"] == 100
    assert answer("--segment", "case=A")[0]["nps"] == -100
    with pytest.raises(CommandError, match="neither a field nor an attribute"):
        written("--segment", "nonsense=1")


def test_one_survey_by_its_name() -> None:
    make_response(make_survey(name="Autumn"))
    make_survey(name="Spring")
    assert [row["survey"] for row in answer("--survey", "Autumn")] == ["Autumn"]
    with pytest.raises(CommandError, match="Known are: Autumn, Spring"):
        written("--survey", "autumn")


def test_nonsense_is_refused_in_a_sentence() -> None:
    with pytest.raises(CommandError, match="before the first"):
        written("--from", "2025-03", "--to", "2025-02")
    with pytest.raises(CommandError):
        written("--from", "soon")


def test_csv_and_a_table() -> None:
    make_response(make_survey(name="Autumn"), score=10)
    rows = list(csv.DictReader(StringIO(written("--format", "csv"))))
    assert (rows[0]["survey"], rows[0]["nps"]) == ("Autumn", "100.0")
    assert list(rows[0]) == KEYS
    assert written("--format", "table").splitlines()[0].split() == KEYS


def test_a_table_writes_an_interval_as_short_as_its_score() -> None:
    survey = make_survey(name="Autumn")
    for score in (10, 9, 3):
        make_response(survey, score=score)
    table = written("--format", "table")
    (row,) = answer()
    low, high = row["nps_ci"]
    assert low != round(low, 4), "JSON has it as it is"
    assert f"[{low:.4f}, {high:.4f}]" in table
    assert "33.3333" in table


def test_no_survey_is_an_empty_list() -> None:
    assert answer() == []


def test_what_counts_is_the_first_question_of_its_kind() -> None:
    questions = [{"key": "speed", "kind": "rating"}, {"key": "score", "kind": "rating"}]
    survey = make_survey("csat", content={"questions": questions})
    response = make_response(survey, score=5)
    response.answers.create(question="speed", kind="rating", number=1)
    assert (answer()[0]["n"], answer()[0]["csat"]) == (1, 0)


def test_the_number_of_questions_does_not_grow() -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer()
        return len(queries)

    make_response(make_survey())
    few = asked()
    for _number in range(5):
        survey = make_survey()
        make_response(survey, answered_at=timezone.now() - timedelta(days=1))
        make_invitation(survey)
    assert asked() == few


def test_a_file_and_its_score(take: Take) -> None:
    """7 rows, 2 blank: 2 promoters, 1 passive, 2 detractors of 5: 40 % − 40 % = 0."""
    make_customer(external_id="C1")
    rows = "".join(
        f"C1,Autumn,nps,2025-05-0{d},{s}\n"
        for d, s in enumerate(("10", "9", "8", "6", "0", "", ""), 1)
    )
    take("responses", f"customer_id,survey,kind,answered_at,score\n{rows}")
    found = answer("--survey", "Autumn")[0]
    assert (found["n"], found["nps"], found["promoters"]) == (5, 0, 2)
    assert found["nps_ci"] == pytest.approx([-78.4, 78.4], abs=0.1)
