"""Hand one mail over to the mail server or provider, and say how sure its fate is.

Whoever sends asks one question of a failure: may it have gone out all the same? Before the mail's
text was offered it certainly has not; after that only an answer tells.
"""

import email.policy
import re
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import requests
from anymail.exceptions import AnymailError, AnymailRecipientsRefused, AnymailRequestsAPIError
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

from customers.mail.backends import KEY
from customers.mail.reasons import NO_RELAY

Answer = tuple[int, bytes | str]  # code and words
# It has no time for anybody, or does not know us: to be mended, the mail is still wanted.
SENT_AWAY = {421, 530, 534, 535, 538}


# RFC 3463 and 7504: bad mailbox, bad or moved system, bad syntax, mailbox moved, null MX.
NO_SUCH_ADDRESS = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"}
ENHANCED = re.compile(r"5\.\d{1,3}\.\d{1,3}\b")
NOBODY_THERE = (
    "user unknown", "unknown user", "unknown recipient", "recipient unknown", "unknown address",
    "no such", "no mailbox", "does not exist", "doesn't exist", "not exist", "mailbox not found",
    "user not found", "recipient not found", "invalid mailbox", "unrouteable address",
    "no longer exists", "mailbox unavailable: unknown",
)  # fmt: skip
# RFC 5321: "start mail input", and the dot that would end it (section 4.5.2).
GO_AHEAD = 354
LINE_WITH_A_DOT = re.compile(rb"(?m)^\.")
# The server takes no mail from us, for whomever it is: the address is good.
OUR_FAULT = ("relay", "rcpthosts", "authenticat")


class NotSentError(Exception):
    """The mail did not go out; `code` is the server's."""

    def __init__(self, text: object, code: object = "") -> None:
        super().__init__(str(text))
        self.code = str(code)


class TryLaterError(NotSentError):
    """Not now, but later perhaps."""


class OutOfReachError(TryLaterError):
    """The server was not reached, or sends everyone away: that says nothing of this mail."""


class AskAgainError(TryLaterError):
    """It may have gone out; asked again under its key, it goes out once."""


class RefusedError(NotSentError):
    """Never; `is_gone` says that the address itself does not exist."""

    def __init__(self, text: object, code: object = "", *, is_gone: bool = False) -> None:
        super().__init__(text, code)
        self.is_gone = is_gone


class InDoubtError(Exception):
    """It may have gone out, and nobody can tell from here."""


def is_keyed() -> bool:
    """Whether a mail that is handed over twice under its key goes out once."""
    return settings.MAIL_IS_KEYED


@dataclass(frozen=True)
class Ready:
    """A message, and for a mail server also its envelope and the very bytes that it is sent."""

    message: EmailMultiAlternatives
    sender: str = ""
    recipient: str = ""
    raw: bytes = b""


