"""Imports as jobs: a worker comes when it is rung for, and a sweep when nobody did."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from churnapp.models import Job
from customers.importing import locks
from customers.models import Import, Term
from customers.services.imports import Wish, cancel_import, keep_upload, start_import, undo_import
from tests.factories import make_user
from tests.tasks.conftest import Worker, wait_until
from tests.tasks.conftest import test_database_url as database_url

pytestmark = pytest.mark.django_db(transaction=True)

FILE = b"customer_id,subscription_id,starts_on,amount\n" + b"".join(
    b"C%d,S%d,2024-01-01,10\n" % (n, n) for n in range(500)
)


@pytest.fixture
def queued(settings) -> Import:
    """An upload that somebody wants imported; the doorbell of this process rings elsewhere."""
    by = make_user("manager")
    file = ContentFile(FILE, name="subscriptions.csv")
    file_import = keep_upload(file, "subscriptions", by=by)
    start_import(file_import, Wish("subscriptions"), by=by, now=timezone.now())
    return file_import


def state(file_import: Import) -> str:
    return Job.objects.values_list("state", flat=True).get(file_import=file_import)


def grow_old(file_import: Import) -> None:
    """As if nothing had been heard of it for a while."""
    past = timezone.now() - timedelta(minutes=5)
    job = Job.objects.filter(file_import=file_import)
    job.update(created_at=past)
    job.filter(heartbeat_at__isnull=False).update(heartbeat_at=past)


def test_worker_imports_and_undoes(worker: Worker, send: Callable, queued: Import) -> None:
    send("customers.tasks.run_import", [queued.pk])
    send("customers.tasks.run_import", [queued.pk])
    wait_until(lambda: state(queued) == "done", "the file is imported")
    assert Term.objects.standing().count() == 500

    undo_import(queued, by=make_user("manager"), now=timezone.now())
    send("customers.tasks.run_import", [queued.pk])
    wait_until(lambda: state(queued) == "done", "it is taken back")
    assert not Term.objects.standing().exists()
    assert Term.objects.count() == 500


def test_sweep_finds_what_no_doorbell_rang_for(
    worker: Worker, send: Callable, queued: Import
) -> None:
    grow_old(queued)
    send("customers.tasks.sweep_jobs")
    wait_until(lambda: state(queued) == "done", "the sweep found it")
    assert Term.objects.count() == 500


def test_cancelled_import_stops_where_it_listens(
    worker: Worker, send: Callable, queued: Import
) -> None:
    with psycopg.connect(database_url()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [locks.PUBLISHING])
        send("customers.tasks.run_import", [queued.pk])
        wait_until(lambda: phase(queued) == "publishing", "it is about to publish")
        cancel_import(queued, by=make_user("manager"), now=timezone.now())
    wait_until(lambda: state(queued) == "cancelled", "it stopped")
    assert not Term.objects.exists()


def phase(file_import: Import) -> str:
    return Job.objects.values_list("phase", flat=True).get(file_import=file_import)


def test_import_of_a_killed_worker_is_taken_up_by_another(
    worker: Worker,
    another_worker: Callable[[], Worker],
    send: Callable,
    queued: Import,
    tmp_path: Path,
) -> None:
    with psycopg.connect(database_url()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [locks.PUBLISHING])
        send("customers.tasks.run_import", [queued.pk])
        wait_until(lambda: phase(queued) == "publishing", "it is about to publish")
        worker.kill()
    wait_until(lambda: not locks.somebody_works_on(queued.pk), "its session is gone")
    assert state(queued) == "running"
    assert not Term.objects.exists()
    another_worker()
    grow_old(queued)

    send("customers.tasks.sweep_jobs")

    wait_until(lambda: state(queued) == "done", "another worker did it")
    assert Term.objects.count() == 500
    assert Job.objects.get(file_import=queued).attempts == 2
