"""The one error of the local stack."""

from pathlib import Path

TAIL_LINES = 15


class StackError(RuntimeError):
    """The local servers can't be had; the text says why and what to do."""

    def __init__(self, reason: str, log: Path | None = None) -> None:
        super().__init__(reason + (_tail(log) if log else ""))


def _tail(log: Path) -> str:
    try:
        lines = log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
    except OSError:
        lines = []
    return "".join(f"\n  | {line}" for line in lines) + f"\nThe whole log: {log}"
