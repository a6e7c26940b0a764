"""On which day each subscription ends if its customer leaves now: contract and notice respected."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, QuerySet

from campaigns.leaving.jurisdictions import BY_KEY
from campaigns.models import CancelFlow, CancelVisit
from churnapp.common.periods import same_day_after
from customers.models import Cancellation, Subscription, Term

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rules:
    """How a flow lets subscriptions end."""

    at_month_end: bool
    renewal_months: int


@dataclass(frozen=True)
class Ending:
    """A subscription and the first day that is not paid for; `bound`: a contract says which."""

    subscription: Subscription
    on: date
    plan: str = ""
    bound: bool = False


def rules_of(flow: CancelFlow, profile: str) -> Rules:
    """The flow's rules, as far as the law of the profile leaves them."""
    law = BY_KEY.get(profile)
    most = law.most_renewal_months if law else None
    months = min(flow.renewal_months, most) if most else flow.renewal_months
    return Rules(flow.ending == CancelFlow.Ending.MONTH, months)


def end_of(subscription: Subscription, today: date, rules: Rules) -> tuple[date, bool]:
    """The first day not paid for, and whether a contract decides it.

    In time, a contract ends on its day. Past the day for notice it ends then too, unless it renews:
    then at the end of the renewal.
    """
    ends_on, notice_by = subscription.contract_ends_on, subscription.notice_by
    if ends_on is None or ends_on <= today:
        return free_end(today, rules), False
    in_time = notice_by is None or today <= notice_by
    if in_time or subscription.auto_renews is False:
        return ends_on, True
    return same_day_after(ends_on, rules.renewal_months), True


def free_end(today: date, rules: Rules) -> date:
    """Without a contract: the first of the next month, or tomorrow."""
    if not rules.at_month_end:
        return today + A_DAY
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)


def endings(visit: CancelVisit, today: date) -> list[Ending]:
    """What ends when if the visitor leaves today; nothing of what has ended or ends already.

    What is known to end earlier ends then.
    """
    rules = rules_of(visit.flow, visit.profile)
    cancelled = cancelled_already(visit.customer_id, today)
    if None in cancelled:
        return []
    found: list[Ending] = []
    for subscription, terms in running(visit, today):
        if subscription.pk in cancelled:
            continue
        on, bound = end_of(subscription, today, rules)
        last = terms[-1].ends_on
        if last is not None and last < on:
            on, bound = last, False
        plan = next((str(term.plan) for term in terms if term.plan), "")
        found.append(Ending(subscription, on, plan, bound))
    return found


def cancelled_already(customer: int, today: date) -> set[int | None]:
    """Subscriptions of which a departure ahead is recorded; None is all of them."""
    return set(ahead(customer, today).values_list("subscription_id", flat=True))


def ahead(customer: int, today: date) -> QuerySet[Cancellation]:
    """Departures of a customer that are recorded and still to come."""
    return Cancellation.objects.in_force().filter(customer=customer, effective_on__gt=today)


def last_day_ahead(customer: int, today: date) -> date | None:
    """The last day of what is cancelled already; None where nothing of it is still to come."""
    ends_on = ahead(customer, today).aggregate(Max("effective_on"))["effective_on__max"]
    return ends_on - A_DAY if ends_on else None


def running(visit: CancelVisit, today: date) -> Iterable[tuple[Subscription, list[Term]]]:
    """Subscriptions that the visit is about and that run today, with what is still to come."""
    if not visit.ends_all and visit.subscription_id is None:
        return
    terms = Term.objects.standing().filter(subscription__customer=visit.customer_id)
    if visit.subscription_id is not None:
        terms = terms.filter(subscription=visit.subscription_id)
    by_subscription: dict[int, list[Term]] = {}
    for term in terms.select_related("subscription", "plan").order_by("subscription", "starts_on"):
        if term.ends_on is None or term.ends_on > today:
            by_subscription.setdefault(term.subscription_id, []).append(term)
    for rows in by_subscription.values():
        if rows[0].starts_on <= today:
            yield rows[0].subscription, rows
