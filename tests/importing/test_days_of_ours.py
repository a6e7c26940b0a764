"""Reports name the days of the organisation's zone, and refused cells as somebody typed them."""

import pytest
from django.utils import timezone, translation

from churnapp.models import Organisation
from customers.importing import running, wording
from customers.importing.calendar_days import missing_day
from customers.models import Import, Interaction
from customers.services.imports import undo_import
from tests.factories import make_customer, make_user
from tests.importing.conftest import Take, refusals

ANSWERS = "customer_id,survey,kind,answered_at,score\n"
TALKS = "customer_id,kind,occurred_at,external_id,summary,closed_at\n"
SAID = "kind,site,occurred_at,author,comment\n"


@pytest.fixture(autouse=True)
def oslo(db: None) -> None:
    Organisation.objects.update(timezone="Europe/Oslo")
    make_customer("One", external_id="C1")


def taken_back(file_import: Import) -> str:
    """The rows that an undo names, of all kinds."""
    undo_import(file_import, by=make_user("manager"), now=timezone.now())
    running.run_stored(file_import.pk)
    file_import.refresh_from_db()
    return str([note["examples"] for note in file_import.report["undo"].values()])


@pytest.mark.parametrize(
    "kind, text",
    [
        ("responses", ANSWERS + "C1,Autumn,nps,2025-11-22,9\n"),
        ("interactions", TALKS + "C1,call,2025-11-22,t1,Hello,\n"),
        ("mentions", SAID + "review,g2,2025-11-22,Ann,Fine\n"),
    ],
)
def test_what_was_taken_back_is_named_by_our_days(take: Take, kind: str, text: str) -> None:
    told = taken_back(take(kind, text))
    assert "2025-11-22" in told
    assert "2025-11-21" not in told


@pytest.mark.parametrize(
    "kind, text, typed",
    [
        ("responses", ANSWERS + "C1,Autumn,nps,2127-11-21,9\n", "2127-11-21"),
        ("responses", ANSWERS + "C1,Autumn,nps,21.11.2127,9\n", "21.11.2127"),
        ("responses", ANSWERS + 'C1,Autumn,nps,2025-11-21,"11,0"\n', "11,0"),
        (
            "interactions",
            TALKS + "C1,call,2025-11-22,t1,Hello,21.11.2025 08:00\n",
            "21.11.2025 08:00",
        ),
        ("spend", "month,channel,amount\n2025-11,ads,-12.50\n", "-12.50"),
    ],
)
def test_a_refused_cell_stands_as_it_was_typed(
    take: Take, kind: str, text: str, typed: str
) -> None:
    assert [value for _line, _column, value, _why in refusals(take(kind, text))] == [typed]


def test_what_an_overwritten_moment_was_and_becomes_is_told_in_our_time(take: Take) -> None:
    make = TALKS + "C1,call,2025-11-22,t1,Hello,2025-11-23\n"
    take("interactions", make)
    Interaction.objects.update(summary="Edited here")
    told = take("interactions", make.replace("2025-11-23", "2025-11-24"), dry_run=True)
    closed = [row for row in told.report["overwritten_rows"] if row["field"] == "closed_at"]
    assert [(row["before"], row["after"]) for row in closed] == [
        ("2025-11-23 00:00", "2025-11-24 00:00")
    ]


@pytest.mark.parametrize(
    "text, order, day",
    [
        ("30.02.2026", "", (2026, 2, 30)),
        ("2025-02-29", "", (2025, 2, 29)),
        ("31/04/2025 08:00", "DMY", (2025, 4, 31)),
        ("04/31/2025", "MDY", (2025, 4, 31)),
        ("20250631", "", (2025, 6, 31)),
        ("31.12.2026", "", None),
        ("12.13.2026", "", None),
        ("0000-02-30", "", None),
        ("soon", "", None),
    ],
)
def test_a_day_that_no_calendar_has(
    text: str, order: str, day: tuple[int, int, int] | None
) -> None:
    found = missing_day(text, order)
    assert (found and (found["year"], found["month"], found["day"])) == day


def test_a_day_that_does_not_exist_is_named(take: Take) -> None:
    taken = take("responses", ANSWERS + "C1,Autumn,nps,30.02.2026,9\n")
    assert [why for *_rest, why in refusals(taken)] == ["There is no 30 February in 2026."]
    with translation.override("nb"):
        reason = taken.refused_rows.get().reason
        assert wording.row_sentence(reason) == "30. februar 2026 finnes ikke."
