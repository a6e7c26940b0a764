"""Connect what a plan or billing change cut up, so that it makes no movement; with a preview.

Two subscriptions of one customer become a chain: the later continues the earlier, without a gap or
an overlap between them. What differs in price stays an expansion or a contraction, what differs in
rate stays fx. Two records of one customer become one: see `merges`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import Cancellation, Subscription, Term
from customers.services.changes import told
from customers.services.ledger import Ledger
from customers.services.merges import merge_customers, preview_merge
from customers.services.previews import Preview, preview
from customers.services.schedule import (
    Schedule,
    Stretch,
    before,
    last_day_known,
    prolonged,
    since,
)
from customers.services.traces import Deed, leave_trace

__all__ = [
    "Preview",
    "connect_subscriptions",
    "followers",
    "merge_customers",
    "preview_connection",
    "preview_merge",
]


@dataclass(frozen=True)
class Joint:
    """Both schedules as they are, as they will be, and the day on which one takes over."""

    was: tuple[Schedule, Schedule]
    earlier: Schedule
    later: Schedule
    on: date


@transaction.atomic
def connect_subscriptions(
    earlier: Subscription, later: Subscription, *, by: User | None
) -> Subscription:
    """Let `later` continue `earlier`: the gap between them is filled, an overlap cut.

    Cancellations that explained the end which is none any more are withdrawn. Raises RuleError for
    subscriptions of two customers, in the wrong order, or connected already.
    """
    ledger = Ledger([earlier.customer_id, later.customer_id])
    earlier, later = ledger.subscription(earlier.pk), ledger.subscription(later.pk)
    joint = joined(earlier, later, ledger)
    ledger.become({earlier.pk: joint.earlier, later.pk: joint.later})
    root = earlier.continues_id or earlier.pk
    Subscription.objects.filter(Q(pk=later.pk) | Q(continues=later.pk)).update(continues=root)
    later.continues_id = root
    withdrawn = _withdraw_cancellations(earlier, joint, ledger)
    facts = {
        "earlier": earlier.external_id,
        "later": later.external_id,
        "on": joint.on.isoformat(),
        "cancellations": withdrawn,
    }
    changes = {
        "continues": [None, root],
        "earlier": [told(joint.was[0]), told(joint.earlier)],
        "later": [told(joint.was[1]), told(joint.later)],
    }
    deed = Deed("subscriptions_connected", by, ledger.at, facts)
    leave_trace(deed, later.customer_id, later, changes)
    return later


@transaction.atomic
def preview_connection(earlier: Subscription, later: Subscription) -> Preview:
    """The customer's figures by month, now and as they would be; changes nothing."""
    ledger = Ledger([earlier.customer_id, later.customer_id])
    earlier, later = ledger.subscription(earlier.pk), ledger.subscription(later.pk)
    joint = joined(earlier, later, ledger)
    schedules = {pk: ledger.schedule(pk) for pk in ledger.subscriptions}
    as_if = schedules | {earlier.pk: joint.earlier, later.pk: joint.later}
    root = earlier.continues_id or earlier.pk
    chains = {later.pk: root} | {
        pk: root for pk, one in ledger.subscriptions.items() if one.continues_id == later.pk
    }
    return preview(ledger, as_if, chains=chains)


def joined(earlier: Subscription, later: Subscription, ledger: Ledger) -> Joint:
    """How the two fit together. The later takes over on its first paid day."""
    first, second = ledger.schedule(earlier.pk), ledger.schedule(later.pk)
    _check(earlier, later)
    on = _first_paid_on(second)
    if not first or on is None:
        raise RuleError(_("Both need terms, and the later one something paid."))
    if first[0].starts_on >= on:
        raise RuleError(_("The later one must begin after the earlier one."), field="later")
    until = last_day_known(first)
    kept = first if until and until < on else before(first, on)
    return Joint((first, second), prolonged(kept, on), since(second, on), on)


def followers(terms: Iterable[Term]) -> dict[int, list[int]]:
    """Which subscriptions of a customer could continue which, by their believed terms in order.

    The same rules as `joined`, for all of them at once: only those that some could continue.
    """
    schedules: dict[Subscription, list[Term]] = {}
    for term in terms:
        schedules.setdefault(term.subscription, []).append(term)
    begins = {one: own[0].starts_on for one, own in schedules.items()}
    paid = {one: _first_paid_on(own) for one, own in schedules.items()}
    free = [(one, on) for one, on in paid.items() if on and one.continues_id is None]
    found = {
        earlier.pk: [
            later.pk
            for later, on in free
            if begin < on and later.pk not in {earlier.pk, earlier.continues_id}
        ]
        for earlier, begin in begins.items()
    }
    return {pk: others for pk, others in found.items() if others}


def _first_paid_on(schedule: Iterable[Term | Stretch]) -> date | None:
    return next((one.starts_on for one in schedule if one.kind == Term.Kind.PAID), None)


def _check(earlier: Subscription, later: Subscription) -> None:
    if earlier.customer_id != later.customer_id:
        raise RuleError(_("They belong to two customers. Merge the customers first."))
    if earlier.pk == later.pk:
        raise RuleError(_("Choose two different subscriptions."))
    if later.continues_id is not None:
        raise RuleError(_("This one continues another already."), field="later")
    if earlier.continues_id == later.pk:
        raise RuleError(_("They are connected already, the other way round."))


def _withdraw_cancellations(earlier: Subscription, joint: Joint, ledger: Ledger) -> int:
    """Withdraw those of the earlier one that took effect in what was a gap."""
    ended_on = last_day_known(joint.was[0])
    if ended_on is None or ended_on > joint.on:
        return 0
    ours = Q(subscription=earlier) | Q(subscription=None)
    standing = Cancellation.objects.in_force().filter(ours, customer=earlier.customer_id)
    gap = standing.filter(effective_on__gte=ended_on, effective_on__lte=joint.on)
    return gap.update(withdrawn_at=ledger.at)
