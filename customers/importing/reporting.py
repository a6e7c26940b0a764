"""What an import did or would do, counted from its temporary tables and kept with it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection

from customers.importing import limits
from customers.models import Import

COUNTS = """
SELECT (SELECT count(*) FROM staged), (SELECT count(DISTINCT line) FROM refused),
       (SELECT count(DISTINCT f.line) FROM refused f
        WHERE NOT EXISTS (SELECT FROM staged s WHERE s.line = f.line)),
       count(*) FILTER (WHERE outcome = 'created'), count(*) FILTER (WHERE outcome = 'changed'),
       count(*) FILTER (WHERE outcome = 'unchanged')
FROM decided
"""
NOTES = """
SELECT code, count(*), (array_agg(value ORDER BY line, value))[:%(kept)s], min(line)
FROM noted
GROUP BY code
ORDER BY code
"""
OVERWRITTEN = """
SELECT line, called, field, before, after
FROM overwritten
ORDER BY line, called, field
LIMIT %(kept)s
"""
KEEP = """
INSERT INTO customers_refusedrow (file_import_id, line, "column", value, reason)
SELECT %(import_id)s, line, left(coalesce(%(theirs)s::jsonb ->> column_name, column_name), 200),
       left(coalesce(value, ''), 1000), reason::text
FROM refused
ORDER BY line
"""


@dataclass(frozen=True)
class Report:
    """Rows by what became of them, what is worth knowing, and whose work was overwritten."""

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused_rows: int = 0
    dry_run: bool = False
    published: bool = False
    # By code: how many, the first values, and the first line.
    notes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    overwritten: int = 0
    overwritten_rows: list[dict[str, Any]] = field(default_factory=list)
    # Why the file as a whole was refused: a code and what its sentence needs.
    problem: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, file_import: Import) -> "Report":
        """The report kept with an import; an empty one before there is any."""
        known = cls.__dataclass_fields__
        return cls(**{name: value for name, value in file_import.report.items() if name in known})


def collect(*, dry_run: bool) -> Report:
    """Count the temporary tables of the import at work on this connection."""
    kept = {"kept": limits.EXAMPLES_KEPT}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        staged, refused, unread, created, changed, unchanged = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM overwritten")
        overwritten = cursor.fetchone()[0]
        cursor.execute(OVERWRITTEN, kept)
        names = [column.name for column in cursor.description]
        examples = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return Report(
        rows=staged + unread,
        created=created,
        changed=changed,
        unchanged=unchanged,
        refused_rows=refused,
        dry_run=dry_run,
        notes=notes(limits.EXAMPLES_KEPT),
        overwritten=overwritten,
        overwritten_rows=examples,
    )


def notes(kept: int) -> dict[str, dict[str, Any]]:
    """What is worth knowing, by code: how many, the first values, and the first line."""
    with connection.cursor() as cursor:
        cursor.execute(NOTES, {"kept": kept})
        return {
            code: {"count": count, "examples": examples, "line": line}
            for code, count, examples, line in cursor.fetchall()
        }


def keep_refused_rows(file_import: Import, theirs: Mapping[str, str]) -> None:
    """Store every refused row; `theirs` gives our columns the names that they have in the file."""
    file_import.refused_rows.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(KEEP, {"import_id": file_import.pk, "theirs": json.dumps(dict(theirs))})
