"""Other programs are told of answers: signed, at least once, and not for ever."""

import hmac
from base64 import b64decode, b64encode
from datetime import timedelta
from hashlib import sha256

import pytest
from django.utils import timezone

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from customers.models import OutgoingEmail
from feedback.answering import Signs
from feedback.logic import Given
from feedback.models import Channel, Webhook, WebhookDelivery
from feedback.services.answering import (
    Filled,
    OpenForm,
    answer_invitation,
    answer_openly,
    quarantine,
)
from feedback.services.webhooks import add_webhook, renew_secret, send_again, switch_webhook_on
from feedback.webhooks.delivering import MOST_TRIES, deliver_due, lease, wait_after
from feedback.webhooks.signing import secret_of
from tests.factories import make_contact
from tests.feedback_factories import (
    make_delivery,
    make_invitation,
    make_open_link,
    make_response,
    make_survey,
    make_webhook,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
CALM = Signs(issued_at=NOW - timedelta(minutes=1))
DAY = timedelta(days=1)


@pytest.fixture
def webhook(receiver):
    return make_webhook(receiver.address)


def filled(score=3, comment="Slow"):
    given = {"score": Given(number=score), "comment": Given(text=comment)}
    return Filled(given, "en", CALM)


def answer(score=3, invitation=None, at=NOW):
    invitation = invitation or make_invitation(make_survey("nps", name="Autumn"), make_contact())
    return answer_invitation(invitation, filled(score), now=at)


def test_an_answer_is_told_with_its_words_and_a_signature(webhook, receiver):
    response = answer()

    deliver_due(NOW)

    (headers, body), (told,) = receiver.calls[0], receiver.told
    assert told["event"] == "answer.received"
    assert told["answer"]["customer_id"] == response.customer.external_id
    assert (told["answer"]["survey"], told["answer"]["score"]) == ("Autumn", 3)
    assert "Slow" in {each["text"] for each in told["answer"]["answers"]}
    signed = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + body
    key = b64decode(secret_of(webhook).removeprefix("whsec_"))
    expected = b64encode(hmac.new(key, signed, sha256).digest()).decode()
    assert headers["Webhook-Signature"] == f"v1,{expected}"
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.status, delivery.attempts) == ("delivered", 200, 1)


def test_it_is_told_once_and_each_change_by_itself(webhook, receiver):
    response = answer()
    deliver_due(NOW)
    deliver_due(NOW)
    answer(9, response.invitation, at=NOW + timedelta(minutes=5))
    deliver_due(NOW + timedelta(minutes=5))

    assert [told["event"] for told in receiver.told] == ["answer.received", "answer.changed"]
    assert receiver.told[1]["answer"]["score"] == 9


def test_what_is_set_aside_after_it_was_told_is_told_too(webhook, receiver, bob):
    response = answer()
    quarantine(response, because="a joke", by=bob)

    assert set(WebhookDelivery.objects.values_list("event", flat=True)) == {
        "answer.received",
        "answer.set_aside",
    }


def test_a_program_that_answered_is_not_told(webhook):
    scanner = Signs(issued_at=NOW, trap_filled=True)
    given = Filled({"score": Given(number=3)}, "en", scanner)
    answer_invitation(make_invitation(make_survey("nps"), make_contact()), given, now=NOW)
    assert not WebhookDelivery.objects.exists()


def test_answers_of_unknown_people_are_told(webhook, receiver):
    answer_openly(make_open_link(), OpenForm("form-1", Channel.OPEN), filled(), now=NOW)
    deliver_due(NOW)
    assert receiver.told[0]["answer"]["customer_id"] is None


def test_only_wanted_events_are_told(receiver):
    make_webhook(receiver.address, events=["answer.received"])
    response = answer()
    answer(9, response.invitation, at=NOW + timedelta(minutes=5))
    assert WebhookDelivery.objects.count() == 1


@pytest.mark.parametrize("status", [500, 404, 302])
def test_what_is_not_taken_is_tried_again_later_and_longer(webhook, receiver, status):
    receiver.status = status
    delivery = make_delivery(webhook)

    asked_at = timezone.now()
    deliver_due(asked_at)
    delivery.refresh_from_db()
    first = delivery.due_at - asked_at
    assert (delivery.state, delivery.status) == ("waiting", status)
    deliver_due(delivery.due_at)
    delivery.refresh_from_db()

    assert timedelta(seconds=15) <= first <= timedelta(seconds=31)
    assert delivery.attempts == 2
    assert len(receiver.calls) == 2
    assert len({headers["Webhook-Id"] for headers, _body in receiver.calls}) == 1


@pytest.mark.parametrize("tries, longest", [(1, 30), (2, 60), (5, 480), (40, 21_600)])
def test_calls_that_failed_together_come_back_apart(tries, longest):
    waits = [wait_after(tries, lambda chance=chance: chance) for chance in (0.0, 0.5, 1.0)]
    assert [wait.total_seconds() for wait in waits] == [longest / 2, longest * 0.75, longest]


def test_after_the_last_try_it_has_failed_and_a_person_may_send_it_again(webhook, receiver, bob):
    receiver.status = 500
    delivery = make_delivery(webhook, attempts=MOST_TRIES - 1)
    deliver_due(NOW)
    delivery.refresh_from_db()
    assert delivery.state == "failed"

    receiver.status = 204
    send_again(delivery, by=bob)
    deliver_due(timezone.now())

    delivery.refresh_from_db()
    assert delivery.state == "delivered"


