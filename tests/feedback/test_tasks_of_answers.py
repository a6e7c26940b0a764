"""The task that an unhappy answer made is open as long as the answer asks for somebody."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Interaction, Task
from customers.services.tasks import finish_task, postpone_task
from feedback.answering import Signs
from feedback.logic import Given
from feedback.services.answering import (
    Filled,
    answer_invitation,
    quarantine,
    release,
    save_answers,
    send_in,
)
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_reason,
    today_here,
)
from tests.feedback_factories import make_invitation, make_survey

pytestmark = pytest.mark.django_db
NOW = timezone.now()
MINUTE = timedelta(minutes=1)


@pytest.fixture
def invitation(alice):
    return make_invitation(contact=make_contact(make_customer(owner=alice)))


def answered(invitation, score, *, now=NOW):
    given = {"score": Given(number=score)}
    return answer_invitation(invitation, Filled(given, "en", Signs(NOW - MINUTE)), now=now)


def causes():
    settled = Interaction.objects.filter(verb="task_settled").order_by("pk")
    return [entry.facts["because"] for entry in settled]


def test_the_task_is_open_as_long_as_the_answer_asks_for_somebody(invitation, alice):
    response = answered(invitation, 2)
    task = Task.objects.get()
    quarantine(response, because="A test of ours", by=alice)
    task.refresh_from_db()
    assert task.done_at is not None

    release(response, by=alice)
    task.refresh_from_db()
    assert task.done_at is None

    answered(invitation, 9, now=NOW + MINUTE)
    task.refresh_from_db()
    assert task.done_at is not None
    answered(invitation, 1, now=NOW + 2 * MINUTE)
    task.refresh_from_db()
    assert task.done_at is None
    assert causes() == ["set_aside", "changed"]
    assert Task.objects.count() == 1


def touch(task, alice):
    postpone_task(task, until=today_here(NOW) + timedelta(days=3), by=alice)


def finish(task, alice):
    finish_task(task, alice)


@pytest.mark.parametrize("deed, is_done", [(touch, False), (finish, True)])
def test_a_task_that_somebody_is_at_stays_theirs(invitation, alice, deed, is_done):
    response = answered(invitation, 2)
    deed(Task.objects.get(), alice)

    quarantine(response, because="A test of ours", by=alice)
    release(response, by=alice)

    assert (Task.objects.get().done_at is not None) is is_done
    assert causes() == []


@pytest.fixture
def leaver(alice):
    make_reason("knowledge", labels={"en": "Too little knowledge"})
    make_reason("competitor", asks="competitor", labels={"en": "Moved to a competitor"})
    customer = make_customer(owner=alice)
    survey = make_survey("exit", name="Exit")
    return make_invitation(
        survey, make_contact(customer), cancellation=make_cancellation(customer), language="en"
    )


def leaves_for(invitation, reason, words="", comment="", *, now=NOW):
    given = {"reason": Given(choices=(reason,), text=words), "comment": Given(text=comment)}
    filled = Filled(given, "en", Signs(NOW - MINUTE))
    return send_in(save_answers(invitation, filled, now=now), now=now)


def test_an_open_task_says_what_the_answer_says_now(leaver, alice):
    leaves_for(leaver, "knowledge", comment="Sorry")
    touch(Task.objects.get(), alice)
    leaves_for(leaver, "competitor", "Planvind", "Sorry", now=NOW + MINUTE)

    task = Task.objects.get()
    assert task.what == "Exit: Moved to a competitor · Planvind · Sorry"
    assert task.done_at is None

    leaves_for(leaver, "knowledge", now=NOW + 2 * MINUTE)
    task.refresh_from_db()
    assert (task.what, task.done_at) == ("Exit: Too little knowledge", None)


def test_of_a_task_that_its_owner_has_finished_one_note_says_what_the_answer_says_now(
    leaver, alice
):
    leaves_for(leaver, "knowledge", comment="Sorry")
    finish(Task.objects.get(), alice)
    leaves_for(leaver, "competitor", "Planvin", "Sorry", now=NOW + MINUTE)
    leaves_for(leaver, "competitor", "Planvind", "Sorry", now=NOW + 2 * MINUTE)

    task = Task.objects.get()
    assert task.what == "Exit: Too little knowledge · Sorry"
    assert task.done_at is not None
    note = Interaction.objects.get(verb="task_overtaken")
    assert note.facts["what"] == "Exit: Moved to a competitor · Planvind · Sorry"


def test_words_that_stay_the_same_are_not_noted(leaver, alice):
    response = leaves_for(leaver, "knowledge", comment="Sorry")
    finish(Task.objects.get(), alice)
    quarantine(response, because="A test of ours", by=alice)
    release(response, by=alice)
    assert not Interaction.objects.filter(verb="task_overtaken").exists()
