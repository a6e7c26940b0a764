"""Files in: start, cancel and undo an import. The row is the work; the task only rings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import Job, User
from customers.importing.arranging import LEFT_OUT
from customers.importing.errors import FileRefusedError
from customers.importing.reporting import Report
from customers.importing.running import IMPORT, UNDO
from customers.models import ColumnMapping, Import
from customers.services.traces import Deed, audit
from customers.tasks import run_import


@dataclass(frozen=True)
class Wish:
    """What somebody wants of a file: columns theirs to ours, and ours to a value for all rows."""

    kind: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    fixed_values: Mapping[str, str] = field(default_factory=dict)
    dry_run: bool = False
    skip_refused: bool = False

    def fields(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "mapping": dict(self.mapping),
            "fixed_values": dict(self.fixed_values),
            "dry_run": self.dry_run,
            "skip_refused": self.skip_refused,
        }


def record_import(file_name: str, wish: Wish, *, by: User | None) -> Import:
    """The rows of an import that its caller works at once, as the command does."""
    job = Job.objects.create(kind=IMPORT, created_by=by)
    return Import.objects.create(job=job, file_name=file_name[-255:], **wish.fields())


@transaction.atomic
def keep_upload(file: UploadedFile, kind: str, *, by: User) -> Import:
    """Keep an uploaded file as a draft, until somebody says which column is which."""
    job = Job.objects.create(kind=IMPORT, state=Job.State.DRAFT, created_by=by)
    return Import.objects.create(job=job, kind=kind, file_name=str(file.name)[-255:], file=file)


@transaction.atomic
def refuse_upload(file_import: Import, refusal: FileRefusedError, *, now: datetime) -> None:
    """Close a draft whose file can't be read at all: say why, and keep the file no longer."""
    report = Report(problem={"code": refusal.code} | refusal.facts)
    name, storage = str(file_import.file), file_import.file.storage
    Import.objects.filter(pk=file_import.pk).update(report=report.as_json(), file="")
    Job.objects.filter(pk=file_import.job_id, state=Job.State.DRAFT).update(
        state=Job.State.FAILED, error="refused", finished_at=now
    )
    transaction.on_commit(partial(storage.delete, name))


@transaction.atomic
def start_import(file_import: Import, wish: Wish, *, by: User, now: datetime) -> None:
    """Queue an upload as a dry run or for good, and remember what its columns mean.

    Raises RuleError once it is published, or while it is being worked.
    """
    startable = [Job.State.DRAFT, Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED]
    unpublished = Job.objects.filter(file_import=file_import, file_import__published_at=None)
    queued = unpublished.filter(state__in=startable).update(
        state=Job.State.QUEUED,
        attempts=0,
        cancel_requested=False,
        created_at=now,
        error="",
        done=0,
        failed=0,
        total=None,
    )
    if not queued:
        raise RuleError(_("This file is being imported, or has been. Upload it again."))
    Import.objects.filter(pk=file_import.pk).update(report={}, **wish.fields())
    remember_columns(wish)
    audit(Deed("import_started", by, now), file_import, {"dry_run": [None, wish.dry_run]})
    ring(file_import.pk)


def remember_columns(wish: Wish) -> None:
    """Next time the same names are proposed for the same columns."""
    ColumnMapping.objects.bulk_create(
        [
            ColumnMapping(kind=wish.kind, theirs=theirs.casefold()[:200], ours=ours)
            for theirs, ours in wish.mapping.items()
            if ours != LEFT_OUT
        ],
        update_conflicts=True,
        unique_fields=["kind", "theirs"],
        update_fields=["ours"],
    )


@transaction.atomic
def cancel_import(file_import: Import, *, by: User, now: datetime) -> None:
    """Stop an import: at once if nobody works on it, else where its work listens next.

    Raises RuleError for one that has ended.
    """
    jobs = Job.objects.filter(pk=file_import.job_id)
    resting = [Job.State.DRAFT, Job.State.QUEUED]
    stopped = jobs.filter(state__in=resting, kind=IMPORT).update(
        state=Job.State.CANCELLED, finished_at=now
    )
    asked = jobs.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])
    if not stopped and not asked.update(cancel_requested=True):
        raise RuleError(_("This import has ended already."))
    audit(Deed("import_cancelled", by, now), file_import, {})


@transaction.atomic
def undo_import(file_import: Import, *, by: User, now: datetime) -> None:
    """Queue the taking back of a published import. Raises RuleError if there is nothing to undo."""
    published = Job.objects.filter(
        file_import=file_import,
        file_import__published_at__isnull=False,
        file_import__undone_at=None,
    )
    ended = [Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED]
    if not published.filter(state__in=ended).update(
        kind=UNDO,
        state=Job.State.QUEUED,
        attempts=0,
        cancel_requested=False,
        created_at=now,
        error="",
        total=None,
        done=0,
    ):
        raise RuleError(_("There is nothing to take back: it was never published, or is undone."))
    audit(Deed("import_undone", by, now), file_import, {})
    ring(file_import.pk)


def ring(import_id: int) -> None:
    """Wake a worker once the row is committed. A broker that is away is no error: a sweep comes."""
    call: Callable[[], object] = partial(run_import.delay, import_id)
    transaction.on_commit(call, robust=True)
