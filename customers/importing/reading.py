"""A clean copy of a file, read by DuckDB into typed batches, with every cell that can't be read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from customers.importing import limits
from customers.importing.arranging import Arrangement
from customers.importing.columns import Column, Reads
from customers.importing.errors import FileRefusedError
from customers.importing.expressions import (
    DAYS,
    NUMBERS,
    Survey,
    is_bad,
    literal,
    nothing,
    problem_of,
    reading_of,
    value_of,
)
from customers.importing.kinds import Kind
from customers.importing.records import Layout

MACROS = (Path(__file__).with_name("sql") / "reading.sql").read_text(encoding="utf-8")
SPACES = "' ' || chr(9) || chr(10) || chr(13) || chr(160)"
ATTRIBUTES = "attributes"
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "threads": limits.READER_THREADS,
    "memory_limit": limits.READER_MEMORY,
    "autoload_known_extensions": False,
    "autoinstall_known_extensions": False,
}
MISSHAPEN = """
SELECT any_value(csv_line), CASE any_value(error_type)
           WHEN 'MISSING COLUMNS' THEN min(found) ELSE max(found) END
FROM (SELECT *, try_cast(regexp_extract(error_message, 'Found: (\\d+)', 1) AS INT) AS found
      FROM misshapen)
GROUP BY line_byte_position
ORDER BY line_byte_position
"""


class Reader:
    """Reads one clean copy of one kind, as arranged. Days are those of `zone`."""

    def __init__(self, kind: Kind, arrangement: Arrangement, layout: Layout, zone: str) -> None:
        self.kind = kind
        self.arrangement = arrangement
        self.layout = layout
        self.zone = zone
        self.survey = Survey()

    @contextmanager
    def opened(self, copy: Path) -> Iterator[None]:
        """A DuckDB of our own, small, for as long as the file is read."""
        with duckdb.connect(":memory:", config=SETTINGS) as self.duck:
            self.duck.execute(f"SET TimeZone = {literal(self.zone)}")
            self.duck.execute(MACROS)
            self.duck.execute(f"CREATE TEMP VIEW cells AS {self._cells(copy)}")
            self.survey = self._look_around()
            self._check_fixed()
            yield

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Typed rows: `line`, the kind's columns, `problems` (none for a good row) and `key`."""
        return iter(self.duck.sql(self._question()).to_arrow_reader(limits.CHUNK_ROWS))

    def misshapen(self) -> list[tuple[str, int]]:
        """Records with too few or too many values: the record and how many it has.

        Known when all batches have been read.
        """
        found = self.duck.execute(MISSHAPEN).fetchall()
        return [(record, values - 1) for record, values in found]

    def typed(self, lines: list[int], names: list[str]) -> Iterator[tuple[int, str, str]]:
        """Line, column and text of cells as they stand in the file, where they are not empty."""
        asked = ", ".join(f"{self._text(name)} AS t_{name}" for name in names)
        rows = self.duck.execute(
            f"FROM cells SELECT line, {asked} WHERE line IN (FROM unnest(?))", [lines]
        )
        while found := rows.fetchmany(limits.CHUNK_ROWS):
            for line, *texts in found:
                cells = zip(names, texts, strict=True)
                yield from ((line, name, text) for name, text in cells if text)

    @property
    def staged_columns(self) -> list[str]:
        extra = [ATTRIBUTES] if self.kind.keeps_extras else []
        return ["line", *self.kind.names, *extra]

    def _cells(self, copy: Path) -> str:
        """The file's values as text, trimmed, the empty ones NULL."""
        names = [f"r{place}" for place in range(len(self.layout.header))]
        types = ", ".join(["'line': 'BIGINT'", *(f"'{name}': 'VARCHAR'" for name in names)])
        trimmed = ", ".join(f"nullif(trim({name}, {SPACES}), '') AS {name}" for name in names)
        options = ", ".join(
            (
                f"columns={{{types}}}, auto_detect=false, header=false",
                f"delim={literal(self.layout.delimiter)}, quote='\"', escape='\"', nullstr=''",
                "new_line='\\n', max_line_size=16000000, rejects_limit=0",
                "store_rejects=true, rejects_table='misshapen', rejects_scan='misshapen_scans'",
            )
        )
        return f"FROM read_csv({literal(str(copy))}, {options}) SELECT line, {trimmed}"

    def _text(self, name: str) -> str:
        """The expression for the text of one of our columns."""
        if name in self.arrangement.fixed:
            return literal(self.arrangement.fixed[name])
        return f"r{self.arrangement.places[name]}"

    def _columns_that_read(self, ways: tuple[Reads, ...]) -> list[str]:
        """Columns of the file that are read in one of these ways."""
        names = [c.name for c in self.kind.columns if c.reads in ways]
        places = self.arrangement.places
        return [f"r{places[name]}" for name in names if name in places]

    def _look_around(self) -> Survey:
        """One pass over the columns that can be read in two ways."""
        mark, doubtful, other_mark_line = self._mark(self._columns_that_read(NUMBERS))
        order, other_order_line = self._order(self._columns_that_read(DAYS))
        return Survey(mark, doubtful, other_mark_line, order, other_order_line)

    def _mark(self, columns: list[str]) -> tuple[str, bool, int]:
        """The decimal mark, whether 1,234 stays in doubt, and a line with the other mark."""
        if self.arrangement.decimal or not columns:
            return self.arrangement.decimal or "point", False, 0
        bare = [f"bare_number({column})" for column in columns]
        commas, comma_line = self._evidence("surely_comma({})", bare)
        points, point_line = self._evidence("surely_point({})", bare)
        mark = "comma" if commas > points else "point"
        if commas and points:
            return mark, True, point_line if mark == "comma" else comma_line
        if commas or points:
            return mark, False, 0
        doubtful_commas, _line = self._evidence("doubtful_number({}, ',')", bare)
        return "point", bool(doubtful_commas) or self.layout.delimiter == ";", 0

    def _order(self, columns: list[str]) -> tuple[str, int]:
        """The order of day and month where the year stands last, and a line with the other."""
        if self.arrangement.days or not columns:
            return self.arrangement.days, 0
        parts = [f"day_part({column})" for column in columns]
        slashed = "is_slashed({0}) AND slashed_part({0}, %d) > 12"
        days_first, dmy_line = self._evidence(slashed % 1, parts)
        months_first, mdy_line = self._evidence(slashed % 2, parts)
        if not days_first and not months_first:
            return "", 0
        order = "DMY" if days_first >= months_first else "MDY"
        both = bool(days_first and months_first)
        return order, (mdy_line if order == "DMY" else dmy_line) if both else 0

    def _evidence(self, condition: str, expressions: list[str]) -> tuple[int, int]:
        """How many rows meet the condition in any of the expressions, and the first such line."""
        met = " OR ".join(f"coalesce({condition.format(text)}, false)" for text in expressions)
        found = self.duck.execute(f"FROM cells SELECT count(*), coalesce(min(line), 0) WHERE {met}")
        count, line = found.fetchall()[0]
        return count, line

    def _check_fixed(self) -> None:
        """Refuse a fixed value that its column can't hold."""
        for column in self.kind.columns:
            value = self.arrangement.fixed.get(column.name)
            if value is None:
                continue
            expression = value_of(column, reading_of(column, literal(value), self.survey))
            if self.duck.execute(f"SELECT {expression}").fetchall()[0][0] is None:
                known = ", ".join(sorted(set(column.choices.values())))
                raise FileRefusedError(
                    "wrong_fixed_value", name=column.name, value=value, known=known
                )

    def _question(self) -> str:
        """The whole file as typed rows: texts, what they read as, values, problems.

        Each step names what the next one uses more than once, else DuckDB works it out again.
        """
        columns = [c for c in self.kind.columns if self.arrangement.has(c.name)]
        texts = [f"{self._text(c.name)} AS t_{c.name}" for c in columns]
        if self.kind.keeps_extras:
            texts.append(f"{self._extras()} AS v_{ATTRIBUTES}")
        read = [f"{reading_of(c, f't_{c.name}', self.survey)} AS w_{c.name}" for c in columns]
        values = [f"{value_of(c, f'w_{c.name}')} AS v_{c.name}" for c in columns]
        values += [f"{nothing(c)} AS v_{c.name}" for c in self.kind.columns if c not in columns]
        source = "cells"
        for step in (["line", *texts], ["*", *read], ["*", *values]):
            source = f"(FROM {source} SELECT {', '.join(step)})"
        return f"FROM {source} SELECT line, {', '.join(self._shown(columns))}"

    def _shown(self, columns: list[Column]) -> list[str]:
        """The values, what is wrong with them, and what the row belongs to."""
        bad = " OR ".join(is_bad(c) for c in columns)
        problems = ", ".join(problem_of(c, self.survey) for c in columns)
        found = f"list_filter([{problems}], lambda p: p IS NOT NULL)"
        together = self.kind.together
        key = f"t_{together}" if self.arrangement.has(together) else "CAST(NULL AS VARCHAR)"
        values = [f"v_{name} AS {name}" for name in self.staged_columns[1:]]
        return [*values, f"CASE WHEN {bad} THEN {found} END AS problems", f"{key} AS key"]

    def _extras(self) -> str:
        """What else a row says, as a JSON object."""
        pairs = ", ".join(f"{literal(n)}, r{p}" for n, p in self.arrangement.extras.items())
        return f"CAST(json_object({pairs}) AS VARCHAR)"
