"""As whom the servers run: PostgreSQL refuses root, so root becomes somebody else."""

import os
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .errors import StackError
from .orphans import ends_with

NOBODY = 65534
PROBE = '"$1" --version >/dev/null && : >"$2/.probe" && rm -f "$2/.probe"'


@dataclass(frozen=True)
class Identity:
    """A way to run a program as a user that owns the servers' files.

    `prefix` is a command that changes over; with `drop` the change happens before it.
    """

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()
    drop: bool = False

    @property
    def owner(self) -> tuple[int, int]:
        return self.uid, self.gid

    def run(self, command: Sequence[str], log: IO[bytes], text: str = "") -> int:
        """Run `command` to its end with `text` as its input; its exit status."""
        process = self.start(command, log, stdin=subprocess.PIPE)
        process.communicate(text.encode())
        return process.returncode

    def start(
        self, command: Sequence[str], log: IO[bytes], *, stdin: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        """Start `command`; it gets SIGINT when the process that started it dies."""
        return subprocess.Popen(
            [*self.prefix, *command],
            stdin=stdin,
            stdout=log,
            stderr=log,
            cwd="/",
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
            user=self.uid if self.drop else None,
            group=self.gid if self.drop else None,
            extra_groups=[] if self.drop else None,
            preexec_fn=ends_with(os.getpid(), signal.SIGINT),  # noqa: PLW1509 - the keeper has one thread
        )


def choose(program: Path, folder: Path, log: IO[bytes]) -> Identity:
    """The first way in which `program` runs and writes in `folder`, which changes its owner.

    Raises StackError where root finds none.
    """
    if os.geteuid() != 0:
        folder.mkdir(mode=0o700, exist_ok=True)
        return Identity(os.geteuid(), os.getegid())
    for identity in _ways_from_root(folder):
        try:
            log.write(f"Trying user {identity.uid} {' '.join(identity.prefix)}\n".encode())
            log.flush()
            give(folder, identity.owner)
            if identity.run(["/bin/sh", "-c", PROBE, "sh", str(program), str(folder)], log) == 0:
                return identity
        except (OSError, subprocess.SubprocessError) as error:
            log.write(f"{error}\n".encode())
    raise StackError(
        "PostgreSQL does not run as root, and no other user can be used here. Run this as an "
        "ordinary user, or set DATABASE_URL to a server that runs."
    )


def give(folder: Path, owner: tuple[int, int]) -> None:
    """Make `folder` and all in it belong to `owner`."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.stat()
    if (found.st_uid, found.st_gid) == owner or os.geteuid() != 0:
        return
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(parent, name), *owner, follow_symlinks=False)
    os.chown(folder, *owner)


def _ways_from_root(folder: Path) -> list[Identity]:
    """Least power first.

    The second and third reach folders that are closed to all but root. The second keeps one
    right through the change of user, with securebits because access(2) else forgets it; the
    third stays root outside of a namespace of its own.
    """
    owner = folder.parent.stat()
    uid, gid = (owner.st_uid, owner.st_gid) if owner.st_uid else (NOBODY, NOBODY)
    keeps_access = (
        *("setpriv", "--reuid", str(uid), "--regid", str(gid), "--clear-groups"),
        *("--inh-caps", "-all,+dac_override", "--ambient-caps", "+dac_override"),
        *("--securebits", "+no_setuid_fixup", "--pdeathsig", "INT", "--"),
    )
    in_namespace = (
        "unshare",
        "--user",
        f"--map-user={NOBODY}",
        f"--map-group={NOBODY}",
        "--",
    )
    return [
        Identity(uid, gid, drop=True),
        Identity(uid, gid, keeps_access),
        Identity(0, 0, in_namespace),
    ]
