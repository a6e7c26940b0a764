"""The words that name periods, and the periods between two of them."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from churnapp.common import periods
from churnapp.common.errors import RuleError
from churnapp.common.periods import INTERVALS, Interval, Period

DAYS = st.dates(date(1990, 1, 1), date(2080, 1, 1))


@pytest.mark.parametrize(
    "text, start, end",
    [
        ("2025-02", "2025-02-01", "2025-03-01"),
        ("2025-Q1", "2025-01-01", "2025-04-01"),
        ("2025-q4", "2025-10-01", "2026-01-01"),
        ("2025-W05", "2025-01-27", "2025-02-03"),
        ("2026-W53", "2026-12-28", "2027-01-04"),
        ("2025", "2025-01-01", "2026-01-01"),
        (" 2024-02-29 ", "2024-02-29", "2024-03-01"),
    ],
)
def test_what_a_word_names(text: str, start: str, end: str) -> None:
    found = periods.parse_period(text)
    assert (found.start.isoformat(), found.end.isoformat()) == (start, end)


@pytest.mark.parametrize("text", ["0001-01", "1899-12-31", "2200", "9999-12-31", "9999-W52"])
def test_a_year_out_of_reach_is_refused(text: str) -> None:
    with pytest.raises(RuleError, match=r"out of reach|no period"):
        periods.parse_period(text)


@pytest.mark.parametrize(
    "text",
    ["", "25-02", "2025-13", "2025-00", "2025-W54", "2025-W00", "2025-Q5", "2025-02-30",
     "2025-W05-03", "2025-Q1-02", "0000", "2025-2", "march", "２０２５"],
)  # fmt: skip
def test_what_names_nothing_is_refused(text: str) -> None:
    with pytest.raises(RuleError):
        periods.parse_period(text)


def test_a_fiscal_year_is_named_by_the_year_it_begins_in() -> None:
    assert periods.parse_period("2025", 4) == Period(date(2025, 4, 1), date(2026, 4, 1))
    assert periods.parse_period("2025-Q4", 4) == Period(date(2026, 1, 1), date(2026, 4, 1))
    assert periods.holding(date(2025, 3, 31), "year", 4).start == date(2024, 4, 1)


@given(day=DAYS, interval=st.sampled_from(INTERVALS), first_month=st.integers(1, 12))
def test_a_day_lies_in_its_period(day: date, interval: Interval, first_month: int) -> None:
    found = periods.holding(day, interval, first_month)
    assert found.start <= day < found.end
    assert periods.holding(found.start, interval, first_month) == found
    assert periods.holding(found.last_on, interval, first_month) == found


@given(day=DAYS, days=st.integers(0, 900), interval=st.sampled_from(INTERVALS))
def test_periods_follow_each_other_without_a_gap(day: date, days: int, interval: Interval) -> None:
    last = day + timedelta(days=days)
    found = periods.between(day, last, interval)
    assert found[0] == periods.holding(day, interval)
    assert found[-1] == periods.holding(last, interval)
    assert all(one.end == other.start for one, other in pairwise(found))


def test_the_periods_before_one() -> None:
    january = periods.holding(date(2025, 1, 1), "month")
    assert [p.start for p in periods.before(january, "month", 2)] == [
        date(2024, 11, 1),
        date(2024, 12, 1),
    ]


def test_a_last_day_before_the_first_is_refused() -> None:
    with pytest.raises(RuleError):
        periods.between(date(2025, 2, 1), date(2025, 1, 31), "month")
    with pytest.raises(ValueError, match="after it starts"):
        Period(date(2025, 1, 1), date(2025, 1, 1))
