"""Where the local stack keeps its things."""

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from .errors import StackError

LARGEST_LOG = 5_000_000
LONGEST_SOCKET_PATH = 107  # bytes; 108 in Linux with the closing NUL
SOCKET_NAMES_NEED = 24


@dataclass(frozen=True)
class Layout:
    """Paths under one data folder. What root makes belongs to whom the data folder belongs to."""

    data_dir: Path

    @property
    def folder(self) -> Path:
        return self.data_dir / "stack"

    @property
    def users_lock(self) -> Path:
        """Held shared by every process that uses the servers."""
        return self.folder / "users.lock"

    @property
    def start_lock(self) -> Path:
        """Held by the one process that looks for or starts a keeper."""
        return self.folder / "start.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper while it lives."""
        return self.folder / "keeper.lock"

    @property
    def wanted_file(self) -> Path:
        return self.folder / "wanted.json"

    @property
    def state_file(self) -> Path:
        return self.folder / "state.json"

    @property
    def keeper_log(self) -> Path:
        return self.data_dir / "log" / "keeper.log"

    def server_log(self, name: str) -> Path:
        return self.data_dir / "log" / f"{name}.log"

    def make_folders(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        for folder in (self.folder, self.keeper_log.parent):
            folder.mkdir(exist_ok=True)
            self.hand_over(folder)
        for lock in (self.users_lock, self.start_lock, self.keeper_lock):
            if not lock.exists():
                lock.touch()
                self.hand_over(lock)

    def hand_over(self, path: Path) -> None:
        """Give what root made to the owner of the data folder, who may come back without root."""
        if os.geteuid() == 0:
            owner = self.data_dir.stat()
            os.chown(path, owner.st_uid, owner.st_gid)

    def read(self, path: Path) -> Any:
        """The JSON in `path`, or None if there is none."""
        try:
            return json.loads(path.read_text())
        except (FileNotFoundError, ValueError):
            return None

    def write(self, path: Path, content: object) -> None:
        """Replace `path` in one step, so that no reader sees half of it."""
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(content))
        self.hand_over(partial)
        partial.replace(path)

    def open_log(self, path: Path) -> IO[bytes]:
        """Open a log for appending; a large one is set aside first."""
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        log = path.open("ab")
        self.hand_over(path)
        return log


def run_folder(data_dir: Path, owner: tuple[int, int]) -> Path:
    """A private folder for sockets, the same for the same `data_dir` and user at every start.

    It is short because a socket's path has at most 107 bytes, however deep `data_dir` lies.
    """
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:10]
    for base in _bases():
        folder = base / f"churnapp-{os.geteuid()}-{digest}"
        if len(os.fsencode(folder)) + SOCKET_NAMES_NEED <= LONGEST_SOCKET_PATH and _own(
            folder, owner
        ):
            return folder
    folder = Path(tempfile.mkdtemp(prefix="churnapp-", dir="/tmp"))
    if not _own(folder, owner):
        raise StackError(f"No folder for sockets can be made, not even {folder}.")
    return folder


def _bases() -> list[Path]:
    """Root's first choice is /run, where nobody else can put a folder of the same name."""
    if os.geteuid() == 0:
        return [Path("/run"), Path("/tmp")]  # noqa: S108 - the folder's owner is checked
    named = os.environ.get("XDG_RUNTIME_DIR")
    return [*([Path(named)] if named else []), Path("/tmp")]  # noqa: S108 - as above


def _own(folder: Path, owner: tuple[int, int]) -> bool:
    """Make `folder` for its owner alone; False where somebody else was there before."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if folder.is_symlink() or found.st_uid not in {os.geteuid(), owner[0]}:
            return False
        if (found.st_uid, found.st_gid) != owner:
            os.chown(folder, *owner, follow_symlinks=False)
        folder.chmod(0o700)
    except OSError:
        return False
    return True
