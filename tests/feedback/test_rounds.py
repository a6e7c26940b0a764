"""A round can be stopped: its mails wait to be called back, and switched off it asks no more."""

from datetime import timedelta

import pytest

from churnapp.models import AuditEvent
from customers.models import OutgoingEmail, SendingRate
from feedback.inviting import invitations
from feedback.inviting.reminders import remind
from feedback.inviting.rounds import run_rule, run_rules
from feedback.models import Invitation, SendingRule
from feedback.services.sending import switch_off, switch_on
from tests.factories import make_contact, make_customer, make_import, make_user
from tests.feedback.leavers import NOW, make_exit_survey, make_leaver, make_sending_rule

pytestmark = pytest.mark.django_db
HOLD = timedelta(minutes=5)


@pytest.fixture
def survey():
    return make_exit_survey()


@pytest.fixture
def manager(client):
    client.force_login(make_user("manager"))
    return client


@pytest.mark.parametrize(
    "trigger, fields",
    [
        ("by_hand", {}),
        ("left_before", {}),
        ("cancellation", {"delay_minutes": 0}),
        ("cancellation", {"delay_minutes": 2}),
    ],
)
def test_every_mail_of_a_rule_waits_the_minutes_to_call_it_back(trigger, fields, survey):
    SendingRate.objects.update(hold_minutes=5, quiet_from=0, quiet_until=0)
    make_sending_rule(survey, trigger, **fields)
    make_leaver(
        source=make_import("cancellations") if trigger == "left_before" else None,
        effective_on=NOW.date() - timedelta(days=3),
    )
    assert run_rules(NOW) == 1
    assert OutgoingEmail.objects.get().due_at == NOW + HOLD


def test_a_round_that_is_switched_off_meanwhile_asks_nobody_more(survey, monkeypatch):
    monkeypatch.setattr(invitations, "CHUNK", 2)
    rule = make_sending_rule(survey, "by_hand")
    for _number in range(5):
        make_contact(make_customer())
    whole = invitations.invite_chunk

    def switched_off_after(chunk, around):
        made = whole(chunk, around)
        switch_off(SendingRule.objects.get(pk=rule.pk), by=None)
        return made

    monkeypatch.setattr(invitations, "invite_chunk", switched_off_after)
    assert run_rules(NOW) == 2
    assert Invitation.objects.count() == 2


def test_a_round_that_ends_leaves_the_next_one_on(survey):
    rule = make_sending_rule(survey, "by_hand", on_since=None)
    make_contact(make_customer())
    switch_on(rule, by=None)
    old = SendingRule.objects.select_related("survey", "batch").get()
    switch_off(rule, by=None)
    switch_on(rule, by=None)
    assert run_rule(old, NOW).made == 0
    assert SendingRule.objects.get().on_since is not None
    assert run_rules(NOW) == 1


def test_what_waits_when_a_rule_is_switched_off_is_told_and_can_be_called_back(manager, survey):
    rule = make_sending_rule(survey)
    gone, waits = make_leaver(), make_leaver()
    run_rules(NOW)
    asked_gone = OutgoingEmail.objects.get(customer=gone.customer)
    OutgoingEmail.objects.filter(pk=asked_gone.pk).update(state="accepted", sent_at=NOW)
    page = manager.post(f"/surveys/rules/{rule.pk}/switch/", {"off": "1"}, follow=True)
    text = page.content.decode()
    assert "1 mail of this rule waits to go out." in text
    assert "Call it back" in text

    page = manager.post(f"/surveys/rules/{rule.pk}/call-back/", follow=True).content.decode()
    assert "1 mail was called back." in page
    assert "waits to go out" not in page
    asked_gone.refresh_from_db()
    assert asked_gone.state == "accepted"
    assert OutgoingEmail.objects.get(customer=waits.customer).state == "cancelled"
    assert Invitation.objects.get(customer=waits.customer).called_back_at is not None
    event = AuditEvent.objects.get(verb="sending_rule_called_back")
    assert event.changes == {"mails": [None, 1]}


def test_reminders_that_wait_are_called_back_with_a_rule(manager, survey):
    rule = make_sending_rule(survey, reminder_days=4)
    make_leaver()
    run_rules(NOW)
    OutgoingEmail.objects.update(state="accepted", sent_at=NOW - timedelta(days=5))
    assert remind(NOW) == 1
    manager.post(f"/surveys/rules/{rule.pk}/switch/", {"off": "1"})
    page = manager.post(f"/surveys/rules/{rule.pk}/call-back/", follow=True).content.decode()
    assert "1 mail was called back." in page
    assert OutgoingEmail.objects.latest("pk").state == "cancelled"
    assert Invitation.objects.get().called_back_at is None


def test_a_rule_that_is_on_calls_nothing_back(manager, survey):
    rule = make_sending_rule(survey)
    make_leaver()
    run_rules(NOW)
    page = manager.post(f"/surveys/rules/{rule.pk}/call-back/", follow=True).content.decode()
    assert "Switch it off first" in page
    assert OutgoingEmail.objects.get().state == "queued"


@pytest.mark.parametrize("leavers", [1, 30])
def test_the_page_of_a_rule_with_mails_that_wait_costs_the_same(
    leavers, manager, survey, django_assert_max_num_queries
):
    rule = make_sending_rule(survey)
    for _number in range(leavers):
        make_leaver()
    run_rules(NOW)
    switch_off(rule, by=None)
    with django_assert_max_num_queries(10):
        manager.get(f"/surveys/rules/{rule.pk}/")
