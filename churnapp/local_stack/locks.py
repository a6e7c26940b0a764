"""Locks that end with the process that holds them, however it ends."""

import fcntl
import os
import time
from pathlib import Path

POLL = 0.02


class LockTimeoutError(TimeoutError):
    """Somebody else held the lock for too long."""


def try_take(path: Path, *, shared: bool) -> int | None:
    """A descriptor that holds the lock until it is closed, or None if it is taken."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def take(path: Path, *, shared: bool, timeout: float) -> int:
    """As `try_take`, but wait up to `timeout` seconds. Raises LockTimeoutError."""
    deadline = time.monotonic() + timeout
    while (descriptor := try_take(path, shared=shared)) is None:
        if time.monotonic() > deadline:
            raise LockTimeoutError(f"{path} has been held for {timeout:.0f} s")
        time.sleep(POLL)
    return descriptor


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock for themselves alone."""
    descriptor = try_take(path, shared=True)
    if descriptor is not None:
        os.close(descriptor)
    return descriptor is None
