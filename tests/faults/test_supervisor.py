"""What the supervisor runs is started again when it dies, and ends when the supervisor does."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

SUPERVISOR = """
import sys
from pathlib import Path
from churnapp.supervisor import Child, Supervisor
folder = Path(sys.argv[1])
sleep = "import time; time.sleep(600)"
deaf_to_term = "import signal; signal.signal(15, signal.SIG_IGN); print('up', flush=True); "
parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {sleep!r}])"
scripts = {"plain": sleep, "stubborn": deaf_to_term + sleep, "parent": parent}
children = [
    Child(name, [sys.executable, "-c", scripts[name]], folder / f"{name}.log")
    for name in sys.argv[2].split(",")
]
if "deaf" in sys.argv:
    children[0].is_deaf = lambda age: age > 1 and not (folder / "heard").exists()
Supervisor(children, grace=1, check_every=0.5).run()
"""


class Running:
    """A supervisor in a process of its own."""

    def __init__(self, folder: Path, children: str, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, str(folder), children, *words],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "churnapp.settings"},
        )
        self.here = psutil.Process(self.process.pid)

    def children(self) -> list[psutil.Process]:
        """Everything below the supervisor; the keeper of the local stack is not."""
        with suppress(psutil.NoSuchProcess):
            return self.here.children(recursive=True)
        return []

    def has(self, count: int) -> list[psutil.Process]:
        assert eventually(lambda: len(self.children()) == count)
        return self.children()

    def end(self, number: int = signal.SIGTERM) -> str:
        self.process.send_signal(number)
        return self.process.communicate(timeout=30)[0]


@pytest.fixture
def running(tmp_path) -> Iterator[Callable[..., Running]]:
    started = []

    def start(*words: str) -> Running:
        started.append(Running(tmp_path, *words))
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.communicate()


def eventually(condition: Callable[[], object], seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def all_gone(processes: list[psutil.Process]) -> bool:
    return eventually(lambda: not any(each.is_running() for each in processes))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_all(running, number):
    supervisor = running("plain,parent")
    processes = supervisor.has(3)
    supervisor.end(number)
    assert supervisor.process.returncode == 0
    assert all_gone(processes)


def test_a_child_that_will_not_end_is_killed(running, tmp_path):
    supervisor = running("stubborn")
    processes = supervisor.has(1)
    assert eventually((tmp_path / "stubborn.log").read_text)
    assert "stubborn does not end" in supervisor.end()
    assert all_gone(processes)


def test_a_killed_child_starts_again_without_its_orphans(running):
    supervisor = running("parent")
    before = supervisor.has(2)
    supervisor.here.children()[0].kill()
    assert all_gone(before)
    after = supervisor.has(2)
    assert not {each.pid for each in before} & {each.pid for each in after}
    assert "parent ended (-9)" in supervisor.end()


def test_children_end_with_a_killed_supervisor(running):
    supervisor = running("plain")
    processes = supervisor.has(1)
    supervisor.end(signal.SIGKILL)
    assert all_gone(processes)


def test_a_deaf_child_starts_again(running, tmp_path):
    supervisor = running("plain", "deaf")
    before = supervisor.has(1)
    assert all_gone(before)
    (tmp_path / "heard").touch()
    supervisor.has(1)
    assert "plain no longer answers" in supervisor.end()
