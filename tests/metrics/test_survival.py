"""Survival against a textbook: remission of leukaemia (Freireich 1963), in weeks.

Cox and Oakes, Analysis of Survival Data, 1984; intervals and the log-rank test are those of R's
`survfit(conf.type = "log-log")` and `survdiff`.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.metrics.survival import Spell, kaplan_meier, log_rank, median_days, point_at

LEFT = [6, 6, 6, 7, 10, 13, 16, 22, 23]
STAYED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
TREATED = [*(Spell(day, True) for day in LEFT), *(Spell(day, False) for day in STAYED)]
PLACEBO = [
    Spell(day, True)
    for day in [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
]
BOOK = [
    (6, 21, 0.857, 0.620, 0.952),
    (7, 17, 0.807, 0.563, 0.923),
    (10, 15, 0.753, 0.503, 0.889),
    (13, 12, 0.690, 0.432, 0.849),
    (16, 11, 0.627, 0.368, 0.805),
    (22, 7, 0.538, 0.268, 0.747),
    (23, 6, 0.448, 0.188, 0.680),
]


def test_the_curve_of_the_textbook():
    found = [
        (point.day, point.at_risk, *(round(x, 3) for x in (point.share, point.low, point.high)))
        for point in kaplan_meier(TREATED)
    ]
    assert found == BOOK


def test_medians_and_the_log_rank_test_of_the_textbook():
    assert median_days(kaplan_meier(TREATED)) == 23
    assert median_days(kaplan_meier(PLACEBO)) == 8
    assert log_rank(TREATED, PLACEBO) == pytest.approx(4.17e-5, rel=0.01)
    assert log_rank(PLACEBO, TREATED) == pytest.approx(log_rank(TREATED, PLACEBO))


def test_who_is_last_seen_on_a_day_is_there_on_that_day():
    (point,) = kaplan_meier([Spell(5, True), Spell(5, False)])
    assert (point.at_risk, point.share) == (2, 0.5)


def test_when_all_have_left_there_is_no_interval():
    last = kaplan_meier([Spell(3, True), Spell(9, True)])[-1]
    assert (last.share, last.low, last.high) == (0, None, None)


def test_of_nobody_and_of_none_who_left_nothing_is_known():
    assert kaplan_meier([]) == []
    assert kaplan_meier([Spell(9, False)]) == []
    assert median_days([]) is None
    assert log_rank([Spell(9, False)], [Spell(4, False)]) is None
    assert log_rank([Spell(9, True)], []) is None


def test_the_last_point_up_to_a_day_is_the_one_that_holds():
    points = kaplan_meier(TREATED)
    assert point_at(points, 5) is None
    assert point_at(points, 9) == points[1]
    assert point_at(points, 10) == points[2]


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans(), st.integers(1, 5)), max_size=30))
def test_counts_say_the_same_as_one_by_one_and_shares_only_fall(rows):
    counted = kaplan_meier(Spell(*row) for row in rows)
    assert counted == kaplan_meier(
        Spell(days, left) for days, left, count in rows for _ in range(count)
    )
    shares = [1.0, *(point.share for point in counted)]
    assert shares == sorted(shares, reverse=True)
    for point in counted:
        if point.low is not None:
            assert 0 <= point.low <= point.share <= point.high <= 1


@given(st.lists(st.tuples(st.integers(0, 40), st.just(True)), min_size=1, max_size=30))
def test_without_anyone_lost_sight_of_it_is_the_plain_share(rows):
    days = [day for day, _left in rows]
    for point in kaplan_meier(Spell(*row) for row in rows):
        assert point.share == pytest.approx(sum(day > point.day for day in days) / len(days))