class Post:
    """One connection over a run of mails, opened when the first one is sent.

    `meanwhile` is called once a mail, while its server reads it: time that costs nothing.
    """

    def __init__(self) -> None:
        self.backend: Any = mailers.default
        self.meanwhile: Callable[[], None] = lambda: None
        self.senders: dict[str, str] = {}  # as the envelope has them: parsing one takes its time

    def ready(self, message: EmailMultiAlternatives) -> Ready:
        """What `send` takes. Raises RefusedError where its address cannot be one."""
        if not isinstance(self.backend, SmtpBackend):
            return Ready(message)
        sender = self.senders.get(message.from_email)
        if sender is None:
            sender = self.backend.prep_address(message.from_email)
            self.senders[message.from_email] = sender
        recipient = _checked_recipient(self.backend, message.to[0])
        raw = message.message(policy=email.policy.SMTP).as_bytes()
        return Ready(message, sender, recipient, raw)

    def send(self, ready: Ready, key: str) -> str:
        """Hand it over; gives the provider's id, or "" where there is none.

        Raises TryLaterError (one is OutOfReachError), RefusedError or InDoubtError.
        """
        if isinstance(self.backend, SmtpBackend):
            return self._send_by_smtp(ready)
        if not settings.MAIL_PROVIDER:
            self.backend.send_messages([ready.message])
            return ""
        return self._send_by_provider(ready.message, key)

    def close(self) -> None:
        with suppress(OSError, requests.RequestException):
            self.backend.close()

    def _send_by_smtp(self, ready: Ready) -> str:
        server = self._begin(ready.sender)
        try:
            _expect(server, server.rcpt(ready.recipient), of_address=True)
        except OSError as error:
            self._forget()
            raise TryLaterError(error) from error
        return self._offer(server, ready.raw)

    def _begin(self, sender: str) -> smtplib.SMTP:
        """A server that has taken the sender; a connection that has gone stale is made anew."""
        was_open = self.backend.connection is not None
        try:
            self.backend.open()
            self.backend.connection.ehlo_or_helo_if_needed()
            answer = self.backend.connection.mail(sender)
        except OSError as error:
            self._forget()
            if was_open:
                return self._begin(sender)
            raise OutOfReachError(error, getattr(error, "smtp_code", "")) from error
        _expect(self.backend.connection, answer)
        server: smtplib.SMTP = self.backend.connection
        return server

    def _offer(self, server: smtplib.SMTP, raw: bytes) -> str:
        """From here on a lost connection leaves the mail in doubt.

        As `smtplib.SMTP.data`, but that it does not wait in idleness for the answer.
        """
        answer: Answer
        try:
            answer = server.docmd("DATA")
            if answer[0] == GO_AHEAD:
                ended = raw if raw.endswith(b"\r\n") else raw + b"\r\n"
                server.send(LINE_WITH_A_DOT.sub(b"..", ended) + b".\r\n")
                self.meanwhile()
                answer = server.getreply()
        except OSError as error:
            self._forget()
            raise InDoubtError(str(error) or type(error).__name__) from error
        _expect(server, answer, after_text=True)
        return ""

    def _forget(self) -> None:
        connection, self.backend.connection = self.backend.connection, None
        if connection is not None:
            connection.close()

    def _send_by_provider(self, message: EmailMultiAlternatives, key: str) -> str:
        message.metadata = {"mail": key}  # type: ignore[attr-defined]
        if is_keyed():
            message.esp_extra = {KEY: key}  # type: ignore[attr-defined]
        try:
            self.backend.open()
            self.backend.send_messages([message])
        except AnymailRecipientsRefused as error:
            raise RefusedError(error, is_gone=True) from error
        except AnymailRequestsAPIError as error:
            raise _told_by_provider(error) from error
        except AnymailError as error:
            raise RefusedError(error) from error
        return str(message.anymail_status.message_id or "")  # type: ignore[attr-defined]


@contextmanager
def post() -> Iterator[Post]:
    """A connection for a run of mails, closed in the end."""
    opened = Post()
    try:
        yield opened
    finally:
        opened.close()


def _checked_recipient(backend: SmtpBackend, address: str) -> str:
    try:
        return str(backend.prep_address(address))
    except ValueError as error:
        raise RefusedError(error, "address") from error


def _expect(
    server: smtplib.SMTP,
    answer: Answer,
    *,
    of_address: bool = False,
    after_text: bool = False,
) -> None:
    """Pass on 2xx; else leave the server ready for the next mail and raise what the code says."""
    code, said = answer
    words = said.encode() if isinstance(said, str) else said
    if 200 <= code < 300:
        return
    with suppress(OSError):
        server.rset()
    text = f"{code} {words.decode(errors='replace')}"
    if code in SENT_AWAY and not after_text:
        raise OutOfReachError(text, code)
    if code < 500:
        raise TryLaterError(text, code)
    said = " ".join(words.decode(errors="replace").lower().split())
    if any(phrase in said for phrase in OUR_FAULT):
        raise RefusedError(text, NO_RELAY)
    raise RefusedError(text, code, is_gone=of_address and _is_gone(said))


def _is_gone(said: str) -> bool:
    """Whether the server says that the address itself does not exist, by RFC 3463 or in words.

    A bare 550 says nothing: a relay that does not know us answers so, too.
    """
    if enhanced := ENHANCED.match(said):
        return enhanced[0] in NO_SUCH_ADDRESS
    return any(phrase in said for phrase in NOBODY_THERE)


def _told_by_provider(error: AnymailRequestsAPIError) -> Exception:
    """What a provider's error means. Under a key it is safe to ask again."""
    status = error.status_code
    if status in {401, 403} or _was_not_reached(error):
        return OutOfReachError(error, status or "")
    if status == 429:
        return TryLaterError(error, status)
    if status is None or status >= 500 or status == 409:
        return AskAgainError(error, status or "") if is_keyed() else InDoubtError(str(error))
    return RefusedError(error, status)


def _was_not_reached(error: BaseException) -> bool:
    """Whether no connection came about at all."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    seen = str(error.__cause__ or "")
    return isinstance(error, requests.ConnectionError) and (
        "NewConnectionError" in seen or "NameResolutionError" in seen
    )
