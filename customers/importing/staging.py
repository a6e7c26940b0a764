"""The typed rows of a file in temporary tables, copied there chunk by chunk.

Temporary tables belong to the connection: what kills the work takes them along.
"""

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from babel import Locale
from django.db import connection
from psycopg import sql
from pyarrow import csv as arrow_csv

from churnapp.common.money import PERIODS_A_YEAR, exponent
from customers.importing.calendar_days import missing_day
from customers.importing.columns import STAGED_AS, Column, Reads
from customers.importing.expressions import Survey, facts_of
from customers.importing.kinds import Kind
from customers.importing.progress import Progress
from customers.importing.reading import Reader
from customers.importing.records import Layout, Problem

SQL = Path(__file__).with_name("sql")
WITHOUT_HEADER = arrow_csv.WriteOptions(include_header=False)
PLAIN = (Reads.TEXT, Reads.OBJECT)
REFUSED_CELLS = """
SELECT array_agg(DISTINCT line), array_agg(DISTINCT column_name)
FROM refused JOIN staged USING (line)
WHERE column_name = ANY(%s)
"""
TYPED = "CREATE TEMP TABLE typed (line bigint, column_name text, value text)"
QUOTE = """
UPDATE refused f SET value = t.value FROM typed t
WHERE t.line = f.line AND t.column_name = f.column_name
"""
NO_DAY = ("not_a_day", "not_a_month", "not_a_moment")
NOTES = "CREATE TEMP TABLE noted (line bigint, code text, value text)"
TABLES = """
CREATE TEMP TABLE refused (line bigint, column_name text DEFAULT '', value text DEFAULT '',
                           reason jsonb, key text);
CREATE TEMP TABLE overwritten (line bigint, called text, field text, before text, after text);
CREATE TEMP TABLE currencies (code text PRIMARY KEY, exponent integer);
CREATE TEMP TABLE periods (name text PRIMARY KEY, periods integer);
CREATE TEMP VIEW customer_ids AS
    SELECT external_id, id FROM customers_customer
    UNION ALL
    SELECT external_id, customer_id FROM customers_customeralias;
"""


def run_file(name: str, params: dict[str, Any] | None = None) -> None:
    """Run every statement of a file in `sql/`, or of the file at a whole path."""
    with connection.cursor() as cursor:
        cursor.execute((SQL / name).read_text(encoding="utf-8"), params)


def empty_tables(kind: Kind) -> None:
    """Make the temporary tables that one import needs, after whatever was there before."""
    extra = [sql.SQL("attributes jsonb")] if kind.keeps_extras else []
    columns = [
        sql.SQL("{} {}").format(sql.Identifier(c.name), sql.SQL(STAGED_AS[c.reads]))
        for c in kind.columns
    ]
    staged = sql.SQL("CREATE TEMP TABLE staged (line bigint, {})").format(
        sql.SQL(", ").join(columns + extra)
    )
    make_notes()
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        cursor.execute(staged)
        codes = ((code, exponent(code)) for code in sorted(Locale("en").currencies))
        cursor.executemany("INSERT INTO currencies VALUES (%s, %s)", list(codes))
        cursor.executemany("INSERT INTO periods VALUES (%s, %s)", list(PERIODS_A_YEAR.items()))
    run_file("half_even.sql")


def make_notes() -> None:
    """Begin with nothing but an empty table of what is worth knowing."""
    drop_tables()
    with connection.cursor() as cursor:
        cursor.execute(NOTES)
    run_file("our_time.sql")


def drop_tables() -> None:
    """Free what an import held; the connection may live on."""
    with connection.cursor() as cursor:
        cursor.execute("DISCARD TEMP")


def stage(reader: Reader, layout: Layout, progress: Progress) -> None:
    """Copy the good rows to `staged` and what can't be read to `refused`."""
    done = 0
    for batch in reader.batches():
        bad = pc.is_valid(batch.column("problems"))
        copy_rows(reader, batch.filter(pc.invert(bad)))
        if pc.any(bad).as_py():
            refuse_cells(reader, batch.filter(bad))
        done += batch.num_rows
        progress.reach(done)
    refuse_records(misshapen(reader, layout))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE staged")


def copy_rows(reader: Reader, rows: pa.RecordBatch) -> None:
    """COPY a batch as it is."""
    names = reader.staged_columns
    text = io.BytesIO()
    arrow_csv.write_csv(rows.select(names), text, WITHOUT_HEADER)
    into = sql.SQL("COPY staged ({}) FROM STDIN (FORMAT csv)").format(
        sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        copy.write(text.getbuffer())


def refuse_cells(reader: Reader, rows: pa.RecordBatch) -> None:
    """Refuse the cells that can't be read, each with its reason."""
    columns = {column.name: column for column in reader.kind.columns}
    refusals = []
    for row in rows.select(["line", "problems", "key"]).to_pylist():
        for problem in row["problems"]:
            name, code = problem["name"], problem["code"]
            reason = reason_of(code, columns[name], problem["value"], reader.survey)
            refusals.append((row["line"], name, problem["value"], reason, row["key"]))
    copy_refusals(refusals)


def reason_of(code: str, column: Column, value: str, survey: Survey) -> dict[str, Any]:
    """Why a cell can't be read: its code and what the sentence needs."""
    unreal = missing_day(value, survey.order) if code in NO_DAY else None
    return (
        {"code": "no_such_day"} | unreal
        if unreal
        else {"code": code} | facts_of(code, column, survey)
    )


def quote_as_typed(reader: Reader) -> None:
    """Let each refused cell show the text of the file, not the day or number that was read."""
    read = {c.name for c in reader.kind.columns if c.reads not in PLAIN}
    names = sorted(name for name in read if reader.arrangement.has(name))
    with connection.cursor() as cursor:
        cursor.execute(REFUSED_CELLS, [names])
        lines, names = cursor.fetchone()
        if not lines:
            return
        cursor.execute(TYPED)
        with cursor.copy("COPY typed FROM STDIN") as copy:
            for cell in reader.typed(lines, names):
                copy.write_row(cell)
        cursor.execute(QUOTE)


def refuse_records(problems: Iterable[Problem]) -> None:
    """Refuse whole records; their columns are named as the file does."""
    copy_refusals(
        (p.line, p.column, p.value, {"code": p.code} | dict(p.facts), p.key) for p in problems
    )


def copy_refusals(rows: Iterable[tuple[int, str, str, dict[str, Any], str | None]]) -> None:
    into = "COPY refused (line, column_name, value, reason, key) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for line, column, value, reason, key in rows:
            copy.write_row((line, column, value, json.dumps(reason), key))


def misshapen(reader: Reader, layout: Layout) -> Iterable[Problem]:
    """Records with more or fewer values than the header has names."""
    place = reader.arrangement.places.get(reader.kind.together)
    for text, found in reader.misshapen():
        line, _delimiter, rest = text.partition(layout.delimiter)
        cells = rest.split(layout.delimiter)
        key = cells[place].strip() if place is not None and place < len(cells) else None
        facts = {"found": found, "expected": len(layout.header)}
        yield Problem(int(line), "", rest[:200], "wrong_width", facts, key)
