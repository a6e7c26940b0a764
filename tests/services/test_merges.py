"""Merging two records of one customer: facts move, nothing is lost, the old id leads on."""

from datetime import date

import pytest

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from customers.models import Contact, Customer, CustomerAlias, Standing, Usage
from customers.services.connections import merge_customers
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_flag,
    make_interaction,
    make_payment,
    make_subscription,
    make_task,
    make_usage,
)

pytestmark = pytest.mark.django_db

DAY = date(2025, 1, 1)


def test_everything_known_moves_to_the_one_that_is_kept(alice):
    kept, merged = make_customer("Kept"), make_customer("Merged", external_id="OLD")
    subscription = make_subscription(merged, arr=300)
    cancellation = make_cancellation(merged)
    task, talk = make_task(merged), make_interaction(merged)
    subsidiary = make_customer(parent=merged)

    merge_customers(kept, merged, by=alice)

    for row in (subscription, cancellation, task, talk):
        row.refresh_from_db()
        assert row.customer == kept
    subsidiary.refresh_from_db()
    assert subsidiary.parent == kept
    assert not Customer.objects.filter(pk=merged.pk).exists()
    standing = Standing.objects.get(pk=kept.pk)
    assert (standing.state, standing.arr_minor) == ("active", 30_000)
    line = kept.interactions.get(verb="customer_merged")
    assert line.facts == {"name": "Merged", "external_id": "OLD", "subscriptions": 1}
    event = AuditEvent.objects.get()
    assert event.changes["merged"][0]["external_id"] == "OLD"


def test_the_old_id_leads_to_the_one_that_is_kept_also_twice_over():
    first, second, third = (make_customer(external_id=name) for name in ("A", "B", "C"))

    merge_customers(second, third, by=None)
    merge_customers(first, second, by=None)

    aliases = CustomerAlias.objects.values_list("external_id", "customer")
    assert set(aliases) == {("B", first.pk), ("C", first.pk)}


def test_what_is_said_stays_and_what_is_missing_is_filled_in(alice):
    kept = make_customer(country="NO", attributes={"size": "S"}, signed_up_on=date(2024, 5, 1))
    merged = make_customer(
        country="SE",
        organisation_number="556",
        owner=alice,
        attributes={"size": "L", "branch": "retail"},
        signed_up_on=date(2023, 5, 1),
        never_automatic=True,
    )

    merge_customers(kept, merged, by=None)

    kept.refresh_from_db()
    assert (kept.country, kept.organisation_number, kept.owner) == ("NO", "556", alice)
    assert kept.attributes == {"size": "S", "branch": "retail"}
    assert (kept.signed_up_on, kept.never_automatic) == (date(2023, 5, 1), True)


def test_contacts_with_one_address_become_one():
    kept, merged = make_customer(), make_customer()
    same = make_contact(kept, email="kari@example.com", name="")
    double = make_contact(merged, email="Kari@example.com", name="Kari Lie")
    other = make_contact(merged, email="ole@example.com")
    talk = make_interaction(merged, contact=double)

    merge_customers(kept, merged, by=None)

    talk.refresh_from_db()
    same.refresh_from_db()
    assert set(Contact.objects.all()) == {same, other}
    assert (talk.contact, same.name) == (same, "Kari Lie")


def test_use_of_one_day_is_added_up_and_equal_payments_stay_two():
    kept, merged = make_customer(), make_customer()
    make_usage(kept, DAY, count=3)
    make_usage(merged, DAY, count=4)
    make_usage(merged, date(2025, 1, 2), count=5)
    make_payment(kept)
    make_payment(merged)

    merge_customers(kept, merged, by=None)

    assert set(Usage.objects.values_list("customer", "day", "count")) == {
        (kept.pk, DAY, 7),
        (kept.pk, date(2025, 1, 2), 5),
    }
    assert set(kept.payments.values_list("ordinal", flat=True)) == {1, 2}


def test_flags_that_say_the_same_become_one():
    kept, merged = make_customer(), make_customer()
    make_flag(kept)
    make_flag(merged)
    make_flag(merged, subject="reports")

    merge_customers(kept, merged, by=None)

    states = kept.flags.order_by("subject", "state").values_list("subject", "state")
    assert list(states) == [("", "open"), ("", "resolved"), ("reports", "open")]


@pytest.mark.parametrize("kept_is_above", [True, False])
def test_nobody_becomes_its_own_parent(kept_is_above):
    top = make_customer()
    child = make_customer(parent=top)
    kept, merged = (top, child) if kept_is_above else (child, top)

    merge_customers(kept, merged, by=None)

    kept.refresh_from_db()
    assert kept.parent is None


def test_one_customer_twice_is_refused():
    customer = make_customer()

    with pytest.raises(RuleError):
        merge_customers(customer, customer, by=None)


def test_merging_asks_in_sets(django_assert_max_num_queries):
    one, many = (questions_of(rows, django_assert_max_num_queries) for rows in (1, 25))
    assert many == one


def questions_of(rows, django_assert_max_num_queries):
    kept, merged = make_customer(), make_customer()
    for number in range(rows):
        make_subscription(merged)
        make_flag(merged, subject=str(number))
        for customer in (kept, merged):
            make_contact(customer, email=f"p{number}@example.com")

    with django_assert_max_num_queries(80) as asked:
        merge_customers(kept, merged, by=None)
    return len(asked)
