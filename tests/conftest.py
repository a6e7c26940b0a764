"""What every test gets: our database's first rows, and an eye on queries in loops."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client
from django.utils import timezone, translation
from psycopg.errors import DeadlockDetected
from zeal.constants import initialize_app_registry
from zeal.patch import patch

from churnapp.models import User
from tests.factories import make_user
from tests.migrated import migrated_database

# Every request of a test, also of a live server's, fails when it asks row by row (N+1).
initialize_app_registry()
patch()
settings.MIDDLEWARE.insert(0, "zeal.middleware.zeal_middleware")
# The one row of the organisation is asked for wherever it is needed.
settings.ZEAL_ALLOWLIST = [{"model": "churnapp.Organisation", "field": "get()"}]

# Each test client builds the middleware anew: it must not read every static file each time.
settings.WHITENOISE_AUTOREFRESH = True

# How long a machine takes says nothing about the code.
hypothesis.settings.register_profile(
    "churnapp", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("churnapp")

# Hashing passwords slowly is right in production and wasted in tests.
PBKDF2PasswordHasher.iterations = 1

empty_the_tables = DatabaseOperations.execute_sql_flush
MOST_TRIES = 5


def empty_the_tables_again(self: DatabaseOperations, sql_list: list[str]) -> None:
    """Empty them once more when a worker, still at work after its test, held one of them."""
    for _try in range(MOST_TRIES - 1):
        try:
            return empty_the_tables(self, sql_list)
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected):
                raise
    return empty_the_tables(self, sql_list)


DatabaseOperations.execute_sql_flush = empty_the_tables_again  # type: ignore[method-assign]

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Transactional tests empty the tables: each begins with the rows that migrations made."""
    restoring = pytest.mark.django_db(transaction=True, serialized_rollback=True)
    for item in items:
        marker = item.get_closest_marker("django_db")
        asked = marker is not None and marker.kwargs.get("transaction", False)
        fixtures = getattr(item, "fixturenames", ())
        if asked or "transactional_db" in fixtures or "live_server" in fixtures:
            item.add_marker(restoring, append=False)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Each process's database is a copy of the migrated one, which takes a second to make."""
    connection.settings_dict["TEST"]["TEMPLATE"] = migrated_database()


@pytest.fixture(scope="session")
def migrated_rows(django_db_setup: None, django_db_blocker: Any) -> str:
    """The rows that the migrations made, taken before any test has emptied a table."""
    with django_db_blocker.unblock():
        return connection.creation.serialize_db_to_string()


def put_back(rows: str) -> None:
    """The migrations' rows, where an earlier transactional test has left none."""
    if not Group.objects.exists():
        call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
        connection.creation.deserialize_db_from_string(rows)


@pytest.fixture(autouse=True)
def first_rows(request: pytest.FixtureRequest) -> None:
    """Each test that asks the database finds the migrations' rows there."""
    marked = request.node.get_closest_marker("django_db") is not None
    if not marked and not {"db", "transactional_db", "live_server"} & set(request.fixturenames):
        return
    rows = request.getfixturevalue("migrated_rows")
    request.getfixturevalue("_django_db_helper")
    put_back(rows)


@pytest.fixture(autouse=True)
def nobody_asks() -> Iterator[None]:
    """Requests leave a language and a zone behind in the thread; each test begins without."""
    yield
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture
def shared() -> Path:
    """The folder of sample files beside the checkout, where there is one."""
    if not SHARED.is_dir():
        pytest.skip("the folder of shared sample files is not beside this checkout")
    return SHARED


@pytest.fixture
def alice(db: None) -> User:
    """A customer-success manager."""
    return make_user("csm", email="alice@example.com", name="Alice Berg")


@pytest.fixture
def bob(db: None) -> User:
    """A manager."""
    return make_user("manager", email="bob@example.com", name="Bob Dahl")


@pytest.fixture
def charlie(db: None) -> User:
    """Someone who only reads."""
    return make_user("viewer", email="charlie@example.com", name="Charlie Ek")


@pytest.fixture
def alices_client(client: Client, alice: User) -> Client:
    """A browser that Alice is signed in to."""
    client.force_login(alice)
    return client
