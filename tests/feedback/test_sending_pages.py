"""A manager makes a survey, says when it goes out, sees what that would do, and switches it on."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from churnapp.models import AuditEvent, User
from customers.models import SavedView
from feedback.inviting import previews
from feedback.inviting.previews import Preview, margin
from feedback.inviting.rounds import run_rules
from feedback.models import Invitation, SendingRule, Survey
from feedback.ready_surveys import READY
from tests.factories import make_cancellation, make_contact, make_customer, make_user
from tests.feedback_factories import make_invitation, make_response, make_survey

pytestmark = pytest.mark.django_db
FIELDS = {
    "trigger": "cancellation",
    "delay_minutes": 60,
    "days": 30,
    "segment": "",
    "sample_percent": 100,
    "not_again_days": 90,
    "reminder_days": 4,
    "reminders": 1,
}


@pytest.fixture
def manager(client):
    client.force_login(make_user("manager"))
    return client


def would_do(client, rule):
    return client.get(f"/surveys/rules/{rule.pk}/would-do/").content.decode()


def make_rule_of(survey, **fields):
    return SendingRule.objects.create(survey=survey, **({"trigger": "by_hand"} | fields))


def test_a_survey_is_made_from_a_ready_one(manager):
    made = manager.post("/surveys/new/", {"kind": "exit", "name": "Why they leave"}, follow=True)
    survey = Survey.objects.get()
    draft = survey.versions.get()
    assert (draft.content, draft.published_at) == (READY["exit"], None)
    page = made.content.decode()
    assert "Version 1, a draft" in page
    assert 'value="publish"' in page
    sending = manager.get(f"/surveys/{survey.pk}/sending/").content.decode()
    assert "publish it first" in sending
    again = manager.post("/surveys/new/", {"kind": "exit", "name": "Why they leave"})
    assert again.status_code == 422
    assert "There is a survey of this name." in again.content.decode()


def test_a_rule_is_off_until_it_is_switched_on(manager):
    survey = make_survey("exit")
    manager.post(f"/surveys/{survey.pk}/sending/new/", FIELDS | {"roles": ["champion"]})
    rule = SendingRule.objects.get()
    assert (rule.on_since, rule.roles) == (None, ["champion"])
    page = manager.post(f"/surveys/rules/{rule.pk}/switch/", follow=True).content.decode()
    assert "Switch off" in page
    rule.refresh_from_db()
    assert rule.on_since is not None
    manager.post(f"/surveys/rules/{rule.pk}/switch/", {"off": "1"})
    rule.refresh_from_db()
    assert rule.on_since is None
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == [f"sending_rule_{what}" for what in ("added", "switched_on", "switched_off")]


def test_a_segment_that_can_not_be_read_is_said_at_its_field(manager):
    survey = make_survey("exit")
    refused = manager.post(f"/surveys/{survey.pk}/sending/new/", FIELDS | {"segment": "nope=1"})
    assert refused.status_code == 422
    assert "nope" in refused.context["form"].errors["segment"][0]
    assert not SendingRule.objects.exists()


def test_a_survey_without_a_published_version_is_not_sent(manager):
    survey = make_survey("exit")
    survey.versions.update(published_at=None)
    rule = make_rule_of(survey)
    page = manager.post(f"/surveys/rules/{rule.pk}/switch/", follow=True).content.decode()
    assert "Publish the survey first" in page
    assert "publish it first, then it can be sent" in page
    assert "Send it now" not in page


def test_what_a_rule_would_do_is_told_before(manager):
    survey = make_survey("nps")
    for _number in range(20):
        make_contact()
    make_customer(never_automatic=True)
    make_customer()
    page = would_do(manager, make_rule_of(survey))
    assert "Found now: 22 customers" in page
    assert "It would ask 20 of them." in page
    assert "1: a person writes to them" in page
    assert "1: no contact who takes mail" in page
    # 20 asked, a fifth answers: 4 answers, 1.96 · 100 / √4 = 98 points; 196² / 10² = 385 for ±10.
    assert "About 4 answers are to be expected: too few to say anything of the NPS" in page
    assert "About 385 answers are needed for ±10 points" in page
    assert not Invitation.objects.exists()


def test_enough_answers_say_how_exact_the_score_will_be():
    few = Preview(
        found=200, asked=200, left_out={}, rate=0.2, expected=40, margin=margin("nps", 40)
    )
    assert (few.says_nothing, round(few.margin)) == (False, 31)


def test_a_saved_view_says_who_is_asked(manager):
    survey = make_survey("nps")
    bob = User.objects.get(pk=manager.session["_auth_user_id"])
    SavedView.objects.create(
        owner=bob, page="customers", name="Norwegians", query="sort=name&country=NO&state="
    )
    page = manager.get(f"/surveys/{survey.pk}/sending/new/").content.decode()
    assert '<option value="country=NO">Norwegians</option>' in page

    manager.post(f"/surveys/{survey.pk}/sending/new/", FIELDS | {"view": "country=NO"})
    rule = SendingRule.objects.get()
    assert rule.segment == "country=NO"
    page = manager.get(f"/surveys/rules/{rule.pk}/").content.decode()
    assert '<option value="country=NO" selected>Norwegians</option>' in page

    both = {"view": "country=NO", "segment": "country=SE"}
    refused = manager.post(f"/surveys/rules/{rule.pk}/", FIELDS | both)
    assert refused.status_code == 422
    manager.post(f"/surveys/rules/{rule.pk}/", FIELDS | {"view": "", "segment": "country=SE"})
    rule.refresh_from_db()
    assert rule.segment == "country=SE"


def test_a_round_by_hand_asks_once_and_is_over(manager):
    survey = make_survey("nps")
    rule = make_rule_of(survey, segment="country=SE")
    make_contact(make_customer(country="SE"))
    make_contact()
    manager.post(f"/surveys/rules/{rule.pk}/switch/")
    now = timezone.now()
    assert run_rules(now) == 1
    assert run_rules(now) == 0
    rule.refresh_from_db()
    assert rule.on_since is None
    name = Invitation.objects.get().batch.name
    assert re.fullmatch(re.escape(survey.name) + r" \d{4}-\d\d-\d\d \d\d:\d\d", name)


def test_a_sample_is_the_share_that_was_asked_for():
    survey = make_survey("nps")
    for _number in range(100):
        make_contact()
    make_rule_of(survey, sample_percent=30, on_since=timezone.now())
    assert run_rules(timezone.now()) == 30


def test_the_rate_of_a_survey_is_its_own_once_there_are_enough(manager):
    survey = make_survey("nps")
    for number in range(40):
        contact = make_contact()
        invitation = make_invitation(survey, contact)
        Invitation.objects.update(created_at=timezone.now() - timedelta(days=200))
        if number < 20:
            make_response(survey, contact=contact, invitation=invitation)
    page = would_do(manager, make_rule_of(survey))
    assert "About 20 answers" in page


@pytest.mark.parametrize("customers", [1, 30])
def test_the_page_of_a_rule_costs_the_same(customers, manager, django_assert_max_num_queries):
    survey = make_survey("exit")
    for _number in range(customers):
        make_cancellation(make_contact().customer, recorded_at=timezone.now())
    rule = make_rule_of(survey, trigger="cancellation", on_since=timezone.now() - timedelta(days=1))
    with django_assert_max_num_queries(8):
        manager.get(f"/surveys/rules/{rule.pk}/")
    with django_assert_max_num_queries(16):
        would_do(manager, rule)


def test_of_very_many_a_spread_is_looked_at(manager, monkeypatch):
    monkeypatch.setattr(previews, "MOST", 10)
    survey = make_survey("nps")
    for _number in range(15):
        make_contact()
        make_customer(never_automatic=True)
    page = would_do(manager, make_rule_of(survey))
    assert "Found now: 30 customers" in page
    assert "by a sample" in page
    asked = int(re.search(r"It would ask (\d+) of them", page)[1])
    apart = int(re.search(r"(\d+): a person writes to them", page)[1])
    assert asked + apart == 30
