"""After an action people are back on the page they came from, if it is one of ours."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from django.utils.http import urlencode

from churnapp.models import User
from customers.models import Task
from tests.factories import (
    make_customer,
    make_subscription,
    make_task,
    stand,
    today_here,
)

HERE = "/?kind=task&whose=everyone"
FOREIGN = "https://evil.example/"


@pytest.fixture
def task(db: None, alice: User) -> Task:
    return make_task(make_customer("Acme"), assignee=alice, due_on=today_here())


def address(name: str, pk: int, **query: str) -> str:
    return reverse(f"customers:{name}", args=[pk]) + (f"?{urlencode(query)}" if query else "")


def test_the_day_says_where_to_return_to(alices_client: Client, alice: User, task: Task) -> None:
    renewing = make_customer("Renewing", owner=alice)
    make_subscription(renewing, contract_ends_on=today_here() + timedelta(days=9))
    stand()
    text = alices_client.get("/?kind=").content.decode()
    assert escape(address("assign_task", task.pk, next="/?kind=")) in text
    plan = address("plan_task", renewing.pk, what="Talk about the renewal", next="/?kind=")
    assert text.count(escape(plan)) == 2


@pytest.mark.parametrize("name", ["plan_task", "assign_task"])
def test_a_dialog_carries_the_way_back(alices_client: Client, task: Task, name: str) -> None:
    pk = task.customer_id if name == "plan_task" else task.pk
    text = alices_client.get(address(name, pk, next=HERE)).content.decode()
    assert f'<input type="hidden" name="next" value="{escape(HERE)}">' in text
    foreign = alices_client.get(address(name, pk, next=FOREIGN)).content.decode()
    assert FOREIGN not in foreign
    assert f'name="next" value="{address("detail", task.customer_id)}#tasks"' in foreign


def test_a_task_is_added_and_given_away_where_it_was_asked(
    alices_client: Client, bob: User, task: Task
) -> None:
    new = {"what": "Call", "assignee": bob.pk, "due_on": today_here(), "next": HERE}
    assert alices_client.post(address("plan_task", task.customer_id), new)["Location"] == HERE
    given = {"assignee": bob.pk, "next": HERE}
    assert alices_client.post(address("assign_task", task.pk), given)["Location"] == HERE
    given["next"] = FOREIGN
    back = alices_client.post(address("assign_task", task.pk), given)["Location"]
    assert back == address("detail", task.customer_id) + "#tasks"


def test_undoing_what_was_done_leads_back_too(alices_client: Client, task: Task) -> None:
    page = alices_client.post(address("finish_task", task.pk), {"next": HERE}, follow=True)
    undo = address("reopen_task", task.pk, next=HERE)
    assert f'action="{escape(undo)}"' in page.content.decode()
    assert alices_client.post(undo)["Location"] == HERE
    foreign = alices_client.post(address("reopen_task", task.pk, next=FOREIGN))["Location"]
    assert foreign == address("detail", task.customer_id) + "#tasks"
