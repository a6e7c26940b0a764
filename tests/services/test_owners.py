"""Handing customers over: today at once, later by the night, with open work and a note."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from customers.handovers import carry_out_due
from customers.models import Customer, Handover, Task
from customers.services.owners import hand_over, withdraw_handover
from customers.views.timeline_words import event_words
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


def become_viewer(person):
    person.groups.set([Group.objects.get(name="viewer")])


def leave(person):
    person.is_active = False
    person.save(update_fields=["is_active"])


@pytest.mark.parametrize(
    "change, refusal, says",
    [
        (become_viewer, "reads", "may only read"),
        (leave, "left", "no longer works here"),
    ],
)
def test_who_can_no_longer_work_with_customers_takes_nothing_over(
    change, refusal, says, alice, bob
):
    customer, day = make_customer(owner=alice), today() + timedelta(days=7)
    carla = make_user(name="Carla Lund")
    task = make_task(customer, assignee=alice)
    hand_over([customer], to=carla, on=day, note="", by=bob)
    change(carla)

    assert carry_out_due(today=day, now=timezone.now()) == 0
    assert carry_out_due(today=day, now=timezone.now()) == 0

    handover = Handover.objects.get()
    assert (handover.done_at, handover.refusal) == (None, refusal)
    task.refresh_from_db()
    assert (owner_of(customer), task.assignee) == (alice, alice)
    line = customer.interactions.get()
    assert says in event_words(line.verb, line.facts)
    told = Task.objects.exclude(pk=task.pk).get()
    assert (told.customer, told.assignee, told.due_on) == (customer, bob, day)
    assert told.what.startswith("Choose another owner: Carla Lund")
    assert says in told.what
    with pytest.raises(RuleError):
        withdraw_handover(handover, by=alice)


def test_the_owner_is_asked_when_whoever_planned_it_is_gone(alice, bob):
    customer, day = make_customer(owner=alice), today() + timedelta(days=7)
    carla = make_user()
    hand_over([customer], to=carla, on=day, note="", by=bob)
    become_viewer(carla)
    leave(bob)

    carry_out_due(today=day, now=timezone.now())

    assert Task.objects.get().assignee == alice


def test_one_task_asks_about_many_refused_handovers(alice, bob):
    day, carla = today() + timedelta(days=7), make_user(name="Carla Lund")
    for _ in range(3):
        make_customer(owner=alice)
    hand_over(Customer.objects.all(), to=carla, on=day, note="", by=bob)
    leave(carla)

    carry_out_due(today=day, now=timezone.now())

    told = Task.objects.get()
    assert (told.customer, told.assignee) == (None, bob)
    assert told.what.startswith("Choose another owner for 3 customers: Carla Lund")


def test_an_earlier_handover_holds_where_the_last_is_refused(alice, bob):
    customer, carla = make_customer(owner=alice), make_user()
    first, last = today() + timedelta(days=1), today() + timedelta(days=2)
    hand_over([customer], to=bob, on=first, note="", by=None)
    hand_over([customer], to=carla, on=last, note="", by=None)
    leave(carla)

    assert carry_out_due(today=last, now=timezone.now()) == 1

    assert owner_of(customer) == bob


@pytest.mark.parametrize("customers", [1, 30])
def test_handing_over_asks_in_sets(customers, alice, bob, django_assert_max_num_queries):
    for _ in range(customers):
        make_task(make_customer(owner=alice), assignee=alice)

    with django_assert_max_num_queries(24):
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
