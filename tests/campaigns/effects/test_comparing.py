"""Several at once: Holm's guard, variants in pairs, strata, and campaigns as one."""

from math import erfc, sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.effects import strata, variants
from campaigns.effects.chance import chance_of, holm
from campaigns.effects.pooled import pooled
from campaigns.effects.power import Aim
from campaigns.effects.rates import Effect, Outcome, effect_of, interval_of
from campaigns.effects.variants import Arm
from churnapp.common.intervals import Z


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.7, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_only_ever_weakens_and_keeps_the_order(chances: list[float]) -> None:
    found = holm(chances)
    assert all(one <= two <= 1 for one, two in zip(chances, found, strict=True))
    ordered = [two for _one, two in sorted(zip(chances, found, strict=True))]
    assert ordered == sorted(ordered)


def test_the_chance_of_a_plain_normal_difference() -> None:
    found = chance_of(lambda z: (1.5 - z, 1.5 + z))
    assert found == pytest.approx(erfc(1.5 / sqrt(2)))
    assert chance_of(lambda z: (-z, z)) == pytest.approx(1.0)
    assert chance_of(lambda _z: (1.0, 2.0)) == pytest.approx(0.0)


OUTCOMES = st.builds(
    lambda n1, n0, a, b: Outcome(round(a * n1), n1, round(b * n0), n0),
    st.integers(1, 5_000),
    st.integers(1, 1_000),
    st.floats(0, 1),
    st.floats(0, 1),
)


@given(OUTCOMES)
def test_the_chance_is_below_five_percent_just_where_the_interval_leaves_zero(
    outcome: Outcome,
) -> None:
    chance = chance_of(lambda z: interval_of(outcome, z) or (0.0, 0.0))
    low, high = interval_of(outcome) or (0.0, 0.0)
    if abs(low) > 1e-9 and abs(high) > 1e-9:
        assert (chance < 0.05) == (low > 0 or high < 0)


def test_the_best_variant_beats_each_other() -> None:
    arms = {"a": Arm(40, 1_000), "b": Arm(120, 1_000), "c": Arm(50, 1_000)}
    assert variants.best_of(arms) == "b"
    assert {(pair.one, pair.other): pair.winner for pair in variants.pairs_of(arms)} == {
        ("a", "b"): "b",
        ("a", "c"): None,
        ("b", "c"): "b",
    }


def test_no_variant_is_best_where_two_lead() -> None:
    assert (
        variants.best_of({"a": Arm(118, 1_000), "b": Arm(120, 1_000), "c": Arm(20, 1_000)}) is None
    )
    assert variants.best_of({"a": Arm(118, 1_000)}) is None
    assert variants.best_of({}) is None


def test_a_variant_that_reached_nobody_is_compared_with_none() -> None:
    arms = {"a": Arm(40, 1_000), "b": Arm(120, 1_000), "c": Arm(0, 0)}
    first, *others = variants.pairs_of(arms)
    assert first.winner == "b"
    assert {(pair.effect.difference, pair.chance, pair.winner) for pair in others} == {
        (None, None, None)
    }


def test_what_one_pair_shows_ten_pairs_may_not() -> None:
    pair = {"a": Arm(60, 1_000), "b": Arm(85, 1_000)}
    assert variants.best_of(pair) == "b"
    many = {**pair, "c": Arm(60, 1_000), "d": Arm(60, 1_000), "e": Arm(60, 1_000)}
    assert variants.best_of(many) is None


def test_alike_variants_seldom_have_a_winner() -> None:
    random = Random(2)
    wins = 0
    for _campaign in range(600):
        arms = {key: Arm(random.binomialvariate(500, 0.08), 500) for key in "abcd"}
        wins += any(pair.winner for pair in variants.pairs_of(arms))
    assert wins / 600 < 0.06


def test_a_small_audience_is_warned_of_before_launch() -> None:
    aim = Aim(0.1, 0.05)
    small = variants.reach_of(500, [50, 50], 10, aim)
    assert not small.is_enough
    assert small.needed is not None
    assert small.smallest is not None
    assert small.smallest > 0.05
    enough = variants.reach_of(small.needed, [50, 50], 10, aim)
    assert enough.is_enough
    assert enough.smallest == pytest.approx(0.05, abs=0.001)
    assert not variants.reach_of(small.needed - 1, [50, 50], 10, aim).is_enough


def test_more_variants_and_uneven_ones_need_more() -> None:
    aim = Aim(0.1, 0.05)
    needed = [
        variants.reach_of(500, weights, 10, aim).needed or 0
        for weights in ([50, 50], [10, 90], [50, 50, 50])
    ]
    assert needed[0] < needed[1]
    assert needed[0] * 1.5 < needed[2]


