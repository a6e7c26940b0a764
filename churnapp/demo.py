"""The demonstration: `python -m churnapp.demo [--port N]`, which is what `bin/demo` runs.

Prepares the database and the demo company, then runs all services and says where to sign in.
"""

import argparse
import logging
import os
import signal
import sys
import time
import traceback
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import django
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from churnapp import binding
from churnapp.celery import app
from churnapp.local_stack.orphans import ends_with
from churnapp.supervisor import Supervisor, say, services

FIRST_PORT = 8000
PORTS_TRIED = 20
PASSWORD = "churnapp-demo"  # noqa: S105 - served on this machine only, and printed
COMPANY = ("demo_company", "--customers=2000", "--seed=7", "--logins", f"--password={PASSWORD}")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="bin/demo", description="Run Churnapp with demo data.")
    parser.add_argument("--port", type=int, help=f"default: {FIRST_PORT}, or the next free one")
    port = free_port(parser.parse_args().port)
    address = f"http://localhost:{port}"
    os.environ.setdefault("CHURNAPP_URL", address)
    try:
        logins = prepare()
    except KeyboardInterrupt:
        sys.exit("Stopped.")
    logs = settings.DATA_DIR / "log"
    children = services(["web", "worker", "beat"], bind=f"127.0.0.1:{port}", logs=logs)
    say("Starting web server, workers and beat ...")
    app.send_task("churnapp.tasks.canary")  # beat's own comes half a minute later
    Supervisor(children).run(Welcome(address, logins, logs).look)
    say("Stopped.")


def free_port(asked: int | None) -> int:
    """The port asked for, else the first free one from 8000 on. Exits with a message if taken."""
    ports = [asked] if asked else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    for port in ports:
        if binding.obstacle("127.0.0.1", port) is None:
            return port
    taken = f"Port {asked} is" if asked else f"Ports {ports[0]} to {ports[-1]} are"
    sys.exit(f"{taken} in use. Choose another one: bin/demo --port N")


def prepare() -> list[str]:
    """Migrate, make the demo company if it is not there, and reset its logins: a line for each."""
    say("Preparing the database and the demo company ...")
    status, told = in_a_child(fill)  # before the setup, which starts threads of libraries
    django.setup()
    logins = [line for line in told if PASSWORD in line]
    say("\n".join(line for line in told if line not in logins))
    if status and not apps.get_model("customers", "Customer").objects.exists():
        sys.exit("The demo company could not be made, so the demonstration can't start.")
    connection.close()
    return logins


def fill(output: IO[str]) -> None:
    """Bring the schema up to date and the demo company in."""
    django.setup()
    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0, stdout=output)
    call_command(*COMPANY, stdout=output)


def in_a_child(work: Callable[[IO[str]], None]) -> tuple[int, list[str]]:
    """Run `work` in a fork that takes its memory along when it ends; its status and its lines."""
    parent = os.getpid()
    reading, writing = os.pipe()
    if child := os.fork():
        os.close(writing)
        with os.fdopen(reading) as lines:
            told = lines.read().splitlines()
        return os.waitpid(child, 0)[1], told
    status = 1
    try:
        if end_with_parent := ends_with(parent, signal.SIGTERM):
            end_with_parent()
        with os.fdopen(writing, "w") as output:
            work(output)
        status = 0
    except CommandError as error:
        say(str(error))
    except Exception:  # noqa: BLE001 - the child ends here, so nobody else could show it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)


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
