"""Whose night it is, however many ask, and however late."""

import threading
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from churnapp.models import Heartbeat, ScheduledRun
from customers.models import RiskFlag, Standing
from customers.night import night_of, run_if_due
from tests.factories import make_organisation, make_payment
from tests.risk.facts import TODAY, days_ago, only, payer

HOUR = timedelta(hours=1)
OSLO = ZoneInfo("Europe/Oslo")


def oslo(day: int, hour: int, minute: int) -> datetime:
    return datetime(2025, 6, day, hour, minute, tzinfo=OSLO)


def at(day: int, hour: int, minute: int = 5) -> datetime:
    """A moment of June 2025, universal time; Oslo is two hours ahead."""
    return datetime(2025, 6, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    "here, hour, night",
    [
        (oslo(15, 3, 0), 3, date(2025, 6, 15)),
        (oslo(15, 2, 59), 3, date(2025, 6, 14)),
        (oslo(15, 23, 5), 23, date(2025, 6, 15)),
        (oslo(16, 4, 5), 23, date(2025, 6, 15)),
        (oslo(15, 0, 0), 0, date(2025, 6, 15)),
    ],
)
def test_the_last_night_to_come(here, hour, night):
    assert night_of(here, hour) == night


@pytest.mark.django_db
def test_the_night_comes_at_the_hour_of_the_organisation():
    make_organisation(timezone="Europe/Oslo", night_hour=3)
    assert run_if_due(at(15, 0)) is not None  # 02:05 in Oslo: yesterday's night, never run

    assert run_if_due(at(15, 0, 55)) is None  # 02:55
    assert run_if_due(at(15, 1)) is not None  # 03:05
    assert run_if_due(at(15, 2)) is None

    periods = ScheduledRun.objects.order_by("period").values_list("period", flat=True)
    assert list(periods) == ["2025-06-14", "2025-06-15"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "zone, first_hour", [("Pacific/Auckland", 15), ("Europe/Oslo", 1), ("America/New_York", 7)]
)
def test_over_a_day_of_ticks_the_night_runs_once(zone, first_hour):
    make_organisation(timezone=zone, night_hour=3)
    run_if_due(at(14, first_hour))

    ran = [hour for hour in range(24) if run_if_due(at(14, first_hour) + HOUR * (1 + hour))]

    assert ran == [23]


@pytest.mark.django_db
def test_a_beat_that_was_dead_for_days_runs_one_night():
    only("payment_failed")
    customer = payer()
    make_payment(customer, due_on=days_ago(5), status="failed")
    run_if_due(at(10, 1))

    late = run_if_due(at(15, 14))

    assert late is not None
    assert RiskFlag.objects.get().raised_on == date(2025, 6, 10) + timedelta(days=5)
    assert run_if_due(at(15, 15)) is None
    assert ScheduledRun.objects.count() == 2


@pytest.mark.django_db
def test_a_night_that_was_not_finished_runs_again():
    ScheduledRun.objects.create(job="night", period="2025-06-15")

    assert run_if_due(at(15, 4)) is not None
    assert ScheduledRun.objects.get().finished_at is not None


@pytest.mark.django_db
def test_the_night_leaves_standings_flags_and_a_sign_of_life():
    only("payment_failed")
    customer = payer()
    make_payment(customer, due_on=days_ago(5), status="failed")

    report = run_if_due(at(15, 1))

    standing = Standing.objects.get(customer=customer)
    assert (report.standings, report.flags.raised) == (1, 1)
    assert (standing.state, standing.as_of, standing.risk) == ("active", TODAY, 3)
    assert Heartbeat.objects.get(queue="night").seen_at == at(15, 1)


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_run_one_night():
    only("payment_failed")
    make_payment(payer(), due_on=days_ago(5), status="failed")
    reports, start = [], threading.Barrier(2)

    def tick() -> None:
        start.wait()
        try:
            reports.append(run_if_due(at(15, 1)))
        finally:
            connection.close()

    threads = [threading.Thread(target=tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len([report for report in reports if report]) == 1
    assert RiskFlag.objects.count() == 1
    assert ScheduledRun.objects.count() == 1
