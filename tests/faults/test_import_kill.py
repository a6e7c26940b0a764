"""An import whose process is killed leaves nothing or everything, wherever it was."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from churnapp.models import Job
from customers.importing import locks, waiting
from customers.importing.undo import undo
from customers.models import (
    Customer,
    Import,
    Plan,
    RefusedRow,
    RowBefore,
    Standing,
    Subscription,
    Term,
    Usage,
)
from tests.factories import make_customer, make_feature, make_subscription
from tests.tasks.conftest import test_database_url as database_url

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parent.parent.parent
ROWS = 2_000
MADE = (Customer, Plan, Subscription, Term, Standing, RowBefore, RefusedRow)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "subscriptions.csv"
    rows = (f"C{n},S{n},pro,2024-01-01,,{n % 90 + 1}.50\n" for n in range(ROWS))
    path.write_text("customer_id,subscription_id,plan,starts_on,ends_on,amount\n" + "".join(rows))
    return path


@contextmanager
def importing(path: Path, kind: str = "subscriptions") -> Iterator[subprocess.Popen[bytes]]:
    """`importcsv` in a process of its own, on the test database."""
    with running("importcsv", kind, str(path)) as process:
        yield process


@contextmanager
def running(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url(), "REDIS_URL": settings.REDIS_URL},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def another_session() -> Iterator[psycopg.Cursor]:
    with psycopg.connect(database_url()) as other, other.cursor() as cursor:
        yield cursor


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.02)


def phase() -> str:
    return Job.objects.values_list("phase", flat=True).order_by("-pk").first() or ""


def is_blocked() -> bool:
    """Whether some session waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


def is_published(process: subprocess.Popen[bytes]) -> bool:
    published = Import.objects.filter(published_at__isnull=False).exists()
    assert published or process.poll() is None, process.communicate()
    return published


def staged_tables() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname IN ('staged', 'decided')")
        return cursor.fetchone()[0]


def kill(process: subprocess.Popen[bytes]) -> Import:
    """End the process at once; gives its import when its session is gone."""
    process.kill()
    process.wait()
    file_import = Import.objects.latest("pk")
    wait_until(lambda: not locks.somebody_works_on(file_import.pk), "its session is gone")
    wait_until(lambda: staged_tables() == 0, "its temporary tables are gone")
    file_import.refresh_from_db()
    return file_import


def check_nothing_is_left(file_import: Import) -> None:
    assert {model.__name__: model.objects.count() for model in MADE} == {
        model.__name__: 0 for model in MADE
    }
    assert file_import.published_at is None
    assert file_import.job.state == "running"
    waiting.unattended(timezone.now() + timedelta(minutes=3))
    job = Job.objects.get(pk=file_import.job_id)
    assert (job.state, job.error) == ("failed", "lost")


def test_killed_as_soon_as_it_is_known_it_leaves_nothing(path: Path) -> None:
    with importing(path) as process:
        wait_until(lambda: Job.objects.filter(state="running").exists(), "it has begun")
        check_nothing_is_left(kill(process))


def test_killed_while_it_stages_it_leaves_nothing(path: Path) -> None:
    with another_session() as cursor, importing(path) as process:
        wait_until(lambda: phase() == "staging", "it stages")
        cursor.execute("SELECT FROM churnapp_job FOR UPDATE")
        wait_until(is_blocked, "it wants to tell how far it is")
        process.kill()
        cursor.connection.rollback()
        check_nothing_is_left(kill(process))


def test_killed_before_it_publishes_it_leaves_nothing(path: Path) -> None:
    with another_session() as cursor, importing(path) as process:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [locks.PUBLISHING])
        wait_until(lambda: phase() == "publishing" and is_blocked(), "it is about to publish")
        process.kill()
        cursor.connection.rollback()
        check_nothing_is_left(kill(process))


def test_killed_with_everything_written_but_not_committed_it_leaves_nothing(path: Path) -> None:
    with another_session() as cursor, importing(path) as process:
        cursor.execute("LOCK TABLE customers_standing IN ACCESS EXCLUSIVE MODE")
        wait_until(lambda: phase() == "publishing" and is_blocked(), "terms are written")
        process.kill()
        cursor.connection.rollback()
        check_nothing_is_left(kill(process))


def test_killed_after_the_commit_it_leaves_everything(path: Path) -> None:
    with importing(path) as process:
        wait_until(lambda: is_published(process), "it is published")
        file_import = kill(process)
    assert Term.objects.standing().count() == ROWS
    assert Standing.objects.filter(state="active").count() == ROWS
    assert file_import.report["created"] == ROWS
    assert Job.objects.get(pk=file_import.job_id).state == "done"


def test_a_file_of_use_leaves_nothing_either(tmp_path: Path) -> None:
    make_customer(external_id="C1")
    make_feature("reports")
    path = tmp_path / "usage.csv"
    days = (date(2024, 1, 1) + timedelta(days=n) for n in range(ROWS))
    rows = "".join(f"C1,reports,{day},3\n" for day in days)
    path.write_text(f"customer_id,feature,day,count\n{rows}")
    with another_session() as cursor, importing(path, "usage") as process:
        cursor.execute("LOCK TABLE customers_standing IN ACCESS EXCLUSIVE MODE")
        wait_until(lambda: phase() == "publishing" and is_blocked(), "counts are written")
        process.kill()
        cursor.connection.rollback()
        assert kill(process).published_at is None
    assert not Usage.objects.exists()
    with importing(path, "usage") as process:
        assert process.wait(timeout=240) == 0
    assert Usage.objects.count() == ROWS


def test_an_undo_that_is_killed_leaves_everything_and_can_be_asked_again(path: Path) -> None:
    with importing(path) as process:
        assert process.wait(timeout=240) == 0
    file_import = Import.objects.get()
    words = "from customers.models import Import; from customers.importing.undo import undo;"
    undoing = running("shell", "-c", f"{words} undo(Import.objects.get(pk={file_import.pk}))")
    with another_session() as cursor, undoing as process:
        cursor.execute("LOCK TABLE customers_standing IN ACCESS EXCLUSIVE MODE")
        wait_until(is_blocked, "terms are superseded")
        process.kill()
        cursor.connection.rollback()
        process.wait()
        wait_until(lambda: not is_blocked(), "its session is gone")
    file_import.refresh_from_db()
    assert file_import.undone_at is None
    assert Term.objects.standing().count() == ROWS
    undo(file_import)
    assert not Term.objects.standing().exists()
    assert not Standing.objects.filter(state="active").exists()


def test_import_waits_for_nobody_but_those_who_change_the_same(path: Path) -> None:
    """People read, and change other customers, while a file is being published."""
    customer = make_customer(external_id="elsewhere")
    make_subscription(customer)
    with another_session() as cursor, importing(path) as process:
        cursor.execute("LOCK TABLE customers_standing IN ACCESS EXCLUSIVE MODE")
        wait_until(lambda: phase() == "publishing" and is_blocked(), "terms are written")
        assert Term.objects.count() == 1
        Customer.objects.filter(pk=customer.pk).update(name="Changed meanwhile")
        cursor.connection.rollback()
        assert process.wait(timeout=240) == 0
    assert Term.objects.count() == ROWS + 1
