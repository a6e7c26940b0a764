"""What a provider's webhook tells: verified, kept once, applied in any order."""

import base64
import itertools
import json

import pytest

from customers.models import MailEvent, Suppression
from tests.factories import make_mail
from tests.mail.conftest import state

pytestmark = pytest.mark.django_db
ADDRESS = "/mail/events/postmark/"
SECRET = "hook:secret"
PERMANENT = {"Type": "HardBounce", "ID": 1, "Details": "550 5.1.1 No such user"}


@pytest.fixture(autouse=True)
def postmark(settings):
    settings.MAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}


def tell(client, kind, mail, **more):
    body = {"RecordType": kind, "MessageID": mail.provider_id, "Recipient": mail.to_email} | more
    return post(client, body)


def post(client, body, secret=SECRET, address=ADDRESS):
    basic = base64.b64encode(secret.encode()).decode()
    headers = {"authorization": f"Basic {basic}"} if secret else {}
    return client.post(address, json.dumps(body), content_type="application/json", headers=headers)


def sent(**fields):
    return make_mail(**{"state": "accepted", "provider_id": "pm-1"} | fields)


@pytest.mark.parametrize("secret", ["", "hook:wrong"])
def test_without_the_secret_nothing_is_taken(client, secret):
    assert post(client, {"RecordType": "Delivery"}, secret).status_code == 400
    assert not MailEvent.objects.exists()


def test_without_a_secret_in_the_settings_there_is_no_such_page(client, settings):
    settings.ANYMAIL = {}
    assert post(client, {}).status_code == 404


@pytest.mark.parametrize("provider", ["resend", "nobody"])
def test_another_provider_is_a_404(client, provider):
    assert post(client, {}, address=f"/mail/events/{provider}/").status_code == 404


def test_what_cannot_be_read_is_a_400(client):
    assert post(client, [1]).status_code == 400


def test_a_delivery_is_kept_once(client):
    mail = sent()
    for _ in range(2):
        told = {"DeliveredAt": "2026-11-26T10:00:00Z"}
        assert tell(client, "Delivery", mail, **told).status_code == 200
    assert state(mail) == "delivered"
    assert MailEvent.objects.get().mail == mail


def test_a_hard_bounce_ends_mail_to_the_address(client):
    mail = sent()
    tell(client, "Bounce", mail, **PERMANENT)
    assert (state(mail), mail.error) == ("bounced", PERMANENT["Details"])
    assert Suppression.objects.get().reason == "hard_bounce"


def test_a_complaint_ends_mail_to_the_address(client):
    mail = sent(state="delivered")
    tell(client, "SpamComplaint", mail, Type="SpamComplaint", ID=3)
    assert state(mail) == "complained"
    assert Suppression.objects.get().purpose == ""


def test_any_order_ends_the_same(client):
    told = [
        ("Delivery", {"DeliveredAt": "2026-11-26T10:00:00Z"}),
        ("Bounce", PERMANENT),
        ("SpamComplaint", {"Type": "SpamComplaint", "ID": 3}),
    ]
    for number, order in enumerate(itertools.permutations(told)):
        mail = sent(provider_id=f"pm-order-{number}")
        for kind, more in order:
            named = {"ID": f"{number}-{more['ID']}"} if "ID" in more else {}
            tell(client, kind, mail, **more | named)
        assert state(mail) == "complained"


@pytest.mark.parametrize("doubt", ["uncertain", "claimed", "retry"])
def test_it_settles_what_is_in_doubt(client, doubt):
    mail = sent(state=doubt, error_code="in_doubt")
    tell(client, "Delivery", mail, DeliveredAt="2026-11-26T10:00:00Z")
    assert (state(mail), mail.error_code) == ("delivered", "")
    assert mail.sent_at


def test_it_is_found_by_what_we_told_the_provider(client):
    mail = sent(provider_id="", state="uncertain", message_id="<mail.1.ab@acme.example>")
    body = {"RecordType": "Delivery", "MessageID": "pm-9", "Metadata": {"mail": mail.message_id}}
    post(client, body | {"DeliveredAt": "2026-11-26T10:00:00Z"})
    assert state(mail) == "delivered"


@pytest.mark.parametrize("settled", ["cancelled", "suppressed", "failed"])
def test_what_has_ended_stays_as_it_is(client, settled):
    mail = sent(state=settled)
    tell(client, "Delivery", mail, DeliveredAt="2026-11-26T10:00:00Z")
    assert state(mail) == settled


def test_an_event_of_an_unknown_mail_is_kept(client):
    post(client, {"RecordType": "Delivery", "MessageID": "x", "DeliveredAt": "2026-11-26T10:00Z"})
    assert MailEvent.objects.get().mail is None
