"""A new password where no mail can be sent."""

import socket

import pytest
from django.urls import reverse

from tests.factories import make_user


@pytest.fixture
def silent_mail_server(settings):
    """A port of this machine where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        host, port = taken.getsockname()
        settings.MAILERS = {
            "default": {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": {"host": host, "port": port},
            }
        }
        yield


@pytest.mark.parametrize("address", ["marit@example.com", "nobody@example.com"])
def test_a_silent_mail_server_is_told_and_the_address_kept(db, client, silent_mail_server, address):
    make_user("manager", email="marit@example.com")

    response = client.post(reverse("account_reset_password"), {"email": address})

    assert response.status_code == 503
    page = response.content.decode()
    assert "The mail server does not answer, so no mail was sent." in page
    assert f'value="{address}"' in page
