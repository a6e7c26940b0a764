"""Complaints over the API."""

import pytest

from churnapp.models import User
from customers.services.reasons import merge_reasons
from tests.api.calls import Caller, found, ids
from tests.factories import make_complaint, make_contact, make_customer, make_feature, make_reason

pytestmark = pytest.mark.django_db


def test_a_complaint_is_opened_settled_and_refused(alices: Caller, alice: User) -> None:
    make_customer(external_id="C-1", owner=alice)
    make_reason("price")
    make_feature("reports")
    opened = found(alices.post("complaints/", {"customer_id": "C-1", "words": "Slow"}), 201)
    assert (opened["state"], opened["owner_email"], opened["words"]) == (
        "open",
        alice.email,
        "Slow",
    )
    one = f"complaints/{opened['id']}/"
    given = {"owner_email": alice.email, "due_on": "2099-01-01"}
    assert found(alices.post(one + "assign/", given))["due_on"] == "2099-01-01"
    settled = {"resolution": "Faster now", "reason": "price", "feature": "reports"}
    resolved = found(alices.post(one + "resolve/", settled))
    assert (resolved["state"], resolved["reason"], resolved["feature"]) == (
        "resolved",
        "price",
        "reports",
    )
    assert found(alices.post(one + "confirm/", {"agrees": False}))["state"] == "reopened"
    found(alices.post(one + "resolve/", {"resolution": "Faster still"}))
    assert found(alices.post(one + "reopen/"))["state"] == "open"


def test_the_list_is_filtered(alices: Caller) -> None:
    late = make_complaint(make_customer(external_id="C-1"), due_on="2020-01-01")
    other = make_complaint()
    assert ids(alices.get("complaints/", overdue="true")) == [late.pk]
    assert ids(alices.get("complaints/", overdue="false")) == [other.pk]
    assert ids(alices.get("complaints/", customer_id="C-1")) == [late.pk]
    assert not ids(alices.get("complaints/", resolved="true"))


def test_when_by_whom_and_over_what_it_was_said_is_kept(alices: Caller) -> None:
    customer = make_customer(external_id="C-1")
    contact = make_contact(customer)
    make_reason("price")
    body = {"customer_id": "C-1", "words": "Slow", "reason": "price", "said_on": "2026-01-05"}
    opened = found(alices.post("complaints/", body | {"contact_email": contact.email}), 201)
    assert (opened["contact_email"], opened["reason"]) == (contact.email, "price")
    assert opened["occurred_at"].startswith("2026-01-05T00:00:00")
    refused = found(alices.post("complaints/", body | {"contact_email": "no@body.example"}), 400)
    assert list(refused) == ["contact_email"]


def test_an_unknown_field_is_named(alices: Caller) -> None:
    make_customer(external_id="C-1")
    body = {"customer_id": "C-1", "words": "Slow", "mood": "bad"}
    assert list(found(alices.post("complaints/", body), 400)) == ["mood"]


def test_a_merged_cause_is_told_as_what_it_counts_as(alices: Caller) -> None:
    kept, merged = make_reason("price"), make_reason("too-dear")
    complaint, unknown = make_complaint(reason=merged), make_complaint()
    merge_reasons(kept, merged, by=None)
    assert found(alices.get(f"complaints/{complaint.pk}/"))["reason"] == "price"
    assert found(alices.get(f"complaints/{unknown.pk}/"))["reason"] is None
