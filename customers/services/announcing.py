"""What follows a departure elsewhere, such as a survey: told before the departure is recorded.

Who does something then adds a teller, in a module named `listening`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from customers.models import Customer


@dataclass(frozen=True)
class Leaving:
    """A departure that is about to be recorded."""

    customer: Customer
    involuntary: bool
    now: datetime


Teller = Callable[[Leaving], Iterable[str]]
tellers: list[Teller] = []


def what_follows(leaving: Leaving) -> list[str]:
    """A sentence for each thing that follows, in the reader's language; changes nothing."""
    return [sentence for teller in tellers for sentence in teller(leaving)]
