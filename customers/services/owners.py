"""Hand customers over to another owner on a day, with open work and a note."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import batched

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import Organisation, User
from customers.handovers import carry_out_due
from customers.models import Customer, Handover
from customers.services.ledger import database_clock
from customers.services.staff import check_at_work
from customers.services.traces import Deed, audit, tell

CHUNK = 5_000


@transaction.atomic
def hand_over(
    customers: QuerySet[Customer] | Iterable[Customer],
    *,
    to: User,
    on: date,
    note: str = "",
    by: User | None,
) -> int:
    """Give customers another owner on `on`, today or later; gives how many get one.

    Open tasks of the owner at that time go along, and the note stands on each timeline. Who has
    that owner already is left out. Raises RuleError for a day that is past, for someone who can't
    work with customers, and when nobody is left.
    """
    at = database_clock()
    today = at.astimezone(Organisation.current().zone).date()
    check_new_owner(to, on, today)
    planned = 0
    for ids in batched(_others(customers, to), CHUNK):
        planned += len(
            Handover.objects.bulk_create(
                Handover(customer_id=pk, to=to, on=on, note=note, created_at=at, created_by=by)
                for pk in ids
            )
        )
    if not planned:
        raise RuleError(_("Nobody here needs another owner."), field="to")
    if on == today:
        carry_out_due(today=today, now=at)
    return planned


def check_new_owner(to: User, on: date, today: date) -> None:
    """Raise RuleError for a day that is past, and for someone who can't work with customers."""
    if on < today:
        raise RuleError(_("Choose today or a later day."), field="on")
    check_at_work(to, field="to")


@transaction.atomic
def withdraw_handover(handover: Handover, *, by: User | None) -> Handover:
    """Take back a handover whose day has not come. Raises RuleError when it is done."""
    at: datetime = database_clock()
    if not Handover.objects.pending().filter(pk=handover.pk).update(withdrawn_at=at):
        raise RuleError(_("This handover is done or withdrawn already."))
    handover.withdrawn_at = at
    deed = Deed("handover_withdrawn", by, at, {"owner": str(handover.to)})
    tell(deed, handover.customer_id)
    audit(deed, handover, {"withdrawn_at": [None, at.isoformat()]})
    return handover


def _others(customers: QuerySet[Customer] | Iterable[Customer], to: User) -> Iterator[int]:
    """Ids of those whom somebody else owns, or nobody."""
    if isinstance(customers, QuerySet):
        pairs = customers.order_by("pk").values_list("pk", "owner").iterator(chunk_size=CHUNK)
    else:
        pairs = iter([(customer.pk, customer.owner_id) for customer in customers])
    return (pk for pk, owner in pairs if owner != to.pk)
