"""Before a cancellation is recorded its dialog says which survey goes to whom, and when."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from churnapp.common import formats
from feedback.inviting.announcing import exit_surveys
from feedback.models import Invitation, SendingRule
from tests.factories import make_contact, make_customer, make_subscription, today_here
from tests.feedback.leavers import NOW, make_exit_survey, make_sending_rule

pytestmark = pytest.mark.django_db


def told(customer, *, involuntary=False):
    return list(exit_surveys(customer, involuntary=involuntary, now=NOW))


def test_who_is_asked_when_is_said():
    rule = make_sending_rule(make_exit_survey())
    customer = make_customer()
    make_contact(customer, name="Kari", email="kari@acme.example", role="decision_maker")
    moment = formats.moment(NOW + timedelta(minutes=rule.delay_minutes))
    [sentence] = told(customer)
    assert sentence.startswith(
        f"The survey “{rule.survey}” goes by mail to Kari <kari@acme.example>"
    )
    assert sentence.endswith(f", on {moment} or later.")
    assert not Invitation.objects.exists()


def test_why_nobody_is_asked_is_said():
    rule = make_sending_rule(make_exit_survey())
    customer = make_customer()
    [sentence] = told(customer)
    assert sentence.startswith(
        f"The survey “{rule.survey}” goes to nobody. The customer has nobody"
    )
    assert told(customer, involuntary=True) == [
        "No survey asks them why: they did not ask to leave."
    ]


def test_a_rule_that_is_off_sends_nothing():
    make_sending_rule(make_exit_survey())
    SendingRule.objects.update(on_since=None)
    assert told(make_customer()) == []
    assert told(make_customer(), involuntary=True) == []


def test_the_dialog_says_so_before_it_is_recorded(alices_client):
    make_sending_rule(make_exit_survey())
    SendingRule.objects.update(on_since=timezone.now())
    customer = make_customer()
    make_subscription(customer)
    make_contact(customer, name="Kari", email="kari@acme.example")
    form = {"step": "look", "effective_on": today_here().isoformat()}
    page = alices_client.post(reverse("customers:cancel", args=[customer.pk]), form).text
    assert "goes by mail to Kari &lt;kari@acme.example&gt;" in page