def test_one_variant_and_all_held_out() -> None:
    assert variants.reach_of(10, [100, 0], 10, Aim(0.1, 0.05)).is_enough
    assert variants.reach_of(10_000, [1, 1], 100, Aim(0.1, 0.05)) == variants.Reach(
        None, None, is_enough=False
    )


STRONG, WEAK, SMALL = (
    Outcome(300, 1_800, 10, 200),
    Outcome(140, 1_800, 9, 200),
    Outcome(3, 30, 0, 3),
)


def test_each_stratum_has_its_own_interval_and_the_guard_of_all() -> None:
    found = {one.key: one for one in strata.strata_of({"a": STRONG, "b": WEAK, "c": SMALL})}
    assert found["a"].effect == effect_of(STRONG)
    assert [found[key].holds for key in "abc"] == [True, False, False]
    assert found["c"].chance is None


def test_one_of_many_that_looks_like_an_effect_does_not_hold() -> None:
    lucky, dull = Outcome(190, 1_800, 11, 200), Outcome(160, 1_800, 18, 200)
    assert effect_of(lucky).verdict == "positive"
    assert strata.strata_of({"a": lucky})[0].holds
    many = strata.strata_of({"a": lucky, **{str(n): dull for n in range(9)}})
    assert not any(one.holds for one in many)


def test_the_best_stratum_stands_out() -> None:
    assert strata.best_of({"a": STRONG, "b": WEAK, "c": SMALL}) == "a"
    assert strata.best_of({"a": STRONG, "b": STRONG}) is None
    assert strata.best_of({"a": STRONG, "c": SMALL}) is None
    assert strata.best_of({}) is None


def test_a_single_campaign_is_pooled_to_itself() -> None:
    assert pooled([STRONG]) == effect_of(STRONG)
    assert pooled([STRONG, Outcome(5, 10, 0, 0)]) == effect_of(STRONG)
    assert pooled([]) == pooled([Outcome(0, 0, 1, 2)]) == Effect(None, None, None, "too_few")


def test_campaigns_weigh_as_mantel_and_haenszel_say() -> None:
    """By hand: weights 90 and 200; differences 0.10 − 0.05 and 0.30 − 0.10."""
    found = pooled([Outcome(90, 900, 5, 100), Outcome(120, 400, 40, 400)])
    assert found.difference == pytest.approx((90 * 0.05 + 200 * 0.2) / 290)
    assert found.verdict == "positive"


def test_the_pooled_interval_is_what_sato_does_not_refuse() -> None:
    """At both ends (difference − δ)² = z² · Var(δ), Sato's variance written out."""
    told = [Outcome(90, 900, 5, 100), Outcome(120, 400, 40, 400), Outcome(1, 40, 0, 5)]
    found = pooled(told)
    weight = sum(one.treated * one.holdout / (one.treated + one.holdout) for one in told)
    for end in (found.low, found.high):
        assert end is not None
        assert found.difference is not None
        spread = sum(sato(one, end) for one in told) / weight**2
        assert (found.difference - end) ** 2 == pytest.approx(Z**2 * spread)


def sato(one: Outcome, effect: float) -> float:
    y1, n1, y0, n0 = one.returned_treated, one.treated, one.returned_holdout, one.holdout
    both = n1 + n0
    p = (n1**2 * y0 - n0**2 * y1 + n1 * n0 * (n0 - n1) / 2) / both**2
    return effect * p + (y1 * (n0 - y0) + y0 * (n1 - y1)) / (2 * both)


@given(st.lists(OUTCOMES, min_size=2, max_size=8))
def test_a_pooled_effect_lies_within_those_it_is_of(told: list[Outcome]) -> None:
    found = pooled(told)
    single = [effect_of(one).difference or 0.0 for one in told]
    assert found.difference is not None
    assert found.low is not None
    assert found.high is not None
    assert min(single) - 1e-9 <= found.difference <= max(single) + 1e-9
    assert -1 <= found.low <= found.difference + 1e-9
    assert found.difference - 1e-9 <= found.high <= 1


def test_many_small_campaigns_are_covered() -> None:
    """Forty campaigns of a hundred, a tenth held out: the plain interval covers too little."""
    random = Random(4)
    covered = 0
    for _year in range(400):
        told = [
            Outcome(random.binomialvariate(90, 0.08), 90, random.binomialvariate(10, 0.05), 10)
            for _campaign in range(40)
        ]
        found = pooled(told)
        covered += (found.low or 0) <= 0.03 <= (found.high or 0)
    assert 0.92 < covered / 400 < 0.98
