"""Another program tells of a cancellation: signed, kept as it came, recorded once."""

import json
import secrets
import time
from datetime import date
from ipaddress import IPv6Address
from typing import Any

import pytest
from django.test import Client

from churnapp.common.public_limits import MOST_MISSES
from churnapp.common.signing import signed_headers
from churnapp.models import AuditEvent, User
from customers.models import Cancellation, Customer
from feedback.models import IncomingCall, IncomingWebhook
from feedback.personal import forget_incoming_calls
from feedback.services.incoming import (
    add_incoming_webhook,
    renew_incoming_secret,
    switch_incoming,
)
from feedback.webhooks.signing import key_of, secret_of
from tests.factories import (
    make_customer,
    make_organisation,
    make_reason,
    make_subscription,
    make_user,
)
from tests.services.threads import at_once

pytestmark = pytest.mark.django_db
BODY = {
    "customer_id": "C-17", "effective_on": "2026-06-01", "requested_at": "2026-04-20T09:00:00",
    "stated_reason": "price", "csm_reason": "support", "comment": "For dyrt",
}  # fmt: skip


@pytest.fixture
def csm() -> User:
    return make_user("csm")


@pytest.fixture
def webhook(csm: User) -> IncomingWebhook:
    return add_incoming_webhook("Shop", csm, by=None)


@pytest.fixture
def customer() -> Customer:
    make_reason("price")
    make_reason("support")
    customer = make_customer(external_id="C-17")
    make_subscription(customer, arr=1200, starts_on=date(2026, 1, 1))
    return customer


def caller() -> Client:
    """Another program, at an address of its own."""
    return Client(enforce_csrf_checks=True, REMOTE_ADDR=str(IPv6Address(secrets.randbits(128))))


