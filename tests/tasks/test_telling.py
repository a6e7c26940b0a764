"""What a real worker tells: webhooks of an answer, readers of a morning."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from churnapp.models import Organisation
from customers.models import OutgoingEmail
from feedback.models import WebhookDelivery
from tests.factories import make_contact, make_customer, make_user
from tests.feedback.receiver import Receiver, receiving
from tests.feedback_factories import make_delivery, make_invitation, make_response, make_webhook
from tests.tasks.conftest import Worker, new_worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
NOON, SINCE_SEVEN = 12, timedelta(hours=10)


def zone_where_it_is_noon() -> str:
    """Its name counts the hours the other way round."""
    ahead = datetime.now(UTC).hour - NOON
    return f"Etc/GMT{ahead:+d}"


def state_of(delivery: WebhookDelivery) -> str:
    delivery.refresh_from_db()
    return delivery.state


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    with receiving(tmp_path_factory.mktemp("receiver")) as found:
        yield found


@pytest.fixture(scope="module")
def worker(
    django_db_setup: None,
    redis_url: str,
    receiver: Receiver,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Worker]:
    """A worker that trusts the receiver and may call this machine."""
    before = dict(os.environ)
    os.environ |= {
        "SSL_CERT_FILE": str(receiver.certificate),
        "CHURNAPP_EGRESS_NETWORKS": "127.0.0.0/8,::1/128",
    }
    try:
        worker = new_worker(redis_url, tmp_path_factory.mktemp("worker") / "worker.log")
    finally:
        os.environ.clear()
        os.environ.update(before)
    yield worker
    worker.kill()


def test_a_webhook_is_called_and_a_failed_call_waits(worker, send, receiver):
    webhook = make_webhook(receiver.address)
    first = make_delivery(webhook)
    send("feedback.tasks.deliver_webhooks")
    wait_until(lambda: state_of(first) == "delivered", "the webhook was called")

    receiver.status = 500
    second = make_delivery(webhook)
    send("feedback.tasks.deliver_webhooks")
    wait_until(webhook.deliveries.filter(status=500).exists, "it was noted")

    assert state_of(second) == "waiting"
    assert len(receiver.calls) == 2
    assert b"whsec_" not in worker.log.read_bytes()


def test_the_morning_brings_a_summary(worker, send):
    Organisation.objects.update(timezone=zone_where_it_is_noon())
    make_user("csm", mail_digest="daily")
    contact = make_contact(make_customer())
    make_response(contact=contact, answered_at=datetime.now(UTC) - SINCE_SEVEN, comment="Fine")

    send("feedback.tasks.send_digests")

    wait_until(OutgoingEmail.objects.filter(purpose="notice").exists, "the summary was written")
    assert "Fine" in OutgoingEmail.objects.get().text


def test_an_answer_left_whole_is_sent_in(worker, send):
    left_at = datetime.now(UTC) - timedelta(hours=3)
    invitation = make_invitation()
    left = make_response(
        invitation.survey, invitation=invitation, contact=invitation.contact, answered_at=None,
        changed_at=left_at,
    )  # fmt: skip

    send("feedback.sweeps.take_in_left")

    wait_until(type(left).objects.filter(answered_at=left_at).exists, "it was sent in")
