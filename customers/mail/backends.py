"""Providers that take an idempotency key: the same mail handed over twice goes out once."""

from typing import Any

from anymail.backends.resend import EmailBackend, ResendPayload
from django.core.mail import EmailMessage

KEY = "idempotency_key"


class KeyedPayload(ResendPayload):
    """Resend takes the key as a header of the request and knows it for 24 hours."""

    def get_request_params(self, api_url: str) -> dict[str, Any]:
        params = super().get_request_params(api_url)
        params["headers"] = params["headers"] | {"Idempotency-Key": self.key}
        return params

    def set_esp_extra(self, extra: dict[str, Any]) -> None:
        self.key = extra[KEY]


class KeyedResend(EmailBackend):
    """Resend, with a key on each mail."""

    def build_message_payload(
        self, message: EmailMessage, defaults: dict[str, Any]
    ) -> KeyedPayload:
        return KeyedPayload(message, defaults, self)
