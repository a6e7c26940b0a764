"""The worker as production runs it: life signs, the night, and what a kill leaves behind."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest

from churnapp.models import Heartbeat, ScheduledRun
from customers.models import RiskFlag
from customers.risk.flags import ONE_AT_A_TIME
from tests.factories import make_customer, make_payment, make_subscription, today_here
from tests.tasks.conftest import test_database_url as database_url
from tests.tasks.conftest import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def night_is_done() -> bool:
    return ScheduledRun.objects.filter(job="night", finished_at__isnull=False).exists()


@pytest.fixture
def late_payer(transactional_db):
    customer = make_customer()
    make_subscription(customer)
    make_payment(customer, due_on=today_here() - timedelta(days=9), status="failed")
    return customer


@contextmanager
def flags_held() -> Iterator[psycopg.Cursor]:
    """As long as this is open, a night waits in the middle of its work."""
    with psycopg.connect(database_url()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        yield cursor


def nights_waiting(cursor: psycopg.Cursor) -> int:
    cursor.execute(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted",
        [ONE_AT_A_TIME],
    )
    return cursor.fetchone()[0]


def test_a_canary_comes_through(worker, send):
    send("churnapp.tasks.canary")

    wait_until(Heartbeat.objects.filter(queue="celery").exists, "the canary came through")


def test_the_night_raises_flags_and_runs_once(worker, send, late_payer):
    send("customers.tasks.night")
    wait_until(night_is_done, "the night is done")
    before = ScheduledRun.objects.get()
    send("customers.tasks.night")
    send("churnapp.tasks.canary")
    wait_until(Heartbeat.objects.filter(queue="celery").exists, "the second night was looked at")

    assert RiskFlag.objects.get(customer=late_payer).rule.key == "payment_failed"
    assert ScheduledRun.objects.get().finished_at == before.finished_at


def test_a_night_whose_process_is_killed_runs_again(worker, send, late_payer):
    with flags_held() as held:
        send("customers.tasks.night")
        wait_until(lambda: nights_waiting(held) == 1, "the night is at work")
        killed = worker.child()
        killed.send_signal(signal.SIGKILL)
        wait_until(lambda: worker.child() not in {None, killed}, "another took its place")

    wait_until(night_is_done, "the night was run again")

    assert RiskFlag.objects.filter(customer=late_payer).count() == 1


def test_a_night_whose_worker_is_killed_is_run_by_the_next_tick(
    worker, another_worker, send, late_payer
):
    with flags_held() as held:
        send("customers.tasks.night")
        wait_until(lambda: nights_waiting(held) == 1, "the night is at work")
        worker.kill()
        wait_until(lambda: nights_waiting(held) == 0, "its connection is gone")
    assert not night_is_done()
    another_worker()

    send("customers.tasks.night")

    wait_until(night_is_done, "the night was run again")
    assert RiskFlag.objects.filter(customer=late_payer).count() == 1
