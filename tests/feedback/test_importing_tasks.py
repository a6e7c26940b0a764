"""The task about an answer follows when a file corrects the answer, and an undo takes that back."""

import pytest

from customers.models import Interaction, Task
from customers.services.tasks import finish_task, postpone_task
from feedback.models import Response
from tests.factories import make_customer, today_here
from tests.feedback.test_importing_exits import undo
from tests.feedback_factories import make_survey
from tests.importing.conftest import Take

HEADER = "customer_id,survey,kind,answered_at,score,comment,external_id\n"
pytestmark = pytest.mark.django_db


@pytest.fixture
def task(take: Take) -> Task:
    """The task about an answer that a file has brought."""
    customer = make_customer("One", external_id="C1")
    make_survey("nps", name="NPS")
    take("responses", line(2, "Too slow"))
    made = Task.objects.create(customer=customer, what="NPS 2: Too slow")
    Response.objects.update(task=made)
    return made


def line(score: int, comment: str) -> str:
    return f"{HEADER}C1,NPS,nps,2025-03-10T10:00Z,{score},{comment},A-1\n"


def test_an_open_task_follows_and_goes_back(take: Take, task: Task) -> None:
    taken = take("responses", line(1, "Too   dear"))
    task.refresh_from_db()
    assert (task.what, task.done_at) == ("NPS 1: Too dear", None)
    undo(taken)
    task.refresh_from_db()
    assert task.what == "NPS 2: Too slow"


def test_a_task_that_is_not_needed_any_more_is_settled(take: Take, task: Task) -> None:
    taken = take("responses", line(10, "Fast now"))
    task.refresh_from_db()
    assert (task.what, task.done_at is None) == ("NPS 2: Too slow", False)
    assert Interaction.objects.get(verb="task_settled").facts["because"] == "changed"
    undo(taken)
    task.refresh_from_db()
    assert task.done_at is None
    assert not Interaction.objects.filter(verb="task_settled").exists()


def test_a_task_that_somebody_is_at_stays_theirs(take: Take, task: Task, alice) -> None:
    postpone_task(task, until=today_here(), by=alice)
    take("responses", line(10, "Fast now"))
    task.refresh_from_db()
    assert (task.what, task.done_at) == ("NPS 10: Fast now", None)


def test_a_finished_task_stays_and_a_note_says_what_the_answer_says_now(
    take: Take, task: Task, alice
) -> None:
    finish_task(task, alice)
    take("responses", line(1, "Too dear"))
    task.refresh_from_db()
    assert task.what == "NPS 2: Too slow"
    assert Interaction.objects.get(verb="task_overtaken").facts["what"] == "NPS 1: Too dear"
