"""Do what an accepted offer says: change the subscription, or give its owner a task."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.costs import LEFT, PAYING, TRIAL, Pays, reduced
from campaigns.models import Grant, Offer, OfferKind
from campaigns.promises import gist, said_steps, steps
from churnapp.common.errors import RuleError
from churnapp.common.money import to_major
from churnapp.common.periods import same_day_after, working_days_after
from churnapp.models import User
from customers.models import Plan, Subscription, Task, Term
from customers.services.discounts import Discount, discount_subscription
from customers.services.ledger import database_clock
from customers.services.prices import unit_price
from customers.services.staff import is_at_work, language_of
from customers.services.subscriptions import (
    Contract,
    Price,
    change_contract,
    change_subscription,
    pause_subscription,
    resume_subscription,
    start_subscription,
)
from customers.services.taking_back import last_recorded_at
from customers.services.tasks import add_task_once

BY_TASK = (OfferKind.LOYALTY, OfferKind.CALL)
DAYS_FOR_A_TASK = 2


@dataclass(frozen=True)
class Case:
    """One accepted offer: what the customer pays, in which subscription, and who accepts when."""

    grant: Grant
    pays: Pays
    subscription: Subscription | None
    today: date
    by: User | None

    @property
    def offer(self) -> Offer:
        return self.grant.offer

    @property
    def until(self) -> date:
        return same_day_after(self.today, self.offer.months or 0)


@dataclass
class Outcome:
    """What came of it: the subscription or the task, and what was agreed."""

    subscription: Subscription | None = None
    task: Task | None = None
    agreed: dict[str, Any] = field(default_factory=dict)


def fulfil(case: Case) -> Outcome:
    """Carry it out from today on. Raises RuleError where it fits no longer."""
    outcome = Outcome(agreed=agreed(case) | {"recorded_at": database_clock().isoformat()})
    if case.offer.fulfilment == Offer.Fulfilment.TASK or case.offer.kind in BY_TASK:
        outcome.task = give_task(case)
    elif deed := DEEDS.get(OfferKind(case.offer.kind)):
        outcome.subscription = deed(case)
        outcome.agreed["changed_at"] = moment_text(last_recorded_at(outcome.subscription))
    return outcome


def moment_text(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def agreed(case: Case) -> dict[str, Any]:
    """What was paid and what is paid from when, so that it can be read ever after."""
    worth = ("kind", "percent", "amount_minor", "currency", "months", "plan_id")
    facts: dict[str, Any] = {"state": case.pays.state}
    facts["offer"] = {name: getattr(case.offer, name) for name in worth}
    if case.pays.native_minor:
        facts["before"] = {"arr_minor": case.pays.native_minor, "currency": case.pays.currency}
    if case.subscription is not None:
        contract = (case.subscription.contract_ends_on, case.subscription.notice_by)
        facts["contract"] = [day.isoformat() if day else None for day in contract]
    facts["after"] = [
        {
            "on": step.starts_on.isoformat(),
            "arr_minor": step.native_minor,
            "currency": step.currency,
        }
        for step in steps(case.offer, case.pays, case.today)
    ]
    return facts


def give_task(case: Case) -> Task:
    """Whoever is responsible carries it out; the task holds all that they need."""
    customer = case.grant.customer
    owner = customer.owner if customer.owner and is_at_work(customer.owner) else None
    key = f"offer:{case.grant.pk}"
    with translation.override(language_of(owner)):
        words = {"offer": case.offer.name, "gist": gist(case.offer)}
        what = _("Accepted, to be carried out: %(offer)s (%(gist)s)") % words
        if prices := said_steps(steps(case.offer, case.pays, case.today)):
            what = f"{what}: {prices}"
    due_on = working_days_after(case.today, DAYS_FOR_A_TASK)
    add_task_once(key, what[:300], customer=customer, assignee=owner, due_on=due_on)
    return Task.objects.get(key=key)


def discount(case: Case) -> Subscription:
    """Percent and amount: the price falls today and is the full one after the months.

    A discount of everything is free months.
    """
    lower_minor = reduced(case.offer, case.pays.native_minor)
    if lower_minor == 0:
        return free(case)
    if case.pays.state == LEFT:
        return come_back(case, lower_minor)
    subscription = there(case)
    lower = Discount(lambda minor: reduced(case.offer, minor), case.until)
    discount_subscription(subscription, on=case.today, discount=lower, by=case.by)
    return subscription


def free(case: Case) -> Subscription:
    """Nothing is paid for some months. Who pays is paused, so that no figure takes it for a
    departure; who had left starts with what is free.
    """
    return come_back(case, None) if case.pays.state == LEFT else pause(case)


def pause(case: Case) -> Subscription:
    subscription = there(case)
    pause_subscription(subscription, on=case.today, by=case.by)
    if is_paused_on(subscription, case.until):  # not where it ends before
        resume_subscription(subscription, on=case.until, by=case.by)
    return subscription


def is_paused_on(subscription: Subscription, day: date) -> bool:
    running = Term.objects.standing().running_on(day).filter(subscription=subscription)
    return running.filter(kind=Term.Kind.PAUSED).exists()


def change_plan(case: Case) -> Subscription:
    """The plan of the offer at its price from today, for as many units as before."""
    price = offered_price(case)
    plan = plan_of(case.offer.plan)
    if case.subscription is None or case.pays.state == LEFT:
        return start_subscription(
            case.grant.customer, plan=plan, price=price, starts_on=case.today, by=case.by
        )
    change_subscription(case.subscription, on=case.today, plan=plan, price=price, by=case.by)
    return case.subscription


def offered_price(case: Case) -> Price:
    offer = case.offer
    amount = to_major(offer.amount_minor or 0, offer.currency)
    return Price(amount, "month", offer.currency, case.pays.quantity)


def extend(case: Case) -> Subscription:
    """The contract ends some months later, and so does the day by which to give notice."""
    subscription, months = there(case), case.offer.months or 0
    ends_on = max(subscription.contract_ends_on or case.today, case.today)
    notice_by = subscription.notice_by
    contract = Contract(
        ends_on=same_day_after(ends_on, months),
        notice_by=same_day_after(notice_by, months) if notice_by else None,
        auto_renews=subscription.auto_renews,
    )
    return change_contract(subscription, contract=contract, by=case.by)


def come_back(case: Case, first_minor: int | None) -> Subscription:
    """Who had left starts anew with their last plan: at a lower price, or free (None), for the
    months of the offer, then at the full price.
    """
    subscription = start_subscription(
        case.grant.customer,
        plan=plan_of(last_plan(case.pays)),
        price=year_price(case.pays, case.pays.native_minor if first_minor is None else first_minor),
        starts_on=case.today,
        by=case.by,
        kind=Term.Kind.FREE if first_minor is None else Term.Kind.PAID,
    )
    full = year_price(case.pays, case.pays.native_minor)
    change_subscription(subscription, on=case.until, price=full, by=case.by)
    return subscription


def year_price(pays: Pays, native_minor: int) -> Price:
    amount = unit_price(native_minor, pays.quantity, pays.currency)
    return Price(amount, "year", pays.currency, pays.quantity)


def last_plan(pays: Pays) -> Plan | None:
    return Plan.objects.filter(pk=pays.plan_id).first() if pays.plan_id else None


def plan_of(plan: Plan | None) -> Plan:
    if plan is None:
        raise RuleError(_("Nobody knows which plan it was. Ask us, and a person will do it."))
    return plan


def there(case: Case) -> Subscription:
    if case.subscription is None or case.pays.state not in {PAYING, TRIAL}:
        raise RuleError(_("Nothing is paid at the moment, so this can't be changed."))
    return case.subscription


# Content needs none: the page that says thanks shows its address.
DEEDS: dict[OfferKind, Callable[[Case], Subscription]] = {
    OfferKind.PERCENT: discount,
    OfferKind.AMOUNT: discount,
    OfferKind.FREE: free,
    OfferKind.PAUSE: pause,
    OfferKind.DOWNGRADE: change_plan,
    OfferKind.PLAN: change_plan,
    OfferKind.TERM: extend,
}
