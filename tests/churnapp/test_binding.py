"""Where the web server listens is tried out first and said as it is."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from churnapp import binding, supervisor

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def busy_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    "text, url",
    [
        ("127.0.0.1:8000", "http://localhost:8000"),
        ("0.0.0.0:8123", "http://localhost:8123"),
        (":8123", "http://localhost:8123"),
        ("[::1]:8123", "http://localhost:8123"),
        ("[fe80::1]:8123", "http://[fe80::1]:8123"),
        ("churn.internal:8123", "http://churn.internal:8123"),
        ("unix:/run/churn.sock", ""),
    ],
)
def test_the_address_follows_what_is_listened_on(text, url):
    assert binding.read(text).url == url


@pytest.mark.parametrize("text", ["8123", "localhost", "localhost:http", "fe80::1:8000", ":0"])
def test_what_is_no_address_says_how_to_write_one(text):
    with pytest.raises(SystemExit, match=r"Write --bind HOST:PORT"):
        binding.read(text)


@pytest.mark.parametrize("host", ["..", "a" * 64])
def test_a_host_that_has_no_name_of_one_is_said(host):
    with pytest.raises(SystemExit, match="no such host name"):
        binding.check(binding.read(f"{host}:8123"))


def test_a_host_that_is_none_is_said():
    with pytest.raises(SystemExit, match=r"Nothing can listen on nowhere\.invalid:8123"):
        binding.check(binding.Binding("nowhere.invalid", 8123))


@pytest.mark.parametrize("module", ["churnapp.binding", "churnapp.supervisor"])
def test_a_taken_port_ends_it_before_anything_starts(module, busy_port):
    words = ["web", "--bind", f"127.0.0.1:{busy_port}"]
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert f"127.0.0.1:{busy_port} is taken" in done.stderr
    assert f"--bind 127.0.0.1:{busy_port % 65_535 + 1}" in done.stderr
    assert done.stdout == ""


def test_links_lead_to_where_it_listens_unless_told(capsys, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    monkeypatch.setenv("CHURNAPP_URL", "")
    supervisor.listen(f"127.0.0.1:{free}")
    assert os.environ["CHURNAPP_URL"] == f"http://localhost:{free}"
    monkeypatch.setenv("CHURNAPP_URL", "https://churn.example")
    supervisor.listen(f"127.0.0.1:{free}")
    assert os.environ["CHURNAPP_URL"] == "https://churn.example"
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"Serving on http://localhost:{free}; Ctrl-C stops it."
    assert "which people reach at https://churn.example" in second


def test_serve_tries_the_address_before_it_touches_the_database():
    lines = (ROOT / "bin" / "serve").read_text().splitlines()
    tried = next(n for n, line in enumerate(lines) if "churnapp.binding" in line)
    assert tried < next(n for n, line in enumerate(lines) if "migrate" in line)
