"""The storm itself; imported once the settings stand."""

import os
import random
import signal
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from customers import tasks
from customers.mail.drafts import Draft, queue
from customers.models import OutgoingEmail, SendingRate
from tests.faults.mail_sinks import Sink

ROOT = Path(__file__).resolve().parent.parent.parent
WORKERS = 2
# The keeper of the local servers gives up after more than five deaths in a minute.
BETWEEN_CRASHES = 13.0
LONGEST_STILLNESS = 20.0
LONGEST = 1_500.0
State = OutgoingEmail.State
UNSETTLED = (State.QUEUED, State.RETRY, State.CLAIMED)


def run(given: Namespace, sink: Sink) -> dict[str, int]:
    """Queue, strike, wait until nothing moves any more, count."""
    call_command("migrate", verbosity=0)
    SendingRate.objects.update(
        per_minute=1_000_000, burst=1_000, quiet_from=0, quiet_until=0, most_a_contact=9_999
    )
    storm = Storm(given, sink)
    try:
        storm.blow()
    finally:
        storm.end_workers()
    return storm.count()


class Storm:
    """Feeds the outbox, rings as beat does, and strikes in between."""

    def __init__(self, given: Namespace, sink: Sink) -> None:
        self.given, self.sink = given, sink
        self.strikes = planned(given, self)
        self.slices = len(self.strikes) + 1
        self.queued = 0
        self.workers: list[subprocess.Popen[bytes]] = []
        self.moved_at = self.rang_at = time.monotonic()
        self.crashed_at = 0.0
        self.seen = -1

    def blow(self) -> None:
        end = time.monotonic() + LONGEST
        strike_at = 0.0
        while time.monotonic() < end:
            self.tend_workers()
            self.ring()
            if time.monotonic() >= strike_at:
                if not self.strikes and self.is_settled():
                    return
                if self.feed() and self.strikes:
                    self.wait_for_mails()
                    self.strikes.pop()()
                strike_at = time.monotonic() + random.uniform(0.3, 2.5)
            time.sleep(0.05)
        raise SystemExit("The storm does not end.")

    def feed(self) -> bool:
        """Hand in the next slice; the same again where the answer got lost."""
        upto = self.given.mails * (self.slices - len(self.strikes)) // self.slices
        if not self.strikes:
            upto = self.given.mails
        drafts = [
            Draft(f"storm:{n}", "notice", f"p{n}@x.example", f"Mail {n}", f"Text {n}")
            for n in range(self.queued, upto)
        ]
        with safe_database():
            queue(drafts, now=timezone.now())
            self.queued = upto
            return True
        return False

    def wait_for_mails(self) -> None:
        """Until mails of this slice come through, and a moment longer: it strikes among them."""
        before, end = sum(self.sink.came.values()), time.monotonic() + 10
        while sum(self.sink.came.values()) == before and time.monotonic() < end:
            self.tend_workers()
            self.ring()
            time.sleep(0.01)
        time.sleep(random.uniform(0, 0.15))

    def ring(self) -> None:
        if time.monotonic() - self.rang_at < 0.3:
            return
        self.rang_at = time.monotonic()
        with suppress(OperationalError, RedisError, OSError):
            tasks.deliver_due_mail.delay()
            tasks.sweep_mail.delay()

    def tend_workers(self) -> None:
        """What a supervisor does: start what died, and what has gone deaf."""
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        if self.seen != (seen := sum(self.sink.came.values())):
            self.seen, self.moved_at = seen, time.monotonic()
        if time.monotonic() - self.moved_at > LONGEST_STILLNESS:
            self.moved_at = time.monotonic()
            self.end_workers()
        while len(self.workers) < WORKERS:
            self.workers.append(new_worker())

    def end_workers(self) -> None:
        for worker in self.workers:
            kill_group(worker)

    def kill_worker(self) -> None:
        kill_group(random.choice(self.workers))

    def crash(self, program: str) -> None:
        """SIGQUIT is PostgreSQL's immediate stop; Redis keeps nothing."""
        if time.monotonic() < self.crashed_at + BETWEEN_CRASHES:
            self.strikes.insert(0, lambda: self.crash(program))
            return
        self.crashed_at = time.monotonic()
        server_of(program).send_signal(signal.SIGQUIT if program == "postgres" else signal.SIGKILL)

    def is_settled(self) -> bool:
        with safe_database():
            left = OutgoingEmail.objects.filter(state__in=UNSETTLED)
            return self.queued == self.given.mails and not left.exists()
        return False

    def count(self) -> dict[str, int]:
        rows = dict(OutgoingEmail.objects.values_list("message_id", "state"))
        arrived = set(self.sink.came)
        safe = arrived | {name for name, state in rows.items() if state == State.UNCERTAIN}
        return {
            "sent": len(arrived),
            "lost": self.given.mails - OutgoingEmail.objects.count() + len(rows.keys() - safe),
            "duplicates": sum(self.sink.came.values()) - len(arrived),
            "uncertain": OutgoingEmail.objects.filter(state=State.UNCERTAIN).count(),
            "asked_again": getattr(self.sink, "repeated", 0),
        }


def planned(given: Namespace, storm: Storm) -> list[Callable[[], None]]:
    strikes: list[Callable[[], None]] = [storm.kill_worker] * given.worker_kills
    strikes += [lambda: storm.crash("redis-server")] * given.redis_kills
    strikes += [lambda: storm.crash("postgres")] * given.postgres_restarts
    random.shuffle(strikes)
    return strikes


class safe_database(suppress):  # noqa: N801 - reads as a statement
    """Goes on where the database is away, with a new connection."""

    def __init__(self) -> None:
        super().__init__(DatabaseError, InterfaceError)

    def __exit__(self, kind, error, traceback) -> bool:
        if error:
            connection.close()
        return bool(super().__exit__(kind, error, traceback))


def new_worker() -> subprocess.Popen[bytes]:
    log = Path(settings.DATA_DIR) / "worker.log"
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "churnapp.celery", "worker", "--concurrency",
             "1", "--without-gossip", "--without-mingle", "--loglevel", "WARNING",
             "--hostname", f"w{random.randrange(1_000_000)}@storm"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )  # fmt: skip


def kill_group(worker: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def server_of(program: str) -> psutil.Process:
    """The server of this data folder: it runs in it, or names it in its command."""
    folder = str(settings.DATA_DIR)
    for process in psutil.process_iter(["cmdline", "name"]):
        words = process.info["cmdline"] or [""]
        names_it = f"-D{folder}/" in "".join(words)
        if process.info["name"] == program and (names_it or runs_in(process, f"{folder}/redis")):
            return process
    raise LookupError(f"No {program} runs in {folder}.")


def runs_in(process: psutil.Process, folder: str) -> bool:
    with suppress(psutil.Error):
        return process.cwd().startswith(folder)
    return False
