"""Signatures of webhooks as standardwebhooks.com has them, to make and to check."""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

ID, TIMESTAMP, SIGNATURE = "Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"
FRESH_FOR = timedelta(minutes=5)  # an older call, or one from as far ahead, may be a replay
PREFIX = "whsec_"


def secret_text(key: bytes) -> str:
    """The key as the other side is given it."""
    return f"{PREFIX}{b64encode(key).decode()}"


def signature(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """Covers id, time and body, so that none of them can be exchanged."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return f"v1,{b64encode(hmac.new(key, signed, sha256).digest()).decode()}"


def signed_headers(key: bytes, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers that go with a body."""
    return {
        ID: message_id,
        TIMESTAMP: str(timestamp),
        SIGNATURE: signature(key, message_id, timestamp, body),
    }


def is_signed(key: bytes, headers: Mapping[str, str], body: bytes, *, now: datetime) -> bool:
    """Whether the headers vouch for the body with this key, and are fresh.

    Several signatures may stand there, apart by spaces, as while a secret is exchanged.
    """
    message_id, timestamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not message_id or not (timestamp.isascii() and timestamp.isdigit()) or len(timestamp) > 12:
        return False
    if abs(now.timestamp() - int(timestamp)) > FRESH_FOR.total_seconds():
        return False
    expected = signature(key, message_id, int(timestamp), body).encode()
    given = headers.get(SIGNATURE, "").split()[:10]
    return any(hmac.compare_digest(expected, one.encode()) for one in given)
