"""What waits for somebody today: warnings, tasks, departures, renewals and notice dates, ranked.

Everything that speaks of one customer is one item; a task is an item of its own. Items stand in
four drawers by how soon they must be acted on, in each by what the customer pays.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from churnapp.common import formats
from churnapp.models import User
from customers.models import Cancellation, Customer, RiskFlag, Subscription, Task, Term
from customers.models.customer import CustomerQuerySet
from customers.views.at_risk import STILL_THERE, AtRisk, departures_ahead, with_reasons

AHEAD = timedelta(days=60)
FRESH = timedelta(days=7)
DUE = timedelta(days=7)
MOST = 60  # of each kind: more than anyone works in a day
WARNING, TASK, DEPARTURE, RENEWAL = "warning", "task", "departure", "renewal"
KINDS: dict[str, str | Promise] = {
    WARNING: _lazy("Warnings"),
    TASK: _lazy("Tasks"),
    RENEWAL: _lazy("Renewals and notice"),
    DEPARTURE: _lazy("Departures"),
}
# Drawers by the days that are left, and how many days a warning of a severity leaves.
DRAWERS: tuple[tuple[int, str | Promise], ...] = (
    (0, _lazy("Now")),
    (7, _lazy("This week")),
    (30, _lazy("This month")),
    (60, _lazy("Later")),
)
DAYS_LEFT = {5: 0, 4: 0, 3: 7, 2: 30, 1: 60}


@dataclass
class Item:
    """One thing that waits; `days_left` says for how long it can."""

    customer: Customer | None
    days_left: int
    kinds: set[str]
    lines: list[str] = field(default_factory=list)
    task: Task | None = None
    at_risk: AtRisk | None = None

    @property
    def arr_minor(self) -> int:
        standing = getattr(self.customer, "standing", None)
        return standing.arr_minor if standing else 0

    @property
    def icon(self) -> str:
        if self.task:
            return "list-check"
        order = ((DEPARTURE, "user-minus"), (WARNING, "flag"), (RENEWAL, "calendar-due"))
        return next((icon for kind, icon in order if kind in self.kinds), "bell")

    @property
    def suggestion(self) -> str:
        """What a task about it would say."""
        if DEPARTURE in self.kinds:
            return _("Talk to them before they leave")
        return _("Talk about the renewal") if RENEWAL in self.kinds else _("Find out what is wrong")


@dataclass(frozen=True)
class Drawer:
    label: str | Promise
    items: list[Item]


def owned(customers: CustomerQuerySet, user: User) -> CustomerQuerySet:
    """The customers of a person and of those they stand in for."""
    return customers.filter(Q(owner=user) | Q(owner__in=user.stands_in_for.all()))


def queue(customers: CustomerQuerySet, tasks: QuerySet[Task], *, today: date) -> list[Item]:
    """Everything that waits about `customers`, and the open `tasks`, the most urgent first."""
    by_customer: dict[int, Item] = {}
    for told in (warnings(customers), departures(customers, today), renewals(customers, today)):
        for item in told:
            join(by_customer, item)
    items = [*by_customer.values(), *due_tasks(tasks, today)]
    return sorted(items, key=lambda item: (drawer_of(item), -item.arr_minor, item.days_left))


def join(by_customer: dict[int, Item], item: Item) -> None:
    """Put an item with what else is said of its customer."""
    pk = item.customer.pk if item.customer else 0
    there = by_customer.setdefault(pk, item)
    if there is item:
        return
    there.days_left = min(there.days_left, item.days_left)
    there.kinds |= item.kinds
    there.lines += [line for line in item.lines if line not in there.lines]
    there.at_risk = there.at_risk or item.at_risk


def drawer_of(item: Item) -> int:
    fitting = [number for number, (days, _label) in enumerate(DRAWERS) if item.days_left <= days]
    return fitting[0] if fitting else len(DRAWERS) - 1


def drawers(items: Iterable[Item]) -> list[Drawer]:
    """Items under the drawers that hold any."""
    held: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        held[drawer_of(item)].append(item)
    return [Drawer(DRAWERS[number][1], held[number]) for number in sorted(held)]


def warnings(customers: CustomerQuerySet) -> Iterator[Item]:
    """Customers with warnings that nobody is on yet, by risk times value."""
    untouched = RiskFlag.objects.filter(customer=OuterRef("pk"), state=RiskFlag.State.OPEN)
    weight = (F("standing__risk") * F("standing__arr_minor")).desc()
    found = (
        customers.for_list()
        .defer("attributes")
        .filter(Exists(untouched), standing__risk__gt=0, standing__state__in=STILL_THERE)
        .exclude(Exists(departures_ahead()))
    )
    listed = found.order_by(weight, "standing__customer")[:MOST]
    for row in with_reasons(listed, (RiskFlag.State.OPEN,)):
        gravest = max(flag.severity for flag in row.flags)
        yield Item(row.customer, DAYS_LEFT[gravest], {WARNING}, at_risk=row)


def due_tasks(tasks: QuerySet[Task], today: date) -> Iterator[Item]:
    """Open tasks that are due within a week, or on no day at all."""
    due = tasks.filter(Q(due_on=None) | Q(due_on__lte=today + DUE), done_at=None)
    together = due.select_related("customer__standing__plan", "assignee")
    for task in together.order_by(F("due_on").asc(nulls_last=True), "pk")[:MOST]:
        days = (task.due_on - today).days if task.due_on else DUE.days
        yield Item(task.customer, days, {TASK}, [due_line(task, today)], task=task)


def due_line(task: Task, today: date) -> str:
    if task.due_on is None:
        return _("No day set")
    if task.due_on < today:
        return _("Overdue since %(day)s") % {"day": formats.day(task.due_on)}
    return (
        _("Due today")
        if task.due_on == today
        else _("Due on %(day)s") % {"day": formats.day(task.due_on)}
    )


def departures(customers: CustomerQuerySet, today: date) -> Iterator[Item]:
    """Cancellations that take effect within 60 days, and those recorded this week."""
    new = Q(effective_on__gt=today - FRESH, recorded_at__date__gt=today - FRESH)
    ahead = Q(effective_on__gt=today, effective_on__lte=today + AHEAD)
    found = Cancellation.objects.in_force().filter(new | ahead, customer__in=customers)
    together = ("customer__standing__plan", "customer__owner", "reason_version")
    for row in found.select_related(*together).order_by("effective_on", "pk")[:MOST]:
        days = max(0, (row.effective_on - today).days)
        yield Item(row.customer, days, {DEPARTURE}, [departure_line(row, today)])


def departure_line(row: Cancellation, today: date) -> str:
    words = {"day": formats.day(row.effective_on), "reason": row.reason_version or _("not known")}
    if row.effective_on <= today:
        return _("Left on %(day)s. Reason: %(reason)s.") % words
    return _("Leaves on %(day)s. Reason: %(reason)s.") % words


def renewals(customers: CustomerQuerySet, today: date) -> Iterator[Item]:
    """Running contracts that end, or on which notice is due, within 60 days."""
    window = (today, today + AHEAD)
    found = Subscription.objects.filter(
        Q(contract_ends_on__range=window) | Q(notice_by__range=window),
        customer__in=customers.filter(standing__state__in=STILL_THERE),
    )
    open_still = undecided(found, today).select_related(
        "customer__standing__plan", "customer__owner"
    )
    for row in open_still.order_by("notice_by", "contract_ends_on", "pk")[:MOST]:
        yield renewal_item(row, today)


def undecided(found: QuerySet[Subscription], today: date) -> QuerySet[Subscription]:
    """Contracts still to be talked about: paid or paused today, and past their day without an end.

    Decided is what has a known end, what another subscription continues (it ends there), and what
    was cancelled.
    """
    binding = Term.objects.standing().filter(
        subscription=OuterRef("pk"), kind__in=(Term.Kind.PAID, Term.Kind.PAUSED)
    )
    goes_on = binding.filter(ends_on=None, starts_on__lt=OuterRef("contract_day"))
    cancelled = Cancellation.objects.in_force().filter(
        Q(subscription=None) | Q(subscription=OuterRef("pk")),
        customer=OuterRef("customer"),
        effective_on__gt=today,
    )
    return (
        found.annotate(contract_day=Coalesce("contract_ends_on", "notice_by"))
        .filter(Exists(binding.running_on(today)), Exists(goes_on), contract_day__gte=today)
        .exclude(Exists(cancelled))
    )


def renewal_item(row: Subscription, today: date) -> Item:
    end = row.contract_ends_on
    lines, days = [], []
    if row.notice_by and row.notice_by >= today:
        lines.append(_("Notice is possible until %(day)s.") % {"day": formats.day(row.notice_by)})
        days.append((row.notice_by - today).days)
    if end and today <= end <= today + AHEAD:
        renews = _("The contract renews by itself on %(day)s.")
        ends = _("The contract ends on %(day)s.")
        lines.append((renews if row.auto_renews else ends) % {"day": formats.day(end)})
        days.append((end - today).days)
    return Item(row.customer, min(days, default=AHEAD.days), {RENEWAL}, lines)
