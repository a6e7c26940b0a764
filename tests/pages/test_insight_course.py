"""Months of departures, and those of which only a part counts."""

from datetime import date

import pytest

from customers.views.insight_course import Course, Within
from customers.views.insight_tables import Departure

CUT = ["28 Nov 2025\u2009–\u200930 Nov 2025", "Dec 2025", "1 Jan 2026\u2009–\u200927 Jan 2026"]


@pytest.mark.parametrize(
    "first, last, today, names, partial",
    [
        ((2025, 11, 28), (2026, 1, 27), (2026, 1, 27), CUT, [0, 2]),
        ((2025, 11, 1), (2026, 1, 31), (2026, 1, 31), ["Nov 2025", "Dec 2025", "Jan 2026"], []),
        (None, None, (2025, 12, 5), ["Nov 2025", "Dec 2025", "Jan 2026"], [1, 2]),
    ],
    ids=["cut on both sides", "whole", "some are ahead"],
)  # fmt: skip
def test_months_that_are_there_in_part_are_marked(first, last, today, names, partial):
    days = [date(2025, 11, 29), date(2025, 12, 3), date(2026, 1, 20)]
    departures = [Departure(None, day, False, "", "", None, None, "", 0) for day in days]
    bounds = [date(*day) if day else None for day in (first, last)]
    within = Within(*bounds, date(*today))
    course = Course(departures, lambda *_asked: "", "EUR", False, within)

    chart = course.by_kind()

    assert [column.name for column in chart.columns] == names
    assert [at for at, bar in enumerate(chart.bars) if bar.is_partial] == partial
    assert chart.partial is bool(partial)
