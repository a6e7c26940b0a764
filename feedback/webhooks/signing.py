"""Secrets and signatures as standardwebhooks.com has them, so that receivers find a library."""

import hmac
from base64 import b64encode
from hashlib import sha256

from django.utils.crypto import salted_hmac

from feedback.models import Webhook


def key_of(webhook: Webhook) -> bytes:
    """32 bytes of the server's secret and the row's nonce: a dump of the database signs nothing."""
    return salted_hmac("churnapp.webhook", webhook.nonce, algorithm="sha256").digest()


def secret_of(webhook: Webhook) -> str:
    """What the other side is given, once."""
    return f"whsec_{b64encode(key_of(webhook)).decode()}"


def headers_for(webhook: Webhook, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The id is the same at each try; the signature covers id, time and body."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = b64encode(hmac.new(key_of(webhook), signed, sha256).digest()).decode()
    return {
        "Content-Type": "application/json",
        "User-Agent": "Churnapp-Webhook/1",
        "Webhook-Id": message_id,
        "Webhook-Timestamp": str(timestamp),
        "Webhook-Signature": f"v1,{digest}",
    }
