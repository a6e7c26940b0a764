"""Why an import stops."""

from typing import Any


class FileRefusedError(Exception):
    """The file as a whole can't be taken; `code` and `facts` become a sentence in `wording`."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


class CancelledError(Exception):
    """Somebody asked for the import to stop."""


class OvertakenError(Exception):
    """Somebody else changed the same facts between the comparison and the publishing."""
