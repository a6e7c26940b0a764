"""The demonstration: `python -m churnapp.demo [--port N]`, which is what `bin/demo` runs.

Prepares the database and the demo company, then runs all services and says where to sign in.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings

from churnapp.celery import app
from churnapp.local_stack.orphans import ends_with
from churnapp.supervisor import Supervisor, services

MANAGE = Path(__file__).resolve().parent.parent / "manage.py"
FIRST_PORT = 8000
PORTS_TRIED = 20
PASSWORD = "churnapp-demo"  # noqa: S105 - served on this machine only, and printed
COMPANY = ("demo_company", "--customers", "2000", "--seed", "7")
LOGINS = ("--logins", "--password", PASSWORD)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="bin/demo", description="Run Churnapp with demo data.")
    parser.add_argument("--port", type=int, help=f"default: {FIRST_PORT}, or the next free one")
    port = free_port(parser.parse_args().port)
    address = f"http://localhost:{port}"
    os.environ.setdefault("CHURNAPP_URL", address)
    django.setup()
    logins = prepare()
    logs = settings.DATA_DIR / "log"
    children = services(["web", "worker", "beat"], bind=f"127.0.0.1:{port}", logs=logs)
    print("Starting web server, worker and beat ...", flush=True)
    app.send_task("churnapp.tasks.canary")  # beat's own comes half a minute later
    Supervisor(children, say=say).run(Welcome(address, logins, logs).look)
    say("Stopped.")


def say(text: str) -> None:
    """Print a line at once, also into a pipe."""
    print(text, flush=True)


def free_port(asked: int | None) -> int:
    """The port asked for, else the first free one from 8000 on. Exits with a message if taken."""
    ports = [asked] if asked else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    taken = f"Port {asked} is" if asked else f"Ports {ports[0]} to {ports[-1]} are"
    sys.exit(f"{taken} in use. Choose another one: bin/demo --port N")


def prepare() -> list[str]:
    """Migrate, make the demo company if it is not there, and reset its logins: a line for each."""
    say("Preparing the database ...")
    if manage("migrate", "--verbosity", "0").returncode:
        sys.exit("The database could not be migrated, so the demonstration can't start.")
    say("Making the demo company, or looking whether it is there ...")
    done = manage(*COMPANY, *LOGINS)
    told = done.stdout.splitlines()
    logins = [line for line in told if PASSWORD in line]
    say("\n".join(line for line in told if line not in logins))
    if done.returncode and not apps.get_model("customers", "Customer").objects.exists():
        sys.exit("The demo company could not be made, so the demonstration can't start.")
    return logins


def manage(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a management command to its end, as long as we live; its output is kept."""
    return subprocess.run(
        [sys.executable, str(MANAGE), *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        preexec_fn=ends_with(os.getpid(), signal.SIGTERM),
    )


@dataclass
class Welcome:
    """Says once, when everything answers, where to go; and once, if that takes long, what lacks."""

    address: str
    logins: list[str]
    logs: Path
    said: bool = False
    complain_at: float = 0.0

    def look(self) -> None:
        """Ask `/readyz`; called again and again by the supervisor."""
        if self.said:
            return
        self.complain_at = self.complain_at or time.monotonic() + 60
        ready, answer = self._ask()
        if ready:
            self.said = True
            say(self._text())
        elif time.monotonic() > self.complain_at:
            self.complain_at = time.monotonic() + 60
            say(f"Not ready yet: {answer}. The logs are in {self.logs}.")

    def _ask(self) -> tuple[bool, str]:
        address = self.address + "/readyz"
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own
                return answer.status == 200, ""
        except urllib.error.HTTPError as error:
            return False, error.read(500).decode(errors="replace")
        except OSError as error:
            return False, str(error)

    def _text(self) -> str:
        sign_in = "\n".join(["Sign in as", *self.logins]) if self.logins else "Sign in as usual."
        return (
            f"\nChurnapp runs at {self.address}\n\n{sign_in}\n\nLogs: {self.logs}\nCtrl-C stops it."
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "churnapp.settings")
    main()
