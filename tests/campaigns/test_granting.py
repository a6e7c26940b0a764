"""Offers made to many customers: to whom, once, and never above the budget."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from campaigns.granting import CODES, grant
from campaigns.models import Grant, Offer, OfferRules
from tests.campaign_factories import make_grant, make_sales_offer
from tests.factories import make_contact, make_customer, make_plan, make_subscription, make_user
from tests.services.threads import at_once

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 3, 10, 12, tzinfo=UTC)


def payer(arr=1200, **fields):
    customer = make_customer()
    make_subscription(customer, arr=arr, **fields)
    return customer


def give(offer, *customers, key="", now=NOW):
    key = key or f"test:{offer.pk}"
    return grant(offer, [(customer.pk, None) for customer in customers], key=key, now=now)


def test_each_gets_one_with_its_cost_and_its_link():
    offer, customer = make_sales_offer(days_to_accept=10), payer()
    contact = make_contact(customer)

    refused = grant(offer, [(customer.pk, contact.pk)], key="step:1", now=NOW)

    made = Grant.objects.get()
    assert refused == {}
    assert (made.contact, made.customer, made.state) == (contact, customer, "open")
    assert made.key == f"step:1:{customer.pk}"
    assert made.cost_minor == 6_000  # a fifth of 100.00 a month, three times
    assert made.expires_at == NOW + timedelta(days=10)
    assert re.fullmatch(r"[0-9a-f]{64}", made.nonce)


def test_twice_by_the_same_key_gives_the_same():
    offer, first, second = make_sales_offer(), payer(), payer()
    give(offer, first)
    before = list(Grant.objects.values())

    refused = give(offer, first, second)
    again = give(offer, first, second)

    assert refused == again == {}
    assert list(Grant.objects.filter(customer=first).values()) == before
    assert Grant.objects.count() == 2


def test_somebody_named_twice_gets_one_at_the_first_contact():
    offer, customer = make_sales_offer(), payer()
    one, other = make_contact(customer), make_contact(customer)

    grant(offer, [(customer.pk, one.pk), (customer.pk, other.pk)], key="k", now=NOW)

    assert Grant.objects.get().contact == one


def test_a_contact_of_another_customer_is_not_taken():
    offer, customer = make_sales_offer(), payer()

    grant(offer, [(customer.pk, make_contact().pk)], key="k", now=NOW)

    assert Grant.objects.get().contact is None


def test_only_the_segment_gets_it():
    offer = make_sales_offer(eligible="country=SE")
    inside, outside = payer(), payer()
    inside.country = "SE"
    inside.save(update_fields=["country"])

    assert give(offer, inside, outside) == {outside.pk: "not_eligible"}


def test_a_segment_that_can_not_be_read_any_more_holds_nobody():
    customer = payer()

    assert give(make_sales_offer(eligible="colour=red"), customer) == {customer.pk: "not_eligible"}


@pytest.mark.parametrize(
    "kind, paying, left, trial, never",
    [
        ("percent", True, True, False, False),
        ("amount", True, True, False, False),
        ("free", True, True, False, False),
        ("pause", True, False, False, False),
        ("term", True, False, False, False),
        ("plan", True, True, True, True),
        ("downgrade", True, True, True, True),
        ("content", True, True, True, True),
        ("loyalty", True, True, True, True),
        ("call", True, True, True, True),
    ],
)
def test_whom_a_kind_means_something_to(kind, paying, left, trial, never):
    offer = make_sales_offer(kind)
    people = {
        payer(): paying,
        payer(ends_on=date(2025, 1, 1)): left,
        payer(kind="trial"): trial,
        make_customer(): never,
    }

    refused = give(offer, *people)

    assert refused == {customer.pk: "not_eligible" for customer, may in people.items() if not may}


def test_nobody_is_offered_the_plan_they_have_or_a_discount_in_another_currency():
    there, elsewhere = payer(plan=make_plan("small")), payer(currency="SEK")

    assert give(make_sales_offer("downgrade"), there) == {there.pk: "not_eligible"}
    assert give(make_sales_offer("amount"), elsewhere) == {elsewhere.pk: "not_eligible"}


@pytest.mark.parametrize(
    "fields, code",
    [
        ({"cool_down_days": 31}, "cool_down"),
        ({"cool_down_days": 30, "most_a_customer": 1}, "limit"),
        ({"cool_down_days": 30, "most_a_customer": 2}, None),
    ],
)
def test_made_again_only_after_a_while_and_not_too_often(fields, code):
    offer, customer = make_sales_offer(**fields), payer()
    make_grant(offer, customer, made_at=NOW - timedelta(days=30), state="declined")

    assert give(offer, customer) == ({customer.pk: code} if code else {})


def test_who_has_it_open_gets_no_second_and_what_was_taken_back_does_not_count():
    offer, waiting, spared = make_sales_offer(most_a_customer=1), payer(), payer()
    make_grant(offer, waiting, made_at=NOW - timedelta(days=1))
    make_grant(offer, spared, made_at=NOW - timedelta(days=1), state="taken_back")

    assert give(offer, waiting, spared) == {waiting.pk: "open_already"}


def test_stopped_and_archived_ones_are_made_to_nobody():
    customer = payer()

    assert give(make_sales_offer(stopped_at=NOW), customer) == {customer.pk: "stopped"}
    assert give(make_sales_offer(archived_at=NOW), customer) == {customer.pk: "stopped"}


def test_a_budget_above_the_limit_waits_for_approval():
    OfferRules.objects.update(most_budget_minor=100_000)
    customer = payer()

    assert give(make_sales_offer(budget_minor=100_000), customer) == {}
    assert give(make_sales_offer(budget_minor=100_001), customer) == {customer.pk: "not_approved"}
    assert give(make_sales_offer(), customer) == {customer.pk: "not_approved"}
    approved = make_sales_offer(approved_at=NOW, approved_by=make_user("manager"))
    assert give(approved, customer) == {}
    assert give(make_sales_offer("content"), customer) == {}


def test_one_that_is_dear_for_a_customer_waits_for_approval_there_alone():
    OfferRules.objects.update(most_cost_minor=6_000)
    small, large = payer(1200), payer(1300)

    assert give(make_sales_offer(), small, large) == {large.pk: "not_approved"}


def test_number_and_budget_go_to_the_first():
    people = [payer() for _ in range(3)]

    assert give(make_sales_offer(most_in_total=2), *people) == {people[2].pk: "all_gone"}
    assert give(make_sales_offer(budget_minor=12_000), *people) == {people[2].pk: "budget"}
    assert set(give(make_sales_offer(budget_minor=0), *people).values()) == {"budget"}


def test_what_is_declined_or_over_gives_its_budget_back():
    offer = make_sales_offer(budget_minor=12_000)
    make_grant(offer, payer(), made_at=NOW, state="declined", cost_minor=6_000)
    make_grant(offer, payer(), made_at=NOW - timedelta(days=14), cost_minor=6_000)  # over by now
    make_grant(offer, payer(), made_at=NOW, state="accepted", cost_minor=6_000)
    one, other = payer(), payer()

    assert give(offer, one, other) == {other.pk: "budget"}


def test_a_thousand_cost_as_many_queries_as_two(django_assert_num_queries):
    offer, people = make_sales_offer(eligible="country=NO", budget_minor=10**9), []
    for number in (2, 30):
        people = [payer() for _ in range(number)]
        with django_assert_num_queries(11):
            assert give(offer, *people) == {}
    assert Grant.objects.count() == 32


def test_every_code_is_known():
    assert len(set(CODES)) == len(CODES)


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_never_spend_more_than_the_budget():
    offer = make_sales_offer(budget_minor=6_000 * 10 + 5_999)
    people = [[payer() for _ in range(4)] for _ in range(8)]

    def work(number):
        return give(Offer.objects.get(pk=offer.pk), *people[number], key=f"k{number}")

    told = at_once(*(lambda number=number: work(number) for number in range(8)))

    assert Grant.objects.count() == 10
    assert sum(Grant.objects.values_list("cost_minor", flat=True)) == 60_000
    assert sum(len(refused) for refused in told) == 22
    assert {code for refused in told for code in refused.values()} == {"budget"}


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_with_one_key_make_one_each():
    offer, people = make_sales_offer(), [payer() for _ in range(5)]

    told = at_once(*(lambda: give(offer, *people) for _ in range(8)))

    assert told == [{}] * 8
    assert Grant.objects.count() == 5
