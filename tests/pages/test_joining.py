"""Handing over, connecting and merging from a customer's page, each after a look."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from churnapp.common.errors import RuleError
from customers.models import Customer, Handover, Subscription
from customers.services.connections import connect_subscriptions, followers, joined
from customers.services.ledger import Ledger
from customers.views.revenue import believed_terms
from tests.factories import make_customer, make_subscription, stand, today_here

TODAY = today_here()


def address(name: str, pk: int) -> str:
    return reverse(f"customers:{name}", args=[pk])


@pytest.fixture
def moved(db: None) -> Customer:
    """A customer whose change of billing came in as two subscriptions, a month apart."""
    customer = make_customer("Acme")
    make_subscription(
        customer, external_id="old", starts_on=date(2024, 1, 1), ends_on=date(2024, 6, 1)
    )
    make_subscription(customer, external_id="new", starts_on=date(2024, 7, 1))
    stand(customer)
    return customer


def test_connecting_shows_the_figures_first_and_then_does_it(alices_client, moved):
    old, new = (moved.subscriptions.get(external_id=name) for name in ("old", "new"))
    form = {"later": str(new.pk), "step": "look"}
    look = alices_client.post(address("connect", old.pk), form)
    rows = [(row.month, row.name, row.before, row.after) for row in look.context["preview_rows"]]
    assert ("Jun 2024", "Churn events", "1", "0") in rows or any(r[0] == "Jun 2024" for r in rows)
    new.refresh_from_db()
    assert new.continues is None

    alices_client.post(address("connect", old.pk), form | {"step": "confirm"})
    new.refresh_from_db()
    assert new.continues == old


def test_what_can_not_be_connected_says_why(alices_client, moved):
    new = moved.subscriptions.get(external_id="new")
    old = moved.subscriptions.get(external_id="old")
    form = {"later": str(old.pk), "step": "look"}
    response = alices_client.post(address("connect", new.pk), form)
    assert response.status_code == 422
    assert "must begin after" in response.content.decode()


def test_connecting_is_offered_where_something_follows(alices_client, moved):
    make_subscription(moved, external_id="trial", kind="trial", starts_on=date(2025, 1, 1))
    old, new, trial = (
        moved.subscriptions.get(external_id=name) for name in ("old", "new", "trial")
    )
    page = alices_client.get(address("detail", moved.pk)).content.decode()
    assert address("connect", old.pk) in page
    assert address("connect", new.pk) not in page
    assert address("connect", trial.pk) not in page
    form = alices_client.get(address("connect", old.pk)).context["form"]
    assert [choice[0] for choice in form.fields["later"].choices] == [new.pk]
    nothing = alices_client.get(address("connect", new.pk)).content.decode()
    assert "No other subscription can continue this one" in nothing


def test_all_that_is_offered_is_accepted_and_nothing_else(moved):
    make_subscription(moved, kind="free", starts_on=date(2023, 1, 1))
    make_subscription(moved, starts_on=date(2024, 3, 1), kind="paused")
    make_subscription(moved, starts_on=date(2024, 7, 1))
    new = moved.subscriptions.get(external_id="new")
    connect_subscriptions(moved.subscriptions.get(external_id="old"), new, by=None)
    every = list(moved.subscriptions.all())
    offered = followers(believed_terms(moved))
    for earlier in every:
        for later in every:
            is_offered = later.pk in offered.get(earlier.pk, [])
            assert is_offered is accepts(earlier, later)


def accepts(earlier: Subscription, later: Subscription) -> bool:
    try:
        with transaction.atomic():
            joined(earlier, later, Ledger([earlier.customer_id]))
    except RuleError:
        return False
    return True


def test_two_records_become_one_after_a_look(alices_client, moved):
    double = make_customer("Acme again", external_id="double")
    make_subscription(double, starts_on=date(2024, 6, 1), ends_on=date(2024, 7, 1))
    form = {"other": "double", "step": "look"}
    look = alices_client.post(address("merge", moved.pk), form)
    assert look.context["preview_rows"]
    assert Customer.objects.filter(external_id="double").exists()
    alices_client.post(address("merge", moved.pk), form | {"step": "confirm"})
    assert not Customer.objects.filter(external_id="double").exists()
    assert moved.subscriptions.count() == 3
    page = alices_client.get(address("detail", moved.pk)).content.decode()
    assert "Acme again (double) was merged" in page


@pytest.mark.parametrize("other", ["nowhere", ""])
def test_a_record_that_is_not_there_is_said(alices_client, moved, other):
    form = {"other": other, "step": "look"}
    assert alices_client.post(address("merge", moved.pk), form).status_code == 422


def test_a_handover_on_a_later_day_waits_and_can_be_taken_back(alices_client, moved, bob):
    later = TODAY + timedelta(days=10)
    form = {"to": str(bob.pk), "on": later.isoformat(), "note": "Knows them well"}
    alices_client.post(address("hand_over", moved.pk), form)
    moved.refresh_from_db()
    assert moved.owner is None
    page = alices_client.get(address("detail", moved.pk)).content.decode()
    assert "Bob Dahl takes over" in page
    alices_client.post(address("withdraw_hand_over", Handover.objects.get().pk))
    assert Handover.objects.pending().count() == 0


def test_a_handover_today_is_done_at_once(alices_client, moved, bob):
    form = {"to": str(bob.pk), "on": TODAY.isoformat()}
    alices_client.post(address("hand_over", moved.pk), form)
    moved.refresh_from_db()
    assert moved.owner == bob
