"""How far a job is: written to its row as it goes, and where a request to stop is heard."""

from django.db import connection
from django.db.models.functions import Now

from churnapp.models import Job
from customers.importing.errors import CancelledError


class Progress:
    """Tells the job's row how far its work is. Every call raises CancelledError once asked to stop.

    The row is the truth for whoever watches; a heartbeat says that somebody is at work.
    """

    def __init__(self, job_id: int) -> None:
        self.job_id = job_id

    def begin(self, phase: str, total: int | None = None) -> None:
        """A new phase starts; `total` is the number of its rows, None when nobody knows."""
        self._write(phase=phase, total=total, done=0)

    def reach(self, done: int) -> None:
        """So many rows of the phase are done."""
        self._write(done=done)

    def check(self) -> None:
        """Only listen; for use inside the publishing transaction, which must not write the row."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT cancel_requested FROM churnapp_job WHERE id = %s", [self.job_id])
            row = cursor.fetchone()
        if row is None or row[0]:
            raise CancelledError

    def _write(self, **fields: str | int | None) -> None:
        Job.objects.filter(pk=self.job_id).update(heartbeat_at=Now(), **fields)
        self.check()
