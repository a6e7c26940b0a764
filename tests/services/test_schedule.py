"""Cutting, joining and putting back: pure rules over believed terms."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.services.schedule import (
    Stretch,
    before,
    last_day_known,
    overlaps,
    prolonged,
    running_on,
    running_on_again,
    since,
)

FIRST = date(2025, 1, 1)


def stretch(starts, ends, arr=100, kind="paid"):
    """A stretch from and until a day, counted from the first of January."""
    return Stretch(
        plan_id=1,
        quantity=Decimal(1),
        kind=kind,
        arr_native_minor=arr,
        currency="EUR",
        fx_rate=Decimal(1),
        arr_minor=arr,
        starts_on=FIRST + timedelta(starts),
        ends_on=None if ends is None else FIRST + timedelta(ends),
    )


def day(number):
    return FIRST + timedelta(number)


@st.composite
def schedules(draw):
    """Up to five stretches in order, with and without gaps, the last one perhaps open."""
    cuts = sorted(draw(st.sets(st.integers(0, 60), min_size=0, max_size=10)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    found = [stretch(*pair, arr=draw(st.integers(0, 5))) for pair in pairs]
    if found and draw(st.booleans()):
        found[-1] = replace(found[-1], ends_on=None)
    return tuple(found)


def worth_on(schedule, on):
    found = running_on(schedule, on)
    return found and found.arr_minor


@given(schedules(), st.integers(-5, 65))
def test_a_cut_keeps_each_day_before_and_each_day_since(schedule, cut):
    head, tail = before(schedule, day(cut)), since(schedule, day(cut))

    for number in range(-5, 66):
        expected = worth_on(schedule, day(number))
        assert worth_on(head, day(number)) == (expected if number < cut else None)
        assert worth_on(tail, day(number)) == (expected if number >= cut else None)
    assert not overlaps(head)
    assert not overlaps(tail)


@given(schedules(), st.integers(0, 60))
def test_what_was_cut_runs_on_again_as_it_was(schedule, cut):
    again = running_on_again(before(schedule, day(cut)), schedule, day(cut))

    if running_on(schedule, day(cut - 1)) or not before(schedule, day(cut)):
        assert again == schedule


@given(schedules(), st.integers(0, 60), st.integers(0, 60))
def test_moving_a_cut_is_cutting_elsewhere(schedule, first, second):
    """Amending a cancellation gives what recording it there would have given."""
    if not running_on(schedule, day(first - 1)):
        return
    again = running_on_again(before(schedule, day(first)), schedule, day(first))

    assert before(again, day(second)) == before(schedule, day(second))


def test_what_was_corrected_since_the_cut_runs_on_corrected():
    original = (stretch(0, 40), stretch(40, None, arr=300))
    now = (stretch(0, 20, arr=150),)

    assert running_on_again(now, original, day(20)) == (
        stretch(0, 40, arr=150),
        stretch(40, None, arr=300),
    )


@pytest.mark.parametrize("now", [(stretch(0, 10),), (stretch(0, None),), (stretch(0, 30),)])
def test_where_the_cut_no_longer_stands_nothing_is_put_back(now):
    assert running_on_again(now, (stretch(0, None),), day(20)) == now


def test_what_was_dropped_whole_comes_back_whole():
    original = (stretch(30, None),)

    assert running_on_again((), original, day(20)) == original


def test_prolonging_moves_the_last_end_only():
    schedule = (stretch(0, 10), stretch(20, 30))

    assert last_day_known(prolonged(schedule, day(50))) == day(50)
    assert prolonged(schedule, None)[0] == schedule[0]
