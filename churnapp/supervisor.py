"""Web server, workers and beat under one roof: `python -m churnapp.supervisor [web worker beat]`.

`worker` is two: one for mail, which waits for mail servers, and one for all the rest.

Starts again what dies, with a growing pause, and a worker that has gone deaf. Ctrl-C or SIGTERM
ends all of them; if this process is killed, the kernel ends them.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType
from typing import IO

import django
from celery.utils.nodenames import gethostname, nodename
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from churnapp import binding, env, local_stack
from churnapp.celery import app
from churnapp.local_stack.orphans import ends_with

TICK = 0.5
LONGEST_PAUSE = 30.0
LIVED_WELL = 60.0
QUEUES = {"worker": "celery", "mail": "mail"}

Say = Callable[[str], None]


def say(text: str) -> None:
    """Print a line at once, also into a pipe."""
    print(text, flush=True)


@dataclass
class Child:
    """One service: how to start it, and how that has gone so far."""

    name: str
    command: list[str]
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 1.0
    due: float = 0.0
    is_deaf: Callable[[float], bool] = field(default=lambda _seconds: False)

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        output = self._output()
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=ends_with(os.getpid(), signal.SIGTERM),  # noqa: PLW1509 - one thread here
        )
        if output:
            output.close()
        self.started = time.monotonic()

    def age(self) -> float:
        """Seconds since the last start."""
        return time.monotonic() - self.started

    def signal_all(self, number: int) -> None:
        """Send a signal to it and to every process that it started."""
        if self.process:
            try:
                os.killpg(self.process.pid, number)
            except (ProcessLookupError, PermissionError):
                return

    def _output(self) -> IO[bytes] | None:
        if self.log is None:
            return None
        self.log.parent.mkdir(parents=True, exist_ok=True)
        return self.log.open("ab")


class Supervisor:
    """Keeps children running until it is told to stop."""

    def __init__(
        self,
        children: list[Child],
        *,
        grace: float = 10.0,
        check_every: float = 10.0,
        say: Say = say,
    ) -> None:
        self.children = children
        self.grace = grace
        self.check_every = check_every
        self.say = say
        self.stopping = threading.Event()
        self.next_check = 0.0

    def run(self, when_up: Callable[[], None] | None = None) -> None:
        """Until SIGINT or SIGTERM; `when_up` is called in each round while it is not done."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        try:
            for child in self.children:
                child.start()
            while not self.stopping.wait(TICK):
                self._round()
                if when_up:
                    when_up()
        finally:
            self._end_all()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def _round(self) -> None:
        for child in self.children:
            self._look_at(child)
        if time.monotonic() > self.next_check:
            self.next_check = time.monotonic() + self.check_every
            join_local_stack()
            for child in self.children:
                self._end_if_deaf(child)

    def _look_at(self, child: Child) -> None:
        """Start a dead child again once its pause is over."""
        now = time.monotonic()
        if child.process is None:
            if now >= child.due:
                child.start()
        elif (status := child.process.poll()) is not None:
            child.signal_all(signal.SIGKILL)
            child.pause = 1.0 if child.age() > LIVED_WELL else min(child.pause * 2, LONGEST_PAUSE)
            child.due = now + child.pause
            child.process = None
            self.say(f"{child.name} ended ({status}); it starts again in {child.pause:.0f} s.")

    def _end_if_deaf(self, child: Child) -> None:
        if child.process and child.is_deaf(child.age()):
            self.say(f"{child.name} no longer answers; it is started again.")
            child.signal_all(signal.SIGKILL)

    def _end_all(self) -> None:
        """Politely to the leaders, then by force to all that is left."""
        running = [child for child in self.children if child.process]
        for child in running:
            if child.process and child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + self.grace
        for child in running:
            if child.process:
                try:
                    child.process.wait(max(0.0, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    self.say(f"{child.name} does not end; it is killed.")
                child.signal_all(signal.SIGKILL)
                child.process.wait()


def join_local_stack() -> None:
    """Bring the private servers back if they went down with their keeper."""
    local_stack.attach(
        settings.DATA_DIR,
        want_database=not os.environ.get("DATABASE_URL"),
        want_redis=not os.environ.get("REDIS_URL"),
    )


def worker_is_deaf(age: float, queue: str = "celery") -> bool:
    """Whether the worker, `age` seconds old, neither runs canaries nor answers a call.

    A worker busy with long tasks lets canaries wait but answers; one that lost Redis does neither.
    """
    limit = settings.CANARY_MAX_AGE
    if age < limit.total_seconds():
        return False
    seen = apps.get_model("churnapp", "Heartbeat").objects.filter(queue=queue)
    try:
        if seen.filter(seen_at__gt=timezone.now() - limit).exists():
            return False
        return not app.control.ping(destination=[node_of(queue)], timeout=5.0)
    except (DatabaseError, RedisError, OperationalError, OSError):
        return False  # without database or broker a new worker would be no better off
    finally:
        connection.close()


def node_of(queue: str) -> str:
    """What Celery calls the worker of a queue on this machine."""
    return str(nodename(queue, gethostname()))


def services(names: list[str], *, bind: str, logs: Path | None = None) -> list[Child]:
    """The children of `names`; each writes to a file in `logs`, else to our own output."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--app", "churnapp", "--quiet"]
    web = ["gunicorn", "churnapp.wsgi", "--bind", bind, "--threads", "4"]
    web += ["--workers", str(env.whole_number("WEB_CONCURRENCY", 2, least=1))]
    worker = [*celery, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    worker += ["--hostname"]
    mail = ["--queues", "mail", "--concurrency", str(settings.MAIL_WORKERS)]
    commands = {
        "web": [*python, *web, "--timeout", "60", "--graceful-timeout", "8", "--no-control-socket"],
        "worker": [*worker, node_of("celery"), "--queues", "celery"],
        "mail": [*worker, node_of("mail"), *mail],
        "beat": [*celery, "beat", "--loglevel", "INFO", "--pidfile", ""],
    }
    children = [
        Child(part, commands[part], logs / f"{part}.log" if logs else None)
        for name in names
        for part in (("worker", "mail") if name == "worker" else (name,))
    ]
    for child in children:
        if child.name in QUEUES:
            child.is_deaf = partial(worker_is_deaf, queue=QUEUES[child.name])
    return children


def main() -> None:
    """The command line."""
    chosen = binding.asked("churnapp.supervisor", __doc__)
    if "web" in chosen.services:
        listen(chosen.bind)
    django.setup()
    Supervisor(services(chosen.services, bind=chosen.bind), grace=chosen.grace).run()


def listen(bind: str) -> None:
    """Exit where the address is taken; else say it, and let links lead there unless told."""
    chosen = binding.read(bind)
    binding.check(chosen)
    if not os.environ.get("CHURNAPP_URL", "").strip() and chosen.url:
        os.environ["CHURNAPP_URL"] = chosen.url
    public = os.environ.get("CHURNAPP_URL", chosen.url)
    where = chosen.url or str(chosen)
    beside = "" if public in {"", where} else f", which people reach at {public}"
    say(f"Serving on {where}{beside}; Ctrl-C stops it.")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "churnapp.settings")
    main()
