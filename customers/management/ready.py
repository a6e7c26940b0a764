"""Commands that work on their own: on a database that is new or behind, they migrate it first."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

# Of two commands that start at once, one migrates and the other waits for it.
MIGRATING = 0x494D_5003


class ReadyCommand(BaseCommand):
    """A command that finds every table as it expects it."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        migrate_if_needed()
        return super().execute(*args, **options)


def migrate_if_needed() -> None:
    """Apply migrations that are not applied yet; writes nothing to standard output."""
    if not is_behind():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MIGRATING])
        if is_behind():
            call_command("migrate", verbosity=0, interactive=False)


def is_behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
