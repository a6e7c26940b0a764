"""Scores by hand, and at their extremes."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from churnapp.common.intervals import wilson
from feedback import scores


def test_nps_by_hand() -> None:
    """5 promoters, 3 passives, 2 detractors: 50 % − 20 % = 30."""
    counts = {10: 3, 9: 2, 8: 1, 7: 2, 6: 1, 0: 1}
    found = scores.nps(counts)
    assert (found.n, found.value) == (10, 30)
    assert (scores.promoters(counts), scores.passives(counts), scores.detractors(counts)) == (
        5, 3, 2,
    )  # fmt: skip
    error = sqrt((0.5 * 0.49 + 0.3 * 0.09 + 0.2 * 1.69) / 10)  # 0.2470
    assert found.interval == pytest.approx((30 - 195.9964 * error, 30 + 195.9964 * error))


def test_the_published_example_of_the_standard_error() -> None:
    """Variance of 1, 0 and −1: p₁ + p₋₁ − N². 50/30/20 %: 0.61, so SE of 100 is 7.81."""
    low, high = scores.nps({9: 50, 7: 30, 0: 20}).interval or (0, 0)
    assert (high - low) / 2 == pytest.approx(1.959964 * 100 * sqrt(0.61 / 100), abs=1e-4)


@pytest.mark.parametrize(
    "counts,value,interval",
    [
        ({}, None, None),
        ({10: 4}, 100, (100, 100)),
        ({0: 4}, -100, (-100, -100)),
        ({8: 4}, 0, (0, 0)),
        ({10: 1, 0: 1}, 0, (-100, 100)),  # 0 ± 138.6, kept within the scale
    ],
)
def test_nps_at_its_ends(
    counts: dict[int, int], value: float | None, interval: tuple[float, float] | None
) -> None:
    found = scores.nps(counts)
    assert found.value == value
    assert found.interval == (None if interval is None else pytest.approx(interval))


def test_csat_is_the_share_of_fours_and_fives() -> None:
    """8 of 10: Wilson's interval is 49.0 % to 94.3 %."""
    found = scores.csat({5: 5, 4: 3, 3: 1, 1: 1})
    assert (found.n, found.value) == (10, 0.8)
    assert found.interval == pytest.approx((0.4902, 0.9433), abs=1e-4)


def test_csat_of_all_or_none_keeps_a_width() -> None:
    assert scores.csat({5: 10}).interval == pytest.approx((0.7225, 1.0), abs=1e-4)
    assert scores.csat({1: 10}).interval == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert scores.csat({}) == scores.Score(0, None)


@pytest.mark.parametrize(
    "counts,index",
    [({}, None), ({1: 3}, 0), ({5: 3}, 100), ({3: 2}, 50), ({5: 1, 4: 1}, 87.5)],
)
def test_satisfaction_index(counts: dict[int, int], index: float | None) -> None:
    assert scores.satisfaction_index(counts) == index


def test_effort_is_a_mean() -> None:
    """5, 6, 7: mean 6, variance 1, so ± 1.96 / √3 — up to 7, the end of the scale."""
    found = scores.ces({5: 1, 6: 1, 7: 1})
    assert found.value == 6
    assert found.interval == pytest.approx((6 - 1.131586, 7), abs=1e-5)
    assert scores.ces({4: 1}) == scores.Score(1, 4)
    assert scores.ces({}) == scores.Score(0, None)


def test_two_scores_within_noise() -> None:
    small = scores.nps({10: 5, 8: 3, 0: 2}), scores.nps({10: 4, 8: 3, 0: 3})
    large = scores.nps({10: 5000, 8: 3000, 0: 2000}), scores.nps({10: 4000, 8: 3000, 0: 3000})
    assert scores.is_noise(*small) is True
    assert scores.is_noise(*large) is False
    assert scores.is_noise(small[0], scores.nps({})) is None


@pytest.mark.parametrize(
    "kind,expected",
    [
        ("nps", {0: -1, 6: -1, 7: 0, 8: 0, 9: 1, 10: 1}),
        ("rating", {1: -1, 2: -1, 3: 0, 4: 1, 5: 1}),
        ("effort", {1: -1, 3: -1, 4: 0, 5: 1, 7: 1}),
    ],
)
def test_sentiment(kind: str, expected: dict[int, int]) -> None:
    assert {number: scores.sentiment(kind, number) for number in expected} == expected
    assert scores.sentiment(kind, None) is None


def test_words_have_no_sentiment() -> None:
    assert scores.sentiment("long", 3) is None


ANSWERS = st.dictionaries(st.integers(0, 10), st.integers(1, 10_000), min_size=1)


@given(ANSWERS)
def test_an_interval_holds_its_score_and_stays_on_the_scale(counts: dict[int, int]) -> None:
    found = scores.nps(counts)
    assert found.value is not None
    assert found.interval is not None
    low, high = found.interval
    assert -100 <= low <= found.value + 1e-9
    assert found.value - 1e-9 <= high <= 100


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_a_share_stays_between_none_and_all(whole: int, portion: float) -> None:
    part = round(whole * portion)
    low, high = wilson(part, whole) or (1, 0)
    assert 0 <= low <= part / whole <= high <= 1
