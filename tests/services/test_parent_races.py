"""Two people make two companies each other's parent at the same moment: only one of them may."""

from collections.abc import Callable
from threading import Event

import pytest
from django.db import transaction

from churnapp.common.errors import RuleError
from customers.models import Customer
from customers.services.connections import merge_customers
from customers.services.customers import change_customer
from tests.factories import make_customer
from tests.services.threads import at_once, refused

pytestmark = pytest.mark.django_db(transaction=True)

LONG_ENOUGH = 0.5


def one_after_the_other(first: Callable[[], object], second: Callable[[], object]) -> list[object]:
    """Do the first, and the second before the first is committed."""
    is_done, goes_on = Event(), Event()

    def begin() -> object:
        with transaction.atomic():
            result = first()
            is_done.set()
            goes_on.wait(LONG_ENOUGH)
            return result

    def follow() -> object:
        is_done.wait(10)
        try:
            return second()
        finally:
            goes_on.set()

    return at_once(begin, follow)


def give_parent(customer: Customer, parent: Customer) -> object:
    return change_customer(customer, {"parent": parent}, seen={}, by=None)


def above(customer: Customer) -> list[str]:
    """The companies above it, as far as they are different ones."""
    found: list[str] = []
    customer.refresh_from_db()
    while customer.parent and customer.parent.name not in found:
        customer = customer.parent
        found.append(customer.name)
    return found


def test_two_companies_do_not_become_each_others_parent() -> None:
    one, other = make_customer("One"), make_customer("Other")
    results = one_after_the_other(
        lambda: give_parent(one, other),
        lambda: give_parent(other, one),
    )
    assert [str(r) for r in refused(results)] == [
        "One belongs to Other already, so it can't be its parent company."
    ]
    assert (above(one), above(other)) == (["Other"], [])


def test_both_at_once_never_fail_otherwise() -> None:
    for _ in range(5):
        one, other = make_customer("One"), make_customer("Other")
        results = at_once(
            lambda a=one, b=other: give_parent(a, b),
            lambda a=one, b=other: give_parent(b, a),
        )
        assert len(refused(results)) == 1
        assert sorted([above(one), above(other)]) in ([[], ["Other"]], [[], ["One"]])


def test_a_merge_meanwhile_makes_no_circle() -> None:
    top, kept = make_customer("Top"), make_customer("Kept")
    merged = make_customer("Merged", parent=top)
    results = one_after_the_other(
        lambda: merge_customers(kept, merged, by=None),
        lambda: give_parent(top, kept),
    )
    assert len(refused(results)) == 1
    assert (above(kept), above(top)) == (["Top"], [])


def test_changing_and_merging_one_customer_at_once_wait_for_each_other() -> None:
    for _ in range(5):
        kept, merged, other = make_customer("Kept"), make_customer("Merged"), make_customer("Other")
        results = at_once(
            lambda k=kept, m=merged: merge_customers(k, m, by=None),
            lambda k=kept, o=other: give_parent(k, o),
        )
        assert not [result for result in results if isinstance(result, RuleError)]
        assert above(kept) == ["Other"]
