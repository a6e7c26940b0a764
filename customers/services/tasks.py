"""Plain tasks: what, who, when."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent, User
from customers.models import Customer, Interaction, Task
from customers.services.ledger import database_clock
from customers.services.staff import check_at_work
from customers.services.traces import Deed, audit, tell

LONGEST_WHAT = 300
SETTLED = "task_settled"
OVERTAKEN = "task_overtaken"


@transaction.atomic
def add_task(
    what: str,
    *,
    customer: Customer | None,
    assignee: User | None,
    due_on: date | None,
    by: User | None,
) -> Task:
    """Give somebody something to do. Raises RuleError for an empty task or someone who can't."""
    what = what.strip()
    if not what or len(what) > LONGEST_WHAT:
        raise RuleError(
            _("Say in at most %(limit)s characters what is to be done.") % {"limit": LONGEST_WHAT},
            field="what",
        )
    check_at_work(assignee, field="assignee")
    task = Task.objects.create(
        what=what, customer=customer, assignee=assignee, due_on=due_on, created_by=by
    )
    _tell(task, "task_added", by)
    return task


@transaction.atomic
def add_task_once(
    key: str, what: str, *, customer: Customer, assignee: User | None, due_on: date
) -> bool:
    """As `add_task`, by the product itself; whether it is new. One key, one task."""
    wanted = {"what": what, "customer": customer, "assignee": assignee, "due_on": due_on}
    task, is_new = Task.objects.get_or_create(key=key, defaults=wanted)
    if is_new:
        _tell(task, "task_added", None)
    return is_new


@transaction.atomic
def finish_task(task: Task, by: User | None) -> Task:
    """Tick a task off. Raises RuleError when somebody has done so already."""
    at = database_clock()
    if not Task.objects.filter(pk=task.pk, done_at=None).update(done_at=at):
        raise RuleError(_("This task is done already."))
    task.done_at = at
    _tell(task, "task_finished", by)
    return task


@transaction.atomic
def settle_task(task: Task, *, because: str, by: User | None) -> bool:
    """Close a task that something has made needless or done; whether it was open.

    `because` is `set_aside`, `changed`, `stays`, `undone` or `reply:` with a mail's id. Without a
    person who did that, a task that a person has put off, given away or opened again stays theirs.
    """
    if by is None and _deeds_on(task).filter(actor__isnull=False).exists():
        return False
    at = database_clock()
    if not Task.objects.filter(pk=task.pk, done_at=None).update(done_at=at):
        return False
    task.done_at = at
    _tell(task, SETTLED, by, {"because": because})
    return True


@transaction.atomic
def unsettle_task(task: Task, *, because: Collection[str], by: User | None) -> bool:
    """Open a task again that was settled for one of these causes and not touched since."""
    last = _deeds_on(task).order_by("-pk").first()
    if last is None or last.verb != SETTLED or last.changes["because"][1] not in because:
        return False
    if not Task.objects.filter(pk=task.pk, done_at__isnull=False).update(done_at=None):
        return False
    task.done_at = None
    _tell(task, "task_reopened", by)
    return True


@transaction.atomic
def reword_task(task: Task, what: str) -> bool:
    """Let an open task say what it is about now; of one that is done, the timeline notes it.

    Whether it said something else. However often the words change after a task was done, there is
    one note, with the last of them.
    """
    if what == task.what:
        return False
    if Task.objects.filter(pk=task.pk, done_at=None).update(what=what):
        task.what = what
        audit(Deed("task_reworded", None, database_clock()), task, {})
        return True
    noted = Interaction.objects.filter(
        customer=task.customer_id, verb=OVERTAKEN, facts__task=task.pk, occurred_at__gt=task.done_at
    )
    facts = {"what": what, "task": task.pk}
    if not noted.update(facts=facts) and task.customer_id is not None:
        tell(Deed(OVERTAKEN, None, database_clock(), facts), task.customer_id)
    return True


@transaction.atomic
def reopen_task(task: Task, by: User | None) -> Task:
    """Take back that a task is done."""
    if not Task.objects.filter(pk=task.pk, done_at__isnull=False).update(done_at=None):
        raise RuleError(_("This task is open already."))
    task.done_at = None
    _tell(task, "task_reopened", by)
    return task


@transaction.atomic
def postpone_task(task: Task, *, until: date, by: User | None) -> Task:
    """Move the day a task is due to. Raises RuleError for a task that is done."""
    _change_open(task, due_on=until)
    _tell(task, "task_postponed", by, {"until": until.isoformat()})
    return task


@transaction.atomic
def take_back_postponing(task: Task, *, until: date, due_on: date | None, by: User | None) -> Task:
    """Let a task that was put off `until` a day be due as before.

    Raises RuleError when it is done, or due on another day by now.
    """
    postponed = Task.objects.filter(pk=task.pk, done_at=None, due_on=until)
    if not postponed.update(due_on=due_on):
        raise RuleError(_("This task was changed since: it stays as it is."))
    task.due_on = due_on
    _tell(task, "task_not_postponed", by)
    return task


@transaction.atomic
def assign_task(task: Task, *, to: User, by: User | None) -> Task:
    """Give a task to somebody else. Raises RuleError for one that is done, or who can't do it.

    Whoever has it already may keep it.
    """
    if to.pk != task.assignee_id:
        check_at_work(to, field="assignee")
    _change_open(task, assignee=to)
    _tell(task, "task_assigned", by, {"to": str(to)})
    return task


def _change_open(task: Task, **values: Any) -> None:
    if not Task.objects.filter(pk=task.pk, done_at=None).update(**values):
        raise RuleError(_("This task is done already."))
    for name, value in values.items():
        setattr(task, name, value)


def _deeds_on(task: Task) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(object_kind="task", object_id=task.pk)


def _tell(task: Task, verb: str, by: User | None, facts: dict[str, Any] | None = None) -> None:
    # The id, so that erasing a person whom the task quotes finds the words here too.
    told = {"what": task.what, "task": task.pk} | (facts or {})
    deed = Deed(verb, by, database_clock(), told)
    because = (facts or {}).get("because")
    audit(deed, task, {"because": ["", because]} if because else {})
    if task.customer_id is not None:
        tell(deed, task.customer_id)
