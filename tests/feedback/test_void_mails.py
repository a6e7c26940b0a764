"""What has become void while it waited does not go out: expired links, answered reminders."""

from datetime import timedelta

import pytest

from customers.models import OutgoingEmail
from feedback.inviting.reminders import call_back_void_reminders, due_for_a_reminder, remind
from feedback.inviting.rounds import run_rules
from feedback.models import Invitation, Response
from tests.factories import make_contact
from tests.feedback.leavers import NOW, make_exit_survey, make_leaver, make_sending_rule
from tests.feedback_factories import make_response, make_survey

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=5)


@pytest.fixture
def survey():
    return make_exit_survey()


@pytest.fixture
def rule(survey):
    return make_sending_rule(survey, reminder_days=4)


@pytest.fixture
def reminded(rule):
    """Somebody who left was asked, and a reminder waits."""
    make_leaver()
    run_rules(NOW)
    OutgoingEmail.objects.update(state="accepted", sent_at=NOW)
    assert remind(LATER) == 1
    return Invitation.objects.get()


def reminder():
    return OutgoingEmail.objects.latest("pk").state


def test_a_mail_that_waited_longer_than_its_link_is_open_is_called_back(rule):
    make_leaver()
    run_rules(NOW)
    ends = Invitation.objects.get().expires_at
    run_rules(ends - timedelta(minutes=1))
    assert OutgoingEmail.objects.get().state == "queued"
    run_rules(ends)
    assert OutgoingEmail.objects.get().state == "cancelled"
    assert Invitation.objects.get().called_back_at == ends


def test_the_mail_knows_until_when_its_link_is_open(rule):
    make_leaver()
    run_rules(NOW)
    until = OutgoingEmail.objects.get().links["survey"]["until"]
    assert until == Invitation.objects.get().expires_at.isoformat()


def test_a_reminder_of_an_expired_link_is_called_back(reminded):
    Invitation.objects.update(expires_at=LATER)
    call_back_void_reminders(LATER)
    assert reminder() == "cancelled"


def test_who_answers_while_reminders_are_written_is_not_reminded(reminded, survey):
    # The answer came in between: whoever took it found no reminder yet to call back.
    make_response(survey, contact=reminded.contact, invitation=reminded, score=None)
    run_rules(LATER)
    assert reminder() == "cancelled"


def test_a_beginning_is_no_answer(reminded, survey):
    contact = reminded.contact
    make_response(survey, contact=contact, invitation=reminded, score=None, answered_at=None)
    run_rules(LATER)
    assert reminder() == "queued"


@pytest.mark.parametrize("channel", ["api", "file"])
@pytest.mark.parametrize("knows_who", [True, False])
def test_who_answered_elsewhere_is_not_reminded(channel, knows_who, rule, survey):
    make_leaver()
    run_rules(NOW)
    OutgoingEmail.objects.update(state="accepted", sent_at=NOW)
    assert due_for_a_reminder(LATER).count() == 1
    contact = Invitation.objects.get().contact
    said = make_response(survey, contact=contact, channel=channel, score=None)
    Response.objects.update(contact=contact if knows_who else None, answered_at=LATER)
    assert remind(LATER) == 0

    Response.objects.update(answered_at=NOW - timedelta(days=1))  # that was before they were asked
    assert remind(LATER) == 1
    Response.objects.update(answered_at=LATER)
    run_rules(LATER)
    assert reminder() == "cancelled"
    assert said.invitation is None


@pytest.mark.parametrize("who", ["a colleague", "another survey", "another customer"])
def test_what_others_answered_stops_no_reminder(who, rule, survey):
    make_leaver()
    run_rules(NOW)
    OutgoingEmail.objects.update(state="accepted", sent_at=NOW)
    contact = Invitation.objects.get().contact
    if who == "a colleague":
        make_response(survey, contact=make_contact(contact.customer), score=None)
    elif who == "another survey":
        make_response(make_survey("nps"), contact=contact)
    else:
        make_response(survey, score=None)
    assert remind(LATER) == 1
