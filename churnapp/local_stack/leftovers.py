"""Servers that outlived their keeper."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

PROGRAMS = ("postgres", "redis-server", "initdb")
PROC = Path("/proc")
POLL = 0.02


def servers_in(folder: Path) -> dict[int, int]:
    """Process id and parent's id of each server program that works in `folder`.

    Empty where there is no /proc; PostgreSQL's own check of its pid file is then the only one.
    """
    found = {}
    for entry in PROC.glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            program = (entry / "exe").readlink().name.removesuffix(" (deleted)")
            if program in PROGRAMS and (entry / "cwd").readlink() == folder:
                status = (entry / "stat").read_text().rpartition(")")[2].split()
                found[int(entry.name)] = int(status[1])
    return found


def end_servers_in(folder: Path) -> None:
    """End what still works in `folder`: politely, then at once, then by force."""
    for number, patience in (
        (signal.SIGINT, 20),
        (signal.SIGQUIT, 5),
        (signal.SIGKILL, 5),
    ):
        found = servers_in(folder)
        leaders = [pid for pid, parent in found.items() if parent not in found]
        for pid in leaders if number == signal.SIGINT else found:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        deadline = time.monotonic() + patience
        while servers_in(folder) and time.monotonic() < deadline:
            time.sleep(POLL)
