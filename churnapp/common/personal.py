"""What we keep of people: each model declares its personal fields, or that it has none.

The declarations stand in the module `personal` of each app. Export, erasure, the privacy notice
and the nightly purge read them here, and a test fails for a model that nobody declared.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.functional import Promise

from churnapp.common.describing import options

ERASED = ("erased-", "@erased.invalid")
ERASED_TASK = "–"  # what is left of a task that quoted a person


class Erase(Enum):
    """What is left of a field when its person is erased."""

    BLANK = "blank"  # an empty text
    NOTHING = "nothing"  # NULL
    EMPTY = "empty"  # an empty JSON object
    PSEUDONYM = "pseudonym"  # an address or name that says nothing and stays one of its kind
    KEEP = "keep"  # a figure or a role: it says nothing without the name


class Whose(Enum):
    """Whom the fields are about."""

    CONTACT = "contact"  # a person at a customer
    CUSTOMER = "customer"  # the customer, who may be a person
    STAFF = "staff"  # a colleague


@dataclass(frozen=True)
class Someone:
    """A person at customers: an address, and the ids of the contacts that have it.

    In place of an address may stand the name that an author in public goes by.
    """

    address: str
    contacts: tuple[int, ...]


Finder = Callable[[Someone], Q]


@dataclass(frozen=True)
class Personal:
    """The personal fields of one model; `path` leads from a row to its person ("" is the row).

    `also` finds rows about somebody that no contact leads to.
    """

    model: type[models.Model]
    whose: Whose
    fields: dict[str, Erase]
    path: str = ""
    also: Finder | None = None

    def rows_of(self, someone: Someone) -> models.QuerySet[Any]:
        """Rows of the model about somebody."""
        about = Q(**{f"{self.path}__in" if self.path else "pk__in": someone.contacts})
        if self.also is not None:
            about |= self.also(someone)
        return self.model._default_manager.filter(about)  # noqa: SLF001  as options


@dataclass(frozen=True)
class Copy:
    """What else repeats words of a person: `forget` says how many rows, `read` gives them.

    What it gives are querysets of `values`. None where every word stands in rows of the person.
    """

    forget: Callable[[Someone], int]
    read: Callable[[Someone], Iterable[models.QuerySet[Any, Any]]] | None


@dataclass(frozen=True)
class Kept:
    """How long something about people is kept: `purge(before)` forgets what is older.

    `days` is the period of a new installation; an administrator may change it.
    """

    key: str
    what: Promise
    days: int
    purge: Callable[[datetime], int]


@dataclass
class Registry:
    """Every declaration of the installation."""

    personal: list[Personal] = field(default_factory=list)
    without: set[type[models.Model]] = field(default_factory=set)
    kept: dict[str, Kept] = field(default_factory=dict)
    copies: list[Copy] = field(default_factory=list)

    def declare(
        self,
        model: type[models.Model],
        whose: Whose,
        path: str = "",
        also: Finder | None = None,
        **fields: Erase,
    ) -> None:
        """`fields` of `model` are about a person; a model may be declared for several people.

        They are erased in the order of their declarations.
        """
        self.personal.append(Personal(model, whose, fields, path, also))

    def copy(
        self,
        forget: Callable[[Someone], int],
        read: Callable[[Someone], Iterable[models.QuerySet[Any, Any]]] | None,
    ) -> None:
        """Words of people stand elsewhere too; forgotten before their own rows are."""
        self.copies.append(Copy(forget, read))

    def declare_none(self, *found: type[models.Model]) -> None:
        """These models hold nothing about a person but links to rows that do."""
        self.without.update(found)

    def keep(self, kept: Kept) -> None:
        self.kept[kept.key] = kept

    def about(self, whose: Whose) -> list[Personal]:
        return [found for found in self.personal if found.whose is whose]

    def declared(self) -> set[type[models.Model]]:
        return self.without | {found.model for found in self.personal}

    def undeclared(self, found: Iterable[type[models.Model]]) -> list[str]:
        """Models that nobody declared, by name."""
        return sorted(options(model).label for model in found if model not in self.declared())


registry = Registry()


def is_erased(address: str) -> bool:
    """Whether an address is the pseudonym of somebody who was erased: nobody is behind it."""
    return address.endswith(ERASED[1])


def is_erased_at(field: str) -> Q:
    """As `is_erased`, of the address in `field` of a row."""
    return Q(**{f"{field}__endswith": ERASED[1]})


def pseudonym() -> Concat:
    """An address that no mail can reach, another one for each row of an update."""
    number = Cast(F("pk"), models.TextField())
    before, after = (Value(text, output_field=models.TextField()) for text in ERASED)
    return Concat(before, number, after)
