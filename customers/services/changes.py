"""How every change of one subscription goes: hold it, believe a new schedule, leave the trace."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from churnapp.common import formats
from churnapp.common.errors import RuleError
from churnapp.common.periods import check_year
from churnapp.models import User
from customers.models import Plan, Subscription, Term
from customers.services.ledger import Ledger
from customers.services.schedule import Schedule, Stretch, before, running_on, stretch_of
from customers.services.traces import Deed, leave_trace


@dataclass(frozen=True)
class Doing:
    """What is done to a subscription from a day on; `earlier` is what was agreed before."""

    verb: str
    by: User | None
    on: date
    earlier: Stretch | None = None


def hold(subscription: Subscription) -> tuple[Ledger, Subscription, Schedule]:
    """The subscription as it is once its customer's lock is ours, with its believed terms."""
    ledger = Ledger([subscription.customer_id])
    held = ledger.subscription(subscription.pk)
    return ledger, held, ledger.schedule(held.pk)


def carry_out(ledger: Ledger, subscription: Subscription, schedule: Schedule, doing: Doing) -> Term:
    """Believe `schedule`, leave the trace, and give the term that runs on `doing.on`.

    Where nothing runs then any more, the one that ran last.
    """
    check_reach(schedule)
    was = ledger.schedule(subscription.pk)
    ledger.become({subscription.pk: schedule})
    about = running_on(schedule, doing.on) or before(schedule, doing.on)[-1]
    facts = facts_of(subscription, about, ledger, doing.earlier) | {"on": doing.on.isoformat()}
    deed = Deed(doing.verb, doing.by, ledger.at, facts)
    changes = {"terms": [told(was), told(schedule)]}
    leave_trace(deed, subscription.customer_id, subscription, changes)
    return next(term for term in ledger.terms(subscription.pk) if stretch_of(term) == about)


def check_reach(schedule: Schedule) -> None:
    """Refuse days that can only be slips of the pen; files are held to the same years."""
    for stretch in schedule:
        check_year(stretch.starts_on, field="starts_on")


def facts_of(
    subscription: Subscription, now: Stretch, ledger: Ledger, earlier: Stretch | None = None
) -> dict[str, Any]:
    """The names and numbers of the timeline's sentence; money in the reporting currency."""
    plans = {now.plan_id, earlier.plan_id if earlier else None}
    known = Plan.objects.filter(pk__in=[pk for pk in plans if pk is not None])
    names: dict[int | None, str] = {plan.pk: str(plan) for plan in known}
    facts = {
        "subscription": subscription.external_id,
        "plan": names.get(now.plan_id, ""),
        "kind": now.kind,
        "arr_minor": now.arr_minor,
        "currency": ledger.organisation.currency,
    }
    if earlier:
        facts["plan_before"] = names.get(earlier.plan_id, "")
        facts["arr_before_minor"] = earlier.arr_minor
    return facts


def told(schedule: Schedule) -> list[dict[str, Any]]:
    """A schedule as an audit event keeps it."""
    return [
        {
            "kind": stretch.kind,
            "plan": stretch.plan_id,
            "arr_minor": stretch.arr_minor,
            "starts_on": stretch.starts_on.isoformat(),
            "ends_on": stretch.ends_on.isoformat() if stretch.ends_on else None,
        }
        for stretch in schedule
    ]


def nothing_runs(day: date) -> RuleError:
    return RuleError(_("Nothing runs on %(day)s.") % {"day": formats.day(day)}, field="on")
