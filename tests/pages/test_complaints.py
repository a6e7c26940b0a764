"""The page of complaints and the dialogs around it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from churnapp.models import User
from customers.models import Complaint
from customers.services.reasons import merge_reasons, separate_reason
from tests.factories import (
    make_complaint,
    make_contact,
    make_customer,
    make_feature,
    make_organisation,
    make_reason,
    make_subscription,
    stand,
    today_here,
)

LIST = reverse("customers:complaints")


def address(name: str, pk: int) -> str:
    return reverse(f"customers:{name}", args=[pk])


def test_a_complaint_is_written_down_on_the_customers_page(alices_client: Client, alice: User):
    acme = make_customer("Acme", owner=alice)
    make_subscription(acme)
    stand(acme)
    contact, reason = make_contact(acme), make_reason()
    stranger = make_contact(make_customer())
    form = {
        "words": "The reports are wrong",
        "owner": alice.pk,
        "due_on": "2099-01-01",
        "said_on": (today_here() - timedelta(days=3)).isoformat(),
        "contact": contact.pk,
        "reason": reason.pk,
    }
    refused = alices_client.post(
        address("add_complaint", acme.pk), form | {"contact": stranger.pk}, follow=True
    )
    assert refused.status_code == 422
    page = alices_client.post(address("add_complaint", acme.pk), form, follow=True)

    assert "The reports are wrong" in page.content.decode()
    made = Complaint.objects.get()
    assert (made.owner, made.reason, made.entry.contact) == (alice, reason, contact)


def test_it_is_resolved_and_that_is_undone(alices_client: Client):
    complaint = make_complaint()
    form = {"resolution": "Fixed", "reason": make_reason().pk, "feature": make_feature().pk}
    page = alices_client.post(
        address("resolve_complaint", complaint.pk) + f"?next={LIST}", form, follow=True
    )
    undo = address("reopen_complaint", complaint.pk)
    assert undo in page.content.decode()
    assert Complaint.objects.get().state == "resolved"
    alices_client.post(undo)
    assert Complaint.objects.get().state == "open"


def test_what_the_customer_says_is_recorded_and_taken_back(alices_client: Client):
    complaint = make_complaint()
    alices_client.post(address("resolve_complaint", complaint.pk), {"resolution": "Fixed"})
    page = alices_client.post(
        address("complaint_agreed", complaint.pk), {"next": LIST}, follow=True
    )
    assert Complaint.objects.get().state == "confirmed"
    undo = address("forget_complaint_answer", complaint.pk)
    assert undo in page.content.decode()
    alices_client.post(undo)
    alices_client.post(address("complaint_refused", complaint.pk))
    assert Complaint.objects.get().state == "reopened"


def test_what_is_overdue_and_open_is_not_in_time(alices_client: Client):
    today, now = today_here(), timezone.now()
    ahead, gone = today + timedelta(days=3), today - timedelta(days=3)
    make_complaint(words="Done", due_on=ahead, resolved_at=now, resolution="Fixed")
    make_complaint(words="Done late", due_on=gone, resolved_at=now, resolution="Fixed")
    make_complaint(words="Overdue", due_on=gone)
    make_complaint(words="Not due yet", due_on=ahead)

    page = alices_client.get(LIST)
    figures = page.context["listing"].figures
    assert (figures["due"], figures["late"]) == (3, 2)
    assert figures["in_time_share"] == pytest.approx(1 / 3)
    assert "?show=late" in page.content.decode()

    behind = alices_client.get(LIST, {"show": "late"}).context["listing"].page.rows
    assert {row.entry.summary for row in behind} == {"Done late", "Overdue"}


def test_without_anything_due_no_share_is_claimed(alices_client: Client):
    make_complaint(due_on=today_here() + timedelta(days=3))
    assert alices_client.get(LIST).context["listing"].figures["in_time_share"] is None


def test_the_overdue_come_first_and_filters_narrow(alices_client: Client, alice: User):
    today = today_here()
    make_complaint(words="Later", due_on=today + timedelta(days=3), owner=alice)
    make_complaint(words="Late", due_on=today - timedelta(days=1))
    page = alices_client.get(LIST).content.decode()
    assert page.index("<q>Late</q>") < page.index("<q>Later</q>")
    page = alices_client.get(LIST, {"owner": "me"}).content.decode()
    assert "<q>Late</q>" not in page
    page = alices_client.get(LIST, {"show": "overdue"}).content.decode()
    assert "<q>Later</q>" not in page
    assert "<q>Late" not in alices_client.get(LIST, {"show": "confirmed"}).content.decode()


def test_complaints_of_others_are_not_listed(alices_client: Client, alice: User):
    make_organisation(csm_sees_own_only=True)
    make_complaint(make_customer(owner=alice), words="Mine")
    make_complaint(words="Theirs")
    page = alices_client.get(LIST).content.decode()
    assert "<q>Mine</q>" in page
    assert "Theirs" not in page


def test_the_export_holds_what_is_filtered(client: Client, bob: User):
    client.force_login(bob)
    make_complaint(words="=cmd", due_on=today_here() - timedelta(days=1))
    make_complaint(words="In time")
    answer = client.get(reverse("customers:export_complaints"), {"show": "overdue"})
    text = b"".join(answer.streaming_content).decode()
    assert "'=cmd" in text
    assert "In time" not in text


@pytest.mark.parametrize("rows", [1, 30])
def test_the_fragment_costs_the_same(alices_client, alice, rows, django_assert_max_num_queries):
    reason, feature = make_reason(), make_feature()
    for _row in range(rows):
        make_complaint(make_customer(owner=alice), owner=alice, reason=reason, feature=feature)
    with django_assert_max_num_queries(8):
        alices_client.get(LIST, headers={"HX-Request": "true"})


def test_a_cause_that_was_merged_is_found_and_worded_as_what_it_counts_as(
    client: Client, bob: User
):
    client.force_login(bob)
    kept, merged = make_reason("price"), make_reason("too-dear")
    make_complaint(words="Costly", reason=merged)
    make_complaint(words="Something else")
    merge_reasons(kept, merged, by=None)
    page = client.get(LIST, {"reason": "price"}).content.decode()
    assert "<q>Costly</q>" in page
    assert "Something else" not in page
    assert '<span class="pill">Price</span>' in page
    answer = client.get(reverse("customers:export_complaints"), {"reason": "price"})
    assert ";Price;" in b"".join(answer.streaming_content).decode().replace(",", ";")
    merged.refresh_from_db()
    separate_reason(merged, by=None)
    assert "<q>Costly</q>" not in client.get(LIST, {"reason": "price"}).content.decode()
    assert "<q>Costly</q>" in client.get(LIST, {"reason": "too-dear"}).content.decode()
