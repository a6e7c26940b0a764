"""Plain tasks and notes, and what they leave on the timeline."""

from datetime import date

import pytest

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from customers.services.tasks import add_task, finish_task, reopen_task
from customers.services.timeline import add_note, record_event
from tests.factories import make_customer, make_task, make_user
from tests.services.threads import at_once, refused

pytestmark = pytest.mark.django_db


def test_a_task_says_what_who_and_when(alice):
    customer = make_customer()

    task = add_task(
        " Call them ", customer=customer, assignee=alice, due_on=date(2025, 3, 1), by=alice
    )

    assert (task.what, task.assignee, task.due_on) == ("Call them", alice, date(2025, 3, 1))
    line = customer.interactions.get()
    assert (line.verb, line.author) == ("task_added", alice)
    assert line.facts == {"what": "Call them", "task": task.pk}


def test_a_task_needs_no_customer():
    task = add_task("Order cake", customer=None, assignee=None, due_on=None, by=None)

    finish_task(task, None)

    task.refresh_from_db()
    assert task.done_at is not None


@pytest.mark.parametrize("what", ["", "  ", "x" * 301])
def test_a_task_says_something_short(what):
    with pytest.raises(RuleError) as refusal:
        add_task(what, customer=None, assignee=None, due_on=None, by=None)

    assert refusal.value.field == "what"


def test_nobody_who_has_left_gets_a_task():
    gone = make_user(is_active=False)

    with pytest.raises(RuleError) as refusal:
        add_task("Call", customer=None, assignee=gone, due_on=None, by=None)

    assert refusal.value.field == "assignee"


def test_done_and_open_again_once_each(alice):
    task = make_task(make_customer())

    finish_task(task, alice)
    with pytest.raises(RuleError):
        finish_task(task, alice)
    reopen_task(task, alice)
    with pytest.raises(RuleError):
        reopen_task(task, alice)

    verbs = task.customer.interactions.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["task_finished", "task_reopened"]


@pytest.mark.django_db(transaction=True)
def test_two_people_finishing_at_once_finish_it_once():
    task = make_task()

    results = at_once(lambda: finish_task(task, None), lambda: finish_task(task, None))

    assert len(refused(results)) == 1


def test_a_note_stands_on_the_timeline(alice):
    customer = make_customer()

    note = add_note(customer, "  They like the new reports.\n", by=alice)

    assert (note.kind, note.summary, note.author) == ("note", "They like the new reports.", alice)
    assert AuditEvent.objects.get().verb == "note_added"


@pytest.mark.parametrize("text", ["", " \n", "x" * 20_001])
def test_a_note_says_something(text):
    with pytest.raises(RuleError) as refusal:
        add_note(make_customer(), text, by=None)

    assert refusal.value.field == "text"


def test_an_event_keeps_its_facts():
    customer = make_customer()

    record_event(customer, "nps_answered", {"score": 9}, by=None)

    line = customer.interactions.get()
    assert (line.kind, line.verb, line.facts) == ("event", "nps_answered", {"score": 9})
