"""Undo in the message after a change, and “Take back” beside what is still ahead."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import escape

from customers.models import Customer
from tests.factories import make_customer, make_subscription, stand, today_here

TODAY = today_here()
AGREED = {"plan": "", "amount": "2400", "interval": "year", "currency": "EUR", "quantity": "1"}
CORRECTED = AGREED | {"starts_on": "2024-02-01", "ends_on": "", "kind": "paid"}
SOON = TODAY + timedelta(days=30)


def address(name: str, pk: int) -> str:
    return reverse(f"customers:{name}", args=[pk])


@pytest.fixture
def acme(db: None) -> Customer:
    customer = make_customer("Acme")
    make_subscription(customer, arr=1200)
    stand(customer)
    return customer


def believed(customer: Customer) -> list[tuple]:
    terms = customer.subscriptions.get().terms.standing().order_by("starts_on")
    return [(term.kind, term.arr_minor, term.starts_on, term.ends_on) for term in terms]


def undo_in(response) -> str:
    """Where the message's button leads."""
    message = list(response.context["messages"])[-1]
    assert f'action="{escape(message.extra_tags)}"' in response.content.decode()
    return message.extra_tags


@pytest.mark.parametrize(
    "verb, form",
    [
        ("change_subscription", AGREED | {"on": TODAY.isoformat()}),
        ("pause_subscription", {"on": TODAY.isoformat()}),
        ("end_subscription", {"on": TODAY.isoformat()}),
        ("correct_term", CORRECTED),
    ],
)
def test_a_change_is_undone_from_its_message(alices_client, acme, verb, form):
    subscription, was = acme.subscriptions.get(), believed(acme)
    pk = subscription.terms.get().pk if verb == "correct_term" else subscription.pk
    done = alices_client.post(address(verb, pk), form, follow=True)
    assert believed(acme) != was

    page = alices_client.post(undo_in(done), follow=True).content.decode()

    assert believed(acme) == was
    assert "Taken back: it is as it was before." in page
    acme.standing.refresh_from_db()
    assert (acme.standing.state, acme.standing.arr_minor) == ("active", 120_000)


def test_a_resumption_is_undone_too(alices_client, acme):
    subscription = acme.subscriptions.get()
    day = {"on": (TODAY - timedelta(days=9)).isoformat()}
    alices_client.post(address("pause_subscription", subscription.pk), day)
    was = believed(acme)
    resume = address("resume_subscription", subscription.pk)
    alices_client.post(undo_in(alices_client.post(resume, {"on": TODAY.isoformat()}, follow=True)))
    assert believed(acme) == was


def test_an_undo_that_comes_too_late_says_so_and_changes_nothing(alices_client, acme):
    pk = acme.subscriptions.get().pk
    pause = alices_client.post(address("pause_subscription", pk), {"on": SOON}, follow=True)
    undo = undo_in(pause)
    alices_client.post(address("end_subscription", pk), {"on": SOON + timedelta(days=9)})
    now = believed(acme)
    for late in (undo, address("take_back_change", pk), undo.split("?")[0] + "?recorded=x"):
        page = alices_client.post(late, follow=True).content.decode()
        assert "Something else was recorded since" in page
        assert believed(acme) == now


def test_what_is_planned_is_taken_back_in_the_table_of_terms(alices_client, acme):
    pk, was = acme.subscriptions.get().pk, believed(acme)
    alices_client.post(address("change_subscription", pk), AGREED | {"on": SOON.isoformat()})
    first, planned = acme.subscriptions.get().terms.standing().order_by("starts_on")
    page = alices_client.get(address("detail", acme.pk)).content.decode()
    assert address("take_back_term", planned.pk) in page
    assert address("take_back_term", first.pk) not in page

    done = alices_client.post(address("take_back_term", planned.pk), follow=True).content.decode()

    assert believed(acme) == was
    assert "Taken back: what was planned from" in done
    revenue = reverse("customers:timeline", args=[acme.pk]) + "?kind=revenue"
    told = alices_client.get(revenue).content.decode()
    assert "What was planned for Pro from" in told
    again = alices_client.post(address("take_back_term", first.pk), follow=True).content.decode()
    assert "It began on" not in again
    assert "Somebody else changed" in again


def test_what_has_begun_says_what_to_do_instead(alices_client, acme):
    term = acme.subscriptions.get().terms.get()
    page = alices_client.post(address("take_back_term", term.pk), follow=True).content.decode()
    assert "Correct it instead" in page


def test_who_only_reads_is_not_offered_it(client, charlie, acme):
    subscription = acme.subscriptions.get()
    subscription.terms.update(starts_on=SOON)
    client.force_login(charlie)
    page = client.get(address("detail", acme.pk)).content.decode()
    assert "take-back" not in page
