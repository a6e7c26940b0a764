"""The other side of the wire: it remembers what reached it."""

import asyncio
import json
import socket
import time
from collections import Counter
from collections.abc import Mapping
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

SECONDS_A_MAIL = 0.02


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Sink:
    """`came` counts the mails that went out, by Message-ID."""

    def __init__(self) -> None:
        self.came: Counter[str] = Counter()
        self.port = free_port()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        return

    def settings(self) -> Mapping[str, str]:
        raise NotImplementedError


class MailServer(Sink):
    """Takes each mail that comes, also twice."""

    def __init__(self, seconds_a_mail: float = SECONDS_A_MAIL) -> None:
        super().__init__()
        self.seconds_a_mail = seconds_a_mail

    def __enter__(self) -> Self:
        self.server = Controller(self, hostname="127.0.0.1", port=self.port)
        self.server.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.stop()

    def settings(self) -> Mapping[str, str]:
        return {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(self.port), "EMAIL_TIMEOUT": "5"}

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.came[message_from_bytes(envelope.content)["Message-ID"]] += 1
        await asyncio.sleep(self.seconds_a_mail)  # the mail is here, its sender doesn't know yet
        return "250 OK"


class KeyedProvider(Sink):
    """Answers as Resend does; a key that it has seen sends nothing again."""

    def __enter__(self) -> Self:
        self.known: dict[str, str] = {}
        self.lock = Lock()
        self.repeated = 0
        sink = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                answer = json.dumps({"id": sink.take(self.headers["Idempotency-Key"], body)})
                time.sleep(SECONDS_A_MAIL)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(answer.encode())

            def log_message(self, *_words: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Answering)
        Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def settings(self) -> Mapping[str, str]:
        return {
            "ANYMAIL_PROVIDER": "resend",
            "ANYMAIL_RESEND_API_KEY": "re_test",
            "ANYMAIL_RESEND_API_URL": f"http://127.0.0.1:{self.port}/",
        }

    def take(self, key: str, body: dict[str, Any]) -> str:
        with self.lock:
            if key in self.known:
                self.repeated += 1
            else:
                self.came[body["headers"]["Message-ID"]] += 1
                self.known[key] = f"id-{len(self.known)}"
            return self.known[key]
