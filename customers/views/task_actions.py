"""Add tasks, tick them off, put them off and hand them on; each answers where it was asked."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from churnapp.common import formats
from churnapp.common.errors import RuleError
from customers.forms.customers import AssignForm, TaskForm
from customers.models import Customer, Task
from customers.services.staff import is_at_work
from customers.services.tasks import (
    add_task,
    assign_task,
    finish_task,
    postpone_task,
    reopen_task,
    take_back_postponing,
)
from customers.views.access import allowed, customer_or_404, organisation, person, today_here
from customers.views.dialogs import (
    Dialog,
    Done,
    asked_page,
    asks,
    converse,
    dialog_view,
    take_back,
)

SNOOZE = timedelta(days=7)


@asks
@dialog_view
@allowed("customers.add_task")
def plan_task(request: HttpRequest, pk: int) -> HttpResponse:
    customer = customer_or_404(request, pk)
    form = TaskForm(request.POST or None, initial=task_beginning(request, customer))

    def act() -> Done:
        given = form.cleaned_data
        add_task(
            given["what"],
            customer=customer,
            assignee=given["assignee"],
            due_on=given["due_on"],
            by=person(request),
        )
        return Done(_("The task is added."))

    back = asked_page(request) or reverse("customers:detail", args=[pk]) + "#tasks"
    title = _("Task about %(name)s") % {"name": customer}
    return converse(request, Dialog(title, _("Add task"), back), form, act)


def task_beginning(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """A task is the owner's and due today unless said otherwise; a link may name what to do.

    It is mine where there is no owner, or one who can only read by now.
    """
    is_theirs = customer.owner is not None and is_at_work(customer.owner)
    return {
        "what": request.GET.get("what", "")[:300],
        "assignee": customer.owner if is_theirs else person(request),
        "due_on": today_here(),
    }


def task_or_404(request: HttpRequest, pk: int) -> Task:
    """A task about a customer one sees, or one's own about none."""
    visible = Task.objects.visible_to(person(request), organisation(request))
    return get_object_or_404(visible.select_related("customer", "assignee"), pk=pk)


def way_back(request: HttpRequest, task: Task) -> str:
    """The page that asked, if it is one of ours; else the customer's, else today's."""
    own = reverse("customers:today")
    if task.customer_id is not None:
        own = reverse("customers:detail", args=[task.customer_id]) + "#tasks"
    return asked_page(request) or own


@require_POST
@allowed("customers.change_task")
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    task = task_or_404(request, pk)
    back = way_back(request, task)
    undo = f"{reverse('customers:reopen_task', args=[pk])}?{urlencode({'next': back})}"
    done = Done(_("Done: %(what)s") % {"what": task.said}, undo, back)
    return take_back(request, lambda: finish_task(task, by=person(request)), done)


@require_POST
@allowed("customers.change_task")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    task = task_or_404(request, pk)
    done = Done(_("Open again: %(what)s") % {"what": task.said}, to=way_back(request, task))
    return take_back(request, lambda: reopen_task(task, by=person(request)), done)


@require_POST
@allowed("customers.change_task")
def snooze(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a task off for a week, from today or from the day it is due, whichever is later."""
    task = task_or_404(request, pk)
    today = today_here()
    until = max(task.due_on or today, today) + SNOOZE
    text = _("Put off until %(day)s.") % {"day": formats.day(until)}
    done = Done(text, unsnooze_address(request, task, until), way_back(request, task))
    return take_back(request, lambda: postpone_task(task, until=until, by=person(request)), done)


def unsnooze_address(request: HttpRequest, task: Task, until: date) -> str:
    """Where putting a task off is taken back; it names the days of before and after."""
    days = {"until": until.isoformat(), "due": task.due_on.isoformat() if task.due_on else ""}
    query = urlencode(days | {"next": way_back(request, task)})
    return f"{reverse('customers:unsnooze_task', args=[task.pk])}?{query}"


@require_POST
@allowed("customers.change_task")
def unsnooze(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a task be due as it was before it was put off."""
    task = task_or_404(request, pk)
    until, due_on = day_named(request, "until"), day_named(request, "due")

    def act() -> object:
        if until is None:
            raise RuleError(_("There is nothing to take back."))
        return take_back_postponing(task, until=until, due_on=due_on, by=person(request))

    text = _("Not put off after all: %(what)s") % {"what": task.said}
    return take_back(request, act, Done(text, to=way_back(request, task)))


def day_named(request: HttpRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


@asks
@dialog_view
@allowed("customers.change_task")
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    task = task_or_404(request, pk)
    form = AssignForm(request.POST or None, task=task)

    def act() -> Done:
        to = form.cleaned_data["assignee"]
        assign_task(task, to=to, by=person(request))
        return Done(_("Given to %(name)s.") % {"name": to})

    dialog = Dialog(_("Give this task to"), _("Give"), way_back(request, task), task.said)
    return converse(request, dialog, form, act)
