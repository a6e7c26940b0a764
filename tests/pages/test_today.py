"""Today: what waits, for whom, in which order, and what one key does about it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers.services.connections import connect_subscriptions
from customers.views.queue import MOST
from tests.factories import (
    make_cancellation,
    make_customer,
    make_flag,
    make_reason,
    make_rule,
    make_subscription,
    make_task,
    make_term,
    stand,
    today_here,
)

TODAY = today_here()
PAGE = reverse("customers:today")


def in_days(days: int):
    return TODAY + timedelta(days=days)


def tabs_of(client: Client) -> list[tuple[str, str, str, bool]]:
    return client.get(PAGE).context["tabs"]


def queue_of(client: Client, query: str = "") -> list[tuple[str, str]]:
    """Drawer and subject of each item, in order."""
    drawers = client.get(PAGE + query).context["drawers"]
    return [
        (str(drawer.label), item.task.what if item.task else item.customer.name)
        for drawer in drawers
        for item in drawer.items
    ]


@pytest.fixture
def day(alice):
    """A day of Alice's, and a customer of nobody's."""
    grave = make_rule("grave", severity=5)
    slight = make_rule("slight", severity=2)
    for name, arr, owner in (("Big", 9000, alice), ("Small", 600, alice), ("Foreign", 99, None)):
        customer = make_customer(name, owner=owner)
        make_subscription(customer, arr=arr)
        make_flag(customer, rule=grave if name != "Small" else slight)
    leaving = make_customer("Leaving", owner=alice)
    make_subscription(leaving, arr=1200, ends_on=in_days(20))
    make_cancellation(leaving, effective_on=in_days(20), reason=make_reason())
    renewing = make_customer("Renewing", owner=alice)
    make_subscription(renewing, contract_ends_on=in_days(50), notice_by=in_days(5))
    make_task(leaving, what="Overdue", assignee=alice, due_on=in_days(-2))
    make_task(what="Without a customer", assignee=alice, due_on=TODAY)
    make_task(leaving, what="Next month", assignee=alice, due_on=in_days(30))
    make_task(renewing, what="Somebody else's", due_on=TODAY)
    stand()


def test_the_queue_is_ranked_by_urgency_and_value(alices_client, day):
    assert queue_of(alices_client) == [
        ("Now", "Big"),
        ("Now", "Overdue"),
        ("Now", "Without a customer"),
        ("This week", "Renewing"),
        ("This month", "Leaving"),
        ("This month", "Small"),
    ]


@pytest.mark.parametrize(
    "kind, shown",
    [
        ("warning", ["Big", "Small"]),
        ("task", ["Overdue", "Without a customer"]),
        ("renewal", ["Renewing"]),
        ("departure", ["Leaving"]),
    ],
)
def test_one_kind_at_a_time(alices_client, day, kind, shown):
    assert [name for _drawer, name in queue_of(alices_client, f"?kind={kind}")] == shown


def test_what_is_said_of_one_customer_is_one_item(alices_client, alice):
    customer = make_customer("Acme", owner=alice)
    make_subscription(customer, contract_ends_on=in_days(40))
    make_flag(customer, rule=make_rule("grave", severity=5))
    stand()
    [drawer] = alices_client.get(PAGE).context["drawers"]
    [item] = drawer.items
    assert item.kinds == {"warning", "renewal"}
    assert item.days_left == 0


def test_a_contract_of_somebody_who_leaves_is_no_renewal(alices_client, alice):
    customer = make_customer("Acme", owner=alice)
    make_subscription(customer, contract_ends_on=in_days(20), ends_on=in_days(20))
    make_cancellation(customer, effective_on=in_days(20))
    stand()
    assert alices_client.get(PAGE).context["drawers"][0].items[0].kinds == {"departure"}


def make_contract(alice, *, day: int = 20, **term):
    """A subscription of a customer of Alice's with a contract that ends in `day` days."""
    customer = make_customer("Acme", owner=alice)
    subscription = make_subscription(customer, contract_ends_on=in_days(day), **term)
    return customer, subscription


def renewing(client: Client) -> list[str]:
    stand()
    return [name for _drawer, name in queue_of(client, "?kind=renewal")]


def test_a_contract_that_runs_on_waits_to_be_renewed(alices_client, alice):
    _customer, subscription = make_contract(alice, ends_on=in_days(9))
    make_term(subscription, starts_on=in_days(9), arr=900)  # another price before its day
    assert renewing(alices_client) == ["Acme"]


def test_a_contract_that_is_paused_waits_to_be_renewed(alices_client, alice):
    _customer, subscription = make_contract(alice, ends_on=in_days(-9))
    make_term(subscription, starts_on=in_days(-9), kind="paused")
    assert renewing(alices_client) == ["Acme"]


@pytest.mark.parametrize("end", [-30, 10, 20, 400])
def test_a_contract_with_a_known_end_is_no_renewal(alices_client, alice, end):
    """It has ended, it will have by its day, it ends on it, or it is renewed until a later one."""
    customer, _subscription = make_contract(alice, ends_on=in_days(end))
    make_subscription(customer)
    assert renewing(alices_client) == []


def test_a_contract_that_is_renewed_from_its_day_on_is_no_renewal(alices_client, alice):
    _customer, subscription = make_contract(alice, ends_on=in_days(20))
    make_term(subscription, starts_on=in_days(20))
    assert renewing(alices_client) == []


def test_a_contract_that_another_subscription_continues_is_no_renewal(alices_client, alice):
    customer, subscription = make_contract(alice)
    later = make_subscription(customer, starts_on=in_days(-5))
    connect_subscriptions(subscription, later, by=alice)
    assert renewing(alices_client) == []


