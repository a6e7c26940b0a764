"""Who referred somebody is rewarded once that one has paid, within the limits."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from campaigns.models import Grant
from campaigns.referring.telling import Gift, give
from campaigns.tasks import settle_referrals
from churnapp.models import AuditEvent
from customers.models import OutgoingEmail, Task, Topic
from tests.campaign_factories import (
    make_referral,
    make_sales_offer,
)
from tests.campaigns.referred import came, link, pays, signed_up, state_of
from tests.factories import (
    make_payment,
    make_topic_wish,
    make_user,
    today_here,
)

__all__ = ["link"]
pytestmark = pytest.mark.django_db


def test_a_reward_comes_once_the_months_are_paid(link):
    referral, customer = came(link, days_ago=40), signed_up(days_ago=39)
    pays(customer, days_ago=38)

    settle_referrals()
    settle_referrals()
    referral.refresh_from_db()

    grant = Grant.objects.get(offer=link.program.reward)
    assert (referral.state, referral.grant) == ("rewarded", grant)
    assert (grant.customer, grant.contact.email) == (link.customer, "anna@fjord.example")
    assert grant.key == f"referral:{referral.pk}:{link.customer_id}"
    mail = OutgoingEmail.objects.get(dedupe_key=f"offer:{grant.pk}")
    assert (mail.to_email, mail.language) == ("anna@fjord.example", "nb")
    assert "anbefalte oss" in mail.text


def test_no_reward_before_the_months_are_paid(link):
    referral = came(link, days_ago=40)
    pays(signed_up(days_ago=39), days_ago=20)
    settle_referrals()
    assert state_of(referral) == ("matched", "")
    with time_machine.travel(timezone.now() + timedelta(days=12)):
        settle_referrals()
    assert state_of(referral) == ("rewarded", "")


def test_where_payments_are_known_one_has_to_have_come(link):
    referral, customer = came(link, days_ago=60), signed_up(days_ago=59)
    pays(customer, days_ago=50)
    payment = make_payment(customer, due_on=today_here() - timedelta(days=49), status="failed")
    settle_referrals()
    assert state_of(referral) == ("matched", "")

    payment.status = "recovered"
    payment.save(update_fields=["status"])
    settle_referrals()
    assert state_of(referral) == ("rewarded", "")


def test_who_leaves_within_the_months_brings_nothing(link):
    referral = came(link, days_ago=60)
    pays(signed_up(days_ago=59), days_ago=50, days=20)
    settle_referrals()
    assert state_of(referral) == ("refused", "left_early")


def test_a_change_of_plan_does_not_begin_the_months_anew(link):
    referral, customer = came(link, days_ago=60), signed_up(days_ago=59)
    pays(customer, days_ago=40, days=20)
    pays(customer, days_ago=20)
    settle_referrals()
    assert state_of(referral) == ("rewarded", "")


def brought(link, count):
    """So many who came, signed up and have paid."""
    found = []
    for number in range(count):
        at = timezone.now() - timedelta(days=60)
        email = f"kari@came{number}.example"
        found.append(make_referral(link, email=email, company=f"Came {number}", at=at))
        pays(signed_up(days_ago=59, email=email, name=f"Ny{number * 1111}"), days_ago=50)
    return found


def taken():
    """Every offer that is open is accepted."""
    Grant.objects.filter(state="open").update(state="accepted", settled_at=timezone.now())


def test_one_customer_gets_no_more_rewards_than_one_may(link):
    link.program.most_a_referrer = 2
    link.program.save()
    referrals = brought(link, 3)
    settle_referrals()
    assert [state_of(each) for each in referrals] == [
        ("rewarded", ""), ("matched", "open_already"), ("matched", "open_already"),
    ]  # fmt: skip
    taken()
    settle_referrals()
    assert [state_of(each) for each in referrals] == [
        ("rewarded", ""), ("rewarded", ""), ("refused", "referrer_limit"),
    ]  # fmt: skip


def test_what_a_month_may_have_waits_for_the_next(link):
    link.program.most_a_month = 1
    link.program.save()
    referrals = brought(link, 2)
    settle_referrals()
    assert [state_of(each) for each in referrals] == [("rewarded", ""), ("matched", "month_limit")]
    with time_machine.travel(timezone.now() + timedelta(days=32)):
        settle_referrals()
    assert state_of(referrals[1]) == ("rewarded", "")


def test_a_reward_waits_for_its_offer(link):
    offer = link.program.reward
    offer.most_in_total = 1
    offer.save()
    referrals = brought(link, 2)
    settle_referrals()
    taken()
    settle_referrals()
    assert [state_of(each) for each in referrals] == [("rewarded", ""), ("matched", "all_gone")]


def test_to_whom_nobody_writes_by_itself_a_colleague_tells_it(link):
    owner = make_user()
    customer = link.customer
    customer.never_automatic, customer.owner = True, owner
    customer.save()
    brought(link, 1)
    settle_referrals()
    grant = Grant.objects.get()
    assert not OutgoingEmail.objects.exists()
    assert Task.objects.get(key=f"gift:{grant.pk}").assignee == owner


def test_who_came_is_welcomed_with_an_offer(link):
    link.program.welcome = make_sales_offer("free")
    link.program.save()
    came(link)
    customer = signed_up()
    pays(customer, days_ago=0)
    settle_referrals()
    grant = Grant.objects.get(offer=link.program.welcome)
    assert (grant.customer, grant.contact.email) == (customer, "kari@nordlys.example")


def test_who_signs_up_for_a_trial_is_welcomed_once_they_pay(link):
    link.program.welcome = make_sales_offer("free")
    link.program.save()
    came(link)
    customer = signed_up()
    settle_referrals()
    assert not Grant.objects.filter(offer=link.program.welcome).exists()
    pays(customer, days_ago=0)
    settle_referrals()
    settle_referrals()
    assert Grant.objects.get(offer=link.program.welcome).customer == customer


def test_a_reward_that_its_reader_wants_no_mail_of_is_told_by_a_colleague(link):
    topic = Topic.objects.get(kinds__contains=["campaign.referral"])
    for reader in link.customer.contacts.all():
        make_topic_wish(reader, topic.code)
    brought(link, 1)
    settle_referrals()
    assert not OutgoingEmail.objects.exists()
    assert Task.objects.filter(key=f"gift:{Grant.objects.get().pk}").exists()


def test_telling_of_an_offer_that_is_there_already_tells_nobody_twice(link):
    customer = link.customer
    gift = Gift(link.program.reward, "referral:7", "Because")
    now = timezone.now()
    first = give(gift, customer, None, now=now)
    again = give(gift, customer, None, now=now + timedelta(seconds=1))
    assert first == again
    assert OutgoingEmail.objects.count() == 1
    assert AuditEvent.objects.filter(verb="offer_made").count() == 1
