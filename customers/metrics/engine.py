"""PostgreSQL → Arrow → DuckDB: the workbench on which a question is answered.

`opened(question)` reads what the question needs, in one snapshot, and walks every balance once;
`answers` then asks one file of `sql/` at a time. One DuckDB instance a process, made in the
process that uses it (never before a fork), a cursor a question, and a limit on memory, threads and
questions at once. Figures are integers of ARR in minor units; nothing here divides.

Terms need not come from the database: `opened(question, terms)` takes an Arrow table of
`schemas.TERM_SCHEMA`, for figures "as if" (a preview) and for tests.
"""

import functools
import os
import re
import tempfile
import threading
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from churnapp.common.money import exponent
from customers.metrics import reading
from customers.metrics.question import Question
from customers.metrics.schemas import FOREIGN_TERMS, empty
from customers.metrics.source import Source

SQL = Path(__file__).with_name("sql")
MEMORY_LIMIT = "900MB"
THREADS = 2
QUESTIONS_AT_ONCE = 2
NEVER = 2**31 - 1
EPOCH = date(1970, 1, 1)
MICROSECOND = timedelta(microseconds=1)
MOVEMENTS = (
    "new",
    "reactivation",
    "expansion",
    "contraction",
    "fx",
    "churn",
    "pause",
    "resume",
    "lapse",
)

_slots = threading.BoundedSemaphore(QUESTIONS_AT_ONCE)
_making = threading.Lock()
_instances: dict[int, duckdb.DuckDBPyConnection] = {}


@dataclass
class Workbench:
    """One question's tables in DuckDB, and the numbers that its SQL files name with `$`."""

    question: Question
    duck: duckdb.DuckDBPyConnection
    source: Source
    numbers: dict[str, Any] = field(default_factory=dict)

    def run(self, name: str, **numbers: Any) -> duckdb.DuckDBPyConnection:
        """Run `sql/<name>.sql` with those of the numbers that it names."""
        text = statement(name)
        return self.duck.execute(text, self.named_in(text, numbers))

    def columns(self, name: str, **numbers: Any) -> pa.Table:
        """The answer of `sql/<name>.sql` as columns."""
        text = statement(name)
        return self.duck.sql(text, params=self.named_in(text, numbers)).to_arrow_table()

    def named_in(self, text: str, numbers: dict[str, Any]) -> dict[str, Any]:
        known = self.numbers | numbers
        return {found: known[found] for found in set(re.findall(r"\$(\w+)", text))}

    def rows(self, name: str, **numbers: Any) -> list[dict[str, Any]]:
        """The answer of `sql/<name>.sql`, a dict a row. For small answers."""
        answer = self.run(name, **numbers)
        columns = [column[0] for column in answer.description]
        return [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]

    def stream(self, name: str, batches: pa.RecordBatchReader, **numbers: Any) -> None:
        """Run `sql/<name>.sql` over `batches` as the table `incoming`."""
        self.duck.register("incoming", batches)
        self.run(name, **numbers)
        self.duck.unregister("incoming")

    def lay_out(self, table: str, rows: list[dict[str, int]], *names: str) -> None:
        """Run the files `names`, which read `rows` as `table`."""
        self.duck.register(table, pa.Table.from_pylist(rows))
        for name in names:
            self.run(name)
        self.duck.unregister(table)

    def know(self, name: str, value: int | list[int]) -> None:
        """Let `getvariable('name')` give whole numbers, for macros, which take no parameters.

        A list goes in as a table: written out, the days of a century cost the parser gigabytes.
        """
        if isinstance(value, int):
            self.duck.execute(f"SET VARIABLE {name} = {value}")
            return
        width = pa.int32() if max(value) < 2**31 else pa.int64()
        self.duck.register("known", pa.table({"value": pa.array(value, width)}))
        listed = f"SET VARIABLE {name} = (SELECT list(value) FROM known)"  # noqa: S608 - our names
        self.duck.execute(listed)
        self.duck.unregister("known")

    def day(self, on: date) -> int:
        return (on - EPOCH).days


@functools.cache
def statement(name: str) -> str:
    """The text of `sql/<name>.sql` without its prose."""
    text = (SQL / f"{name}.sql").read_text()
    return re.sub(r"^--.*\n", "", text, flags=re.MULTILINE)


def instance() -> duckdb.DuckDBPyConnection:
    """The DuckDB of the running process; a forked child makes its own."""
    pid = os.getpid()
    with _making:
        if pid not in _instances:
            _instances.clear()
            _instances[pid] = _connect(pid)
        return _instances[pid]


