"""Treated against holdout: published examples, empty groups, and what may be claimed."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.effects.rates import LEAST_EXPECTED, Effect, Outcome, Returns, effect_of, returns_of
from tests.campaigns.effects.binomial import chances

# Newcombe, Statistics in Medicine 17 (1998), table II, method 10
PUBLISHED = [
    (Outcome(56, 70, 48, 80), 0.0524, 0.3339),
    (Outcome(9, 10, 3, 10), 0.1705, 0.8090),
    (Outcome(10, 10, 0, 20), 0.6791, 1.0000),
    (Outcome(10, 10, 0, 10), 0.6075, 1.0000),
    (Outcome(0, 10, 0, 10), -0.2775, 0.2775),
]


@pytest.mark.parametrize("outcome,low,high", PUBLISHED)
def test_the_interval_is_the_published_one(outcome: Outcome, low: float, high: float) -> None:
    found = effect_of(outcome)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@pytest.mark.parametrize(
    "outcome", [Outcome(0, 0, 3, 10), Outcome(3, 10, 0, 0), Outcome(0, 0, 0, 0)]
)
def test_an_empty_group_says_nothing(outcome: Outcome) -> None:
    assert effect_of(outcome) == Effect(None, None, None, "too_few")
    assert returns_of(outcome.treated, effect_of(outcome)) == Returns(None, None, None)


@pytest.mark.parametrize(
    "outcome,expected",
    [
        (Outcome(200, 1800, 10, 200), "positive"),
        (Outcome(100, 1800, 10, 200), "no_effect"),
        (Outcome(30, 1800, 12, 200), "too_few"),
        (Outcome(90, 1800, 25, 200), "negative"),
        (Outcome(0, 1800, 0, 200), "too_few"),
        (Outcome(1800, 1800, 200, 200), "too_few"),
    ],
)
def test_what_may_be_claimed(outcome: Outcome, expected: str) -> None:
    assert effect_of(outcome).verdict == expected


def test_the_effect_in_customers() -> None:
    outcome = Outcome(180, 1800, 10, 200)
    effect = effect_of(outcome)
    returns = returns_of(1800, effect)
    assert returns.count == pytest.approx(90)
    assert returns.low == pytest.approx(1800 * (effect.low or 0))


@st.composite
def outcomes(draw: st.DrawFn) -> Outcome:
    treated, holdout = draw(st.integers(1, 20_000)), draw(st.integers(1, 5_000))
    return Outcome(draw(st.integers(0, treated)), treated, draw(st.integers(0, holdout)), holdout)


@given(outcomes())
def test_the_interval_holds_the_difference_and_stays_possible(outcome: Outcome) -> None:
    found = effect_of(outcome)
    assert found.difference is not None
    assert found.low is not None
    assert found.high is not None
    assert -1 - 1e-9 <= found.low <= found.difference <= found.high <= 1 + 1e-9


@given(outcomes())
def test_groups_in_each_others_place_give_the_opposite(outcome: Outcome) -> None:
    found = effect_of(outcome)
    other = effect_of(
        Outcome(
            outcome.returned_holdout, outcome.holdout, outcome.returned_treated, outcome.treated
        )
    )
    assert other.low == pytest.approx(-(found.high or 0), abs=1e-12)
    opposite = {"positive": "negative", "negative": "positive"}
    assert other.verdict == opposite.get(found.verdict, found.verdict)


@given(outcomes())
def test_nothing_is_claimed_of_a_handful(outcome: Outcome) -> None:
    returned = outcome.returned_treated + outcome.returned_holdout
    if returned < LEAST_EXPECTED:
        assert effect_of(outcome).verdict == "too_few"


@pytest.mark.parametrize(
    "audience,percent,base,lift",
    [(500, 5, 0.2, 0.0), (1_000, 10, 0.05, 0.0), (1_000, 10, 0.05, 0.1), (3_000, 5, 0.05, 0.02)],
)
def test_what_passes_the_guard_is_covered(
    audience: int, percent: int, base: float, lift: float
) -> None:
    """All outcomes by their chance: of those that may be claimed of, 95 % hold the truth or more.

    And no more than 2.5 % claim a positive effect where there is none.
    """
    holdout = audience * percent // 100
    able = covered = claimed = 0.0
    for outcome, likely in every_outcome(audience - holdout, base + lift, holdout, base):
        found = effect_of(outcome)
        if found.verdict == "too_few":
            continue
        able += likely
        covered += likely * ((found.low or 0) <= lift <= (found.high or 0))
        claimed += likely * (found.verdict == "positive")
    assert 0.945 < covered / able < 0.99
    if not lift:
        assert claimed / able < 0.025


def every_outcome(
    treated: int, lifted: float, holdout: int, base: float
) -> Iterator[tuple[Outcome, float]]:
    for came, likely in chances(treated, lifted):
        for anyway, rare in chances(holdout, base):
            yield Outcome(came, treated, anyway, holdout), likely * rare
