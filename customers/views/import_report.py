"""What a page says of an import: its state, its progress and its report in sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from churnapp.models import Job
from customers.importing import limits, wording
from customers.importing.labels import label
from customers.importing.reporting import Report
from customers.importing.running import UNDO
from customers.importing.undo_preview import what_goes, what_stays
from customers.models import Import

UNFINISHED = (Job.State.QUEUED, Job.State.RUNNING)
SHOWN_VALUES = 5


@dataclass(frozen=True)
class State:
    """A word for where an import stands, and how the word looks."""

    word: str
    tone: str = ""


def state_of(file_import: Import) -> State:
    """Where it stands, in a word."""
    job = file_import.job
    if job.state in UNFINISHED:
        stopping = State(_("stopping"), "warn")
        return stopping if job.cancel_requested else State(str(job.get_state_display()), "accent")
    if file_import.published_at:
        return State(_("taken back")) if file_import.undone_at else State(_("imported"), "good")
    if job.state == Job.State.FAILED:
        return State(_("refused") if file_import.report else _("failed"), "bad")
    return State(_("dry run"), "warn") if is_done(job) else State(str(job.get_state_display()))


def is_done(job: Job) -> bool:
    return job.state == Job.State.DONE


@dataclass(frozen=True)
class Note:
    """Something worth knowing, with the first values that it is about."""

    sentence: str
    values: str


class ImportReport:
    """An import as its page shows it."""

    def __init__(self, file_import: Import) -> None:
        self.file_import = file_import
        self.job = file_import.job
        self.report = Report.of(file_import)
        self.state = state_of(file_import)

    @property
    def is_unfinished(self) -> bool:
        return self.job.state in UNFINISHED

    @property
    def phase(self) -> str:
        """What is going on."""
        if self.job.state == Job.State.QUEUED:
            return _("Waiting for a worker")
        return str(wording.PHASES.get(self.job.phase, self.job.phase))

    @property
    def total(self) -> int | None:
        """Rows of the phase; None where nobody knows."""
        return self.job.total if self.job.phase == "staging" else None

    @property
    def problem(self) -> str:
        """Why nothing came of it, if so."""
        if self.report.problem:
            return wording.file_sentence(self.report.problem)
        error = self.job.error
        return str(wording.ENDS.get(error, error))

    @property
    def is_draft(self) -> bool:
        return self.job.state == Job.State.DRAFT

    @property
    def is_dry_run(self) -> bool:
        return self.file_import.dry_run and is_done(self.job)

    @property
    def is_kept_dry_run(self) -> bool:
        """Whether its file is here; the command's lies elsewhere."""
        return self.is_dry_run and bool(self.file_import.file)

    @property
    def may_start(self) -> bool:
        """Whether the dry run leaves something to import for good."""
        return self.is_kept_dry_run and not self.report.refused_rows

    @property
    def may_skip(self) -> bool:
        """Whether good rows are left when the refused ones stay behind."""
        good = self.report.created + self.report.changed + self.report.unchanged
        return bool(self.is_kept_dry_run and self.report.refused_rows and good)

    @property
    def may_undo(self) -> bool:
        published = self.file_import.published_at and not self.file_import.undone_at
        return bool(published and not self.is_unfinished)

    @property
    def may_change_columns(self) -> bool:
        return bool(
            self.file_import.file and not self.file_import.published_at and not self.is_unfinished
        )

    @property
    def is_undoing(self) -> bool:
        return self.is_unfinished and self.job.kind == UNDO

    @property
    def notes(self) -> list[Note]:
        return notes_of(self.report.notes)

    @property
    def undo_notes(self) -> list[Note]:
        """What became of its rows when it was taken back; last what stays, with every name kept."""
        told = self.file_import.report.get("undo", {}).items()
        in_order = sorted(told, key=lambda note: (wording.stays(note[0]), note[0]))
        return notes_of(dict(in_order), limits.EXAMPLES_KEPT)

    @property
    def overwritten(self) -> list[dict[str, Any]]:
        """Whose edits the file overwrites, the first of them."""
        return [row | {"field": label(row["field"])} for row in self.report.overwritten_rows]

    @property
    def refused(self) -> list[dict[str, Any]]:
        """The refused rows, as many as are shown."""
        rows = self.file_import.refused_rows.order_by("line", "pk")[: limits.REFUSALS_SHOWN]
        return [
            {
                "line": row.line,
                "column": row.column,
                "value": row.value,
                "why": wording.row_sentence(row.reason),
            }
            for row in rows
        ]

    @property
    def hidden_refusals(self) -> bool:
        return self.report.refused_rows > limits.REFUSALS_SHOWN


def foreseen(file_import: Import) -> dict[str, list[str]]:
    """In sentences: what would go if it were taken back, and what would stay nevertheless."""
    found = {"goes": what_goes(file_import), "stays": what_stays(file_import)}
    return {
        name: [wording.note_sentence(code, count) for code, count in counted.items()]
        for name, counted in found.items()
    }


def notes_of(
    notes: Mapping[str, Mapping[str, Any]], most_of_what_stays: int = SHOWN_VALUES
) -> list[Note]:
    return [
        Note(
            wording.note_sentence(code, note["count"]),
            values_of(note, most_of_what_stays if wording.stays(code) else SHOWN_VALUES),
        )
        for code, note in notes.items()
    ]


def values_of(note: Mapping[str, Any], most: int) -> str:
    """The first values, and that there are more."""
    shown = [str(value) for value in note["examples"][:most] if value is not None]
    return ", ".join(shown) + (", …" if note["count"] > len(shown) else "")
