"""From staged rows to facts: resolved, checked, compared and, if all is well, published.

All in one transaction: what is killed or refused leaves nothing behind.
"""

import json
import time
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from psycopg import errors as postgres

from churnapp.common.money import exponent
from churnapp.models import Job, Organisation
from customers.importing import limits, locks, reporting, staging, upserts
from customers.importing.arranging import Arrangement
from customers.importing.errors import OvertakenError
from customers.importing.kinds import Kind
from customers.importing.progress import Progress
from customers.importing.reading import Reader
from customers.importing.staging import run_file
from customers.matching import matching_parameters
from customers.models import Import
from customers.standings import refresh_standings

log = structlog.get_logger(__name__)

# Somebody else was faster; the comparison is made anew.
OVERTAKEN = (
    postgres.SerializationFailure,
    postgres.DeadlockDetected,
    postgres.ExclusionViolation,
    postgres.UniqueViolation,
    postgres.ForeignKeyViolation,
)
# Above this many touched customers it is cheaper to ask about all of them.
MANY = 50_000


@dataclass(frozen=True)
class Work:
    """One import at the point where its rows are staged."""

    file_import: Import
    progress: Progress
    reader: Reader

    @property
    def kind(self) -> Kind:
        return self.reader.kind

    @property
    def arrangement(self) -> Arrangement:
        return self.reader.arrangement

    @property
    def theirs(self) -> dict[str, str]:
        """The names that our columns have in the file."""
        header = self.reader.layout.header
        return {ours: header[place] for ours, place in self.arrangement.places.items()}

    @property
    def may_publish(self) -> bool:
        return not self.file_import.dry_run


def publish(work: Work) -> reporting.Report:
    """Compare with what is known, publish unless it is a dry run or rows are refused, and report.

    The job's row is closed in the same transaction. Raises OvertakenError when others keep
    changing the same facts.
    """
    for attempt in range(1, limits.PUBLISH_ATTEMPTS + 1):
        try:
            return _publish(work)
        except (IntegrityError, OperationalError) as problem:
            if not isinstance(problem.__cause__, OVERTAKEN):
                raise
            log.warning("import_overtaken", import_id=work.file_import.pk, problem=str(problem))
            time.sleep(0.2 * attempt)
    raise OvertakenError


@transaction.atomic
def _publish(work: Work) -> reporting.Report:
    if work.may_publish:
        locks.wait_for_other_imports()
        if work.arrangement.has("parent_id"):
            locks.hold_parents()
    moment = database_clock()
    params = parameters(work, moment)
    run_files(work, work.kind.resolve, params)
    drop_refused()
    run_files(work, work.kind.compare, params)
    if work.kind.target:
        upserts.compare(work.kind, work.arrangement)
    report = reporting.collect(dry_run=work.file_import.dry_run)
    if work.may_publish and (not report.refused_rows or work.file_import.skip_refused):
        write(work, params)
        renew_standings(work.kind, moment)
        report = replace(report, published=True)
    elif work.may_publish:
        report = reporting.Report(rows=report.rows, refused_rows=report.refused_rows)
    close(work, report, moment)
    return report


def database_clock() -> datetime:
    """The database's time now: no term is superseded before it was recorded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def parameters(work: Work, moment: datetime) -> dict[str, Any]:
    """What the SQL of a kind may ask for by name."""
    organisation = Organisation.current()
    currency = organisation.currency
    present = {f"has_{name}": work.arrangement.has(name) for name in work.kind.names}
    return {
        **present,
        **work.kind.constants,
        **matching_parameters(),
        "import_id": work.file_import.pk,
        "moment": moment,
        "mention_id": None,
        "complaint_days": settings.COMPLAINT_WORKING_DAYS,
        "complaint_tasks": json.dumps(complaint_tasks()),
        "usual_language": settings.LANGUAGE_CODE,
        "currency": currency,
        "exponent": exponent(currency),
    }


def complaint_tasks() -> dict[str, str]:
    """The task of a complaint, by the language of its owner; `{words}` is a place for theirs."""
    words = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words[language] = _("Settle a complaint: %(words)s") % {"words": "{words}"}
    return words


def run_files(work: Work, names: tuple[str, ...], params: dict[str, Any]) -> None:
    """Run files of `sql/` in order; between two of them somebody may have asked to stop."""
    for name in names:
        run_file(name, params)
        work.progress.check()


def drop_refused() -> None:
    """Go on with the good rows."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE refused")
        cursor.execute("DELETE FROM resolved r USING refused f WHERE f.line = r.line")


def write(work: Work, params: dict[str, Any]) -> None:
    """Write what was decided."""
    run_files(work, work.kind.before, params)
    if work.kind.target:
        upserts.write(work.kind, work.arrangement, work.file_import.pk)
        work.progress.check()
    run_files(work, work.kind.publish, params)
    if work.kind.target and work.kind.target.digested and work.kind.publish:
        upserts.renew_digests(work.kind, work.file_import.pk)


def renew_standings(kind: Kind, moment: datetime) -> None:
    """Let the touched customers stand as their facts now say."""
    if not kind.touched:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE touched AS {kind.touched}")
        cursor.execute("SELECT count(*) FROM touched")
        many = cursor.fetchone()[0] > MANY
        cursor.execute("SELECT * FROM touched WHERE NOT %s", [many])
        ids = None if many else [row[0] for row in cursor.fetchall()]
    refresh_standings(ids, now=moment)


def close(work: Work, report: reporting.Report, moment: datetime) -> None:
    """Write the outcome, with every refused row, in the transaction of what it tells of."""
    staging.quote_as_typed(work.reader)
    reporting.keep_refused_rows(work.file_import, work.theirs)
    Import.objects.filter(pk=work.file_import.pk).update(
        report=report.as_json(), published_at=moment if report.published else None
    )
    failed = not report.published and not work.file_import.dry_run
    Job.objects.filter(pk=work.file_import.job_id).update(
        state=Job.State.FAILED if failed else Job.State.DONE,
        done=report.rows,
        total=report.rows,
        failed=report.refused_rows,
        error="",
        phase="",
        finished_at=moment,
    )