def test_a_contract_of_a_trial_or_before_its_start_is_no_renewal(alices_client, alice):
    customer, _subscription = make_contract(alice, kind="trial")
    make_subscription(customer)
    make_subscription(customer, contract_ends_on=in_days(20), starts_on=in_days(2))
    assert renewing(alices_client) == []


def test_a_contract_of_a_lost_customer_is_no_renewal(alices_client, alice):
    make_contract(alice, ends_on=in_days(-100))
    assert renewing(alices_client) == []


def test_a_cancellation_of_another_subscription_leaves_the_renewal(alices_client, alice):
    customer, _subscription = make_contract(alice)
    other = make_subscription(customer, ends_on=in_days(5))
    make_cancellation(customer, subscription=other, effective_on=in_days(5))
    assert renewing(alices_client) == ["Acme"]


def test_a_warning_that_somebody_is_on_waits_for_nobody(alices_client, alice):
    customer = make_customer(owner=alice)
    make_subscription(customer)
    make_flag(customer, state="acknowledged")
    stand()
    assert queue_of(alices_client) == []


def test_a_stand_in_sees_the_others_work(client, day, alice, bob):
    bob.stands_in_for.add(alice)
    client.force_login(bob)
    names = [name for _drawer, name in queue_of(client)]
    assert "Big" in names
    assert "Foreign" not in names


def test_managers_look_at_everyones_or_a_colleagues_day(client, day, alice, bob):
    client.force_login(bob)
    everyone = [name for _drawer, name in queue_of(client)]
    assert {"Foreign", "Somebody else's"} <= set(everyone)
    assert "Without a customer" not in everyone  # it is Alice's own
    assert queue_of(client, "?whose=mine") == []
    colleague = [name for _drawer, name in queue_of(client, f"?whose={alice.pk}")]
    assert "Big" in colleague
    assert "Foreign" not in colleague


def test_everyones_day_holds_ones_own_tasks_without_a_customer(client, bob):
    make_customer()
    make_task(what="Tidy up", assignee=bob, due_on=TODAY)
    client.force_login(bob)
    assert queue_of(client, "?whose=everyone") == [("Now", "Tidy up")]


def test_others_can_not_look_around(alices_client, day, bob):
    assert queue_of(alices_client, "?whose=everyone") == queue_of(alices_client)
    assert b'name="whose"' not in alices_client.get(PAGE).content


def test_each_row_has_a_link_and_one_act_for_a_key(alices_client, day):
    text = alices_client.get(PAGE).content.decode()
    assert text.count("data-row-edit") == 6
    assert text.count("data-row-link") == 5  # a task without a customer leads nowhere


def test_who_only_reads_sees_no_act(client, charlie, day):
    client.force_login(charlie)
    text = client.get(PAGE).content.decode()
    assert "Foreign" in text
    assert "data-row-edit" not in text


def test_an_empty_day_says_so(client, alice, bob):
    client.force_login(bob)
    assert "Your day begins here" in client.get(PAGE).content.decode()
    make_customer(owner=alice)
    assert "Nothing waits for you today" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_the_day_costs_the_same(alices_client, alice, count):
    for number in range(count):
        customer = make_customer(owner=alice)
        make_subscription(customer, contract_ends_on=in_days(10), notice_by=in_days(5))
        make_flag(customer)
        make_task(customer, assignee=alice, due_on=TODAY)
        other = make_customer(owner=alice)
        make_subscription(other, ends_on=in_days(number + 1))
        make_cancellation(other, effective_on=in_days(number + 1))
    stand()
    with CaptureQueriesContext(connection) as asked:
        alices_client.get(PAGE)
    assert len(asked) == 13  # one of them asks what keeps mail from going out


def test_what_is_less_urgent_is_one_click_away(alices_client, alice):
    for number in range(60):
        make_task(what=f"Call {number}", assignee=alice, due_on=TODAY)

    page = alices_client.get(PAGE)
    assert "10 less urgent items are not shown." in page.content.decode()
    assert 'href="?shown=100"' in page.content.decode()

    whole = alices_client.get(PAGE + "?shown=100")
    assert sum(len(drawer.items) for drawer in whole.context["drawers"]) == 60
    assert "Of each kind, the 60 most urgent stand here." in whole.content.decode()


def test_a_day_without_rules_says_so(alices_client, alice):
    make_customer(owner=alice)
    assert "Rules have not run yet." in alices_client.get(PAGE).content.decode()
    make_rule("grave", ran_at=timezone.now())
    assert "Rules ran" in alices_client.get(PAGE).content.decode()


def test_where_a_kind_is_cut_no_sum_of_all_is_claimed(alices_client, alice):
    for _each in range(MOST):
        make_task(make_customer(owner=alice), assignee=alice, due_on=TODAY)
    make_task(make_customer(owner=alice), assignee=alice, due_on=TODAY)
    numbers = {key: number for key, _label, number, _shown in tabs_of(alices_client)}
    assert (numbers[""], numbers["task"]) == ("", f"{MOST}+")


def test_a_long_task_is_cut_and_money_says_what_it_is(alices_client, alice):
    customer = make_customer(owner=alice)
    make_subscription(customer, arr=12_000)
    make_task(customer, assignee=alice, due_on=TODAY, what="Settle: " + "very " * 30 + "long")
    stand()
    page = alices_client.get(PAGE).content.decode()
    assert re.search(r'class="queue-what"[^>]*>Settle: very [^<]*…</span>', page)
    assert "€1,000 MRR" in re.sub("<[^>]+>", "", page)
