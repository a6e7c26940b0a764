"""Records of a CSV file with the line that each begins on.

A quoted newline makes one record of several lines, so records are counted here and not by DuckDB.
A clean copy is written for it: UTF-8, one number in front of each record, and quotes only where
they must be.
"""

import csv
import io
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TextIO

from customers.importing import limits
from customers.importing.decoding import encoding_of
from customers.importing.errors import FileRefusedError

csv.field_size_limit(limits.MAX_RECORD_CHARACTERS)
QUOTE = '"'
NUL = "\x00"
DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Problem:
    """A record that can't be read: its line, the column if known, what stands there, and why.

    `key` is what the record belongs to, where rows are taken or refused together.
    """

    line: int
    column: str
    value: str
    code: str
    facts: Mapping[str, int] = field(default_factory=dict)
    key: str | None = None


class Record(NamedTuple):
    """One record: the line it begins on and its text, line ends included."""

    line: int
    text: str
    closed: bool = True

    @property
    def is_plain(self) -> bool:
        return QUOTE not in self.text and NUL not in self.text

    def cells(self, delimiter: str) -> list[str]:
        """The record's values. Raises csv.Error for quotes that don't match."""
        text = self.text.removesuffix("\n")
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])


@dataclass(frozen=True)
class Layout:
    """How a file is written: its encoding, its delimiter and the names in its first record."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]


@dataclass
class Written:
    """What went into the clean copy, and what could not."""

    rows: int = 0
    problems: list[Problem] = field(default_factory=list)


def layout_of(path: Path) -> Layout:
    """Encoding, delimiter and header of a file. Raises FileRefusedError where there are none."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline=None) as file:
        first = next((r for r in records(file) if r.text.strip(" \t\n;,")), None)
    if first is None:
        raise FileRefusedError("empty_file")
    delimiter = delimiter_of(first.text)
    return Layout(encoding, delimiter, tuple(header_of(first, delimiter)))


def delimiter_of(text: str) -> str:
    """The delimiter that stands most often outside quotes in the header."""
    outside = "".join(text.split(QUOTE)[::2])
    return max(DELIMITERS, key=outside.count)


def header_of(record: Record, delimiter: str) -> list[str]:
    """Names of the columns, trimmed. Raises FileRefusedError for a header that is none."""
    if NUL in record.text:
        raise FileRefusedError("header_nul", line=record.line)
    try:
        names = [name.strip() for name in record.cells(delimiter)]
    except csv.Error:
        raise FileRefusedError("header_quotes", line=record.line) from None
    if len(names) > limits.MAX_COLUMNS:
        raise FileRefusedError("too_many_columns", found=len(names), limit=limits.MAX_COLUMNS)
    folded = [name.casefold() for name in names if name]
    twice = next((name for name in names if name and folded.count(name.casefold()) > 1), None)
    if twice:
        raise FileRefusedError("column_twice", column=twice)
    return names


class Lines:
    """Numbered lines of a file, of which some can be put back."""

    def __init__(self, file: TextIO) -> None:
        self.fresh = enumerate(file, start=1)
        self.again: deque[tuple[int, str]] = deque()

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return self

    def __next__(self) -> tuple[int, str]:
        return self.again.popleft() if self.again else next(self.fresh)

    def put_back(self, lines: list[tuple[int, str]]) -> None:
        self.again.extendleft(reversed(lines))


def records(file: TextIO, delimiters: str = DELIMITERS) -> Iterator[Record]:
    """The records of a text file, in order.

    One whose quote never closes is not `closed`; what follows its first line is read anew.
    """
    lines = Lines(file)
    for number, text in lines:
        if QUOTE not in text or not leaves_open(text, delimiters):
            yield Record(number, text)
            continue
        rest, closed = rest_of_record(lines, delimiters)
        if closed:
            yield Record(number, text + "".join(line for _number, line in rest))
        else:
            lines.put_back(rest)
            yield Record(number, text, closed=False)


