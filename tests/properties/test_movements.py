"""The engine against the slow reference, and the identity of movements, over random histories."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.metrics.checks import differing_ways, identities
from customers.metrics.cohorts import CohortQuestion, cohort_table
from customers.metrics.figures import MOVEMENT_KEYS
from customers.metrics.lists import movements
from tests.metrics.asking import (
    as_table,
    ask_engine,
    basis_of,
    differences,
    question_of,
    spans,
)
from tests.properties.histories import worlds
from tests.reference import Lives
from tests.world import World

EASY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
THOROUGH = settings(EASY, max_examples=2_000)
FIRST, LAST = date(2024, 3, 1), date(2025, 2, 28)


def check_against_reference(world: World, interval: str) -> None:
    report = ask_engine(world, question_of(world, FIRST, LAST, interval))
    assert differences(report, Lives(world)) == [], world


@given(world=worlds(), interval=st.sampled_from(("month", "month", "week", "quarter", "year")))
@EASY
def test_every_figure_equals_the_slow_reference(world: World, interval: str) -> None:
    check_against_reference(world, interval)


@pytest.mark.long
@given(
    world=worlds(customers=7),
    interval=st.sampled_from(("month", "day", "week", "quarter", "year")),
)
@THOROUGH
def test_every_figure_equals_the_slow_reference_at_length(world: World, interval: str) -> None:
    check_against_reference(world, interval)


@given(world=worlds())
@EASY
def test_start_and_movements_make_the_end(world: World) -> None:
    for figures in ask_engine(world, question_of(world, FIRST, LAST)).periods:
        values = figures.values
        moved = sum(values[f"arr_{name}_minor"] for name in MOVEMENT_KEYS)
        assert values["arr_start_minor"] + moved == values["arr_end_minor"]


@given(world=worlds())
@EASY
def test_movements_by_customer_and_day_equal_the_reference(world: World) -> None:
    believed = [each for facts in world.believed().values() for each in facts]
    found = movements(question_of(world, FIRST, LAST), terms=as_table(believed))
    expected = [
        (day, life.customer, kind, amount)
        for life in Lives(world).all
        for day, kind, amount in life.moves
        if FIRST <= day <= LAST
    ]
    listed = [(each.on, each.customer_id, each.kind, each.arr_minor) for each in found]
    assert listed == sorted(expected, key=lambda row: row[:3]), world


@given(world=worlds(customers=6))
@EASY
def test_cohorts_equal_the_reference(world: World) -> None:
    believed = [each for facts in world.believed().values() for each in facts]
    asked = CohortQuestion(basis_of(world), world.known_at)
    table = cohort_table(asked, as_table(believed))
    found = {each.period.start: (each.size, list(each.counts)) for each in table.cohorts}
    periods = spans(question_of(world, date(2024, 1, 1), world.today).periods)
    expected = Lives(world).cohort_cells(periods)
    assert found == {periods[number][0]: cells for number, cells in expected.items()}


@given(world=worlds())
@EASY
def test_the_nightly_checks_find_nothing(world: World) -> None:
    believed = as_table(each for facts in world.believed().values() for each in facts)
    question = question_of(world, date(2024, 1, 1), LAST)
    assert [broken for _name, broken in identities(question, believed)] == [[], [], [], []], world
    assert differing_ways(question, believed) == [], world
