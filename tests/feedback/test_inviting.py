"""Rules ask each departing customer once, in their language, and stop where they should."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.utils import timezone

from customers.mail.suppression import suppress
from customers.models import Contact, OutgoingEmail, Task
from customers.services.cancellations import withdraw_cancellation
from customers.services.privacy import erase_person
from feedback.answering import Signs
from feedback.inviting import rounds
from feedback.inviting.days import here
from feedback.inviting.invitations import OPEN_FOR
from feedback.inviting.reminders import remind
from feedback.inviting.rounds import run_rules
from feedback.logic import Given
from feedback.models import Invitation, SendingRule, Survey
from feedback.services.answering import Filled, answer_invitation
from feedback.services.sending import change_rule, switch_on
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_import,
    make_interaction,
    make_reason,
    make_subscription,
    make_user,
    stand,
    today,
)
from tests.feedback.leavers import NOW, make_exit_survey, make_leaver, make_sending_rule
from tests.feedback_factories import make_response, make_survey
from tests.services.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def exit_survey():
    return make_exit_survey()


@pytest.fixture
def rule(exit_survey):
    return make_sending_rule(exit_survey)


def test_who_leaves_is_asked_once_in_their_language_after_the_delay(rule):
    cancellation = make_leaver()
    assert run_rules(NOW) == 1
    assert run_rules(NOW) == 0
    invitation = Invitation.objects.get()
    mail = invitation.mail
    assert invitation.cancellation == cancellation
    assert invitation.language == "nb"
    assert invitation.expires_at == NOW + timedelta(minutes=60) + OPEN_FOR
    assert mail.due_at >= NOW + timedelta(minutes=60)
    assert mail.subject == "Hvorfor, Kari?"
    assert "Hilsen Lysbro" in mail.text
    assert "[[link:survey]]" in mail.text
    assert "[[link:survey]]" in mail.html
    assert "Meld" in mail.html


def test_no_raw_token_is_kept(rule):
    make_leaver()
    run_rules(NOW)
    mail = OutgoingEmail.objects.get()
    assert "/s/" not in mail.text + mail.html
    assert mail.links["survey"]["path"] == "/s/{token}"


@pytest.mark.parametrize(
    "fields",
    [
        {"involuntary": True},
        {"recorded_at": NOW - timedelta(days=2)},
        {"customer": {"never_automatic": True}},
        {"contact": {"left_on": date(2020, 1, 1)}},
        {"withdrawn_at": NOW},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_who_is_not_asked(rule, fields):
    make_leaver(**fields)
    assert run_rules(NOW) == 0
    assert not Invitation.objects.exists()


def test_a_departure_that_a_file_brought_is_not_asked_about_as_if_it_were_new(rule):
    make_leaver(source=make_import("cancellations"))
    assert run_rules(NOW) == 0


def test_who_left_before_is_asked_by_a_rule_of_its_own(exit_survey):
    rule = make_sending_rule(exit_survey, "left_before", days=365)
    before = NOW.date() - timedelta(days=100)
    asked = make_leaver(source=make_import("cancellations"), effective_on=before)
    make_leaver(effective_on=NOW.date() - timedelta(days=400), recorded_at=NOW - timedelta(days=5))
    assert run_rules(NOW) == 1
    invitation = Invitation.objects.get()
    assert (invitation.cancellation, invitation.rule) == (asked, rule)


def test_nobody_is_asked_twice_within_the_days_that_a_rule_spares_them(rule):
    first = make_leaver()
    run_rules(NOW)
    make_cancellation(first.customer, recorded_at=NOW + timedelta(days=3))
    assert run_rules(NOW + timedelta(days=3)) == 0
    make_cancellation(first.customer, recorded_at=NOW + timedelta(days=91))
    assert run_rules(NOW + timedelta(days=91)) >= 1
    assert Invitation.objects.filter(customer=first.customer).count() == 2


def test_one_contact_is_chosen_by_role_and_must_take_mail(exit_survey):
    make_sending_rule(exit_survey, roles=["billing", "champion"])
    customer = make_customer()
    make_contact(customer, role="user")
    champion = make_contact(customer, role="champion")
    billing = make_contact(customer, role="billing")
    suppress(billing.email, "complaint")
    make_cancellation(customer, recorded_at=NOW)
    run_rules(NOW)
    assert Invitation.objects.get().contact == champion


def test_an_erased_decision_maker_is_not_asked_but_the_next_one(exit_survey):
    make_sending_rule(exit_survey)
    customer = make_customer()
    boss = make_contact(customer, role="decision_maker")
    champion = make_contact(customer, role="champion")
    erase_person(boss.email, by=make_user("admin"))
    make_cancellation(customer, recorded_at=NOW)
    run_rules(NOW)
    assert Invitation.objects.get().contact == champion


def test_a_withdrawn_cancellation_calls_its_mail_back(rule):
    customer = make_leaver(recorded_at=NOW - timedelta(minutes=5)).customer
    run_rules(NOW)
    withdraw_cancellation(customer.cancellations.get(), by=make_user())
    run_rules(NOW + timedelta(minutes=1))
    invitation = Invitation.objects.get()
    assert invitation.called_back_at is not None
    assert invitation.mail.state == "cancelled"


def test_a_rule_keeps_to_its_segment(exit_survey):
    make_sending_rule(exit_survey, segment="country=SE")
    make_leaver()
    swede = make_leaver(customer={"country": "SE"})
    assert run_rules(NOW) == 1
    assert Invitation.objects.get().customer == swede.customer


def test_a_segment_that_can_not_be_read_asks_nobody(exit_survey):
    make_sending_rule(exit_survey, segment="nonsense=1")
    make_leaver()
    assert run_rules(NOW) == 0


def test_who_does_not_answer_is_reminded_as_often_as_the_rule_says(exit_survey):
    make_sending_rule(exit_survey, reminders=1, reminder_days=4)
    make_leaver()
    run_rules(NOW)
    OutgoingEmail.objects.update(state="accepted", sent_at=NOW)
    assert remind(NOW + timedelta(days=3)) == 0
    assert remind(NOW + timedelta(days=5)) == 1
    assert remind(NOW + timedelta(days=12)) == 0
    reminder = OutgoingEmail.objects.latest("pk")
    assert reminder.subject == "Fortsatt nysgjerrig"
    assert reminder.links == Invitation.objects.get().mail.links


def test_who_answered_is_not_reminded(exit_survey):
    make_sending_rule(exit_survey)
    make_leaver()
    run_rules(NOW)
    OutgoingEmail.objects.update(state="accepted", sent_at=NOW)
    contact = Contact.objects.get()
    make_response(exit_survey, contact=contact, invitation=Invitation.objects.get(), score=None)
    assert remind(NOW + timedelta(days=5)) == 0


@pytest.fixture
def mailed(exit_survey):
    """Somebody who left was asked, and the mail has arrived."""
    make_sending_rule(exit_survey, reminder_days=4)
    gone = make_leaver()
    run_rules(NOW)
    OutgoingEmail.objects.update(state="accepted", sent_at=NOW)
    return gone


def test_who_stays_after_all_is_not_reminded(mailed):
    withdraw_cancellation(mailed, by=make_user("csm"))
    assert remind(NOW + timedelta(days=5)) == 0


def test_who_was_erased_meanwhile_is_not_reminded(mailed):
    erase_person(Contact.objects.get().email, by=make_user("admin"))
    assert remind(NOW + timedelta(days=5)) == 0


def test_nobody_is_reminded_once_the_rule_is_off_or_the_survey_archived(mailed):
    later = NOW + timedelta(days=5)
    Survey.objects.update(archived_at=NOW)
    assert remind(later) == 0
    Survey.objects.update(archived_at=None)
    SendingRule.objects.update(on_since=None)
    assert remind(later) == 0
    SendingRule.objects.update(on_since=NOW)
    assert remind(later) == 1


def test_a_reminder_that_waits_stops_when_they_answer_or_stay(mailed):
    later = NOW + timedelta(days=5)
    remind(later)
    reminder = OutgoingEmail.objects.latest("pk")
    assert reminder.state == "queued"
    withdraw_cancellation(mailed, by=make_user("csm"))
    run_rules(later)
    reminder.refresh_from_db()
    assert reminder.state == "cancelled"

    OutgoingEmail.objects.filter(pk=reminder.pk).update(state="queued")
    invitation = Invitation.objects.get()
    make_reason("price")
    given = {"why": Given(choices=("price",))}
    signs = Signs(issued_at=later - timedelta(minutes=2))
    answer_invitation(invitation, Filled(given, "nb", signs), now=later)
    reminder.refresh_from_db()
    assert reminder.state == "cancelled"


def test_who_is_never_mailed_automatically_is_left_to_their_owner(rule):
    owner = make_user("csm", language="nb")
    gone = make_leaver(customer={"never_automatic": True, "owner": owner})
    make_leaver(customer={"never_automatic": True}, involuntary=True)
    assert [run_rules(NOW), run_rules(NOW)] == [0, 0]
    task = Task.objects.get()
    assert (task.customer, task.assignee, task.created_by) == (gone.customer, owner, None)
    assert task.due_on == here(NOW + timedelta(minutes=60))
    assert "hvorfor" in task.what
    assert gone.customer.interactions.get().verb == "task_added"


def test_who_stays_after_all_is_not_to_be_asked_why_they_leave(rule):
    owner = make_user("csm")
    gone, other = (
        make_leaver(customer={"never_automatic": True, "owner": owner}) for _number in range(2)
    )
    run_rules(NOW)

    withdraw_cancellation(gone, by=owner)

    assert Task.objects.get(customer=gone.customer).done_at is not None
    assert Task.objects.get(customer=other.customer).done_at is None
    told = gone.customer.interactions.get(verb="task_settled")
    assert (told.author, told.facts["because"]) == (owner, "stays")


def test_one_rule_that_fails_holds_up_no_other(rule, exit_survey, monkeypatch):
    other = make_sending_rule(exit_survey, "cancellation", segment="country=NO")
    make_leaver(customer={"country": "NO"})
    whole = rounds.run_rule

    def broken(one, now):
        if one == rule:
            raise ZeroDivisionError
        return whole(one, now)

    monkeypatch.setattr(rounds, "run_rule", broken)
    assert run_rules(NOW + timedelta(days=2)) == 1
    assert Invitation.objects.get().rule == other


def test_rules_that_go_by_the_day_look_once_an_hour_and_at_once_when_changed(exit_survey):
    rule = make_sending_rule(exit_survey, "quarterly", on_since=None, sample_percent=100)
    switch_on(rule, by=None)

    def pays():
        customer = make_customer()
        make_subscription(customer)
        make_contact(customer)
        stand(customer)

    pays()
    assert run_rules(NOW) == 1
    pays()
    assert run_rules(NOW + timedelta(minutes=59)) == 0
    assert run_rules(NOW + timedelta(minutes=61)) == 1
    pays()
    change_rule(rule, {"reminders": 0}, by=None)
    assert run_rules(NOW + timedelta(minutes=62)) == 1


def test_a_round_by_hand_can_be_sent_again(exit_survey):
    rule = make_sending_rule(exit_survey, "by_hand", on_since=None, not_again_days=30)
    make_contact(make_customer())
    for asked in (1, 1):
        switch_on(rule, by=None)
        assert run_rules(timezone.now()) == asked
        Invitation.objects.update(created_at=NOW - timedelta(days=200))


def test_after_the_first_payment_and_before_a_renewal(exit_survey):
    make_sending_rule(exit_survey, "first_payment", days=30, on_since=NOW - timedelta(days=9))
    make_sending_rule(exit_survey, "renewal", days=20, on_since=NOW - timedelta(days=9))
    new, renewing = make_customer(), make_customer()
    make_subscription(new, starts_on=today() - timedelta(days=31))
    make_subscription(
        renewing,
        starts_on=date(2020, 1, 1),
        contract_ends_on=today() + timedelta(days=19),
    )
    for customer in (new, renewing):
        make_contact(customer)
    stand()
    assert run_rules(NOW) == 2
    assert run_rules(NOW) == 0
    asked = dict(Invitation.objects.values_list("customer", "rule__trigger"))
    assert asked == {new.pk: "first_payment", renewing.pk: "renewal"}


@pytest.mark.parametrize("percent, quarters", [(50, 2), (30, 4), (60, 2)])
def test_a_quarter_asks_its_share_and_another_one_each_time(exit_survey, percent, quarters):
    make_sending_rule(exit_survey, "quarterly", sample_percent=percent, not_again_days=1)
    for _number in range(100):
        customer = make_customer()
        make_subscription(customer)
        make_contact(customer)
    stand()
    for quarter in range(quarters):
        assert run_rules(NOW + timedelta(days=92 * quarter)) == percent
    assert Invitation.objects.values("customer").distinct().count() == 100


def test_after_a_ticket_was_closed(exit_survey):
    make_sending_rule(exit_survey, "ticket_closed", delay_minutes=30)
    customer = make_contact().customer
    opened = NOW - timedelta(hours=5)
    make_interaction(customer, kind="ticket", status="closed", occurred_at=opened, closed_at=NOW)
    make_interaction(make_contact().customer, kind="ticket", status="open", occurred_at=opened)
    assert run_rules(NOW) == 1
    assert Invitation.objects.get().customer == customer


@pytest.mark.django_db(transaction=True)
def test_two_rules_at_once_ask_a_customer_once(exit_survey):
    rules = [make_sending_rule(exit_survey, delay_minutes=wait) for wait in (0, 60)]
    for _number in range(5):
        make_leaver()
    at_once(*(partial(rounds.run_rule, rule, NOW) for rule in rules for _time in range(2)))
    asked = list(Invitation.objects.values_list("customer", flat=True))
    assert len(asked) == len(set(asked)) == 5


@pytest.mark.django_db(transaction=True)
def test_rules_of_two_surveys_of_a_kind_at_once_ask_a_customer_once(exit_survey):
    surveys = [exit_survey, make_survey("exit")]
    rules = [make_sending_rule(survey) for survey in surveys]
    for _number in range(5):
        make_leaver()
    at_once(*(partial(rounds.run_rule, rule, NOW) for rule in rules for _time in range(2)))
    asked = list(Invitation.objects.values_list("customer", flat=True))
    assert len(asked) == len(set(asked)) == 5


@pytest.mark.parametrize("leavers", [1, 30])
def test_a_round_costs_the_same_for_one_and_for_many(leavers, rule, django_assert_max_num_queries):
    for _number in range(leavers):
        make_leaver()
    with django_assert_max_num_queries(30):
        assert run_rules(NOW) == leavers
