"""Mail providers that are reached by their own interface: the backend of each, and its key.

With a keyed one, a mail that is sent again under its key goes out once.
"""

import re

from django.core.exceptions import ImproperlyConfigured

KEYED = {"resend": "customers.mail.backends.KeyedResend"}


def backend(name: str) -> str:
    """The path of the backend of a provider, by the name that django-anymail gives it."""
    if not re.fullmatch(r"[a-z_]+", name):
        raise ImproperlyConfigured(f"ANYMAIL_PROVIDER={name!r} is no name of a provider.")
    return KEYED.get(name) or f"anymail.backends.{name}.EmailBackend"
