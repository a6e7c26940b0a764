"""Two hundred addresses that lead back to this machine or into its networks: nothing is called.

A canary listens on every interface, of version 4 and 6. Each address is called for real, by the
one way out; names are resolved by rules of the test where no server would.
"""

import ipaddress
import itertools
import socket
from contextlib import suppress
from threading import Thread

import psutil
import pytest

from churnapp.common.egress import EgressError, post
from feedback.webhooks.delivering import deliver
from tests.feedback_factories import make_delivery, make_webhook

LOOPBACK = ["127.0.0.1", "127.0.0.2", "127.1.2.3", "127.255.255.254", "0.0.0.0"]
PRIVATE = [
    "10.0.0.1", "10.255.255.254", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.255.254",
    "169.254.169.254", "169.254.170.2", "100.64.0.1", "100.100.100.200", "192.0.0.192",
    "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "203.0.113.1",
]  # fmt: skip
VERSION_6 = [
    "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "100::1",
    "64:ff9b:1::7f00:1",
]  # fmt: skip
NAMES = ["localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "ip6-localhost"]
# Names of the test, and what they stand for; two answers at once, one of them open.
RESOLVED = {
    "inside.example": ["127.0.0.1"],
    "metadata.example": ["169.254.169.254"],
    "mixed.example": ["93.184.215.14", "127.0.0.1"],
    "mixed6.example": ["2606:4700::1111", "::1"],
    "xn--bcher-kva.example": ["10.0.0.1"],
}


class Canary:
    """Listens on all interfaces and counts who comes."""

    def __init__(self) -> None:
        self.came = 0
        self.sockets = [self.listening(socket.AF_INET, "0.0.0.0", 0)]
        self.port = self.sockets[0].getsockname()[1]
        with suppress(OSError):  # a machine without version 6
            self.sockets.append(self.listening(socket.AF_INET6, "::", self.port))
        for each in self.sockets:
            Thread(target=self.count, args=(each,), daemon=True).start()

    def listening(self, family: int, host: str, port: int) -> socket.socket:
        found = socket.socket(family)
        if family == socket.AF_INET6:
            found.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        found.bind((host, port))
        found.listen()
        return found

    def count(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                listening.accept()[0].close()
                self.came += 1

    def end(self) -> None:
        for each in self.sockets:
            each.close()


@pytest.fixture(scope="module")
def canary():
    found = Canary()
    yield found
    found.end()


@pytest.fixture
def names(monkeypatch):
    """The test's own names lead to where they are meant to; all others as ever."""
    ask = socket.getaddrinfo

    def answer(host, port, *rest, **more):
        if host not in RESOLVED:
            return ask(host, port, *rest, **more)
        return [
            (socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "",
             (each, port))
            for each in RESOLVED[host]
        ]  # fmt: skip

    monkeypatch.setattr(socket, "getaddrinfo", answer)


def spellings(address: str) -> list[str]:
    """Ways in which programs read one address of version 4."""
    whole = int(ipaddress.IPv4Address(address))
    parts = address.split(".")
    mapped = f"{whole >> 16:x}:{whole & 0xFFFF:x}"
    return [
        address,
        str(whole),
        hex(whole),
        f"0{whole:o}",
        ".".join(hex(int(part)) for part in parts),
        ".".join(f"0{int(part):o}" for part in parts),
        f"{parts[0]}.{int(parts[1]) << 16 | int(parts[2]) << 8 | int(parts[3])}",
        f"[::ffff:{address}]",
        f"[::ffff:{mapped}]",
        f"[::{address}]",
        f"[64:ff9b::{mapped}]",
        f"[2002:{mapped}::1]",
    ]


def own_addresses() -> list[str]:
    """Those of this machine's interfaces, whatever network they are of."""
    found = itertools.chain.from_iterable(psutil.net_if_addrs().values())
    return [each.address for each in found if each.family == socket.AF_INET]


def hosts() -> list[str]:
    written = [host for address in (*LOOPBACK, *PRIVATE) for host in spellings(address)]
    written += own_addresses() + NAMES + list(RESOLVED)
    return list(dict.fromkeys(written + [f"[{address}]" for address in VERSION_6]))


def test_there_are_two_hundred_of_them():
    assert len(hosts()) >= 200


@pytest.mark.parametrize("host", hosts())
def test_nothing_is_called(host, canary, names):
    for path in ("/", "/?next=https://example.com/", "/%0d%0aHost:%20x"):
        with pytest.raises(EgressError):
            post(f"https://{host}:{canary.port}{path}", b"{}", {})
    assert canary.came == 0


@pytest.mark.django_db
def test_a_webhook_is_not_delivered_there_either(canary, names):
    before = canary.came
    for host in ("127.0.0.1", "inside.example", "[::1]"):
        webhook = make_webhook(address=f"https://{host}:{canary.port}/")
        delivery = make_delivery(webhook)
        deliver(delivery, now=delivery.created_at)
        delivery.refresh_from_db()
        assert (delivery.state, delivery.error) == ("waiting", "closed_network")
    assert canary.came == before


def test_the_canary_sings(canary):
    """Else the tests above could not fail."""
    before = canary.came
    with socket.create_connection(("127.0.0.1", canary.port), timeout=5) as line:
        line.recv(1)
    assert canary.came == before + 1
