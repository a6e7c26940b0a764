"""Answers saved as they are given, sent in, told to the timeline, and set aside when in doubt."""

from datetime import timedelta

import pytest
from django.utils import timezone

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from customers import night
from customers.models import Interaction, OutgoingEmail, RiskFlag, Task
from customers.services.reasons import retire_reason
from feedback.answering import Signs, find_invitation
from feedback.logic import Given
from feedback.models import Answer, Channel, Response
from feedback.results import Chosen, results
from feedback.services.answering import (
    Filled,
    OpenForm,
    answer_openly,
    quarantine,
    release,
    save_answers,
    send_in,
)
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_reason,
    make_subscription,
    today_here,
)
from tests.feedback_factories import (
    make_invitation,
    make_open_link,
    make_response,
    make_survey,
    token_of,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
MINUTE = timedelta(minutes=1)
CALM = Signs(issued_at=NOW - MINUTE)


def filled(signs=CALM, **answers):
    return Filled({key: as_given(value) for key, value in answers.items()}, "nb", signs)


def as_given(value):
    if isinstance(value, int):
        return Given(number=value)
    return Given(choices=value) if isinstance(value, tuple) else Given(text=value)


def answered(invitation, *, now=NOW, signs=CALM, **answers):
    return send_in(save_answers(invitation, filled(signs, **answers), now=now), now=now)


@pytest.fixture
def invitation(alice):
    return make_invitation(contact=make_contact(make_customer(owner=alice)))


def given(response):
    return {
        a.question: a.number if a.number is not None else a.text for a in response.answers.all()
    }


@pytest.mark.parametrize(
    "gone",
    [
        {"expires_at": NOW - timedelta(seconds=1)},
        {"called_back_at": NOW},
        {"token_sha256": "0" * 64},
    ],
)
def test_a_link_that_is_over_called_back_or_unknown_finds_nothing(gone):
    assert find_invitation(token_of(make_invitation(**gone)), now=NOW) is None


def test_an_open_link_finds_its_invitation(invitation):
    assert find_invitation(token_of(invitation), now=NOW) == invitation


def test_answers_are_kept_as_they_are_given_and_count_when_sent_in(invitation):
    response = save_answers(invitation, filled(score=3), now=NOW)
    assert response.answered_at is None
    assert not Interaction.objects.exists()

    response = save_answers(invitation, filled(score=4, comment="Slow"), now=NOW + MINUTE)
    send_in(response, now=NOW + MINUTE)

    response = Response.objects.get()
    assert given(response) == {"score": 4, "comment": "Slow"}
    assert (response.answered_at, response.begun_at) == (NOW + MINUTE, NOW)
    assert (response.customer, response.language) == (invitation.customer, "nb")


def test_a_required_question_must_be_answered_before_sending_in(invitation):
    response = save_answers(invitation, filled(comment="Slow"), now=NOW)

    with pytest.raises(RuleError) as refusal:
        send_in(response, now=NOW)

    assert refusal.value.field == "score"


@pytest.mark.parametrize("answers", [{"score": 11}, {"other": 1}, {"comment": 3}])
def test_what_is_no_answer_leaves_nothing_behind(invitation, answers):
    with pytest.raises(RuleError):
        save_answers(invitation, filled(**answers), now=NOW)

    assert not Response.objects.exists()


def test_an_answer_that_no_longer_lies_on_the_way_is_dropped():
    invitation = make_invitation(make_survey("ces"))

    response = answered(invitation, score=2, difficult=("waiting",), comment="Days")
    assert given(response).keys() == {"score", "difficult", "comment"}
    response = answered(invitation, now=NOW + MINUTE, score=7)

    assert given(response).keys() == {"score", "comment"}


@pytest.mark.parametrize(
    "kind, score, scale, sentiment, tasks",
    [
        ("nps", 6, "nps", -1, 1),
        ("nps", 7, "nps", 0, 0),
        ("nps", 9, "nps", 1, 0),
        ("csat", 2, "csat", -1, 1),
        ("csat", 3, "csat", 0, 0),
        ("product", 5, "csat", 1, 0),
        ("ces", 3, "ces", -1, 1),
        ("ces", 4, "ces", 0, 0),
    ],
)
def test_the_timeline_holds_the_answer_and_the_unhappy_get_somebody(
    alice, kind, score, scale, sentiment, tasks
):
    customer = make_customer(owner=alice)
    invitation = make_invitation(make_survey(kind), make_contact(customer))

    answered(invitation, score=score, comment="Words")

    entry = Interaction.objects.get(customer=customer, kind="answer")
    assert (entry.score, entry.facts["kind"], entry.sentiment) == (score, scale, sentiment)
    assert (entry.contact, entry.occurred_at) == (invitation.contact, NOW)
    assert "Words" in entry.summary
    assert Task.objects.filter(customer=customer, assignee=alice).count() == tasks


MIXED = {
    "languages": ["en"],
    "questions": [
        {"key": "easy", "kind": "rating", "required": True},
        {"key": "score", "kind": "nps", "required": False},
        {"key": "again", "kind": "nps", "required": False},
    ],
    "texts": {"en": {}},
}


@pytest.mark.parametrize(
    "kind, given, told, tasks",
    [
        ("nps", {"easy": 4, "score": 1, "again": 9}, (1, -1, "nps"), 1),
        ("nps", {"easy": 1, "score": 10}, (10, 1, "nps"), 0),
        ("nps", {"easy": 1, "again": 1}, (None, None, None), 0),  # as in the results
        ("csat", {"easy": 1, "score": 10}, (1, -1, "csat"), 1),
        ("product", {"easy": 1, "score": 10}, (1, -1, "csat"), 1),
    ],
)
def test_the_timeline_the_task_and_the_mail_go_by_the_question_that_scores(
    alice, kind, given, told, tasks
):
    survey = make_survey(kind, content=MIXED)
    answered(make_invitation(survey, make_contact(make_customer(owner=alice))), **given)

    entry = Interaction.objects.get(kind="answer")
    assert (entry.score, entry.sentiment, entry.facts.get("kind")) == told
    assert Task.objects.count() == tasks
    assert OutgoingEmail.objects.filter(dedupe_key__startswith="unhappy:").count() == tasks
    if kind != "product":
        counts = results([survey], Chosen())[0].counts
        assert counts == ({} if told[0] is None else {told[0]: 1})


def test_a_change_within_a_day_changes_the_same_entry_and_asks_once(invitation):
    answered(invitation, score=2, comment="Bad")
    answered(invitation, now=NOW + timedelta(hours=23), score=5, comment="Not so bad")

    entry = Interaction.objects.get(kind="answer")
    assert (entry.score, entry.occurred_at) == (5, NOW)
    assert Task.objects.get().what.endswith("Not so bad")


def test_a_change_that_stops_half_way_leaves_a_whole_answer():
    """Each step of a change counts as it stands, without answers that no longer apply."""
    invitation = make_invitation(make_survey("ces"))
    answered(invitation, score=2, difficult=("waiting",), comment="Days")

    response = save_answers(invitation, filled(score=7), now=NOW + MINUTE)

    assert given(response).keys() == {"score", "comment"}
    entry = Interaction.objects.get(kind="answer")
    assert (entry.score, "waiting" in entry.summary) == (7, False)


def test_one_form_at_two_open_links_is_two_answers():
    for link in (make_open_link(), make_open_link()):
        answer_openly(link, OpenForm("form-1", Channel.OPEN), filled(score=1), now=NOW)

    assert Response.objects.count() == 2


def test_after_a_day_the_answers_stay_as_they_are(invitation):
    answered(invitation, score=2)

    with pytest.raises(RuleError):
        save_answers(invitation, filled(score=9), now=NOW + timedelta(hours=24))

    assert given(Response.objects.get())["score"] == 2


def test_risk_hears_of_a_bad_answer(invitation):
    make_subscription(invitation.customer)
    answered(invitation, score=2)
    later = timezone.now() + timedelta(days=1)

    night.run(as_of=today_here(later), now=later)

    assert RiskFlag.objects.filter(customer=invitation.customer, rule__key="bad_answer").exists()


def test_a_stated_reason_stays_with_the_response(alice):
    customer = make_customer(owner=alice)
    said, staff = make_reason("price"), make_reason("onboarding")
    cancellation = make_cancellation(customer, reason=staff, comment="Staff's words")
    invitation = make_invitation(
        make_survey("exit"), make_contact(customer), cancellation=cancellation
    )

    response = answered(invitation, reason=(said.key,), kept=("price",), comment="Too dear")

    cancellation.refresh_from_db()
    assert (cancellation.reason, cancellation.comment) == (staff, "Staff's words")
    assert response.cancellation == cancellation
    entry = Interaction.objects.get(kind="answer")
    assert (entry.score, entry.sentiment) == (None, None)
    assert entry.summary.endswith("Lavere pris · Too dear")
    assert Task.objects.get().assignee == alice


def test_an_exit_answer_without_words_asks_for_nobody():
    reason = make_reason("price")

    answered(make_invitation(make_survey("exit")), reason=(reason.key,), kept=("no",))

    assert not Task.objects.exists()


def test_a_reason_that_was_retired_meanwhile_is_still_taken():
    reason = make_reason("price")
    retire_reason(reason, by=None)

    response = answered(make_invitation(make_survey("exit")), reason=(reason.key,))

    assert response.answers.get().choices == [reason.key]


@pytest.mark.parametrize(
    "signs, because",
    [
        (CALM, ""),
        (Signs(), "unmarked"),
        (Signs(NOW - timedelta(seconds=2)), "too_fast"),
        (Signs(NOW - timedelta(seconds=2), chosen=True), ""),
        (Signs(NOW - timedelta(milliseconds=900), chosen=True), "too_fast"),
        (Signs(NOW - MINUTE, trap_filled=True), "trap_filled"),
        (Signs(NOW - MINUTE, links_lately=11), "many_links"),
    ],
)
def test_what_a_program_sent_is_kept_but_counts_nowhere(invitation, signs, because):
    response = answered(invitation, signs=signs, score=2)

    assert response.quarantined_because == because
    assert bool(response.quarantined_at) == bool(because)
    assert Response.objects.counted().exists() is not bool(because)
    assert Interaction.objects.filter(kind="answer").exists() is not bool(because)
    assert Task.objects.exists() is not bool(because)


def test_a_person_may_count_what_was_set_aside_and_it_stays_counted(invitation, alice):
    response = answered(invitation, signs=Signs(), score=2)

    release(response, by=alice)
    assert Interaction.objects.get(kind="answer").score == 2
    answered(invitation, now=NOW + MINUTE, signs=Signs(), score=3)

    assert Response.objects.counted().count() == 1
    released = AuditEvent.objects.get(verb="response_released", actor=alice)
    assert released.changes == {"because": ["unmarked", ""]}


def test_a_person_may_set_aside_what_counted(invitation, alice):
    response = answered(invitation, score=2)

    quarantine(response, because="A test of ours", by=alice)

    assert not Response.objects.counted().exists()
    assert not Interaction.objects.filter(kind="answer").exists()
    with pytest.raises(RuleError):
        quarantine(response, because="Again", by=alice)


def test_answers_of_unknown_people_are_kept_without_a_customer():
    link = make_open_link()

    for _ in range(2):
        answer_openly(link, OpenForm("form-1", Channel.OPEN), filled(score=1), now=NOW)

    response = Response.objects.get()
    assert (response.customer, response.open_link) == (None, link)
    assert not Interaction.objects.filter(kind="answer").exists()
    assert Answer.objects.count() == 1


def test_what_was_sent_in_can_be_changed_for_a_day_after_the_link_is_over():
    over = make_invitation(expires_at=NOW - timedelta(minutes=1))
    response = make_response(invitation=over, contact=over.contact, answered_at=NOW)
    late = NOW + timedelta(hours=23)
    assert find_invitation(token_of(over), now=late) == over
    assert find_invitation(token_of(over), now=NOW + timedelta(hours=24)) is None
    type(response).objects.update(answered_at=None)
    assert find_invitation(token_of(over), now=late) is None, "begun, but never sent in"
