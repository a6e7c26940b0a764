"""Where the web server listens: read, and tried out before anything starts.

`python -m churnapp.binding [web worker beat] [--bind HOST:PORT]` says nothing and ends well, or
says what is wrong and how to mend it.
"""

import argparse
import errno
import socket
import sys
from dataclasses import dataclass

DEFAULT = "127.0.0.1:8000"
SERVICES = ("web", "worker", "beat")
HIGHEST_PORT = 65_535
EVERYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 - compared with, not bound to
HERE = (*EVERYWHERE, "127.0.0.1", "::1")
HOW = f"Write --bind HOST:PORT, such as --bind {DEFAULT}."


@dataclass(frozen=True)
class Binding:
    """An address to listen on; a `path` is that of a Unix socket, which has no address to visit."""

    host: str = ""
    port: int = 0
    path: str = ""

    def __str__(self) -> str:
        return self.path or f"{bracketed(self.host)}:{self.port}"

    @property
    def url(self) -> str:
        """The address to visit on this machine; empty for a Unix socket."""
        host = "localhost" if self.host in HERE else bracketed(self.host)
        return "" if self.path else f"http://{host}:{self.port}"


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def asked(prog: str, description: str | None = None) -> argparse.Namespace:
    """What the command line says: which `services` run, and where the web server listens."""
    parser = argparse.ArgumentParser(prog=prog, description=description)
    parser.add_argument("services", nargs="*", help="default: " + " ".join(SERVICES))
    parser.add_argument("--bind", default=DEFAULT, help="address of the web server, HOST:PORT")
    parser.add_argument("--grace", type=float, default=10.0, help="seconds to end politely")
    chosen = parser.parse_args()
    chosen.services = chosen.services or list(SERVICES)
    if unknown := set(chosen.services) - set(SERVICES):
        parser.error(f"no such service: {', '.join(sorted(unknown))}")
    return chosen


def read(text: str) -> Binding:
    """`HOST:PORT`, `:PORT`, `[::1]:PORT` or `unix:/path`. Exits with a message for others."""
    if text.startswith("unix:"):
        return Binding(path=text)
    host, colon, port = text.rpartition(":")
    bare = host.removeprefix("[").removesuffix("]")
    if not colon or (":" in host and bare == host) or not port.isdecimal():
        sys.exit(f"{text!r} is no address to listen on. {HOW}")
    if not 0 < int(port) <= HIGHEST_PORT:
        sys.exit(f"{port} is no port: they go from 1 to {HIGHEST_PORT}. {HOW}")
    return Binding(bare, int(port))


def obstacle(host: str, port: int) -> OSError | None:
    """What keeps this machine from listening there; None where nothing does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET  # as the web server has it
    try:
        kind, *_rest, address = socket.getaddrinfo(
            host or None, port, family, socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error
    except UnicodeError:  # an empty label, or one of more than 63 letters
        return OSError(errno.EINVAL, "no such host name")
    return None


def check(binding: Binding) -> None:
    """Exit with a message where nothing can listen there."""
    error = None if binding.path else obstacle(binding.host, binding.port)
    if error is None:
        return
    other = Binding(binding.host, binding.port % HIGHEST_PORT + 1)
    if error.errno == errno.EADDRINUSE:
        sys.exit(
            f"{binding} is taken: another program listens there. "
            f"Stop that one, or choose another address, such as --bind {other}."
        )
    sys.exit(f"Nothing can listen on {binding}: {error.strerror or error}. {HOW}")


def main() -> None:
    """Try out what the supervisor would be asked for with the same words."""
    chosen = asked("bin/serve", "Run web server, worker and beat.")
    if "web" in chosen.services:
        check(read(chosen.bind))


if __name__ == "__main__":
    main()
