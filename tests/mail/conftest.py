"""A real mail server that keeps what it gets and answers as it is told."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from customers.mail import outbox, providers
from customers.models import OutgoingEmail, SendingRate
from tests.factories import make_mail
from tests.faults.mail_sinks import free_port

# Ten in the morning in Oslo: no quiet hours.
NOON = datetime(2026, 11, 26, 11, tzinfo=UTC)


class Sink:
    """Answers by recipient: `refusals` at RCPT, `after_data` after the text, `hangs_up` instead."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.sessions: set[int] = set()
        self.refusals: dict[str, str] = {}
        self.after_data: dict[str, str] = {}
        self.hangs_up: set[str] = set()
        self.seconds = 0.0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        address = envelope.rcpt_tos[0]
        await asyncio.sleep(self.seconds)
        if address in self.hangs_up:
            server.transport.close()
        elif address not in self.after_data:
            self.mails.append(message_from_bytes(envelope.content))
            self.sessions.add(id(session))
        return self.after_data.get(address, "250 OK")


def waiting(**fields: Any) -> OutgoingEmail:
    """A mail that is due at `NOON`."""
    return make_mail(**{"due_at": NOON} | fields)


def by_smtp(port: int) -> dict[str, Any]:
    options = {"host": "127.0.0.1", "port": port, "timeout": 5}
    return {
        "default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}
    }


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    kept = Sink()
    server = Controller(kept, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.MAILERS = by_smtp(server.port)
    settings.DEFAULT_FROM_EMAIL = "Acme <hello@acme.example>"
    SendingRate.objects.update(per_minute=60_000, burst=1_000, tokens=1_000)
    yield kept
    server.stop()


@pytest.fixture
def deliver_due() -> Callable[..., None]:
    """`deliver_due(now)` does what the task does, at that moment."""

    def deliver_due(now: datetime = NOON) -> None:
        with providers.post() as post:
            while mails := outbox.claim_many(now):
                if not outbox.deliver_run(mails, post, clock=lambda: now):
                    return

    return deliver_due


def state(mail: OutgoingEmail) -> str:
    mail.refresh_from_db()
    return mail.state
