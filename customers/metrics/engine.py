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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
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
        known = self.numbers | numbers
        named = {found: known[found] for found in set(re.findall(r"\$(\w+)", text))}
        return self.duck.execute(text, named)

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
        "zone": question.basis.zone.key,
    }
    numbered = [
        (number, bench.day(period.start), bench.day(question.end_of(period)))
        for number, period in enumerate(asked)
    ]
    columns = ["period", "start_day", "end_day"]
    table = pa.table(dict(zip(columns, zip(*numbered, strict=True), strict=True)))
    bench.duck.register("asked_periods", table)
    bench.run("periods")
    bench.run("days")
    bench.duck.unregister("asked_periods")


def load(bench: Workbench) -> None:
    """Read the terms as a stream of record batches, never two copies of them."""
    source = bench.source
    bench.numbers["grace"] = bench.question.basis.lapse_grace_days
    bench.numbers["longest_grace"] = source.longest_grace()
    bench.stream("owners", source.owners())
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
        "tangled_balances",
        "pauses",
        "tangled_steps",
        "fx",
        "changes",
        "runs",
    ):
        bench.run(name)
