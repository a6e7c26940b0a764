"""Secrets of webhooks, out and in: derived, so that none is kept."""

from typing import Protocol

from django.utils.crypto import salted_hmac

from churnapp.common.signing import secret_text, signed_headers
from feedback.models import Webhook


class HasNonce(Protocol):
    """A webhook of either direction."""

    nonce: str


def key_of(webhook: HasNonce) -> bytes:
    """32 bytes of the server's secret and the row's nonce: a dump of the database signs nothing."""
    return salted_hmac("churnapp.webhook", webhook.nonce, algorithm="sha256").digest()


def secret_of(webhook: HasNonce) -> str:
    """What the other side is given, once."""
    return secret_text(key_of(webhook))


def headers_for(webhook: Webhook, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The id is the same at each try; the signature covers id, time and body."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "Churnapp-Webhook/1",
        **signed_headers(key_of(webhook), message_id, timestamp, body),
    }
