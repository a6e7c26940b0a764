"""The report of an import as plain text, for the command line."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from customers.importing import limits, wording
from customers.importing.reporting import Report
from customers.models import Import


def text_report(file_import: Import) -> str:
    """What became of the file, its refused rows and what is worth knowing."""
    return "\n".join(lines(file_import, Report.of(file_import)))


def lines(file_import: Import, report: Report) -> Iterator[str]:
    title = _("Dry run, nothing was changed.") if file_import.dry_run else ""
    yield f"{file_import.file_name} ({file_import.get_kind_display()}) {title}".rstrip()
    if report.problem:
        yield _("Refused: %(why)s") % {"why": wording.file_sentence(report.problem)}
        return
    if file_import.job.error:
        yield str(wording.ENDS.get(file_import.job.error, file_import.job.error))
        return
    yield counts(report)
    yield from notes(report)
    yield from overwritten(report)
    yield from refused(file_import, report)


def counts(report: Report) -> str:
    return _(
        "%(rows)s rows: %(created)s created, %(changed)s changed, %(unchanged)s unchanged, "
        "%(refused)s refused"
    ) % {
        "rows": report.rows,
        "created": report.created,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "refused": report.refused_rows,
    }


def notes(report: Report) -> Iterator[str]:
    for code, note in report.notes.items():
        shown = ", ".join(str(value) for value in note["examples"][:5])
        more = ", …" if note["count"] > 5 else ""
        yield f"- {wording.note_sentence(code, note['count'])} ({shown}{more})"


def overwritten(report: Report) -> Iterator[str]:
    """Whose work the file overwrites."""
    if not report.overwritten:
        return
    yield _("What was edited here and the file says otherwise: %(count)s") % {
        "count": report.overwritten
    }
    for row in report.overwritten_rows:
        before, after = row["before"] or "", row["after"] or ""
        yield f"  {row['called']}: {row['field']}: {before} → {after}"


def refused(file_import: Import, report: Report) -> Iterator[str]:
    """Refused rows, up to the limit of what is shown."""
    if not report.refused_rows:
        return
    if not (report.published or report.dry_run):
        yield _(
            "Nothing was imported: a file is taken whole, or with --skip-refused its good rows."
        )
    for row in file_import.refused_rows.order_by("line", "pk")[: limits.REFUSALS_SHOWN]:
        where = _("Line %(line)s") % {"line": row.line}
        column = f", {row.column}" if row.column else ""
        value = f" “{row.value[:80]}”" if row.value else ""
        yield f"{where}{column}{value}: {wording.row_sentence(row.reason)}"
    if report.refused_rows > limits.REFUSALS_SHOWN:
        yield _("… and more; all are on the page of this import.")
