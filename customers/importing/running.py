"""One import from its file to its report."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from churnapp.models import Job, Organisation
from customers.importing import limits, locks, staging
from customers.importing.arranging import arrange
from customers.importing.errors import CancelledError, FileRefusedError, OvertakenError
from customers.importing.progress import Progress
from customers.importing.publishing import Work, publish
from customers.importing.reading import Reader
from customers.importing.records import layout_of, write_clean_copy
from customers.importing.registry import KINDS
from customers.importing.reporting import Report
from customers.importing.undo import undo
from customers.models import Import

# Kinds of jobs: what is to be done with the import.
IMPORT, UNDO = "import", "import_undo"
log = structlog.get_logger(__name__)


def run(import_id: int, path: Path) -> None:
    """Work the import whose file lies at `path`, and leave its outcome in its rows.

    Safe to call twice, at once, or again after a kill: one session works, and what is finished
    stays so.
    """
    with locks.working_on(import_id) as held:
        if held and claim(import_id):
            file_import = Import.objects.select_related("job").get(pk=import_id)
            with settled(file_import):
                import_file(file_import, path)


def run_stored(import_id: int) -> None:
    """Work an import whose file was uploaded, or take it back; the job's kind says which."""
    file_import = Import.objects.select_related("job").filter(pk=import_id).first()
    if file_import is None:
        return
    if file_import.job.kind == UNDO:
        take_back(import_id)
        return
    if not file_import.file or not Path(file_import.file.path).is_file():
        waiting = Job.objects.filter(pk=file_import.job_id, state=Job.State.QUEUED)
        waiting.update(state=Job.State.FAILED, error="no_file", finished_at=Now())
        return
    run(import_id, Path(file_import.file.path))
    forget_file(import_id)


def forget_file(import_id: int) -> None:
    """What is published needs its file no longer; it may hold much about people."""
    file_import = Import.objects.get(pk=import_id)
    if file_import.published_at and file_import.file:
        file_import.file.delete(save=False)
        Import.objects.filter(pk=import_id).update(file="")


def take_back(import_id: int) -> None:
    """Undo an import once, whoever calls."""
    with locks.working_on(import_id) as held:
        if held and claim(import_id):
            file_import = Import.objects.select_related("job").get(pk=import_id)
            with settled(file_import):
                Progress(file_import.job_id).begin("undoing")
                undo(file_import)


def claim(import_id: int) -> bool:
    """Take the job if it is still to be done and has not failed too often."""
    unfinished = Job.objects.filter(
        file_import=import_id, state__in=[Job.State.QUEUED, Job.State.RUNNING]
    )
    tired = unfinished.filter(attempts__gte=limits.MAX_ATTEMPTS)
    tired.update(state=Job.State.FAILED, error="interrupted", finished_at=Now())
    return bool(
        unfinished.update(
            state=Job.State.RUNNING,
            attempts=F("attempts") + 1,
            started_at=Now(),
            heartbeat_at=Now(),
            finished_at=None,
            error="",
        )
    )


@contextmanager
def settled(file_import: Import) -> Iterator[None]:
    """Write down why the work could not be finished, and free what it held."""
    try:
        yield
    except FileRefusedError as refusal:
        problem = {"code": refusal.code} | refusal.facts
        report = Report(dry_run=file_import.dry_run, problem=problem)
        Import.objects.filter(pk=file_import.pk).update(report=report.as_json())
        finish(file_import, Job.State.FAILED, "refused")
    except CancelledError:
        finish(file_import, Job.State.CANCELLED, "")
    except OvertakenError:
        finish(file_import, Job.State.FAILED, "overtaken")
    except Exception:
        log.exception("import_failed", import_id=file_import.pk)
        if not connection.is_usable():
            raise
        finish(file_import, Job.State.FAILED, "broken")
    finally:
        if connection.is_usable():
            staging.drop_tables()


def import_file(file_import: Import, path: Path) -> None:
    """Read, stage and publish."""
    kind = KINDS[file_import.kind]
    progress = Progress(file_import.job_id)
    progress.begin("reading")
    layout = layout_of(path)
    arrangement = arrange(kind, layout.header, file_import.mapping, file_import.fixed_values)
    with clean_copy() as copy:
        written = write_clean_copy(path, layout, copy, alive=progress.reach)
        progress.begin("staging", written.rows)
        staging.empty_tables(kind)
        staging.refuse_records(written.problems)
        reader = Reader(kind, arrangement, layout, Organisation.current().timezone)
        with reader.opened(copy):
            staging.stage(reader, layout, progress)
            progress.begin("publishing")
            publish(Work(file_import, progress, reader))


@contextmanager
def clean_copy() -> Iterator[Path]:
    """Where to put the copy: without a name, so that it goes with a killed process, if possible."""
    descriptors = Path("/proc/self/fd")
    if descriptors.is_dir():
        with tempfile.TemporaryFile() as file:
            yield descriptors / str(file.fileno())
    else:
        with tempfile.TemporaryDirectory(prefix="churnapp-import-") as folder:
            yield Path(folder) / "copy.csv"


def finish(file_import: Import, state: Job.State, error: str) -> None:
    """Close the job's row, if nobody did."""
    Job.objects.filter(pk=file_import.job_id, state=Job.State.RUNNING).update(
        state=state, error=error, phase="", finished_at=Now()
    )
