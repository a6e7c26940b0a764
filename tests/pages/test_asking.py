"""What the address of a page of figures means."""

from datetime import date

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from churnapp.common.errors import RuleError
from churnapp.common.periods import INTERVALS, holding, parse_period
from churnapp.models import Organisation
from customers.views.asking import asked, code_of, in_interval, moved

TODAY = date(2025, 7, 18)


def ask(query: str = "", **organisation):
    request = RequestFactory().get(f"/overview/?{query}")
    return asked(request, TODAY, Organisation(**organisation))


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("first_month", [1, 4, 12])
@pytest.mark.parametrize(
    "day", [date(2024, 12, 30), date(2025, 1, 1), date(2025, 3, 31), date(2024, 2, 29)]
)
def test_a_period_is_found_again_by_its_code(interval, first_month, day):
    period = holding(day, interval, first_month)
    assert parse_period(code_of(period, interval, first_month), first_month) == period


def test_without_a_word_it_is_this_month_and_the_year_before():
    question = ask()
    assert question.shown.start == date(2025, 7, 1)
    assert question.periods[0].start == date(2024, 7, 1)
    assert question.is_partial
    assert question.name(question.shown) == "Jul 2025"


def test_a_past_month_is_whole():
    assert not ask("to=2025-06").is_partial


def test_the_segment_is_what_the_page_does_not_use_itself():
    question = ask("to=2025-06&plan=pro&country=SE&country=NO&owner=&page=3&format=csv")
    assert question.segment == "country=SE&country=NO&plan=pro"
    assert QueryDict(question.query())["plan"] == "pro"


def test_stepping_moves_both_ends():
    assert QueryDict(moved(ask("from=2025-01&to=2025-03"), -1)).dict() == {
        "from": "2024-12",
        "to": "2025-02",
        "interval": "month",
    }


def test_another_interval_shows_the_period_of_the_same_day():
    question = ask("to=2025-02&interval=month&plan=pro")
    assert QueryDict(in_interval(question, "quarter")).dict() == {
        "to": "2025-Q1",
        "interval": "quarter",
        "plan": "pro",
    }
    assert QueryDict(in_interval(ask(), "week"))["to"] == "2025-W29"


def test_charts_that_would_begin_after_the_shown_period_begin_as_far_before_it_as_usual():
    question = ask("from=2024-07&to=2023-01")
    assert question.shown.start == date(2023, 1, 1)
    assert question.periods[0].start == date(2022, 1, 1)


def test_a_fiscal_quarter_keeps_its_name():
    question = ask("to=2025-Q1&interval=quarter", fiscal_year_start_month=4)
    assert question.shown.start == date(2025, 4, 1)
    assert question.code(question.shown) == "2025-Q1"


@pytest.mark.parametrize("query", ["to=soon", "interval=fortnight", "from=1990&interval=day"])
def test_nonsense_is_refused_in_words(query):
    with pytest.raises(RuleError):
        ask(query)
