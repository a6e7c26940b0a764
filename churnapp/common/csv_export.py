"""Tables as CSV files that a spreadsheet may open safely, row by row."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from io import StringIO

from django.http import StreamingHttpResponse

Cell = str | int | float | Decimal | bool | date | datetime | None
# A text that begins with one of these is a formula to a spreadsheet; so are the full-width twins.
DANGEROUS = tuple("=+-@\t\r\n" + "＝＋－＠")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something else
ROWS_A_CHUNK = 500


def safe_cell(value: Cell) -> Cell:
    """The value as it may stand in a cell: text that could be a formula begins with an apostrophe.

    Numbers, dates and None are no text and stay as they are, also when negative.
    """
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
    """A download of `file_name`, sent as it is made."""
    response = StreamingHttpResponse(
        csv_lines(header, rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
