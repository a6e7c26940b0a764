"""Loyalty levels: who stands on which, and the rewards that come once each."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.levels import counted, level_of
from campaigns.models import Grant, LoyaltyLevel
from campaigns.referring import loyalty
from campaigns.referring.loyalty import anniversaries, due_counts
from campaigns.tasks import reward_loyalty
from customers.filters import segment
from customers.models import Customer, OutgoingEmail, Task
from tests.campaign_factories import make_level, make_sales_offer
from tests.factories import (
    make_contact,
    make_customer,
    make_organisation,
    make_subscription,
    make_user,
    stand,
    today_here,
)
from tests.feedback.visitors import words

pytestmark = pytest.mark.django_db


def paying(*, days, arr=1_200, **fields):
    """A customer who has paid for so many days."""
    customer = make_customer(**fields)
    make_contact(customer, email=f"boss{customer.pk}@loyal.example")
    make_subscription(customer, arr=arr, starts_on=today_here() - timedelta(days=days))
    stand(customer)
    return customer


@pytest.fixture
def levels():
    """Silver after a year, gold for who pays much too."""
    silver = make_level(name="Silver", position=1, least_months=12)
    gold = make_level(name="Gold", position=2, least_months=12, least_year_minor=1_000_000)
    return silver, gold


def test_the_highest_level_reached_is_the_customer_s(levels):
    silver, gold = levels
    small, large, new = paying(days=400), paying(days=400, arr=20_000), paying(days=30, arr=20_000)
    today = today_here()
    assert [level_of(each, today) for each in (small, large, new)] == [silver, gold, None]
    assert counted(levels, Customer.objects.all(), today) == {
        silver.pk: (1, 120_000),
        gold.pk: (1, 2_000_000),
    }


def test_who_has_left_stands_on_none(levels):
    customer = make_customer()
    today = today_here()
    make_subscription(
        customer, starts_on=today - timedelta(days=900), ends_on=today - timedelta(days=2)
    )
    stand(customer)
    assert level_of(customer, today) is None


def test_customers_are_chosen_by_level(levels):
    silver, gold = levels
    small, large = paying(days=400), paying(days=400, arr=20_000)
    assert set(segment(f"loyalty_level={silver.pk}", Customer.objects.all())) == {small}
    both = segment(f"loyalty_level={silver.pk}&loyalty_level={gold.pk}", Customer.objects.all())
    assert set(both) == {small, large}


def test_reaching_a_level_is_rewarded_once(levels):
    silver, _gold = levels
    silver.reward = make_sales_offer("free")
    silver.save()
    customer, other = paying(days=400), paying(days=100)
    reward_loyalty()
    reward_loyalty()
    grant = Grant.objects.get()
    assert (grant.customer, grant.key) == (customer, f"loyalty:{silver.pk}:reached:{customer.pk}")
    assert OutgoingEmail.objects.get().to_email == f"boss{customer.pk}@loyal.example"
    with time_machine.travel(timezone.now() + timedelta(days=300)):
        stand()
        reward_loyalty()
    assert set(Grant.objects.values_list("customer", flat=True)) == {customer.pk, other.pk}


def test_who_is_refused_holds_up_nobody_after_them(levels, monkeypatch):
    monkeypatch.setattr(loyalty, "MOST_A_RUN", 1)
    monkeypatch.setattr(loyalty, "CHUNK", 1)
    silver, _gold = levels
    silver.reward = make_sales_offer("free", eligible="country=SE")
    silver.save()
    first, second = paying(days=400, country="NO"), paying(days=400, country="NO")
    last = paying(days=400, country="SE")
    assert first.pk < second.pk < last.pk
    reward_loyalty()
    assert Grant.objects.get().customer == last


def test_a_reward_that_is_not_approved_is_asked_of_one_chunk(levels, monkeypatch):
    monkeypatch.setattr(loyalty, "CHUNK", 1)
    asked = []

    def all_gone(_gift, people, *, now):
        asked.extend(people)
        return 0, dict.fromkeys([each.pk for each in people], "all_gone")

    monkeypatch.setattr(loyalty, "give_all", all_gone)
    silver, _gold = levels
    silver.reward = make_sales_offer("free")
    silver.save()
    first, _second = paying(days=400), paying(days=400)
    reward_loyalty()
    assert asked == [first]


def test_who_is_never_written_to_by_itself_is_told_by_a_colleague(levels):
    silver, _gold = levels
    silver.reward = make_sales_offer("free")
    silver.save()
    paying(days=400, never_automatic=True, owner=make_user())
    reward_loyalty()
    assert not OutgoingEmail.objects.exists()
    assert Task.objects.get().key == f"gift:{Grant.objects.get().pk}"


def test_a_yearly_reward_comes_on_the_day_of_the_first_payment():
    level = make_level(least_months=12, given="yearly", reward=make_sales_offer("free"))
    paying(days=200)
    with time_machine.travel("2027-03-10T09:00:00Z"):
        customer = make_customer()
        make_subscription(customer, starts_on=date(2025, 3, 9))
        stand()
        reward_loyalty()
        reward_loyalty()
    assert Grant.objects.get().key == f"loyalty:{level.pk}:2027:{customer.pk}"
    Grant.objects.update(state="accepted", settled_at=timezone.now())
    with time_machine.travel("2028-03-09T09:00:00Z"):
        stand()
        reward_loyalty()
    assert Grant.objects.filter(customer=customer).count() == 2


def test_the_29th_of_february_has_its_day_each_year():
    def days(today):
        return {
            (year, tuple(sorted(dict(each.children).values())))
            for year, found in anniversaries(today).items()
            for each in found
        }

    assert (2027, (2, 29)) in days(date(2027, 3, 1))
    assert (2028, (2, 29)) in days(date(2028, 2, 29))
    assert (2027, (2, 29)) not in days(date(2027, 2, 28))
    assert {year for year, _day in days(date(2028, 1, 3))} == {2027, 2028}


def test_a_level_is_made_changed_and_archived_by_a_manager(client):
    client.force_login(make_user("manager"))
    make_organisation(currency="EUR")
    paying(days=800)
    offer = make_sales_offer("free")
    typed = {
        "name": "Silver", "position": "1", "least_months": "12", "least_year": "100",
        "reward": str(offer.pk), "given": "reached",
    }  # fmt: skip
    assert client.post(reverse("referrals:new_level"), typed).status_code == 302
    level = LoyaltyLevel.objects.get()
    assert (level.least_months, level.least_year_minor, level.reward) == (12, 10_000, offer)
    page = words(client.get(reverse("referrals:levels")))
    assert "Silver" in page
    assert "€1,200.00" in page
    edit = reverse("referrals:edit_level", args=[level.pk])
    seen = {"seen": level.changed_at.isoformat()}
    assert client.post(edit, typed | {"name": "Gold"} | seen).status_code == 302
    answer = client.post(edit, typed | {"name": "Bronze"} | seen)
    assert answer.status_code == 422
    assert "It says now: Gold" in words(answer)
    client.post(reverse("referrals:archive_level", args=[level.pk]))
    level.refresh_from_db()
    assert (level.name, level.archived_at is None) == ("Gold", False)


def due_on_the_page(client):
    page = client.get(reverse("referrals:levels"))
    return {row.level.name: (row.customers, row.due) for row in page.context["rows"]}


def test_rewards_due_are_of_customers_that_the_reader_sees(client, levels):
    make_organisation(csm_sees_own_only=True)
    silver, gold = levels
    silver.reward, silver.given = make_sales_offer("free"), "yearly"
    gold.reward = make_sales_offer("free")
    silver.save()
    gold.save()
    csm = make_user("csm")
    with time_machine.travel("2027-03-10T09:00:00Z"):
        for owner in (csm, make_user("csm")):
            for arr in (1_200, 20_000):
                customer = make_customer(owner=owner)
                make_subscription(customer, arr=arr, starts_on=date(2025, 3, 9))
        stand()
        client.force_login(csm)
        assert due_on_the_page(client) == {"Gold": (1, 1), "Silver": (1, 1)}
        client.force_login(make_user("manager"))
        assert due_on_the_page(client) == {"Gold": (2, 2), "Silver": (2, 2)}
        reward_loyalty()
        assert due_on_the_page(client) == {"Gold": (2, 0), "Silver": (2, 0)}


def test_nothing_is_due_by_an_offer_that_was_stopped_and_nobody_is_counted(levels):
    silver, gold = levels
    silver.reward = make_sales_offer("free", stopped_at=timezone.now())
    paying(days=400)
    with CaptureQueriesContext(connection) as asked:
        assert due_counts([silver, gold], Customer.objects.all(), today_here()) == {}
    assert not asked.captured_queries


def test_customers_on_more_levels_cost_no_more_questions(levels, django_assert_num_queries):
    more = [make_level(name=f"Level {n}", position=n, least_months=n) for n in range(3, 9)]
    paying(days=400)
    with django_assert_num_queries(1):
        found = counted([*levels, *more], Customer.objects.all(), today_here())
    assert [level for level, (number, _worth) in found.items() if number] == [more[-1].pk]


def test_a_level_that_asks_nothing_is_refused(client):
    client.force_login(make_user("manager"))
    typed = {"name": "Silver", "position": "1", "given": "reached"}
    answer = client.post(reverse("referrals:new_level"), typed)
    assert answer.status_code == 422
    assert "Say how long, or how much, it takes." in words(answer)
