"""The lot of a customer: the same in Python and in PostgreSQL, and as often as it should be."""

from collections import Counter
from decimal import Decimal

import pytest
from django.db import connection

from campaigns.effects import drawing

SALT = "spring: 100 % æøå"
PEOPLE = range(1, 10_001)


def drawn_by_postgresql(expression: str, **given: object) -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {expression} FROM generate_series(1, %(most)s) AS id ORDER BY id",
            {"most": len(PEOPLE), "salt": SALT, **given},
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
@pytest.mark.parametrize("percent", [0, 5, 10, Decimal("12.5"), 50, 100])
def test_postgresql_holds_out_the_same_customers(percent: int | Decimal) -> None:
    sql = drawing.HELD_OUT.format(salt="%(salt)s", customer="id", percent="%(percent)s")
    ours = [drawing.is_held_out(SALT, one, percent) for one in PEOPLE]
    assert drawn_by_postgresql(sql, percent=percent) == ours


@pytest.mark.django_db
@pytest.mark.parametrize("weights", [[1], [50, 50], [0, 3, 0, 1], [10, 20, 70, 0]])
def test_postgresql_draws_the_same_variants(weights: list[int]) -> None:
    sql = drawing.VARIANT.format(salt="%(salt)s", customer="id", bounds="%(bounds)s")
    ours = [drawing.variant_of(SALT, one, weights) for one in PEOPLE]
    assert drawn_by_postgresql(sql, bounds=drawing.bounds(weights)) == ours


def test_the_share_held_out_is_the_share_asked_for() -> None:
    for percent in (1, 10, 30):
        held_out = sum(drawing.is_held_out("a", one, percent) for one in PEOPLE)
        assert held_out == pytest.approx(100 * percent, rel=0.15)


def test_nobody_and_everybody() -> None:
    assert not any(drawing.is_held_out("a", one, 0) for one in PEOPLE)
    assert all(drawing.is_held_out("a", one, 100) for one in PEOPLE)


def test_variants_fall_by_weight_among_those_not_held_out() -> None:
    reached = [one for one in PEOPLE if not drawing.is_held_out("a", one, 30)]
    found = Counter(drawing.variant_of("a", one, [1, 0, 3]) for one in reached)
    assert set(found) == {0, 2}
    assert found[0] / len(reached) == pytest.approx(0.25, abs=0.02)


def test_two_campaigns_draw_apart() -> None:
    both = sum(
        drawing.is_held_out("a", one, 20) and drawing.is_held_out("b", one, 20) for one in PEOPLE
    )
    assert both == pytest.approx(400, rel=0.2)


@pytest.mark.parametrize("weights", [[], [0, 0], [3, -1]])
def test_weights_that_draw_nobody_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="Weights"):
        drawing.variant_of("a", 1, weights)


def test_the_lot_is_what_was_written_down() -> None:
    """Changing it would draw running campaigns anew."""
    assert drawing.number("salt", 1) == 0xDEE9A57F
    assert drawing.is_held_out("salt", 1, 88)
    assert not drawing.is_held_out("salt", 1, 87)
    assert drawing.variant_of("salt", 1, [92, 8]) == 1
    assert drawing.variant_of("salt", 1, [93, 7]) == 0
