"""The path of a campaign: each kind of step, ways out, and each step exactly once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.models import Campaign, Grant, LinkHit, Recipient, StepDone
from campaigns.sequences.words import why_words
from campaigns.services.campaigns import finish, pause, resume
from churnapp.common.errors import RuleError
from customers.mail import suppression
from customers.models import Consent, MailBatch, OutgoingEmail, Task
from tests.campaign_factories import mail_step, make_campaign, make_sales_offer, path_of
from tests.campaigns.running import done, go_on, launched
from tests.factories import (
    make_contact,
    make_customer,
    make_subscription,
    make_topic_wish,
    make_user,
    make_wishes,
    stand,
    today_here,
)

pytestmark = pytest.mark.django_db


def test_a_mail_goes_to_each_in_their_language_and_only_once():
    norwegian = make_contact(name="Kari Nordmann", language="nb")
    make_contact(make_customer(country="NO", language="sv"), name="Sven")
    texts = {
        "en": {"subject": "Hello", "body": "Hi {{ contact.first_name }}"},
        "nb": {"subject": "Hei", "body": "Hei {{ contact.first_name }}"},
    }
    path = path_of(mail_step(texts={"a": texts}), languages=["en", "nb"])
    campaign = launched(make_campaign(path=path))
    assert go_on(campaign) == 2
    assert go_on(campaign) == 0
    mails = OutgoingEmail.objects.order_by("pk")
    assert [mail.subject for mail in mails] == ["Hei", "Hei"]  # Sven's country speaks Norwegian
    assert mails[0].contact == norwegian
    assert mails[0].text.startswith("Hei Kari\n")
    assert mails[0].batch == campaign.batch
    assert mails[0].unsubscribable
    assert done(campaign) == [("hello", "mailed", ""), ("hello", "mailed", "")]


def test_a_path_waits_then_asks_then_goes_its_ways():
    path = path_of(
        mail_step(),
        {"key": "pause", "kind": "wait", "days": 3},
        {"key": "followed", "kind": "branch", "asks": "clicked", "yes": "end", "no": "again"},
        mail_step("again"),
    )
    campaign = make_campaign(path=path)
    keen, silent = make_contact().customer, make_contact().customer
    launched(campaign)
    go_on(campaign)
    assert go_on(campaign, days=2) == 0
    LinkHit.objects.create(
        recipient=Recipient.objects.get(customer=keen), step="hello", at=timezone.now(), source="x"
    )
    go_on(campaign, days=3.1)
    outcomes = {
        (row.recipient.customer, row.step): row.outcome
        for row in StepDone.objects.select_related("recipient__customer")
    }
    assert outcomes[keen, "followed"] == "yes"
    assert outcomes[silent, "followed"] == "no"
    assert (keen, "again") not in outcomes
    assert outcomes[silent, "again"] == "mailed"


@pytest.mark.parametrize("state", ["queued", "retry", "claimed"])
def test_it_runs_until_its_last_mail_is_out_and_can_be_paused_till_then(state):
    make_contact()
    campaign = launched(make_campaign())
    go_on(campaign)
    OutgoingEmail.objects.update(state=state)
    go_on(campaign)
    assert Recipient.objects.get().state == "done"
    pause(campaign, because="A wrong price", by=None)
    assert MailBatch.objects.get().paused_at is not None
    resume(campaign, by=None)
    OutgoingEmail.objects.update(state="accepted")
    go_on(campaign)
    assert Campaign.objects.get(pk=campaign.pk).state == "finished"


def test_a_click_of_a_program_is_no_answer_to_a_branch():
    path = path_of(
        mail_step(), {"key": "followed", "kind": "branch", "asks": "clicked", "no": "end"}
    )
    campaign = make_campaign(path=path)
    make_contact()
    launched(campaign)
    go_on(campaign)
    Recipient.objects.update(step="followed", state="under_way", ended_at=None)
    StepDone.objects.filter(step="followed").delete()
    Campaign.objects.update(state="running")
    LinkHit.objects.create(
        recipient=Recipient.objects.get(),
        step="hello",
        at=timezone.now(),
        source="x",
        because="many_at_once",
    )
    go_on(campaign)
    assert StepDone.objects.get(step="followed").outcome == "no"


def test_an_offer_is_made_and_the_mail_leads_to_it():
    offer = make_sales_offer(
        "call", texts={"en": {"title": "20 % off", "text": "x", "button": "y"}}
    )
    button = {"button": "See it", "subject": "{{ offer.title }}", "body": "For you."}
    path = path_of(
        {"key": "deal", "kind": "offer", "offer": offer.pk},
        mail_step(texts={"a": {"en": button}}, leads_to="offer"),
    )
    campaign = make_campaign(path=path)
    contact = make_contact()
    launched(campaign)
    go_on(campaign)
    grant = Grant.objects.get()
    assert (grant.offer, grant.customer, grant.contact) == (offer, contact.customer, contact)
    mail = OutgoingEmail.objects.get()
    assert mail.subject == "20 % off"
    recipient = Recipient.objects.get()
    assert mail.links["go"]["path"] == f"/l/{recipient.pk}-{{token}}/hello"
    assert mail.links["go"]["nonce"] == recipient.nonce
    assert StepDone.objects.get(step="deal").grant == grant


def test_who_gets_no_offer_gets_no_mail_that_leads_to_it():
    offer = make_sales_offer("call", most_in_total=1)
    words = {"button": "See it", "subject": "Hi", "body": "For you."}
    path = path_of(
        {"key": "deal", "kind": "offer", "offer": offer.pk},
        mail_step(texts={"a": {"en": words}}, leads_to="offer"),
    )
    campaign = make_campaign(path=path)
    make_contact(), make_contact()
    launched(campaign)
    go_on(campaign)
    assert sorted(done(campaign)) == [
        ("deal", "not_offered", "all_gone"),
        ("deal", "offered", ""),
        ("hello", "mailed", ""),
        ("hello", "not_mailed", "no_offer"),
    ]


def test_a_task_goes_to_the_owner():
    owner = make_user()
    customer = make_customer(owner=owner)
    campaign = launched(
        make_campaign({"key": "call", "kind": "task", "what": "Call them", "days": 2})
    )
    go_on(campaign)
    task = Task.objects.get()
    assert (task.customer, task.assignee, task.what) == (customer, owner, "Call them")
    assert StepDone.objects.get().task == task
    assert customer.interactions.get().facts == {"what": "Call them", "task": task.pk}


def test_waiting_ends_when_it_comes_to_pass_or_after_long_enough():
    path = path_of(
        {"key": "back", "kind": "until", "asks": "returned", "at_most_days": 10, "no": "late"},
        mail_step("welcome", then="end"),
        mail_step("late"),
    )
    campaign = make_campaign(path=path)
    there, gone = make_contact().customer, make_contact().customer
    make_subscription(there)
    stand()
    launched(campaign)
    go_on(campaign)
    assert Recipient.objects.get(customer=there).state == "done"
    assert Recipient.objects.get(customer=gone).step == "back"
    go_on(campaign, days=11)
    assert done(campaign)[-2:] == [("back", "late", ""), ("late", "mailed", "")]


def test_the_holdout_is_drawn_once_and_gets_nothing():
    for _ in range(60):
        make_contact()
    campaign = launched(make_campaign(holdout_percent=50))
    go_on(campaign)
    held = set(Recipient.objects.filter(held_out=True).values_list("customer", flat=True))
    assert 10 < len(held) < 50
    assert not OutgoingEmail.objects.filter(customer__in=held).exists()
    assert OutgoingEmail.objects.count() == 60 - len(held)
    assert not StepDone.objects.filter(recipient__held_out=True).exists()


def test_a_flowing_campaign_takes_in_who_comes_later():
    campaign = launched(make_campaign(entry="flowing"))
    go_on(campaign)
    make_contact()
    go_on(campaign)
    assert not Recipient.objects.exists()  # it has just looked
    go_on(campaign, days=0.1)
    assert Recipient.objects.count() == 1
    assert Campaign.objects.get().state == "running"


def test_a_frozen_campaign_takes_in_nobody_later():
    make_contact()
    campaign = launched(make_campaign(mail_step(), {"key": "w", "kind": "wait", "days": 9}))
    go_on(campaign)
    make_contact()
    go_on(campaign, days=1)
    assert Recipient.objects.count() == 1


@pytest.mark.parametrize(
    "why", ["never_automatic", "nobody", "unsubscribed", "said_no", "has_left", "stronger"]
)
def test_who_is_left_out_and_why(why):
    contact = make_contact()
    customer = contact.customer
    if why == "never_automatic":
        type(customer).objects.update(never_automatic=True)
    elif why == "nobody":
        contact.delete()
    elif why == "unsubscribed":
        suppression.suppress(contact.email, "unsubscribe", purpose="campaign")
    elif why == "said_no":
        Consent.objects.create(contact=contact, purpose="campaign", given=False, at=timezone.now())
    elif why == "has_left":
        contact.left_on = today_here() - timedelta(days=1)
        contact.save()
    else:
        path = path_of(
            {"key": "w", "kind": "wait", "days": 9}, {"key": "t", "kind": "task", "what": "x"}
        )
        go_on(launched(make_campaign(path=path, strength=60)))
    campaign = launched(make_campaign())
    go_on(campaign)
    recipient = campaign.recipients.get()
    assert recipient.state == "left_out"
    assert recipient.why == (why if why in {"never_automatic", "stronger"} else "nobody")
    assert not OutgoingEmail.objects.exists()


def test_who_comes_back_leaves_a_win_back_and_their_mail_is_called_back():
    contact = make_contact()
    path = path_of(mail_step(), {"key": "w", "kind": "wait", "days": 3}, mail_step("again"))
    campaign = launched(make_campaign(path=path, kind="win_back", goal="returned"))
    go_on(campaign)
    make_subscription(contact.customer)
    stand()
    go_on(campaign)
    recipient = Recipient.objects.get()
    assert (recipient.state, recipient.why) == ("exited", "goal")
    assert OutgoingEmail.objects.get().state == "cancelled"
    assert go_on(campaign, days=4) == 0


def test_who_unsubscribes_on_the_way_leaves():
    contact = make_contact()
    path = path_of(mail_step(), {"key": "w", "kind": "wait", "days": 3}, mail_step("again"))
    campaign = launched(make_campaign(path=path))
    go_on(campaign)
    suppression.suppress(contact.email, "unsubscribe", purpose="campaign")
    go_on(campaign)
    assert Recipient.objects.get().why == "unsubscribed"


def test_who_does_not_want_its_topic_is_left_out_unless_a_colleague_does():
    alone, other = make_contact(role="champion"), make_contact()
    colleague = make_contact(other.customer)
    for person in (alone, other):
        make_topic_wish(person, "offers")
    campaign = launched(make_campaign(kind="win_back"))
    go_on(campaign)
    left_out = campaign.recipients.get(customer=alone.customer)
    assert (left_out.state, left_out.why) == ("left_out", "unwanted_topic")
    assert campaign.recipients.get(customer=other.customer).contact == colleague


def test_who_leaves_its_topic_on_the_way_leaves():
    contact = make_contact()
    path = path_of(mail_step(), {"key": "w", "kind": "wait", "days": 3}, mail_step("again"))
    campaign = launched(make_campaign(path=path, kind="win_back"))
    go_on(campaign)
    make_topic_wish(contact, "news")
    go_on(campaign)
    assert Recipient.objects.get().state == "under_way"
    make_topic_wish(contact, "offers")
    go_on(campaign)
    assert Recipient.objects.get().why == "unwanted_topic"
    assert OutgoingEmail.objects.get().state == "cancelled"


def test_a_pause_lets_mail_steps_pass_by_and_says_until_when():
    contact = make_contact()
    make_wishes(contact, paused_until=datetime(2999, 1, 31, 23, tzinfo=UTC))
    path = path_of(mail_step(), {"key": "w", "kind": "wait", "days": 3}, mail_step("again"))
    go_on(launched(make_campaign(path=path)))
    recipient = Recipient.objects.get()
    assert (recipient.state, recipient.step) == ("under_way", "again")
    done = recipient.steps.get(step="hello")
    assert (done.outcome, done.why) == ("not_mailed", "paused:2999-02-01")
    assert "until 1 Feb 2999" in why_words(done.why)
    assert not OutgoingEmail.objects.exists()


def test_a_stronger_campaign_takes_a_customer_over():
    make_contact()
    path = path_of({"key": "w", "kind": "wait", "days": 3}, mail_step())
    weak = launched(make_campaign(path=path, strength=10))
    go_on(weak)
    strong = launched(make_campaign(path=path, strength=90))
    go_on(strong)
    go_on(weak)
    assert weak.recipients.get().why == "stronger"
    assert strong.recipients.get().state == "under_way"


def test_a_pause_holds_steps_and_mails_and_ends():
    make_contact()
    path = path_of(mail_step(), {"key": "w", "kind": "wait", "days": 1}, mail_step("again"))
    campaign = launched(make_campaign(path=path))
    go_on(campaign)
    pause(campaign, because="A wrong word", by=None)
    assert go_on(campaign, days=2) == 0
    later = timezone.now() + timedelta(days=2)
    assert not OutgoingEmail.objects.due(later).exists()
    resume(campaign, by=None)
    assert go_on(campaign, days=2) == 1
    assert OutgoingEmail.objects.due(later + timedelta(days=1)).count() == 2


def test_finishing_ends_it_for_all_and_calls_mails_back():
    make_contact()
    path = path_of(mail_step(), {"key": "w", "kind": "wait", "days": 1}, mail_step("again"))
    campaign = launched(make_campaign(path=path))
    go_on(campaign)
    finish(campaign, by=None)
    assert Recipient.objects.get().why == "finished"
    assert OutgoingEmail.objects.get().state == "cancelled"
    assert go_on(campaign, days=2) == 0


def test_launching_twice_is_refused():
    campaign = launched(make_campaign())
    with pytest.raises(RuleError, match="launched already"):
        launched(campaign)


@pytest.mark.parametrize("people", [1, 30])
def test_steps_cost_the_same_for_one_and_for_thirty(people):
    for _ in range(people):
        make_contact()
    campaign = launched(make_campaign(mail_step(), {"key": "w", "kind": "wait", "days": 1}))
    with CaptureQueriesContext(connection) as asked:
        go_on(campaign)
    assert len(asked) == 44
