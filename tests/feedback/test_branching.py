"""What is wrong with the way through a survey, all of it at once and question by question."""

import copy

import pytest

from feedback.content import Content, faults
from feedback.ready_surveys import READY

FULL = {"from": 1, "to": 7}


def survey(**goes):
    """The ready CES survey (score, difficult, comment) with other ways from its questions."""
    document = copy.deepcopy(READY["ces"])
    for question in document["questions"]:
        question["goes"] = goes.get(question["key"], [])
    return Content.read(document)


def told(content):
    return [(fault.question, fault.words.split(":")[0].split(",")[0]) for fault in faults(content)]


@pytest.mark.parametrize("kind", READY)
def test_ready_surveys_have_no_fault(kind):
    assert faults(Content.read(READY[kind])) == []


def test_a_question_that_every_answer_passes_is_named():
    content = survey(score=[{"when": FULL, "to": "comment"}])

    assert told(content) == [("difficult", "Nobody reaches this question")]


def test_nobody_reaches_what_only_an_unreached_question_leads_to():
    content = survey(
        score=[{"when": FULL, "to": "end"}], difficult=[{"when": "waiting", "to": "comment"}]
    )

    assert [question for question, _words in told(content)] == ["difficult", "comment"]


def test_a_question_that_may_be_left_open_leads_on_to_the_next():
    document = copy.deepcopy(READY["ces"])
    document["questions"][0] |= {"required": False, "goes": [{"when": FULL, "to": "end"}]}

    assert faults(Content.read(document)) == []


@pytest.mark.parametrize("to, number", [("score", 1), ("difficult", 2)])
def test_an_answer_that_leads_back_would_go_round_in_circles(to, number):
    content = survey(difficult=[{"when": "waiting", "to": to}])

    assert told(content) == [("difficult", f"An answer leads back to question {number}")]


def test_every_fault_of_a_survey_is_told_in_the_order_of_its_questions():
    document = copy.deepcopy(READY["ces"])
    document["questions"][0]["goes"] = [
        {"when": FULL, "to": "comment"},
        {"when": {"from": 5, "to": 9}, "to": "end"},
    ]
    document["questions"][1] |= {"goes": [{"when": "waiting", "to": "nowhere"}]}
    document["questions"].append({"key": "q", "kind": "single", "choices": [], "goes": []})

    found = faults(Content.read(document))

    assert [fault.question for fault in found] == ["score", "difficult", "difficult", "q"]
    assert "No answer to this question fits" in found[0].words
    assert "not there" in found[2].words
    assert "Offer at least two choices" in found[3].words