def _connect(pid: int) -> duckdb.DuckDBPyConnection:
    spill = Path(tempfile.gettempdir()) / f"churnapp-duckdb-{pid}"
    duck = duckdb.connect(
        config={
            "threads": THREADS,
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": str(spill),
            "preserve_insertion_order": True,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    duck.execute("SET GLOBAL TimeZone = 'UTC'")
    kinds = ", ".join(f"'{kind}'" for kind in MOVEMENTS)
    duck.execute(f"CREATE TYPE movement AS ENUM ({kinds})")
    return duck


@contextmanager
def opened(
    question: Question, terms: pa.Table | None = None, *, way: str = "tangled"
) -> Iterator[Workbench]:
    """A workbench with every balance of the question's customers walked.

    `way` names the SQL file that tells who takes the longer way; `everyone_tangled` is for checks.
    Tables afterwards: `changes` and `runs` (see their SQL files), `days`, `periods`.
    """
    with _slots, reading.source(question, terms) as source:
        duck = instance().cursor()
        try:
            bench = Workbench(question, duck, source)
            lay_out_periods(bench)
            load(bench)
            walk(bench, way)
            yield bench
        finally:
            duck.close()


def lay_out_periods(bench: Workbench) -> None:
    """Number the periods from 0, and every day by its period: -1 before, `$periods` after."""
    question = bench.question
    asked = question.periods
    tomorrow = question.known_on + timedelta(days=1)
    first = min(asked[0].start, tomorrow)
    after = min(asked[-1].end, tomorrow)
    bench.numbers |= {
        "never": NEVER,
        "periods": len(asked),
        "earliest": bench.day(first) - 1,
        "latest": bench.day(after),
        "known_on": bench.day(question.known_on),
        "pause_limit": question.basis.pause_limit_days,
    }
    numbered = [
        {
            "period": number,
            "start_day": bench.day(p.start),
            "end_day": bench.day(question.end_of(p)),
        }
        for number, p in enumerate(asked)
    ]
    bench.lay_out("asked_periods", numbered, "periods")
    bench.know("period_by_day", list(period_by_day(bench)))
    bench.know("earliest", bench.numbers["earliest"])
    bench.know("latest", bench.numbers["latest"])
    bench.run("calendar")
    know_the_clock(bench)


def period_by_day(bench: Workbench) -> Iterator[int]:
    """The number of the period of each day from `earliest` to `latest`."""
    starts = [bench.day(period.start) for period in bench.question.periods]
    for day in range(bench.numbers["earliest"], bench.numbers["latest"]):
        yield bisect_right(starts, day) - 1
    yield len(starts)


def know_the_clock(bench: Workbench) -> None:
    """Of each UTC day how far the local day is ahead at its start, and when the next one begins."""
    zone = bench.question.basis.zone
    days_ahead, switches_us = [], []
    for utc_day in range(bench.numbers["earliest"] - 1, bench.numbers["latest"] + 2):
        start = datetime.combine(EPOCH + timedelta(days=utc_day), time(), tzinfo=UTC)
        local_on = start.astimezone(zone).date()
        midnight = datetime.combine(local_on + timedelta(days=1), time(), tzinfo=zone)
        days_ahead.append(bench.day(local_on) - utc_day)
        switches_us.append((midnight - start) // MICROSECOND)
    bench.know("days_ahead", days_ahead)
    bench.know("switches_us", switches_us)
    bench.run("clock")


def load(bench: Workbench) -> None:
    """Read the terms as a stream of record batches, never two copies of them."""
    source = bench.source
    bench.numbers["grace"] = bench.question.basis.lapse_grace_days
    bench.numbers["longest_grace"] = source.longest_grace()
    bench.stream("owners", source.owners())
    bench.stream("recordings", source.recordings())
    bench.stream("terms", source.terms())
    is_foreign = bench.rows("any_foreign")[0]["is_foreign"]
    foreign = source.foreign_terms() if is_foreign else empty(FOREIGN_TERMS)
    bench.stream("foreign_terms", foreign)
    scale_currencies(bench)


def scale_currencies(bench: Workbench) -> None:
    """Between minor units of each foreign currency and of the reporting one: times, divided by."""
    reporting = exponent(bench.question.basis.currency)
    scales: dict[str, list[Any]] = {"currency": [], "times": [], "divided_by": []}
    for (currency,) in bench.run("foreign_currencies").fetchall():
        places = reporting - exponent(currency)
        scales["currency"].append(currency)
        scales["times"].append(10 ** max(places, 0))
        scales["divided_by"].append(10 ** max(-places, 0))
    types = [pa.string(), pa.int64(), pa.int64()]
    table = pa.table(scales, schema=pa.schema(zip(scales, types, strict=True)))
    bench.duck.register("currency_scales", table)


def walk(bench: Workbench, way: str) -> None:
    """Every change of every balance, and how long each balance stood."""
    for name in (
        "lines",
        "chain",
        way,
        "straighten",
        "tangled_balances",
        "pauses",
        "bridges",
        "entangled",
        "tangled_steps",
        "fx",
        "changes",
        "runs",
    ):
        bench.run(name)
