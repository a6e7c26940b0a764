"""What has become void while it waited does not go out."""

from datetime import timedelta

import pytest

from customers.models import OutgoingEmail
from feedback.inviting.rounds import run_rules
from feedback.models import Invitation
from tests.feedback.leavers import NOW, make_exit_survey, make_leaver, make_sending_rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey():
    return make_exit_survey()


@pytest.fixture
def rule(survey):
    return make_sending_rule(survey, reminder_days=4)


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
