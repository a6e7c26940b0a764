"""The nightly work on customers, in an order that may be repeated, and whose night it is."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

import structlog
from django.db import connection
from django.db.models.functions import Now

from churnapp.models import Heartbeat, Organisation, ScheduledRun
from customers.handovers import carry_out_due
from customers.metrics.checks import run_checks
from customers.privacy.purging import purge
from customers.reading.renewing import read_unread
from customers.risk.flags import FlagChanges, renew_flags
from customers.standings import refresh_standings

log = structlog.get_logger(__name__)
JOB = "night"
ONE_NIGHT = 7_265_002  # an advisory lock that nothing else takes
PATIENCE = 10  # seconds for the server to notice that a worker was killed


@dataclass(frozen=True)
class NightReport:
    """What a night wrote."""

    handovers: int
    standings: int
    flags: FlagChanges
    broken_checks: tuple[str, ...] = ()
    forgotten: int = 0
    read: int = 0

    def lines(self) -> list[str]:
        """What a person reads of it."""
        broken = ", ".join(self.broken_checks)
        return [
            f"handovers carried out: {self.handovers}",
            f"standings renewed: {self.standings}",
            f"flags written: {self.flags.total}",
            f"departures read: {self.read}",
            f"rows forgotten: {self.forgotten}",
            f"checks of the figures: {'broken: ' + broken if broken else 'all hold'}",
        ]


def run_if_due(now: datetime) -> NightReport | None:
    """Run the latest night that has come and was not finished; None when there is none.

    Asked by any number of schedulers at any time: one works, the others go away, and a night that
    was killed is run again by whoever asks next.
    """
    organisation = Organisation.current()
    period = night_of(now.astimezone(organisation.zone), organisation.night_hour).isoformat()
    with alone() as is_mine:
        if not is_mine:
            return None
        night, _made = ScheduledRun.objects.get_or_create(job=JOB, period=period)
        if night.finished_at is not None:
            return None
        report = run(as_of=now.astimezone(organisation.zone).date(), now=now)
        ScheduledRun.objects.filter(pk=night.pk).update(finished_at=Now())
    return report


def night_of(here: datetime, hour: int) -> date:
    """The day whose night was the last to come by `here`, a moment in the organisation's zone."""
    return here.date() if here.hour >= hour else here.date() - timedelta(days=1)


def run(*, as_of: date, now: datetime, full: bool = False) -> NightReport:
    """All nightly steps for the day `as_of`. Each may be repeated and killed at any point.

    `full` checks the figures by the engine's longer way too.
    """
    report = NightReport(
        handovers=carry_out_due(today=as_of, now=now),
        standings=refresh_standings(None, now=now),
        flags=renew_flags(as_of=as_of, now=now),
        read=read_unread(now=now),
        forgotten=sum(purge(now).values()),
        broken_checks=tuple(
            check.name for check in run_checks(known_at=now, ran_at=now, full=full) if not check.ok
        ),
    )
    Heartbeat.objects.update_or_create(queue=JOB, defaults={"seen_at": now})
    log.info("night_done", as_of=as_of.isoformat(), **asdict(report))
    return report


@contextmanager
def alone() -> Iterator[bool]:
    """Whether nobody else is at it.

    The lock goes with the connection when a worker is killed: the server is told to look every
    other second whether we are still there, and who comes next waits long enough for that.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET client_connection_check_interval = '2s'")
    is_mine = any(took_lock() for _second in range(PATIENCE))
    try:
        yield is_mine
    finally:
        if is_mine and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_NIGHT])


def took_lock() -> bool:
    """Take the lock of the night, or wait a second."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_NIGHT])
        (is_mine,) = cursor.fetchone()
    if not is_mine:
        time.sleep(1)
    return bool(is_mine)
