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
    """What ends on a day: the terms, and what the customer has beside them.

    `staying` runs on that day, `later` begins after it, `running` runs once both that day and today
    have come.
    """

    terms: list[Term]
    staying: list[Term]
    later: list[Term]
    running: list[Term]

    @property
    def lost_minor(self) -> int:
        return sum(term.arr_minor for term in self.terms)

    @property
    def left_minor(self) -> int:
        return sum(term.arr_minor for term in self.staying)

    @property
    def is_paused(self) -> bool:
        """Whether a pause is all that is left."""
        return not self.left_minor and any(term.kind == Term.Kind.PAUSED for term in self.staying)

    @property
    def is_lost(self) -> bool:
        """Whether a customer who paid or paused does neither any more."""
        had = self.lost_minor or any(term.kind == Term.Kind.PAUSED for term in self.terms)
        return bool(had) and not self.left_minor and not self.is_paused

    @property
    def back_on(self) -> date | None:
        """When something else is paid again."""
        return min((term.starts_on for term in self.later if term.arr_minor), default=None)

    @property
    def closes_warnings(self) -> bool:
        return not any(binds(term) for term in self.running)


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


def binds(term: Term) -> bool:
    """Whether the term keeps a customer: it is paid, or waits to be."""
    return term.kind in {Term.Kind.PAID, Term.Kind.PAUSED}


def runs_on(term: Term, day: date) -> bool:
    return term.starts_on <= day and (term.ends_on is None or term.ends_on > day)


def loss_on(terms: Iterable[Term], day: date, subscription_id: int | None, *, today: date) -> Loss:
    """What ending one subscription, or all of them, on `day` would take away."""
    terms = list(terms)
    chosen = [term for term in terms if subscription_id in (None, term.subscription_id)]
    others = [term for term in terms if subscription_id not in (None, term.subscription_id)]
    return Loss(
        terms=[
            term
            for term in chosen
            if term.starts_on < day and (term.ends_on is None or term.ends_on >= day)
        ],
        staying=[term for term in others if runs_on(term, day)],
        later=[term for term in others if term.starts_on > day],
        running=[term for term in others if runs_on(term, max(day, today))],
    )