def test_who_dies_over_a_call_leaves_it_due_again(webhook):
    delivery = make_delivery(webhook)
    assert lease(NOW) == [delivery]
    assert lease(NOW + timedelta(minutes=1)) == []
    assert lease(NOW + timedelta(minutes=11)) == [delivery]


def test_what_fails_for_more_than_a_day_is_switched_off_with_a_mail(webhook, receiver, bob):
    receiver.status = 500
    since = timezone.now() - DAY
    Webhook.objects.update(failures=19, failing_since=since, created_by=bob)
    make_delivery(webhook)

    deliver_due(NOW)

    webhook.refresh_from_db()
    assert (webhook.off_because, webhook.failures) == ("failing", 20)
    assert OutgoingEmail.objects.get().to_email == bob.email
    answer()
    assert not deliver_due(timezone.now() + DAY)
    switch_webhook_on(webhook, by=bob)
    receiver.status = 200
    assert deliver_due(timezone.now()) == 2
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.off_since) == (0, None)


def test_many_failures_in_a_short_outage_switch_nothing_off(webhook, receiver):
    receiver.status = 503
    for _ in range(25):
        make_delivery(webhook)
    while deliver_due(NOW):
        pass
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.off_since) == (25, None)


def test_gone_is_gone_at_once(webhook, receiver):
    receiver.status = 410
    make_delivery(webhook)
    deliver_due(NOW)
    webhook.refresh_from_db()
    assert webhook.off_because == "gone"


@pytest.mark.parametrize(
    "networks, trusted, error", [([], True, "closed_network"), (None, False, "bad_certificate")]
)
def test_a_closed_network_or_a_false_certificate_gets_nothing(
    webhook, receiver, settings, monkeypatch, networks, trusted, error
):
    settings.EGRESS_NETWORKS = settings.EGRESS_NETWORKS if networks is None else networks
    if not trusted:
        monkeypatch.delenv("SSL_CERT_FILE")
    delivery = make_delivery(webhook)

    deliver_due(NOW)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.error, receiver.calls) == ("waiting", error, [])


def test_a_new_secret_makes_the_old_one_useless(bob):
    webhook = make_webhook()
    before = secret_of(webhook)
    renew_secret(webhook, by=bob)
    webhook.refresh_from_db()
    assert secret_of(webhook) != before


@pytest.mark.parametrize("address", ["http://example.com", "https://a:b@example.com", "nonsense"])
def test_an_address_that_can_not_be_called_is_refused(bob, address):
    with pytest.raises(RuleError) as refusal:
        add_webhook(address, [], by=bob)
    assert refusal.value.field == "address"


def test_the_secret_is_shown_once_and_kept_nowhere(client, bob):
    client.force_login(bob)
    asked = {"address": "https://example.com/in", "events": ["answer.changed"]}

    page = client.post("/settings/webhooks/", asked, follow=True).content.decode()

    webhook = Webhook.objects.get()
    secret = secret_of(webhook)
    assert secret in page
    assert secret not in client.get(f"/settings/webhooks/{webhook.pk}/").content.decode()
    assert webhook.events == ["answer.received", "answer.changed"]
    assert secret not in str(AuditEvent.objects.values_list("changes", flat=True))
    assert secret not in str(Webhook.objects.values())


def test_the_page_tells_what_became_of_each_call(client, bob):
    client.force_login(bob)
    webhook = make_webhook()
    make_delivery(webhook, state="failed", status=500, attempts=12)
    make_delivery(webhook, error="closed_network", attempts=1)

    page = client.get(f"/settings/webhooks/{webhook.pk}/").content.decode()

    assert "status 500" in page
    assert "closed network" in page
    assert "Send again" in page


def test_many_calls_cost_no_more_questions(client, bob, django_assert_max_num_queries):
    client.force_login(bob)
    webhook = make_webhook()
    for _ in range(20):
        make_delivery(webhook, response=make_response(), event="answer.received")

    with django_assert_max_num_queries(8):
        client.get(f"/settings/webhooks/{webhook.pk}/")


def test_who_only_works_with_customers_sees_no_webhooks(alices_client):
    assert alices_client.get(f"/settings/webhooks/{make_webhook().pk}/").status_code == 403


def test_a_test_is_sent_and_a_webhook_deleted_from_its_page(client, bob):
    client.force_login(bob)
    webhook = make_webhook()
    client.post(f"/settings/webhooks/{webhook.pk}/test/")
    assert webhook.deliveries.get().event == "test"
    page = client.get(f"/settings/webhooks/{webhook.pk}/").content.decode()
    assert 'hx-trigger="load delay:2s"' in page, "the page looks for what came of it"
    webhook.deliveries.update(attempts=1)
    page = client.get(f"/settings/webhooks/{webhook.pk}/").content.decode()
    assert "hx-trigger" not in page, "a call that failed once waits for longer"

    asked = client.get(f"/settings/webhooks/{webhook.pk}/delete/").content.decode()
    assert "Delete the webhook?" in asked
    assert Webhook.objects.exists()
    client.post(f"/settings/webhooks/{webhook.pk}/delete/")

    assert not Webhook.objects.exists()
    assert AuditEvent.objects.filter(verb="webhook_deleted").exists()
