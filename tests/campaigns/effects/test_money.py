"""What a campaign brought in: whole minor units, costs taken off, honest with few who pay much."""

from fractions import Fraction
from math import exp, log
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.effects.money import Gain, Revenue, around_mean, gain_of, t_quantile, total_of


def test_sums_of_a_group() -> None:
    assert Revenue.of(10, [0, 300, 0, -100]) == Revenue(10, 2, 200, 100_000, 26_000_000)


@pytest.mark.parametrize("freedom,expected", [(4, 2.776), (10, 2.228), (30, 2.042), (1000, 1.962)])
def test_students_quantile_is_that_of_the_table(freedom: int, expected: float) -> None:
    assert t_quantile(freedom) == pytest.approx(expected, abs=0.01)


def test_amounts_without_skew_have_students_interval() -> None:
    found = around_mean(Revenue.of(6, [10, 20, 30, 40, 50, 60]))
    error = (350 / 6) ** 0.5
    assert found == (
        pytest.approx(35 - 2.5706 * error, abs=0.05),
        pytest.approx(35 + 2.5706 * error, abs=0.05),
    )


def test_a_long_tail_leans_upwards() -> None:
    low, high = around_mean(Revenue.of(1_000, [100] * 40 + [50_000])) or (0, 0)
    assert high - 54 > 2 * (54 - low)


def test_gain_and_costs_by_hand() -> None:
    treated = Revenue.of(1_000, [1_000] * 200)
    holdout = Revenue.of(100, [1_000] * 10)
    free = gain_of(treated, holdout)
    assert free.total == 100_000
    assert free.verdict == "positive"
    assert free.a_customer(free.total) == Fraction(100)
    dear = gain_of(treated, holdout, costs=150_000)
    assert (dear.total, dear.low) == (-50_000, (free.low or 0) - 150_000)
    assert dear.verdict == "no_effect"
    assert gain_of(treated, holdout, costs=300_000).verdict == "negative"


@pytest.mark.parametrize("treated,holdout", [(0, 10), (10, 0), (0, 0)])
def test_an_empty_group_says_nothing(treated: int, holdout: int) -> None:
    found = gain_of(Revenue.of(treated, []), Revenue.of(holdout, []))
    assert found == Gain(treated, None, None, None, "too_few")
    assert found.a_customer(found.total) is None


def test_nobody_paid_in_the_holdout() -> None:
    found = gain_of(Revenue.of(1_000, [500] * 100), Revenue.of(100, []))
    assert (found.total, found.low, found.high, found.verdict) == (50_000, None, None, "too_few")


def test_a_handful_of_payers_is_too_few() -> None:
    found = gain_of(Revenue.of(180, [500] * 20), Revenue.of(20, [500, 400]))
    assert found.low is not None
    assert found.verdict == "too_few"


def test_the_sum_of_campaigns() -> None:
    one = Gain(100, 1_000, 700, 1_400, "positive")
    other = Gain(200, 500, 100, 800, "positive")
    bare = Gain(50, 900, None, None, "too_few")
    assert total_of([one, other, bare]) == Gain(300, 1_500, 1_000, 2_000, "positive")
    assert total_of([bare]) == total_of([]) == Gain(0, None, None, None, "too_few")
    few = Gain(10, 40, -20, 90, "too_few")
    assert total_of([few]).verdict == "too_few"


AMOUNTS = st.lists(st.integers(-100_000, 10_000_000), max_size=60)


@given(AMOUNTS, AMOUNTS, st.integers(0, 500), st.integers(0, 100_000))
def test_the_interval_holds_the_gain(
    ours: list[int], theirs: list[int], others: int, costs: int
) -> None:
    treated = Revenue.of(len(ours) + others, ours)
    holdout = Revenue.of(len(theirs) + others, theirs)
    found = gain_of(treated, holdout, costs)
    if found.total is None or found.low is None or found.high is None:
        assert found.verdict == "too_few"
    else:
        assert found.low - 1 <= found.total <= found.high + 1


def test_few_who_pay_much_are_covered() -> None:
    """A tenth of a hundred held out pay, log-normal with σ 1.2: Welch's interval covers 85 %."""
    random, truth = Random(3), 0
    covered = claimed = 0
    for _campaign in range(400):
        groups = [
            Revenue.of(people, [amount(random) for _ in range(random.binomialvariate(people, 0.1))])
            for people in (900, 100)
        ]
        found = gain_of(*groups)
        covered += (found.low or 0) <= truth <= (found.high or 0)
        claimed += found.verdict == "positive"
    assert covered / 400 > 0.93
    assert claimed / 400 <= 0.05


def amount(random: Random) -> int:
    return round(exp(random.gauss(log(60_000), 1.2)))
