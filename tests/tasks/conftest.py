"""A real worker process and a Redis of its own, on the test database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import psutil
import pytest
import redis
from celery import Celery
from django.conf import settings
from django.db import connection

from churnapp import env, local_stack

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST_WAIT = 60.0


def wait_until(is_so: Callable[[], bool], what: str, seconds: float = LONGEST_WAIT) -> None:
    """Return once `is_so()` holds; fail after some seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return
        time.sleep(0.05)
    pytest.fail(f"Waited {seconds:.0f} s in vain: {what}.")


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis that only these tests use, so that they may freeze it."""
    folder = tmp_path_factory.mktemp("redis")
    yield str(local_stack.attach(folder, want_database=False).redis_url)
    local_stack.release(folder)


@pytest.fixture
def broker(redis_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_url, socket_timeout=2) as server:
        yield server


def environment(redis_url: str) -> dict[str, str]:
    """What a process of ours needs to work on the test database and this Redis."""
    return os.environ | {"DATABASE_URL": test_database_url(), "REDIS_URL": redis_url}


def test_database_url() -> str:
    given = connection.settings_dict
    options = {"host": given["HOST"], "port": given["PORT"], "dbname": given["NAME"]}
    named = {name: str(value) for name, value in options.items() if value}
    person = quote(given["USER"]) + (f":{quote(given['PASSWORD'])}" if given["PASSWORD"] else "")
    return f"postgresql://{person}@/?{urlencode(named)}"


test_database_url.__test__ = False  # type: ignore[attr-defined]


@dataclass
class Worker:
    """A Celery worker with one child, as production runs it."""

    process: subprocess.Popen[bytes]
    log: Path

    def child(self) -> psutil.Process | None:
        """The process that runs tasks; None while there is none."""
        return next(iter(psutil.Process(self.process.pid).children()), None)

    def is_ready(self) -> bool:
        return b" ready." in self.log.read_bytes()

    def kill(self) -> None:
        """End it and its children at once, as a power cut does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def new_worker(redis_url: str, log: Path) -> Worker:
    """A worker that is ready."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "churnapp.celery", "worker",
             "--concurrency", "1", "--loglevel", "INFO", "--without-gossip"],
            cwd=ROOT,
            env=environment(redis_url),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )  # fmt: skip
    worker = Worker(process, log)
    wait_until(worker.is_ready, f"the worker is ready, see {log}")
    return worker


@pytest.fixture(scope="module")
def worker(
    django_db_setup: None, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Worker]:
    """A worker for all tests of a file."""
    worker = new_worker(redis_url, tmp_path_factory.mktemp("worker") / "worker.log")
    yield worker
    if worker.process.poll() is None:
        worker.kill()


@pytest.fixture
def another_worker(redis_url: str, tmp_path: Path) -> Iterator[Callable[[], Worker]]:
    """`another_worker()` starts one more."""
    started: list[Worker] = []

    def another_worker() -> Worker:
        started.append(new_worker(redis_url, tmp_path / "worker.log"))
        return started[-1]

    yield another_worker
    for worker in started:
        worker.kill()


@pytest.fixture
def send(redis_url: str) -> Iterator[Callable[[str], None]]:
    """`send("customers.tasks.night")` rings, as beat does."""
    with Celery("beat", broker=env.broker_url(redis_url), set_as_current=False) as app:
        app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
        app.conf.task_ignore_result = True
        yield app.send_task
