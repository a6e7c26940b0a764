"""Who is in a segment, what they are worth, and where a segment is in use."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self, cast

from django.db import OperationalError, connection, transaction
from django.db.models import Count, QuerySet, Sum
from django.http import QueryDict
from django.urls import reverse
from psycopg.errors import QueryCanceled

from churnapp.common.personal import ERASED
from churnapp.common.typed_numbers import fits_bigint
from churnapp.models import User
from customers.filters import contacts as people
from customers.filters import segment as chosen_by
from customers.models import Contact, Customer, Segment, SegmentMember
from customers.models.customer import CustomerQuerySet

PATIENCE_MS = 3_000  # of somebody who edits a segment and waits for its size


@dataclass(frozen=True)
class Size:
    """How many customers, and what they pay a year in the reporting currency's minor units."""

    customers: int
    arr_minor: int

    @classmethod
    def of(cls, chosen: QuerySet[Customer]) -> Self:
        """Both by one question."""
        found = chosen.order_by().aggregate(customers=Count("pk"), arr=Sum("standing__arr_minor"))
        return cls(found["customers"], found["arr"] or 0)


@dataclass(frozen=True)
class Use:
    """That something chooses by a segment: what it is, and the page where it is changed."""

    segment: int
    what: str
    href: str


# Where higher apps choose by segments: each gives the uses of the segments with these numbers.
# Their module `listening` adds to it and is found by its name when Django starts.
places: list[Callable[[set[int]], Iterable[Use]]] = []


def members(segment: Segment, user: User | None = None) -> CustomerQuerySet:
    """The customers in a segment, of those that `user` may see; without one, all of them.

    A frozen one has those that it had then. Raises RuleError where its conditions can no longer
    be read, such as when an attribute is gone.
    """
    everyone = Customer.objects.visible_to(user) if user else Customer.objects.all()
    if segment.frozen_at:
        return everyone.filter(pk__in=frozen(segment))
    found = chosen_by(segment.query, everyone, user=user, within=(segment.pk,))
    return cast("CustomerQuerySet", found)


def frozen(segment: Segment) -> QuerySet[SegmentMember, Any]:
    return SegmentMember.objects.filter(segment=segment).values("customer")


def contacts_of(segment: Segment, user: User | None = None) -> QuerySet[Contact]:
    """The people meant at a segment's customers, who work there and were not erased."""
    return contacts_at(members(segment, user), segment.contact_query)


def contacts_at(customers: QuerySet[Customer], contact_query: str) -> QuerySet[Contact]:
    """The people meant at some customers. Raises RuleError for conditions that can't be read."""
    there = Contact.objects.filter(left_on=None, customer__in=customers.order_by().values("pk"))
    return people.contacts(contact_query, there.exclude(email__endswith=ERASED[1]))


def segments_in(query: str) -> set[int]:
    """The segments that a query string chooses by."""
    return {int(key) for key in QueryDict(query).getlist("segment") if fits_bigint(key)}


def uses(keys: Iterable[int]) -> dict[int, list[Use]]:
    """Where each of these segments is in use, by its number."""
    found, wanted = defaultdict(list), set(keys)
    for place in (in_other_segments, *places):
        for use in place(wanted):
            found[use.segment].append(use)
    return dict(found)


def in_other_segments(keys: set[int]) -> Iterator[Use]:
    for one in Segment.objects.in_use().filter(query__contains="segment="):
        for key in segments_in(one.query) & keys:
            yield Use(key, one.name, reverse("customers:segment", args=[one.pk]))


class TookTooLongError(Exception):
    """The database was still counting when nobody waits any longer."""


@contextmanager
def patiently() -> Iterator[None]:
    """Ask for at most PATIENCE_MS a statement. Raises TookTooLongError."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {PATIENCE_MS}")
            yield
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        raise TookTooLongError from error