def rest_of_record(lines: Lines, delimiters: str) -> tuple[list[tuple[int, str]], bool]:
    """The lines after an open quote up to the one that closes it, and whether one does."""
    taken: list[tuple[int, str]] = []
    characters = 0
    for number, line in lines:
        taken.append((number, line))
        characters += len(line)
        if not leaves_open(line, delimiters, is_open=True):
            return taken, True
        if len(taken) > limits.MAX_RECORD_LINES or characters > limits.MAX_RECORD_CHARACTERS:
            break
    return taken, False


def leaves_open(text: str, delimiters: str, *, is_open: bool = False) -> bool:
    """Whether a quoted value is still open after `text`.

    A quote opens a value only where the value begins; elsewhere it is a character.
    """
    at = 0
    while (found := text.find(QUOTE, at)) >= 0:
        at = found + 1
        if not is_open:
            is_open = found == 0 or text[found - 1] in delimiters
        elif text[at : at + 1] == QUOTE:
            at += 1
        else:
            is_open = False
    return is_open


def write_clean_copy(
    path: Path, layout: Layout, target: Path, *, alive: Callable[[int], None]
) -> Written:
    """Write the records below the header to `target` as DuckDB reads them without a doubt.

    `alive` is told the line now and then. Raises FileRefusedError beyond the limit of rows.
    """
    written = Written()
    blank = f" \t\n{layout.delimiter}"
    with (
        path.open(encoding=layout.encoding, newline=None) as source,
        target.open("w", encoding="utf-8", newline="\n") as copy,
    ):
        found = (r for r in records(source, layout.delimiter) if r.text.strip(blank))
        next(found, None)
        for record in found:
            copy_record(record, layout, copy, written)
            if written.rows % limits.CHUNK_ROWS == 0:
                alive(record.line)
    if written.rows > limits.MAX_ROWS:
        raise FileRefusedError("too_many_rows", limit=limits.MAX_ROWS)
    return written


def copy_record(record: Record, layout: Layout, copy: TextIO, written: Written) -> None:
    """Write one record, or note why it can't be."""
    if record.is_plain:
        end = "" if record.text.endswith("\n") else "\n"
        copy.write(f"{record.line}{layout.delimiter}{record.text}{end}")
        written.rows += 1
        return
    problem = problem_of(record, layout)
    if problem:
        written.problems.append(problem)
        return
    writer = csv.writer(copy, delimiter=layout.delimiter, lineterminator="\n")
    writer.writerow([record.line, *record.cells(layout.delimiter)])
    written.rows += 1


def problem_of(record: Record, layout: Layout) -> Problem | None:
    """Why the record can't be read; None if it can."""
    if not record.closed:
        return Problem(record.line, "", record.text.strip()[:200], "unclosed_quote")
    try:
        cells = record.cells(layout.delimiter)
    except csv.Error:
        return Problem(record.line, "", record.text.strip()[:200], "wrong_quotes")
    for name, cell in zip(layout.header, cells, strict=False):
        if NUL in cell:
            return Problem(record.line, name, cell.replace(NUL, "␀")[:200], "nul")
    if NUL in record.text:
        return Problem(record.line, "", record.text.replace(NUL, "␀").strip()[:200], "nul")
    return None


def preview(path: Path) -> tuple[Layout, list[list[str]]]:
    """The layout of a file and its first records, from its beginning only."""
    layout = layout_of(path)
    with path.open("rb") as file:
        start = file.read(limits.PREVIEW_BYTES)
    text = io.TextIOWrapper(io.BytesIO(start), layout.encoding, errors="ignore", newline=None)
    rows: list[list[str]] = []
    found = (r for r in records(text, layout.delimiter) if r.text.strip(" \t\n;,"))
    next(found, None)
    for record in found:
        if record.closed and problem_of(record, layout) is None:
            rows.append(record.cells(layout.delimiter))
        if len(rows) == limits.PREVIEW_ROWS:
            break
    return layout, rows
