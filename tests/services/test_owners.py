"""Handing customers over: today at once, later by the night, with open work and a note."""

from datetime import timedelta

import pytest
from django.utils import timezone

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from customers.handovers import carry_out_due
from customers.models import Customer, Handover
from customers.services.owners import hand_over, withdraw_handover
from tests.factories import make_customer, make_task, make_user, today
from tests.services.threads import at_once

pytestmark = pytest.mark.django_db


def owner_of(customer):
    return Customer.objects.get(pk=customer.pk).owner


def test_a_handover_today_moves_owner_and_open_work(alice, bob):
    customer = make_customer(owner=alice)
    open_task = make_task(customer, assignee=alice)
    done_task = make_task(customer, assignee=alice, done_at=timezone.now())
    of_another = make_task(customer, assignee=make_user())

    given = hand_over([customer], to=bob, on=today(), note="Speaks Danish", by=alice)

    assert given == 1
    assert owner_of(customer) == bob
    for task, assignee in ((open_task, bob), (done_task, alice), (of_another, of_another.assignee)):
        task.refresh_from_db()
        assert task.assignee == assignee
    line = customer.interactions.get()
    assert (line.verb, line.summary, line.author) == (
        "customer_handed_over",
        "Speaks Danish",
        alice,
    )
    assert line.facts == {"owner_before": "Alice Berg", "owner": "Bob Dahl", "tasks": 1}
    assert AuditEvent.objects.get().changes == {"owner": [alice.pk, bob.pk]}


def test_a_handover_later_waits_for_its_day(alice, bob):
    customer = make_customer(owner=alice)
    day = today() + timedelta(days=7)

    hand_over(Customer.objects.all(), to=bob, on=day, note="", by=alice)

    assert owner_of(customer) == alice
    assert carry_out_due(today=day - timedelta(days=1), now=timezone.now()) == 0
    assert carry_out_due(today=day, now=timezone.now()) == 1
    assert carry_out_due(today=day, now=timezone.now()) == 0
    assert owner_of(customer) == bob


def test_the_work_of_whoever_owns_it_on_the_day_goes_along(alice, bob):
    customer = make_customer(owner=alice)
    day = today() + timedelta(days=7)
    hand_over([customer], to=bob, on=day, note="", by=alice)
    in_between = make_user()
    hand_over([customer], to=in_between, on=today(), note="", by=alice)
    task = make_task(customer, assignee=in_between)

    carry_out_due(today=day, now=timezone.now())

    task.refresh_from_db()
    assert (owner_of(customer), task.assignee) == (bob, bob)


def test_of_several_due_the_last_decides(alice, bob):
    customer = make_customer(owner=alice)
    first, last = today() + timedelta(days=1), today() + timedelta(days=2)
    hand_over([customer], to=make_user(), on=last, note="", by=None)
    hand_over([customer], to=bob, on=first, note="", by=None)

    assert carry_out_due(today=last, now=timezone.now()) == 2

    assert owner_of(customer) != bob
    assert customer.interactions.count() == 1


def test_a_handover_can_be_taken_back_until_it_is_done(alice, bob):
    customer = make_customer(owner=alice)
    hand_over([customer], to=bob, on=today() + timedelta(days=1), note="", by=alice)
    handover = Handover.objects.get()

    withdraw_handover(handover, by=alice)

    assert carry_out_due(today=today() + timedelta(days=1), now=timezone.now()) == 0
    assert owner_of(customer) == alice
    with pytest.raises(RuleError):
        withdraw_handover(handover, by=alice)


def test_what_can_not_be_is_refused(alice, bob, charlie):
    customer = make_customer(owner=bob)
    gone = make_user(is_active=False)
    for to, on, field in (
        (alice, today() - timedelta(days=1), "on"),
        (charlie, today(), "to"),
        (gone, today(), "to"),
        (bob, today(), "to"),
    ):
        with pytest.raises(RuleError) as refusal:
            hand_over([customer], to=to, on=on, note="", by=None)
        assert refusal.value.field == field

    assert not Handover.objects.exists()


@pytest.mark.parametrize("customers", [1, 30])
def test_handing_over_asks_in_sets(customers, alice, bob, django_assert_max_num_queries):
    for _ in range(customers):
        make_task(make_customer(owner=alice), assignee=alice)

    with django_assert_max_num_queries(22):
        hand_over(Customer.objects.all(), to=bob, on=today(), note="", by=alice)


@pytest.mark.django_db(transaction=True)
def test_two_nights_at_once_hand_over_once():
    bob = make_user("manager")
    day = today() + timedelta(days=1)
    for _ in range(20):
        make_customer()
    hand_over(Customer.objects.all(), to=bob, on=day, note="", by=None)

    done = at_once(
        lambda: carry_out_due(today=day, now=timezone.now()),
        lambda: carry_out_due(today=day, now=timezone.now()),
    )

    assert sum(done) == 20
    assert (
        Customer.objects.filter(owner=bob, interactions__verb="customer_handed_over").count() == 20
    )
