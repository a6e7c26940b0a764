"""A database for one measurement: migrated, empty, and gone in the end."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, connections

from tests.migrated import migrated_database


@contextmanager
def own_database(name: str) -> Iterator[None]:
    """Let this process speak to the new database `name`; the organisation's own is not touched."""
    usual = settings.DATABASES["default"]["NAME"]
    migrated = migrated_database()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {migrated}")
    use_database(name)
    try:
        yield
    finally:
        use_database(usual)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def use_database(name: str) -> None:
    """Let this process speak to another database of the same server."""
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name
