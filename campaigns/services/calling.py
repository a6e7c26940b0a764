"""Somebody who is about to leave wants to be called: a task for whoever is responsible."""

from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.models import CancelVisit
from churnapp.common.periods import working_days_after
from customers.models import Task
from customers.services.staff import is_at_work, language_of
from customers.services.tasks import add_task_once

DAYS_FOR_A_CALL = 1


def give_call(visit: CancelVisit, today: date) -> Task:
    """Call them on the next working day; the task says who and why."""
    customer = visit.customer
    owner = customer.owner if customer.owner and is_at_work(customer.owner) else None
    with translation.override(language_of(owner)):
        who = str(visit.contact or customer)
        why = str(visit.reason_version) if visit.reason_version else "–"
        what = _("Call %(who)s: about to cancel, wants to talk first. Reason: %(why)s")
        said = what % {"who": who, "why": why}
    key, due_on = f"cancel-call:{visit.pk}", working_days_after(today, DAYS_FOR_A_CALL)
    add_task_once(key, said[:300], customer=customer, assignee=owner, due_on=due_on)
    return Task.objects.get(key=key)
