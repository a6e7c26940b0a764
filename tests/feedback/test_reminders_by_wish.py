"""Whom a program asks is reminded once, if it says so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import OutgoingEmail
from feedback.inviting.reminders import remind
from feedback.models import Invitation, Survey
from tests.api.calls import Caller, found
from tests.factories import make_cancellation, make_contact, make_customer, make_user
from tests.feedback_factories import make_response, make_survey

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LATER = NOW + timedelta(days=5, minutes=1)


@pytest.fixture
def customer():
    customer = make_customer(external_id="C1")
    make_contact(customer, email="kari@example.com")
    return customer


@pytest.fixture
def ask(customer):
    """Ask them by the API; the mail goes out at once."""
    make_survey("nps", name="Autumn")
    csms = Caller(make_user("csm"))

    def asked(expect=201, **wishes):
        body = {"survey": "Autumn", "customer_id": "C1"} | wishes
        told = found(csms.post("invitations/", body, Idempotency_Key="once"), expect)
        OutgoingEmail.objects.update(state="accepted", sent_at=NOW)
        return told

    return asked


def test_who_has_not_answered_is_reminded_once(ask):
    told = ask(remind_after_days=5)
    assert told["invited"][0]["remind_after_days"] == 5
    assert remind(LATER - timedelta(days=1)) == 0
    assert [remind(LATER), remind(LATER + timedelta(days=6))] == [1, 0]
    assert Invitation.objects.get().reminders_sent == 1


def test_without_a_wish_nobody_is_reminded(ask):
    told = ask()
    assert told["invited"][0]["remind_after_days"] is None
    assert remind(LATER) == 0


@pytest.mark.parametrize("change", ["answered", "archived", "called back"])
def test_when_nobody_is_reminded(change, ask):
    ask(remind_after_days=5)
    invitation = Invitation.objects.get()
    if change == "answered":
        make_response(invitation.survey, contact=invitation.contact, invitation=invitation)
    elif change == "archived":
        Survey.objects.update(archived_at=NOW)
    else:
        Invitation.objects.update(called_back_at=NOW)
    assert remind(LATER) == 0


def test_who_stays_after_all_is_not_reminded(ask, customer):
    gone = make_cancellation(customer)
    ask(remind_after_days=5, cancellation=gone.pk)
    gone.withdrawn_at = NOW
    gone.save()
    assert remind(LATER) == 0


@pytest.mark.parametrize("days", [0, 26, "soon"])
def test_a_wish_that_can_not_be_is_refused(days, ask):
    assert "remind_after_days" in str(ask(400, remind_after_days=days))
