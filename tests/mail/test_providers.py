"""What a provider's answer makes of a mail, with and without idempotency keys."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.factories import make_mail
from tests.faults.mail_sinks import free_port
from tests.mail.conftest import NOON, state

pytestmark = pytest.mark.django_db


class Provider:
    def __init__(self) -> None:
        self.status = 200
        self.keys: list[str | None] = []
        self.bodies: list[dict[str, Any]] = []


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    given = Provider()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            given.bodies.append(json.loads(self.rfile.read(length)))
            given.keys.append(self.headers["Idempotency-Key"])
            self.send_response(given.status)
            self.end_headers()
            self.wfile.write(b'{"id": "re-1"}')

        def log_message(self, *_words: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", free_port()), Answering)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    use(settings, address, keyed=True)
    yield given
    server.shutdown()
    server.server_close()


def use(settings: Any, address: str, *, keyed: bool) -> None:
    settings.ANYMAIL = {"RESEND_API_KEY": "re", "RESEND_API_URL": address}
    settings.MAIL_PROVIDER, settings.MAIL_IS_KEYED = "resend", keyed
    path = (
        "customers.mail.backends.KeyedResend" if keyed else "anymail.backends.resend.EmailBackend"
    )
    settings.MAILERS = {"default": {"BACKEND": path}}


def test_it_is_handed_over_under_its_key(provider, deliver_due):
    mail = make_mail(due_at=NOON)
    deliver_due()
    assert (state(mail), mail.provider_id) == ("accepted", "re-1")
    assert provider.keys == [mail.message_id]
    assert provider.bodies[0]["headers"]["Message-ID"] == mail.message_id


@pytest.mark.parametrize(
    "status,keyed,becomes",
    [
        (429, True, "retry"),
        (429, False, "retry"),
        (401, False, "retry"),
        (403, True, "retry"),
        (500, True, "retry"),
        (500, False, "uncertain"),
        (422, True, "failed"),
        (422, False, "failed"),
    ],
)
def test_what_an_answer_makes_of_it(provider, settings, deliver_due, status, keyed, becomes):
    use(settings, settings.ANYMAIL["RESEND_API_URL"], keyed=keyed)
    provider.status = status
    mail = make_mail(due_at=NOON)
    deliver_due()
    assert state(mail) == becomes


@pytest.mark.parametrize("status,tries", [(401, 0), (403, 0), (429, 1)])
def test_a_key_that_is_refused_counts_no_try(provider, deliver_due, status, tries):
    provider.status = status
    mail = make_mail(due_at=NOON)
    deliver_due()
    assert (state(mail), mail.attempts) == ("retry", tries)


def test_in_doubt_it_is_asked_for_again_under_the_same_key(provider, deliver_due):
    mail = make_mail(due_at=NOON)
    provider.status = 500
    deliver_due()
    assert (state(mail), mail.error_code) == ("retry", "in_doubt")
    provider.status = 200
    deliver_due(mail.due_at)
    assert (state(mail), mail.error_code) == ("accepted", "")
    assert provider.keys == [mail.message_id] * 2


def test_in_doubt_a_refusal_later_is_no_proof_that_it_has_not_gone_out(provider, deliver_due):
    mail = make_mail(due_at=NOON)
    provider.status = 500
    deliver_due()
    provider.status = 422
    deliver_due(type(mail).objects.get().due_at)
    assert state(mail) == "uncertain"


@pytest.mark.parametrize("keyed", [True, False])
def test_a_provider_that_is_not_reached_has_sent_nothing(settings, deliver_due, keyed):
    use(settings, f"http://127.0.0.1:{free_port()}/", keyed=keyed)
    mail = make_mail(due_at=NOON)
    deliver_due()
    assert state(mail) == "retry"
    assert mail.error_code != "in_doubt"
