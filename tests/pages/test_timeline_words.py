"""Events of a timeline read the same before the day that they name and after it."""

import pytest

from customers.views.timeline_words import event_words

DEAL = {
    "plan": "Enterprise",
    "subscription": "S-1",
    "on": "2027-01-01",
    "kind": "paid",
    "arr_minor": 240_000,
    "arr_before_minor": 120_000,
    "currency": "EUR",
}


@pytest.mark.parametrize("verb, facts, words", [
    ("subscription_started", {}, "Start of Enterprise on 1 Jan 2027 at €200 a month."),
    ("subscription_changed", {"plan_before": "Pro"},
     "From 1 Jan 2027: Enterprise instead of Pro, €200 a month instead of €100."),
    ("subscription_changed", {"plan_before": "Enterprise"},
     "From 1 Jan 2027: Enterprise at €200 a month instead of €100."),
    ("subscription_paused", {}, "Pause of Enterprise from 1 Jan 2027."),
    ("subscription_resumed", {}, "From 1 Jan 2027: Enterprise again, at €200 a month."),
    ("subscription_ended", {}, "End of Enterprise on 1 Jan 2027; until then €100 a month."),
    ("cancellation_recorded", {"effective_on": "2027-01-01"}, "Departure on 1 Jan 2027."),
])  # fmt: skip
def test_a_sentence_holds_before_its_day_and_after(verb, facts, words):
    assert event_words(verb, DEAL | facts) == words
