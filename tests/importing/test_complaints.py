"""Complaints in a file of interactions are taken up, and go again with an undone file."""

from datetime import date

from django.utils import timezone

from churnapp.models import User
from customers.importing import running
from customers.models import Complaint, Import, Interaction, Task
from customers.services.complaints import assign_complaint
from customers.services.imports import undo_import
from tests.factories import make_customer, make_user
from tests.importing.conftest import Take

HEADER = "customer_id,external_id,kind,occurred_at,summary,status,complaint\n"
FILE = (
    HEADER + "C1,T1,ticket,2024-05-03T10:00Z,It is  down,open,yes\n"
    "C1,T2,ticket,2024-05-03T10:00Z,Was slow,closed,yes\n"
    "C1,T3,ticket,2024-05-03T10:00Z,A question,open,no\n"
    "C1,T4,ticket,2024-05-03T10:00Z,No status and old,,yes\n"
)


def undo(taken: Import, by: User) -> None:
    undo_import(taken, by=by, now=timezone.now())
    running.run_stored(taken.pk)


def test_open_ones_get_owner_deadline_and_task_once(take: Take) -> None:
    alice = make_user()
    make_customer(external_id="C1", owner=alice)
    take("interactions", FILE)
    take("interactions", FILE)

    complaint = Complaint.objects.with_all().get()
    assert (complaint.entry.external_id, complaint.owner) == ("T1", alice)
    assert complaint.due_on == date(2024, 5, 10)
    assert (complaint.task.what, complaint.task.assignee, complaint.task.due_on) == (
        "Settle a complaint: It is down",
        alice,
        date(2024, 5, 10),
    )


def test_closed_in_a_later_file_they_are_resolved(take: Take) -> None:
    make_customer(external_id="C1")
    take("interactions", FILE)
    take("interactions", HEADER + "C1,T1,ticket,2024-05-03T10:00Z,It is  down,closed,yes\n")

    complaint = Complaint.objects.with_all().get()
    assert complaint.state == "resolved"
    assert complaint.task.done_at is not None


def test_an_undone_file_takes_them_along(take: Take) -> None:
    make_customer(external_id="C1")
    undo(take("interactions", FILE), make_user("manager"))

    assert not Interaction.objects.exists()
    assert not Complaint.objects.exists()
    assert not Task.objects.exists()


def test_one_that_somebody_works_on_stays(take: Take) -> None:
    make_customer(external_id="C1")
    taken = take("interactions", FILE)
    assign_complaint(Complaint.objects.get(), owner=make_user(), due_on=date(2099, 1, 1), by=None)
    undo(taken, make_user("manager"))

    assert Interaction.objects.exclude(kind="event").get().external_id == "T1"
    assert Complaint.objects.exists()


def test_their_task_is_in_the_language_of_its_owner(take: Take) -> None:
    make_customer(external_id="C1", owner=make_user(language="nb"))
    take("interactions", FILE)
    what = Complaint.objects.with_all().get().task.what
    assert what.endswith(": It is down")
    assert what.startswith("Løs ")
