"""Tables as CSV files that a spreadsheet may open safely, row by row."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime, tzinfo
from decimal import Decimal
from io import StringIO

from django.http import StreamingHttpResponse
from django.utils import timezone, translation

Cell = str | int | float | Decimal | bool | date | datetime | None
# A text that begins with one of these is a formula to a spreadsheet; so are the full-width twins.
DANGEROUS = tuple("=+-@\t\r\n" + "＝＋－＠")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something else
ROWS_A_CHUNK = 500


def safe_cell(value: Cell) -> Cell:
    """The value as it may stand in a cell: text that could be a formula begins with an apostrophe.

    A moment is written to the second in the active time zone with its distance from UTC, as ISO
    8601 has it: 2026-10-18T01:59:25+02:00. Numbers, dates and None are no text and stay as they
    are, also when negative.
    """
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return value


def csv_lines(header: Iterable[Cell], rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    """The file in pieces of some hundred rows."""
    buffer = StringIO()
    buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer)
    writer.writerow([safe_cell(cell) for cell in header])
    for number, row in enumerate(rows, start=1):
        writer.writerow([safe_cell(cell) for cell in row])
        if number % ROWS_A_CHUNK == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def csv_download(
    file_name: str, header: Iterable[Cell], rows: Iterable[Iterable[Cell]]
) -> StreamingHttpResponse:
    """A download of `file_name`, sent as it is made, in the time zone and language of now."""
    lines = as_it_is_here(csv_lines(header, rows))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def as_it_is_here(lines: Iterator[str]) -> Iterator[str]:
    """The lines, all made in the zone and language of now: they are sent when the view is done."""
    zone, language = timezone.get_current_timezone(), translation.get_language() or "en"
    return lines_within(lines, zone, language)


def lines_within(lines: Iterator[str], zone: tzinfo, language: str) -> Iterator[str]:
    while True:
        with timezone.override(zone), translation.override(language):
            line = next(lines, None)
        if line is None:
            return
        yield line
