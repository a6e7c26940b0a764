"""The only way out to addresses that people type in: https, public hosts, one answer, no redirects.

A name is looked up once and the connection goes to what was found, so that nothing can change
between the check and the call. Networks of one's own are closed unless the installation opens them
(`CHURNAPP_EGRESS_NETWORKS`).
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
SECONDS = 5  # for each step
LONGEST = 5.0  # for the whole call
MOST_READ = 2_000
HTTPS, FIRST_FREE_PORT = 443, 1024
# An address of version 4 inside one of version 6 is judged as what it leads to.
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class EgressError(Exception):
    """The call was not made, or brought no answer; `code` is stable and holds nothing secret."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Answer:
    status: int
    text: str


def check_form(address: str) -> SplitResult:
    """The parts of an address that may be called. Raises EgressError; asks nobody."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port or HTTPS
    except ValueError as error:
        raise EgressError("no_address") from error
    if parts.scheme != "https":
        raise EgressError("not_https")
    if not parts.hostname or parts.fragment:
        raise EgressError("no_address")
    if parts.username or parts.password:
        raise EgressError("has_password")
    if port != HTTPS and port < FIRST_FREE_PORT:
        raise EgressError("closed_port")
    return parts


def look_up(host: str, port: int) -> str:
    """The address behind a name. Raises EgressError where any of its addresses is closed to us."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise EgressError("unknown_host") from error
    addresses = [str(each[4][0]) for each in found]
    if not addresses or not all(is_open(ipaddress.ip_address(each)) for each in addresses):
        raise EgressError("closed_network")
    return addresses[0]


def is_open(address: Address) -> bool:
    """Whether an address is public, or in a network that the installation has opened."""
    inner = inner_address(address)
    networks = (ipaddress.ip_network(network) for network in settings.EGRESS_NETWORKS)
    if any(inner in network for network in networks):
        return True
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def inner_address(address: Address) -> Address:
    """What an address of version 6 that stands for one of version 4 leads to."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inside = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
    if inside is None and address in NAT64:
        inside = ipaddress.IPv4Address(address.packed[-4:])
    return inside or address


class Pinned(http.client.HTTPSConnection):
    """A connection to one address, whose certificate must still be the name's."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self.tls = ssl.create_default_context()
        super().__init__(host, port, timeout=SECONDS, context=self.tls)
        self.address = address

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), timeout=SECONDS)
        try:
            self.sock = self.tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def give_up(self) -> None:
        """End a call that drags on, from another thread."""
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def post(address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """What the other side answers to a POST, whatever its status. Raises EgressError."""
    parts = check_form(address)
    host, port = str(parts.hostname), parts.port or HTTPS
    connection = Pinned(host, port, look_up(host, port))
    clock = Timer(LONGEST, connection.give_up)
    clock.daemon = True
    clock.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, dict(headers))
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(MOST_READ).decode("utf-8", "replace"))
    except ssl.SSLError as error:
        raise EgressError("bad_certificate") from error
    except TimeoutError as error:
        raise EgressError("too_slow") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise EgressError("no_answer") from error
    finally:
        clock.cancel()
        connection.close()
