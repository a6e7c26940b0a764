"""Customers and contacts over the API."""

from datetime import timedelta

import pytest

from churnapp.models import AuditEvent, User
from customers.models import Contact, Customer
from tests.api.calls import Caller, found, ids
from tests.factories import (
    make_contact,
    make_customer,
    make_organisation,
    make_subscription,
    make_user,
    stand,
    today,
)

pytestmark = pytest.mark.django_db


def test_a_customer_is_added_and_read(alices: Caller, alice: User) -> None:
    parent = make_customer("Mother", external_id="M-1")
    body = {
        "customer_id": "C-77",
        "name": "Lyngvika Elektro AS",
        "parent_id": "M-1",
        "owner_email": alice.email,
        "country": "NO",
        "attributes": {"industry": "electrical", "seats": 12},
    }
    added = found(alices.post("customers/", body), 201)
    read = found(alices.get(f"customers/{added['id']}/"))
    assert read == added
    assert {name: read[name] for name in body} == body
    customer = Customer.objects.get(external_id="C-77")
    assert (customer.parent, customer.owner) == (parent, alice)
    assert AuditEvent.objects.filter(verb="customer_added", actor=alice).exists()


def test_an_id_that_is_taken_is_refused(alices: Caller) -> None:
    make_customer(external_id="C-1")
    answer = alices.post("customers/", {"customer_id": "C-1", "name": "Twice"})
    assert "customer_id" in found(answer, 400) or "external_id" in answer.json()


def test_a_change_leaves_the_rest(alices: Caller) -> None:
    customer = make_customer("Before", country="SE")
    changed = found(alices.patch(f"customers/{customer.pk}/", {"name": "After"}))
    assert (changed["name"], changed["country"]) == ("After", "SE")
    customer.refresh_from_db()
    assert customer.name == "After"


def test_the_id_that_others_know_stays(alices: Caller) -> None:
    customer = make_customer(external_id="C-1")
    answer = alices.patch(f"customers/{customer.pk}/", {"customer_id": "C-2"})
    assert "customer_id" in found(answer, 400)


def test_another_owner_takes_over_with_open_tasks(alices: Caller, alice: User) -> None:
    customer = make_customer(owner=alice)
    new = make_user("csm")
    task = customer.tasks.create(what="Call", assignee=alice)
    changed = found(alices.patch(f"customers/{customer.pk}/", {"owner_email": new.email}))
    task.refresh_from_db()
    assert changed["owner_email"] == new.email
    assert task.assignee == new


def test_list_filters_by_field_and_attribute(alices: Caller) -> None:
    wanted = make_customer(country="SE", attributes={"industry": "rail"})
    make_customer(country="SE", attributes={"industry": "road"})
    make_customer(country="NO", attributes={"industry": "rail"})
    assert ids(alices.get("customers/", country="SE", industry="rail")) == [wanted.pk]


def test_an_attribute_called_like_a_filter_has_a_prefix(alices: Caller) -> None:
    wanted = make_customer(attributes={"state": "Bavaria", "industry": "rail"})
    make_customer(attributes={"state": "Hesse", "industry": "rail"})
    for query in (
        {"attribute.state": "Bavaria"},
        {"attribute.state": "Bavaria", "industry": "rail"},
    ):
        assert ids(alices.get("customers/", **query)) == [wanted.pk]
    both = "customers/?industry=road&attribute.industry=rail&attribute.state=Bavaria"
    assert ids(alices.get(both)) == [wanted.pk]


def test_a_name_that_is_neither_field_nor_attribute_is_refused(alices: Caller) -> None:
    make_customer(attributes={"industry": "rail"})
    answer = found(alices.get("customers/", industri="rail"), 400)
    assert "industry" in answer["industri"][0]


def test_the_standing_says_how_a_customer_stands(alices: Caller) -> None:
    customer = make_customer()
    make_subscription(customer, arr=1200, plan="team")
    stand()
    standing = found(alices.get(f"customers/{customer.pk}/"))["standing"]
    assert (standing["state"], standing["arr_minor"], standing["plan"]) == (
        "active",
        120_000,
        "team",
    )


def test_customers_of_others_are_not_there(alices: Caller, alice: User) -> None:
    make_organisation(csm_sees_own_only=True)
    own, other = make_customer(owner=alice), make_customer(owner=make_user("csm"))
    assert ids(alices.get("customers/")) == [own.pk]
    assert alices.get(f"customers/{other.pk}/").status_code == 404
    assert alices.patch(f"customers/{other.pk}/", {"name": "Mine"}).status_code == 404
    contact = make_contact(other)
    assert alices.get(f"contacts/{contact.pk}/").status_code == 404
    assert ids(alices.get("contacts/")) == []
    answer = alices.post("contacts/", {"customer_id": other.external_id, "email": "a@example.com"})
    assert "customer_id" in found(answer, 400)


def test_contacts_are_added_changed_and_found(alices: Caller) -> None:
    customer = make_customer(external_id="C-1")
    body = {"customer_id": "C-1", "email": "kari@example.com", "name": "Kari", "role": "champion"}
    added = found(alices.post("contacts/", body), 201)
    changed = found(alices.patch(f"contacts/{added['id']}/", {"left_on": "2026-01-31"}))
    assert changed["left_on"] == "2026-01-31"
    make_contact(customer)
    assert ids(alices.get("contacts/", left="true")) == [added["id"]]
    assert ids(alices.get("contacts/", email="KARI@example.com")) == [added["id"]]


def test_one_address_stands_once_at_a_customer(alices: Caller) -> None:
    contact = make_contact(email="kari@example.com")
    body = {"customer_id": contact.customer.external_id, "email": "kari@example.com"}
    assert "email" in found(alices.post("contacts/", body), 400)
    assert Contact.objects.count() == 1


def test_a_viewer_reads_and_changes_nothing(charlies: Caller) -> None:
    customer = make_customer("As it is")
    assert ids(charlies.get("customers/")) == [customer.pk]
    assert charlies.patch(f"customers/{customer.pk}/", {"name": "Other"}).status_code == 403
    assert charlies.post("customers/", {"customer_id": "x", "name": "x"}).status_code == 403
    customer.refresh_from_db()
    assert customer.name == "As it is"


def test_another_owner_takes_over_on_a_day(alices: Caller, bob: User) -> None:
    customer = make_customer()
    later = today() + timedelta(days=3)
    body = {"to": bob.email, "on": later.isoformat(), "note": "They like tea."}
    address = f"customers/{customer.pk}/hand_over/"
    assert found(alices.post(address, body))["owner_email"] is None
    planned = customer.handovers.get()
    assert (planned.to, planned.on, planned.note) == (bob, later, "They like tea.")
    assert found(alices.post(address, body | {"on": "2020-01-01"}), 400).keys() == {"on"}


def test_two_records_become_one(alices: Caller) -> None:
    kept, other = make_customer(external_id="C-1"), make_customer(external_id="C-2")
    make_subscription(other)
    address = f"customers/{kept.pk}/merge/"
    assert found(alices.post(address, {"merged": "C-2"}))["customer_id"] == "C-1"
    assert kept.subscriptions.count() == 1
    assert alices.post(address, {"merged": "C-1"}).status_code == 400
