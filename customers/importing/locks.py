"""Who works on an import, which one publishes, and who says which company is above which.

A session's lock ends with its connection, so a killed worker frees its import at once; a heartbeat
alone could not tell a long transaction from a dead one.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

WORKING, PUBLISHING, PARENTS = 0x494D_5001, 0x494D_5002, 0x494D_5003


@contextmanager
def working_on(import_id: int) -> Iterator[bool]:
    """Hold an import; gives False if somebody else holds it."""
    held = _ask("SELECT pg_try_advisory_lock(%s, %s)", WORKING, import_id)
    try:
        yield held
    finally:
        if held and connection.connection is not None and not connection.connection.closed:
            _ask("SELECT pg_advisory_unlock(%s, %s)", WORKING, import_id)


def somebody_works_on(import_id: int) -> bool:
    """Whether a living session holds the import."""
    return _ask(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
        " AND classid = %s AND objid = %s AND objsubid = 2)",
        WORKING,
        import_id,
    )


def wait_for_other_imports() -> None:
    """One import publishes at a time; the rest of the house goes on."""
    _ask("SELECT pg_advisory_xact_lock(%s, 0)", PUBLISHING)


def hold_parents() -> None:
    """One transaction at a time changes parent companies: two at once could close a circle.

    It is taken before any customer's row, so that nobody waits for each other.
    """
    _ask("SELECT pg_advisory_xact_lock(%s, 0)", PARENTS)


def _ask(question: str, *params: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, params)
        return bool(cursor.fetchone()[0])
