"""What tests of feedback share: a file taken in, another program that is called."""

import pytest

from tests.feedback.receiver import receiving
from tests.importing.conftest import take

__all__ = ["take"]


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with receiving(tmp_path_factory.mktemp("receiver")) as receiver:
        yield receiver


@pytest.fixture
def receiver(running, settings, monkeypatch):
    running.calls.clear()
    running.status = 200
    settings.EGRESS_NETWORKS = ["127.0.0.0/8", "::1/128"]
    monkeypatch.setenv("SSL_CERT_FILE", str(running.certificate))
    return running
