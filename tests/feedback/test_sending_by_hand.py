"""A round by hand says whom it asks before it is sent, and a mail can be tried on oneself."""

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import OutgoingEmail
from feedback.inviting.rounds import run_rules
from feedback.models import Invitation, Response, SendingRule
from feedback.services.surveys import create_survey
from tests.factories import make_contact, make_customer, make_user
from tests.feedback_factories import make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    bob = make_user("manager", email="bob@example.com", name="Bob Dahl", language="nb")
    client.force_login(bob)
    return client


@pytest.fixture
def rule():
    return SendingRule.objects.create(survey=make_survey("nps", name="Pulse"), trigger="by_hand")


def test_a_round_says_whom_it_would_ask_and_is_sent_once_that_is_sure(manager, rule):
    make_contact(make_customer("Havbris"), name="Kari Moe")
    make_customer("Lysbro", never_automatic=True)
    page = manager.get(f"/surveys/rules/{rule.pk}/").content.decode()
    assert f'href="/surveys/rules/{rule.pk}/send/?next=' in page

    asked = manager.get(f"/surveys/rules/{rule.pk}/send/").content.decode()
    assert "Send Pulse to 1 person?" in asked
    assert "Kari Moe" in asked
    assert "Lysbro" not in asked
    assert "1: a person writes to them" in asked
    assert SendingRule.objects.get().on_since is None

    manager.post(f"/surveys/rules/{rule.pk}/send/")
    assert run_rules(timezone.now()) == 1
    rule.refresh_from_db()
    page = manager.get(f"/surveys/rules/{rule.pk}/").content.decode()
    assert f'href="/mail/?batch={rule.batch_id}"' in page
    assert "Send another round" in page
    assert "Call it back" in page


def test_the_page_of_all_names_those_left_out_and_why(manager, rule):
    make_contact(make_customer("Havbris"), name="Kari Moe")
    make_customer("Lysbro", never_automatic=True)
    page = manager.get(f"/surveys/rules/{rule.pk}/people/").content.decode()
    assert page.index("Kari Moe") < page.index("Lysbro")
    assert "nobody: a person writes to them" in page


@pytest.mark.parametrize("customers", [1, 30])
def test_the_question_costs_the_same(customers, manager, rule, django_assert_max_num_queries):
    for _number in range(customers):
        make_contact()
    with django_assert_max_num_queries(22):
        manager.get(f"/surveys/rules/{rule.pk}/send/")


def test_only_a_round_by_hand_is_sent(manager, rule):
    SendingRule.objects.update(trigger="quarterly")
    assert manager.get(f"/surveys/rules/{rule.pk}/send/").status_code == 404


@pytest.mark.parametrize(
    "kind,words", [("mail", "Hei Kari!"), ("reminder", "For noen dager siden")]
)
def test_a_mail_is_tried_on_oneself_and_records_nothing(manager, kind, words):
    survey = create_survey("ces", "After a ticket", by=None)
    kari = make_contact(make_customer(), name="Kari Moe", language="nb")
    address = reverse("survey_builder:send_test", args=[survey.pk])
    page = manager.post(f"{address}?contact={kari.pk}&kind={kind}", follow=True)

    assert "bob@example.com" in page.content.decode()
    mail = OutgoingEmail.objects.get()
    assert (mail.to_email, mail.contact, mail.customer) == ("bob@example.com", None, None)
    assert mail.purpose == "notice"
    assert mail.subject.startswith("Test: ")
    assert words in mail.text
    assert f"/surveys/{survey.pk}/preview/" in mail.html
    assert "[[link" not in mail.html + mail.text
    assert not Invitation.objects.exists()
    assert not Response.objects.exists()


def test_a_test_of_words_that_no_mail_can_hold_says_so(manager):
    survey = create_survey("ces", "After a ticket", by=None)
    version = survey.versions.get()
    version.content["texts"]["en"]["mail.body"] = "Hello {{ contact.age }}"
    version.save()
    kari = make_contact(make_customer(), language="en")
    address = reverse("survey_builder:send_test", args=[survey.pk])
    page = manager.post(f"{address}?contact={kari.pk}", follow=True)
    assert "contact.age" in page.content.decode()
    assert not OutgoingEmail.objects.exists()
