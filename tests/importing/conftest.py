"""A file in a test: its text in, its import out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from customers.importing import running, wording
from customers.models import Import
from customers.services.imports import Wish, record_import

Take = Callable[..., Import]


@pytest.fixture
def take(db: None, tmp_path: Path) -> Take:
    """`take(kind, text)` imports the text as a file; bytes are taken as they are."""

    def _take(kind: str, text: str | bytes, **wish: Any) -> Import:
        path = tmp_path / f"{kind}.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        file_import = record_import(path.name, Wish(kind, **wish), by=None)
        running.run(file_import.pk, path)
        return Import.objects.select_related("job").get(pk=file_import.pk)

    return _take


def counts(file_import: Import) -> tuple[int, int, int, int]:
    """Created, changed, unchanged, refused."""
    report = file_import.report
    return (
        report["created"],
        report["changed"],
        report["unchanged"],
        report["refused_rows"],
    )


def refusals(file_import: Import) -> list[tuple[int, str, str, str]]:
    """Line, column, value and sentence of every refused row."""
    return [
        (row.line, row.column, row.value, wording.row_sentence(row.reason))
        for row in file_import.refused_rows.order_by("line", "pk")
    ]


def problem(file_import: Import) -> str:
    """Why the whole file was refused."""
    return wording.file_sentence(file_import.report["problem"])
