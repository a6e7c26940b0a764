"""Which way answers lead through a survey."""

from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from churnapp.common.errors import RuleError
from feedback.content import Content, Question
from feedback.logic import Given, check_given, missing, next_question, on_the_way, path
from feedback.ready_surveys import READY

CES = Content.read(READY["ces"])
BRANCHING = Content.read(
    {
        "questions": [
            {
                "key": "why",
                "kind": "single",
                "choices": [{"key": "price"}, {"key": "moved"}],
                "goes": [{"when": "moved", "to": "end"}],
            },
            {"key": "paid", "kind": "nps", "required": True},
        ]
    }
)


def keys(questions):
    return [question.key for question in questions]


@pytest.mark.parametrize(
    "answers, way",
    [
        ({}, ["score", "difficult", "comment"]),
        ({"score": Given(number=2)}, ["score", "difficult", "comment"]),
        ({"score": Given(number=5)}, ["score", "difficult", "comment"]),
        ({"score": Given(number=6)}, ["score", "comment"]),
        ({"score": Given(number=7)}, ["score", "comment"]),
    ],
)
def test_a_number_leads_where_its_range_says(answers, way):
    assert keys(path(CES, answers)) == way


@pytest.mark.parametrize(
    "choice, way", [("price", ["why", "paid"]), ("moved", ["why"]), ("", ["why", "paid"])]
)
def test_a_choice_leads_where_it_says(choice, way):
    answers = {"why": Given(choices=(choice,) if choice else ())}

    assert keys(path(BRANCHING, answers)) == way


def test_the_next_question_is_the_first_one_neither_answered_nor_left_open():
    assert next_question(CES, {}).key == "score"
    assert next_question(CES, {"score": Given(number=7)}).key == "comment"
    assert next_question(CES, {"score": Given(number=7), "comment": Given()}) is None


def test_what_a_changed_answer_leads_past_is_dropped():
    answers = {"score": Given(number=7), "difficult": Given(choices=("waiting",))}

    assert list(on_the_way(CES, answers)) == ["score"]


def test_only_required_questions_on_the_way_are_missing():
    assert keys(missing(CES, {"score": Given()})) == ["score"]
    assert missing(BRANCHING, {"why": Given(choices=("moved",))}) == []


@pytest.mark.parametrize(
    "question, answer, is_fine",
    [
        (Question("q", "nps"), Given(number=0), True),
        (Question("q", "nps"), Given(number=10), True),
        (Question("q", "nps"), Given(number=11), False),
        (Question("q", "rating"), Given(number=0), False),
        (Question("q", "effort"), Given(number=7), True),
        (Question("q", "effort"), Given(number=8), False),
        (Question("q", "short"), Given(number=1), False),
        (Question("q", "short"), Given(text="x" * 200), True),
        (Question("q", "short"), Given(text="x" * 201), False),
        (Question("q", "long"), Given(text="x" * 5001), False),
        (Question("q", "nps"), Given(number=1, text="words"), False),
        (Question("q", "single"), Given(choices=("a",)), True),
        (Question("q", "single"), Given(choices=("a", "b")), False),
        (Question("q", "multiple"), Given(choices=("a", "b")), True),
        (Question("q", "multiple"), Given(choices=("z",)), False),
        (Question("q", "multiple"), Given(), True),
    ],
)
def test_an_answer_fits_its_question(question, answer, is_fine):
    expected = nullcontext() if is_fine else pytest.raises(RuleError)
    with expected:
        check_given(question, answer, ("a", "b"))


@given(st.dictionaries(st.sampled_from(["score", "difficult", "comment"]), st.integers(0, 9)))
def test_every_way_ends_and_passes_no_question_twice(numbers):
    way = keys(path(CES, {key: Given(number=number) for key, number in numbers.items()}))

    assert way[0] == "score"
    assert len(way) == len(set(way))
