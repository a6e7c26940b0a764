"""Other programs are told of departures: recorded, changed, withdrawn; once each, as they stand."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from churnapp.common.errors import RuleError
from customers.models import Cancellation, Customer
from customers.services.cancellations import (
    CancellationDetails,
    amend_cancellation,
    record_cancellation,
    withdraw_cancellation,
)
from customers.services.reason_views import state_reason
from feedback.answering import Signs
from feedback.logic import Given
from feedback.models import Webhook, WebhookDelivery
from feedback.services.answering import Filled, answer_invitation, quarantine
from feedback.services.webhooks import add_webhook
from feedback.webhooks.bodies import body_of
from feedback.webhooks.delivering import deliver_due
from tests.factories import (
    make_contact,
    make_customer,
    make_reason,
    make_subscription,
)
from tests.feedback_factories import make_invitation, make_survey, make_webhook

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 1)
ALL = ["cancellation.recorded", "cancellation.changed", "cancellation.withdrawn"]


@pytest.fixture
def webhook(receiver):
    return make_webhook(receiver.address, events=ALL)


@pytest.fixture
def customer() -> Customer:
    customer = make_customer("Lysbro", external_id="C-17")
    make_subscription(customer, arr=1200, starts_on=date(2026, 1, 1))
    return customer


def record(customer: Customer, **details: Any) -> Cancellation:
    given = CancellationDetails(**({"effective_on": ON} | details))
    return record_cancellation(customer, given, by=None)


def deliver() -> None:
    deliver_due(timezone.now())


def events() -> list[str]:
    return list(WebhookDelivery.objects.order_by("pk").values_list("event", flat=True))


def test_a_departure_is_told_in_the_names_of_the_api(webhook, receiver, customer, bob):
    details = CancellationDetails(
        ON, reason=make_reason("price"), comment="For dyrt", competitor="Planvind"
    )
    gone = record_cancellation(customer, details, by=bob)

    deliver()

    (told,) = receiver.told
    assert told["event"] == "cancellation.recorded"
    assert "answer" not in told
    about = told["cancellation"]
    assert (about["id"], about["customer_id"], about["effective_on"]) == (
        gone.pk, "C-17", "2026-06-01",
    )  # fmt: skip
    assert (about["reason"], about["csm_reason"], about["stated_reason"]) == (
        "price", "price", None,
    )  # fmt: skip
    assert (about["comment"], about["competitor"]) == ("For dyrt", "Planvind")
    assert about["lost_arr_minor"] == 120_000
    assert about["customer_url"].endswith(f"/customers/{customer.pk}/")
    headers, _body = receiver.calls[0]
    assert headers["Webhook-Signature"].startswith("v1,")
    assert WebhookDelivery.objects.get().state == "delivered"


def test_nothing_is_told_of_people_beyond_what_answers_tell(webhook, customer, bob):
    make_contact(customer, email="kari@example.com", name="Kari Moe")
    record_cancellation(customer, CancellationDetails(ON), by=bob)
    body = body_of(WebhookDelivery.objects.get()).decode()
    for word in (bob.email, bob.name, "kari@example.com", "Kari"):
        assert word not in body


def test_changes_and_withdrawals_are_told_after_it(webhook, receiver, customer):
    gone = record(customer)
    deliver()
    state_reason(gone, "stated", make_reason("price"), by=None)
    deliver()
    amend_cancellation(gone, CancellationDetails(ON, comment="Dyrt"), by=None)
    deliver()
    withdraw_cancellation(gone, by=None)
    deliver()

    assert [told["event"] for told in receiver.told] == [
        "cancellation.recorded",
        "cancellation.changed",
        "cancellation.changed",
        "cancellation.withdrawn",
    ]
    assert receiver.told[1]["cancellation"]["stated_reason"] == "price"
    assert receiver.told[2]["cancellation"]["comment"] == "Dyrt"
    assert receiver.told[3]["cancellation"]["withdrawn_at"] is not None


def test_an_answer_that_states_the_reason_is_a_change(receiver, customer):
    make_webhook(receiver.address, events=ALL)
    make_reason("price")
    gone = record(customer)
    deliver()
    invitation = make_invitation(make_survey("exit"), make_contact(customer), cancellation=gone)
    now = timezone.now()
    given = {"reason": Given(choices=("price",))}
    answer_invitation(invitation, Filled(given, "en", Signs(now - timedelta(minutes=1))), now=now)
    deliver()
    assert [told["event"] for told in receiver.told][1:] == ["cancellation.changed"]
    assert receiver.told[1]["cancellation"]["reason"] == "price"


def test_an_answer_set_aside_is_a_change(receiver, customer, bob):
    make_webhook(receiver.address, events=["cancellation.changed"])
    make_reason("price")
    gone = record(customer)
    invitation = make_invitation(make_survey("exit"), make_contact(customer), cancellation=gone)
    now = timezone.now()
    given = {"reason": Given(choices=("price",))}
    filled = Filled(given, "en", Signs(now - timedelta(minutes=1)))
    response = answer_invitation(invitation, filled, now=now)
    deliver()
    quarantine(response, because="a program", by=bob)
    deliver()
    told = [told["cancellation"] for told in receiver.told]
    assert [(one["reason"], one["stated_reason"]) for one in told] == [
        ("price", "price"),
        (None, None),
    ]


def test_what_waits_untried_tells_a_change_along(webhook, receiver, customer):
    gone = record(customer)
    state_reason(gone, "stated", make_reason("price"), by=None)
    assert events() == ["cancellation.recorded"]
    deliver()
    assert receiver.told[0]["cancellation"]["stated_reason"] == "price"


def test_what_was_tried_and_failed_tells_no_change_along(webhook, receiver, customer):
    receiver.status = 500
    gone = record(customer)
    deliver()
    state_reason(gone, "stated", make_reason("price"), by=None)
    assert events() == ["cancellation.recorded", "cancellation.changed"]


def test_only_wanted_events_are_told(receiver, customer):
    make_webhook(receiver.address, events=["cancellation.changed"])
    make_webhook(receiver.address, events=["answer.received"])
    make_webhook(receiver.address, events=ALL, off_since=timezone.now(), off_because="by_hand")
    gone = record(customer)
    assert events() == []
    state_reason(gone, "stated", make_reason("price"), by=None)
    withdraw_cancellation(gone, by=None)
    assert events() == ["cancellation.changed"]


def test_a_deed_that_fails_tells_nothing(webhook, customer):
    with pytest.raises(RuleError):
        record_twice(customer)
    assert not Cancellation.objects.exists()
    assert events() == []


@transaction.atomic
def record_twice(customer: Customer) -> None:
    record(customer)
    record(customer)


def test_it_costs_one_question_where_nobody_listens(customer, django_assert_num_queries):
    gone, price = record(customer), make_reason("price")
    Webhook.objects.all().delete()
    with connection.execute_wrapper(counting := Counting()):
        state_reason(gone, "csm", price, by=None)
    asked = [sql for sql in counting.found if "feedback_webhook" in sql]
    assert len(asked) == 2, "one a deed: stated, and the empty headline filled"


class Counting:
    def __init__(self) -> None:
        self.found: list[str] = []

    def __call__(self, execute, sql, params, many, context):
        self.found.append(sql)
        return execute(sql, params, many, context)


def test_one_may_be_told_of_departures_alone(bob):
    webhook = add_webhook("https://example.com/in", ["cancellation.withdrawn"], by=bob)
    assert webhook.events == ["cancellation.withdrawn"]
    with pytest.raises(RuleError) as refusal:
        add_webhook("https://example.com/in", [], by=bob)
    assert refusal.value.field == "events"


def test_the_page_names_the_customer_of_each_call(client, bob, customer):
    client.force_login(bob)
    webhook = make_webhook(events=ALL)
    record(customer)
    page = client.get(f"/settings/webhooks/{webhook.pk}/").content.decode()
    assert "New cancellation, Lysbro" in page


def test_the_form_begins_with_new_answers(client, bob):
    client.force_login(bob)
    page = client.get("/settings/webhooks/").content.decode()
    assert page.count("checked") == 1
    assert "a cancellation was withdrawn" in page
    asked = {"address": "https://example.com/in", "events": []}
    answer = client.post("/settings/webhooks/", asked)
    assert answer.status_code == 422
    assert "Choose at least one thing to be told of." in answer.content.decode()
