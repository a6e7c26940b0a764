"""What a customer pays and paid, read off its believed terms: pure, in ARR in minor units."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from customers.models import Customer, Term


@dataclass(frozen=True)
class Step:
    """From `on` a customer's ARR is `arr_minor`; `change_minor` is what it moved by that day."""

    on: date
    arr_minor: int
    change_minor: int


@dataclass(frozen=True)
class Loss:
    """What ends on a day: the terms, their ARR, and what remains of the customer's."""

    terms: list[Term]
    lost_minor: int
    left_minor: int

    @property
    def is_whole(self) -> bool:
        return self.left_minor == 0


def believed_terms(customer: Customer) -> list[Term]:
    """Every believed term of a customer with its plan and subscription, in order."""
    terms = Term.objects.standing().filter(subscription__customer=customer)
    return list(terms.select_related("plan", "subscription").order_by("subscription", "starts_on"))


def steps(terms: Iterable[Term]) -> list[Step]:
    """The days on which the balance changes; what nets to nothing on a day is no change."""
    moved: defaultdict[date, int] = defaultdict(int)
    for term in terms:
        moved[term.starts_on] += term.arr_minor
        if term.ends_on:
            moved[term.ends_on] -= term.arr_minor
    days = sorted(day for day, change in moved.items() if change)
    balances = accumulate(moved[day] for day in days)
    return [Step(day, arr, moved[day]) for day, arr in zip(days, balances, strict=True)]


def loss_on(terms: Iterable[Term], day: date, subscription_id: int | None) -> Loss:
    """What ending one subscription, or all of them, on `day` would take away."""
    terms = list(terms)
    ending = [
        term
        for term in terms
        if subscription_id in (None, term.subscription_id)
        and term.starts_on < day
        and (term.ends_on is None or term.ends_on >= day)
    ]
    staying = [
        term
        for term in terms
        if subscription_id not in (None, term.subscription_id)
        and term.starts_on <= day
        and (term.ends_on is None or term.ends_on > day)
    ]
    lost, left = (sum(term.arr_minor for term in some) for some in (ending, staying))
    return Loss(ending, lost, left)
