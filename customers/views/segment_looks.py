"""What conditions choose, shown to somebody who edits them: how many, what they pay, and a few."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.common.pages import CappedCount, rows_about
from churnapp.models import User
from customers.filters import segment as chosen_by
from customers.models import Customer, Segment
from customers.segments import Size, TookTooLongError, contacts_at, members, patiently
from customers.views.listing import COUNTED_AT_ONCE, ROW_FIELDS

SHOWN = 10


@dataclass(frozen=True)
class Look:
    """Customers and people that are meant; or why it can't be said."""

    size: Size | None = None
    people: CappedCount | None = None
    sample: tuple[Customer, ...] = ()
    problem: str = ""

    @classmethod
    def at(cls, choose: Callable[[], QuerySet[Customer]], contact_query: str) -> Self:
        """Look at whom `choose` gives, as long as somebody waits."""
        try:
            chosen = choose()
            with patiently():
                people = CappedCount.of(contacts_at(chosen, contact_query))
                return cls(Size.of(chosen), people, tuple(worth_most(chosen)))
        except RuleError as error:
            return cls(problem=str(error))
        except TookTooLongError:
            return cls(problem=_("Counting takes too long to wait for here. It can be saved so."))


def worth_most(chosen: QuerySet[Customer]) -> list[Customer]:
    """Those who pay most, with what a row shows."""
    rows = Customer.objects.for_list().filter(pk__in=chosen.order_by().values("pk"))
    return list(rows.only(*ROW_FIELDS).order_by("-standing__arr_minor", "pk")[:SHOWN])


def look_at_conditions(query: str, contact_query: str, user: User, itself: int | None) -> Look:
    """What conditions that are being edited choose, of whom the reader may see."""
    if not query:
        return Look(problem=_("Choose at least one condition."))
    within = (itself,) if itself else ()
    everyone = Customer.objects.visible_to(user)
    return Look.at(lambda: chosen_by(query, everyone, user=user, within=within), contact_query)


def look_at_members(segment: Segment, contact_query: str, user: User) -> Look:
    """What a segment holds now, or has held since it was frozen."""
    return Look.at(lambda: members(segment, user), contact_query)


def size_of(segment: Segment, user: User) -> Look:
    """How many and what they pay, without the rest."""
    try:
        with patiently():
            return Look(Size.of(members(segment, user)))
    except RuleError as error:
        return Look(problem=str(error))
    except TookTooLongError:
        return Look(problem=_("Takes long to count"))


def is_quick() -> bool:
    """Whether there are so few customers that a page may count them before it is shown."""
    return rows_about("customers_customer") <= COUNTED_AT_ONCE
