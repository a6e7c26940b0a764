"""How many people a difference needs: published sizes, and what these sizes truly see."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.effects.power import Aim, holdout_needed, people_needed, smallest_lift
from campaigns.effects.rates import Outcome, effect_of
from tests.campaigns.effects.binomial import chances


def test_equal_groups_need_what_r_says() -> None:
    """The example of R's power.prop.test: 76.7 in each group."""
    assert people_needed(Aim(0.5, 0.25, power=0.9)) == pytest.approx(76.7, abs=0.05)


def test_a_table_of_fleiss() -> None:
    """Fleiss, Levin and Paik, table A.4, 80 % at 5 %: with their correction for continuity."""
    bare = people_needed(Aim(0.5, 0.2)) or 0
    assert bare / 4 * (1 + sqrt(1 + 4 / (bare * 0.2))) ** 2 == pytest.approx(103, abs=0.5)


@pytest.mark.parametrize("aim", [Aim(0.1, 0.0), Aim(0.95, 0.1), Aim(0.1, -0.2), Aim(1.2, -0.5)])
def test_what_cannot_be_has_no_size(aim: Aim) -> None:
    assert people_needed(aim) is None
    assert holdout_needed(aim) is None


def test_a_holdout_is_never_too_small_to_say_anything() -> None:
    needed = holdout_needed(Aim(0.0, 0.5), ratio=1) or 0
    assert effect_of(Outcome(needed // 2, needed, 0, needed)).verdict == "positive"


@pytest.mark.parametrize("treated,holdout", [(0, 100), (100, 0), (0, 0), (2, 2)])
def test_groups_that_can_tell_nothing(treated: int, holdout: int) -> None:
    assert smallest_lift(treated, holdout, 0.1) is None


def test_more_comparisons_need_more_people() -> None:
    assert (holdout_needed(Aim(0.1, 0.05, comparisons=6)) or 0) > (
        holdout_needed(Aim(0.1, 0.05)) or 0
    )


@given(st.floats(0.005, 0.5), st.integers(50, 5_000), st.integers(50, 50_000))
def test_the_smallest_lift_needs_just_this_holdout(base: float, holdout: int, treated: int) -> None:
    lift = smallest_lift(treated, holdout, base)
    assert lift is not None
    assert people_needed(Aim(base, lift), treated / holdout) == pytest.approx(holdout, rel=1e-6)


@pytest.mark.parametrize("base,lift,ratio", [(0.05, 0.05, 9), (0.1, 0.05, 4), (0.02, 0.03, 1)])
def test_the_size_sees_a_true_lift_four_times_in_five(base: float, lift: float, ratio: int) -> None:
    """All outcomes by their chance: the formula is of a test, what is claimed is of an interval."""
    holdout = holdout_needed(Aim(base, lift), ratio) or 0
    treated = holdout * ratio
    seen = sum(
        likely * rare
        for came, likely in chances(treated, base + lift)
        for anyway, rare in chances(holdout, base)
        if effect_of(Outcome(came, treated, anyway, holdout)).verdict == "positive"
    )
    assert 0.74 < seen < 0.86
