"""Whom a rule chooses at a customer, and who is asked where the mail did not reach them."""

from datetime import timedelta

import pytest

from customers.mail.suppression import suppress
from customers.models import Consent, MailPurpose, OutgoingEmail
from feedback.inviting.colleagues import ask_colleagues
from feedback.inviting.previews import preview
from feedback.inviting.rounds import run_rules
from feedback.models import Invitation, SendingRule, Survey
from feedback.tasks import remind
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_topic_wish,
    make_wishes,
)
from tests.feedback.leavers import NOW, make_exit_survey, make_sending_rule
from tests.feedback_factories import make_invitation, make_response, make_survey
from tests.services.threads import at_once

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def survey():
    return make_exit_survey()


@pytest.fixture
def rule(survey):
    return make_sending_rule(survey)


def make_company(*roles, **fields):
    """A customer who just left, and its people by role."""
    customer = make_customer()
    people = [make_contact(customer, role=role) for role in roles]
    make_cancellation(customer, **({"recorded_at": NOW} | fields))
    return people


def says(contact, *, given, at=NOW - DAY):
    Consent.objects.create(contact=contact, purpose=MailPurpose.SURVEY, given=given, at=at)


def asked():
    return [invitation.contact for invitation in Invitation.objects.order_by("pk")]


def lose(state="suppressed", **fields):
    """What became of the mails that are there."""
    OutgoingEmail.objects.filter(state="queued").update(state=state, changed_at=NOW, **fields)


def test_who_said_no_is_passed_over_for_a_colleague(rule):
    boss, user = make_company("decision_maker", "user")
    says(boss, given=False)
    assert preview(rule, now=NOW).asked == 1
    assert run_rules(NOW) == 1
    assert asked() == [user]


@pytest.mark.parametrize("why", ["unwanted_topic", "paused"])
def test_who_wants_no_surveys_or_none_for_now_is_passed_over_for_a_colleague(rule, why):
    boss, user = make_company("decision_maker", "user")
    (alone,) = make_company("champion")
    for person in (boss, alone):
        if why == "paused":
            make_wishes(person, paused_until=NOW + DAY)
        else:
            make_topic_wish(person, "surveys")
    assert preview(rule, now=NOW).left_out == {why: 1}
    assert run_rules(NOW) == 1
    assert asked() == [user]


def test_the_last_word_counts(rule):
    boss, _user = make_company("decision_maker", "user")
    says(boss, given=False, at=NOW - 2 * DAY)
    says(boss, given=True)
    run_rules(NOW)
    assert asked() == [boss]


def test_where_all_said_no_the_preview_counts_nobody(rule):
    for person in make_company("decision_maker", "user"):
        says(person, given=False)
    told = preview(rule, now=NOW)
    assert (told.asked, told.left_out) == (0, {"nobody": 1})


@pytest.mark.parametrize("state", ["suppressed", "failed", "bounced", "cancelled"])
def test_a_mail_that_nobody_received_spares_nobody(state, rule):
    (boss,) = make_company("decision_maker")
    run_rules(NOW)
    lose(state)
    make_cancellation(boss.customer, recorded_at=NOW + DAY)
    assert run_rules(NOW + DAY) == 1


@pytest.mark.parametrize("state", ["queued", "claimed", "retry", "uncertain", "accepted"])
def test_a_mail_that_may_be_received_spares_the_customer(state, rule):
    (boss,) = make_company("decision_maker")
    run_rules(NOW)
    lose(state)
    make_cancellation(boss.customer, recorded_at=NOW + DAY)
    assert run_rules(NOW + DAY) == 0


def test_who_answered_was_asked_whatever_became_of_the_mail(rule, survey):
    (boss,) = make_company("decision_maker")
    run_rules(NOW)
    lose("bounced")
    make_response(survey, contact=boss, invitation=Invitation.objects.get(), score=None)
    make_cancellation(boss.customer, recorded_at=NOW + DAY)
    assert run_rules(NOW + DAY) == 0
    assert ask_colleagues(NOW + DAY) == 0


@pytest.mark.parametrize("state", ["suppressed", "bounced"])
def test_where_the_first_gets_no_mail_the_next_is_asked_instead_once(state, rule):
    boss, champion, _user = make_company("decision_maker", "champion", "user")
    run_rules(NOW)
    lose(state)
    assert [ask_colleagues(NOW), ask_colleagues(NOW)] == [1, 0]
    assert asked() == [boss, champion]
    lose(state)
    assert ask_colleagues(NOW + DAY) == 0
    first, second = Invitation.objects.order_by("pk")
    assert (second.cancellation, second.rule) == (first.cancellation, rule)


def test_an_address_that_does_not_exist_has_a_colleague_asked_what_failed_otherwise_not(rule):
    gone, _refused = make_company("decision_maker", "user"), make_company("decision_maker", "user")
    run_rules(NOW)
    lose("failed")
    mail = OutgoingEmail.objects.get(contact=gone[0])
    suppress(mail.to_email, "hard_bounce", mail=mail)
    assert ask_colleagues(NOW) == 1
    assert asked()[-1] == gone[1]


def test_the_hourly_run_asks_them(rule):
    make_company("decision_maker", "user")
    run_rules(NOW)
    lose("bounced")
    remind()
    assert len(asked()) == 2


@pytest.mark.parametrize("change", ["off", "archived", "withdrawn", "alone", "long ago", "careful"])
def test_when_no_colleague_is_asked(change, rule, survey):
    boss, *_others = make_company("decision_maker", *([] if change == "alone" else ["user"]))
    run_rules(NOW)
    lose("bounced")
    now = NOW
    if change == "off":
        SendingRule.objects.update(on_since=None)
    elif change == "archived":
        Survey.objects.update(archived_at=NOW)
    elif change == "withdrawn":
        boss.customer.cancellations.update(withdrawn_at=NOW)
    elif change == "long ago":
        now = NOW + 8 * DAY
    elif change == "careful":
        boss.customer.never_automatic = True
        boss.customer.save()
    assert ask_colleagues(now) == 0


@pytest.mark.parametrize("customers", [1, 20])
def test_asking_colleagues_costs_the_same(customers, rule, django_assert_max_num_queries):
    for _number in range(customers):
        make_company("decision_maker", "user")
    run_rules(NOW)
    lose("bounced")
    with django_assert_max_num_queries(20):
        assert ask_colleagues(NOW) == customers


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_ask_one_colleague(rule):
    for _number in range(3):
        make_company("decision_maker", "user")
    run_rules(NOW)
    lose("bounced")
    at_once(*[lambda: ask_colleagues(NOW)] * 2)
    assert len(asked()) == 6


@pytest.mark.parametrize("kind,is_spared", [("nps", True), ("csat", False)])
def test_whom_another_survey_of_the_kind_asked_lately_is_spared(kind, is_spared):
    contact = make_contact()
    make_invitation(make_survey(kind), contact)
    rule = make_sending_rule(make_survey("nps"), "by_hand", not_again_days=90)

    told = preview(rule, now=NOW)
    assert (told.found, told.asked) == (1, 0 if is_spared else 1)
    assert told.left_out == ({"asked_lately": 1} if is_spared else {})
    assert run_rules(NOW) == told.asked

    Invitation.objects.update(created_at=NOW - timedelta(days=91))
    assert preview(rule, now=NOW).asked == 1
