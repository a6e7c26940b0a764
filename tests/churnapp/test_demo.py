"""What `bin/demo` decides before and beside the services it runs."""

import os
import socket
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.core.management import CommandError

from churnapp import demo
from churnapp.healthcheck import answers


@pytest.fixture
def busy_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_busy_port_that_was_asked_for_is_refused(busy_port):
    with pytest.raises(SystemExit, match=rf"Port {busy_port} is in use.*--port"):
        demo.free_port(busy_port)


def test_a_busy_first_port_gives_way_to_the_next(busy_port, monkeypatch):
    monkeypatch.setattr(demo, "FIRST_PORT", busy_port)
    assert busy_port < demo.free_port(None) < busy_port + demo.PORTS_TRIED


def test_a_child_hands_back_its_lines():
    here = os.getpid()
    status, lines = demo.in_a_child(lambda output: output.write(f"one\n{os.getpid() == here}"))
    assert (status, lines) == (0, ["one", "False"])


def test_a_child_that_fails_says_why(capfd):
    def refuse(_output):
        raise CommandError("This installation has customers of its own.")

    status, _lines = demo.in_a_child(refuse)
    assert status != 0
    assert "customers of its own" in capfd.readouterr().out


class Site(BaseHTTPRequestHandler):
    """Answers for churn.example alone, behind a proxy that ends TLS."""

    def do_GET(self):
        expected = ("churn.example", "https")
        found = (self.headers["Host"], self.headers["X-Forwarded-Proto"])
        self.send_response(200 if found == expected else 400)
        self.end_headers()

    def log_message(self, *_words):
        """Nothing on the terminal."""


@pytest.fixture
def site():
    server = HTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_health_is_asked_as_the_proxy_would(site, busy_port):
    assert answers("https://churn.example", site)
    assert not answers("https://other.example", site)
    assert not answers("http://churn.example", site)


def test_nobody_there_is_not_healthy():
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    assert not answers("https://churn.example", free)


def test_welcome_says_where_to_go_once_all_answer(capsys, site, monkeypatch):
    welcome = demo.Welcome(f"http://127.0.0.1:{site}", ["  viewer@demo.example  x"], Path("logs"))
    welcome.look()
    assert not welcome.said
    monkeypatch.setattr(Site, "do_GET", lambda self: (self.send_response(200), self.end_headers()))
    welcome.look()
    welcome.look()
    assert capsys.readouterr().out.count("viewer@demo.example") == 1


def test_it_forks_while_it_has_one_thread() -> None:
    """Python warns of a fork beside other threads, which could wait for each other for ever."""
    script = """
import sys, warnings
from churnapp import demo
warnings.filterwarnings("error", message=".*fork.*")
demo.fill = lambda output: None
demo.services = lambda *asked, **named: sys.exit(7)
sys.argv = ["demo"]
demo.main()
"""
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True
    )
    assert done.returncode == 7, done.stderr
