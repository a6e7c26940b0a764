"""The signing key of an installation that was not given one: made once, kept in its data folder."""

import os
import secrets
from pathlib import Path


def kept_in(data_dir: Path) -> str:
    """The key in `data_dir/secret.key`, made on first use and readable by its owner alone."""
    path = data_dir / "secret.key"
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return _read(path)


def _read(path: Path) -> str:
    key = path.read_text().strip()
    if len(key) >= 50:
        return key
    # Another process is between making and writing the file, or was killed there.
    fresh = secrets.token_urlsafe(50)
    part = path.with_suffix(f".{os.getpid()}")
    part.write_text(fresh)
    part.chmod(0o600)
    part.replace(path)
    return fresh
