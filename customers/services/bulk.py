"""Change many customers at once: a job that a worker does in chunks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import Job, Organisation, User
from customers.bulk_handovers import KIND
from customers.models import BulkHandover
from customers.services.ledger import database_clock
from customers.services.owners import check_new_owner
from customers.services.traces import Deed, audit
from customers.tasks import run_bulk_handover


@dataclass(frozen=True)
class Order:
    """Who takes over, from which day, with which words."""

    to: User
    on: date
    note: str = ""


@transaction.atomic
def hand_over_many(filters: str, order: Order, *, total: int, by: User) -> BulkHandover:
    """Let a job hand over every customer that `filters`, a query string, chooses for `by`.

    Raises RuleError for a day that is past and for someone who can't work with customers.
    """
    at = database_clock()
    check_new_owner(order.to, order.on, at.astimezone(Organisation.current().zone).date())
    job = Job.objects.create(kind=KIND, total=total, created_by=by)
    bulk = BulkHandover.objects.create(job=job, filters=filters, **vars(order))
    told = {"filters": filters, "owner": str(order.to), "on": order.on.isoformat()}
    changes = {name: [None, value] for name, value in told.items()}
    audit(Deed("bulk_handover_started", by, at), bulk, changes | {"customers": [None, total]})
    # A broker that is away is no error: a sweep comes.
    ring: Callable[[], object] = partial(run_bulk_handover.delay, bulk.pk)
    transaction.on_commit(ring, robust=True)
    return bulk


def stop(bulk: BulkHandover) -> None:
    """Ask the job to stop; what is planned already stays. Raises RuleError when it is over."""
    waiting = Job.objects.filter(pk=bulk.job_id, state__in=[Job.State.QUEUED, Job.State.RUNNING])
    if not waiting.update(cancel_requested=True):
        raise RuleError(_("It is over already."))
