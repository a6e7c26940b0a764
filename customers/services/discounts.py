"""A lower price for a while: what is paid in those months, and the full price after them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import Subscription, Term
from customers.services.changes import Doing, carry_out, hold, nothing_runs
from customers.services.ledger import Ledger
from customers.services.prices import rerated
from customers.services.schedule import Stretch, before, running_on, since


@dataclass(frozen=True)
class Discount:
    """`lowered` makes of a year's price in minor units the one that holds before `until`."""

    lowered: Callable[[int], int]
    until: date


@transaction.atomic
def discount_subscription(
    subscription: Subscription, *, on: date, discount: Discount, by: User | None
) -> Term:
    """Lower what is paid from `on` until the discount is over; then the full price is paid again.

    What is planned for later keeps its day, plan and end, and is lowered as far as it falls in that
    time. Raises RuleError where nothing is paid on `on`, and where nothing would become cheaper.
    """
    ledger, subscription, schedule = hold(subscription)
    running = running_on(schedule, on)
    if running is None or running.kind != Term.Kind.PAID:
        raise nothing_runs(on)
    if discount.lowered(running.arr_native_minor) >= running.arr_native_minor:
        raise RuleError(_("Nothing becomes cheaper by that."))
    later = [piece for each in since(schedule, on) for piece in _pieces(each, discount, ledger)]
    doing = Doing("subscription_changed", by, on, running)
    return carry_out(ledger, subscription, (*before(schedule, on), *later), doing)


def _pieces(stretch: Stretch, discount: Discount, ledger: Ledger) -> Iterator[Stretch]:
    """A stretch, lowered as far as it lies before the discount is over."""
    until = discount.until
    if stretch.kind != Term.Kind.PAID or stretch.starts_on >= until:
        yield stretch
        return
    goes_on = stretch.ends_on is None or stretch.ends_on > until
    lowered = discount.lowered(stretch.arr_native_minor)
    ends_on = until if goes_on else stretch.ends_on
    yield rerated(replace(stretch, arr_native_minor=lowered, ends_on=ends_on), ledger)
    if goes_on:
        yield rerated(replace(stretch, starts_on=until), ledger)