def call(
    webhook: IncomingWebhook, body: Any = BODY, status: int = 200, **changed: Any
) -> dict[str, Any]:
    """Call as the other program does; `changed` headers replace those that are right."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    event, at = changed.pop("event", "evt-1"), changed.pop("at", int(time.time()))
    headers = signed_headers(changed.pop("key", key_of(webhook)), event, at, raw)
    headers |= {name.replace("_", "-"): value for name, value in changed.items()}
    answer = caller().post(
        f"/hooks/{webhook.code}/", raw, content_type="application/json", headers=headers
    )
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_cancellation_is_recorded_with_both_reasons_and_the_words(
    webhook: IncomingWebhook, customer: Customer, csm: User
) -> None:
    told = call(webhook)

    gone = Cancellation.objects.get()
    assert told == {"event_id": "evt-1", "cancellation": gone.pk}
    assert (gone.customer, gone.effective_on, gone.comment) == (
        customer, date(2026, 6, 1), "For dyrt",
    )  # fmt: skip
    assert gone.stated_reason
    assert gone.csm_reason
    assert (gone.stated_reason.key, gone.csm_reason.key) == ("price", "support")
    assert gone.recorded_by == csm
    assert gone.ended_terms, "its terms end, as by the API"
    kept = IncomingCall.objects.get()
    assert (kept.state, kept.cancellation, kept.problem) == ("taken", gone, {})
    assert json.loads(kept.body) == BODY


def test_times_without_a_zone_are_the_organisations(
    webhook: IncomingWebhook, customer: Customer
) -> None:
    make_organisation(timezone="Europe/Oslo")
    call(webhook)
    gone = Cancellation.objects.get()
    assert gone.requested_at
    assert gone.requested_at.isoformat() == "2026-04-20T07:00:00+00:00"


def test_told_again_it_does_nothing(webhook: IncomingWebhook, customer: Customer) -> None:
    first = call(webhook)
    assert call(webhook) == first
    assert call(webhook, BODY | {"comment": "Other"}) == first
    assert Cancellation.objects.count() == IncomingCall.objects.count() == 1
    assert Cancellation.objects.get().comment == "For dyrt"


def test_an_id_of_ones_own_makes_it_one_whatever_the_event(
    webhook: IncomingWebhook, customer: Customer
) -> None:
    body = BODY | {"external_id": "shop-1"}
    first = call(webhook, body)
    again = call(webhook, body, event="evt-2")
    assert again["cancellation"] == first["cancellation"]
    assert Cancellation.objects.get().external_id == "shop-1"


@pytest.mark.parametrize(
    "body,field",
    [
        (b"{not json", "non_field_errors"),
        (b"\xff\x00\xfe", "non_field_errors"),
        (b'{"comment": "\\u0000"}', "non_field_errors"),
        ([], "non_field_errors"),
        ({}, "customer_id"),
        (BODY | {"customer_id": "C-9"}, "customer_id"),
        (BODY | {"stated_reason": "prize"}, "stated_reason"),
        (BODY | {"effective_on": "tomorrow"}, "effective_on"),
        (BODY | {"effective_on": "2020-01-01"}, "effective_on"),
        (BODY | {"mood": "good"}, "mood"),
    ],
)
def test_what_can_not_be_taken_is_kept_and_says_why(
    webhook: IncomingWebhook, customer: Customer, body: Any, field: str
) -> None:
    told = call(webhook, body, 400)
    assert next(iter(told)) == field
    kept = IncomingCall.objects.get()
    assert (kept.state, kept.problem) == ("refused", told)
    assert kept.body
    assert not Cancellation.objects.exists()


def test_what_was_refused_is_taken_once_it_can_be(webhook: IncomingWebhook) -> None:
    make_reason("price")
    make_reason("support")
    assert "customer_id" in call(webhook, status=400)
    make_subscription(make_customer(external_id="C-17"), starts_on=date(2026, 1, 1))
    call(webhook)
    assert IncomingCall.objects.get().state == "taken"
    assert Cancellation.objects.count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"key": b"another key"},
        {"shift": -301},
        {"shift": 900},
        {"Webhook_Id": "evt-2"},
        {"Webhook_Timestamp": "soon"},
        {"Webhook_Timestamp": "9" * 400},
        {"Webhook_Signature": ""},
        {"Webhook_Signature": "v1,æøå"},
        {"event": ""},
    ],
)
def test_what_is_not_signed_or_stale_is_neither_taken_nor_kept(
    webhook: IncomingWebhook, customer: Customer, changed: dict[str, Any]
) -> None:
    if "shift" in changed:
        changed = {"at": int(time.time()) + changed["shift"]}
    assert "signature" in call(webhook, status=400, **changed)["detail"]
    assert not IncomingCall.objects.exists()
    assert not Cancellation.objects.exists()


def test_a_body_that_was_exchanged_is_refused(webhook: IncomingWebhook, customer: Customer) -> None:
    headers = signed_headers(key_of(webhook), "evt-1", int(time.time()), json.dumps(BODY).encode())
    other = json.dumps(BODY | {"comment": "Forged"}).encode()
    answer = caller().post(
        f"/hooks/{webhook.code}/", other, content_type="application/json", headers=headers
    )
    assert answer.status_code == 400
    assert not IncomingCall.objects.exists()


def test_who_guesses_has_to_wait(webhook: IncomingWebhook) -> None:
    guessing = caller()
    for number in range(MOST_MISSES):
        assert guessing.post(f"/hooks/guess{number}/").status_code == 404
    answer = guessing.post(f"/hooks/{webhook.code}/")
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")


@pytest.mark.django_db(transaction=True)
def test_the_same_event_twice_at_once_records_one() -> None:
    webhook = add_incoming_webhook("Shop", make_user("csm"), by=None)
    make_reason("price")
    make_reason("support")
    make_subscription(make_customer(external_id="C-17"), starts_on=date(2026, 1, 1))
    answers = at_once(*[lambda: call(webhook)] * 4)
    assert answers == [{"event_id": "evt-1", "cancellation": Cancellation.objects.get().pk}] * 4
    assert IncomingCall.objects.count() == 1


def test_one_of_several_signatures_is_enough(webhook: IncomingWebhook, customer: Customer) -> None:
    at, raw = int(time.time()), json.dumps(BODY).encode()
    right = signed_headers(key_of(webhook), "evt-1", at, raw)["Webhook-Signature"]
    call(webhook, at=at, Webhook_Signature=f"v1,b2xk {right}")


def test_a_new_secret_makes_the_old_one_useless(
    webhook: IncomingWebhook, customer: Customer
) -> None:
    before = key_of(webhook)
    renew_incoming_secret(webhook, by=None)
    call(webhook, status=400, key=before)
    call(webhook)


def test_one_that_is_off_or_of_somebody_who_left_takes_nothing(
    webhook: IncomingWebhook, customer: Customer, csm: User
) -> None:
    switch_incoming(webhook, on=False, by=None)
    call(webhook, status=404)
    switch_incoming(webhook, on=True, by=None)
    csm.is_active = False
    csm.save()
    call(webhook, status=404)
    assert not IncomingCall.objects.exists()


def test_it_may_do_no_more_than_whom_it_acts_as(customer: Customer) -> None:
    make_organisation(csm_sees_own_only=True)
    limited = add_incoming_webhook("Own", make_user("csm"), by=None)
    assert "customer_id" in call(limited, status=400)
    reading = add_incoming_webhook("Read", viewer := make_user("viewer"), by=None)
    assert viewer.email in str(call(reading, status=400)["non_field_errors"])
    assert not Cancellation.objects.exists()


def test_too_long_a_call_is_refused(webhook: IncomingWebhook, customer: Customer) -> None:
    call(webhook, BODY | {"comment": "x" * 70_000}, 413)
    assert not IncomingCall.objects.exists()


def test_two_addresses_know_their_events_apart(
    webhook: IncomingWebhook, customer: Customer, csm: User
) -> None:
    other = add_incoming_webhook("Other", csm, by=None)
    make_subscription(make_customer(external_id="C-18"), starts_on=date(2026, 1, 1))
    call(webhook)
    call(other, BODY | {"customer_id": "C-18"})
    assert Cancellation.objects.count() == 2


def test_calls_are_forgotten_in_time(webhook: IncomingWebhook, customer: Customer) -> None:
    call(webhook)
    kept = IncomingCall.objects.get()
    assert forget_incoming_calls(kept.received_at) == 0
    IncomingCall.objects.update(received_at="2020-01-01T00:00:00Z")
    assert forget_incoming_calls(kept.received_at) == 1
    assert Cancellation.objects.exists()


def test_the_administration_makes_one_and_shows_its_secret_once(csm: User) -> None:
    admin = Client()
    admin.force_login(make_user("admin", is_staff=True))
    asked = {"name": "Shop", "acts_as": csm.pk}
    page = admin.post("/admin/feedback/incomingwebhook/add/", asked).content.decode()
    made = IncomingWebhook.objects.get()
    assert secret_of(made) in page
    assert f"/hooks/{made.code}/" in page
    listed = admin.get("/admin/feedback/incomingwebhook/").content.decode()
    assert secret_of(made) not in listed
    assert secret_of(made) not in str(AuditEvent.objects.values_list("changes", flat=True))
    before = secret_of(made)
    chosen = {"action": "new_secret", "_selected_action": [made.pk]}
    page = admin.post("/admin/feedback/incomingwebhook/", chosen).content.decode()
    made.refresh_from_db()
    assert secret_of(made) != before
    assert secret_of(made) in page
    admin.post(
        "/admin/feedback/incomingwebhook/", {"action": "switch_off", "_selected_action": [made.pk]}
    )
    made.refresh_from_db()
    assert made.off_since is not None


def test_the_administration_lists_calls_and_tries_again_what_was_refused(
    webhook: IncomingWebhook,
) -> None:
    make_reason("price")
    make_reason("support")
    call(webhook, status=400)
    call(webhook, b"{not json", 400, event="evt-2")
    make_subscription(make_customer(external_id="C-17"), starts_on=date(2026, 1, 1))
    admin = Client()
    admin.force_login(make_user("admin", is_staff=True))
    page = admin.get("/admin/feedback/incomingcall/?state=refused").content.decode()
    assert "evt-1" in page
    assert "evt-2" in page
    calls = list(IncomingCall.objects.values_list("pk", flat=True))
    shown = admin.get(f"/admin/feedback/incomingcall/{calls[0]}/change/").content.decode()
    assert "{not json" in shown
    chosen = {"action": "try_again", "_selected_action": calls}
    page = admin.post("/admin/feedback/incomingcall/", chosen, follow=True).content.decode()
    assert "1 call was taken." in page
    assert set(IncomingCall.objects.values_list("event_id", "state")) == {
        ("evt-1", "taken"), ("evt-2", "refused"),
    }  # fmt: skip
