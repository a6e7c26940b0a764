"""A database for one measurement: fresh, migrated, and gone in the end."""

from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections


def in_a_database_of_its_own(name: str, work: Callable[[], None]) -> None:
    """Run `work` with the new database `name`, and drop it."""
    own = settings.DATABASES["default"]["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name}")
    use_database(name)
    try:
        call_command("migrate", verbosity=0)
        work()
    finally:
        use_database(own)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def use_database(name: str) -> None:
    """Let this process speak to another database of the same server."""
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name
