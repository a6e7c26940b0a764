"""Facts as Arrow, read by a connection of its own in one snapshot.

The segment is a queryset of customers; it goes into each statement as the WHERE. The connection
is not Django's: it sees committed rows only, and literals are written into the SQL because the
driver takes no parameters.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Protocol

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from adbc_driver_postgresql import dbapi
from django.db import connection
from django.db.models import BigIntegerField, Case, F, Max, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce
from psycopg.conninfo import make_conninfo

from customers.metrics import costs
from customers.metrics.costs import Spending
from customers.metrics.question import Question
from customers.models import Cancellation, Customer, Plan, Subscription, Term, Usage

TERM_SCHEMA = pa.schema(
    [
        ("customer_id", pa.int64()),
        ("subscription_id", pa.int64()),
        ("kind", pa.string()),
        ("currency", pa.string()),
        ("arr_native_minor", pa.int64()),
        ("rate_e10", pa.int64()),
        ("arr_minor", pa.int64()),
        ("starts_on", pa.date32()),
        ("ends_on", pa.date32()),
        ("recorded_at", pa.timestamp("us", tz="UTC")),
        ("grace_days", pa.int32()),
    ]
)
OWNERS = pa.schema([("subscription_id", pa.int64()), ("customer_id", pa.int64())])
TERMS = pa.schema(
    [
        ("subscription_id", pa.int64()),
        ("arr", pa.int64()),
        ("is_foreign", pa.bool_()),
        ("starts_on", pa.date32()),
        ("ends_on", pa.date32()),
        ("recorded_at", pa.timestamp("us", tz="UTC")),
        ("grace_days", pa.int32()),
    ]
)
FOREIGN_TERMS = pa.schema(
    [
        ("subscription_id", pa.int64()),
        ("currency", pa.string()),
        ("arr_native", pa.int64()),
        ("arr", pa.int64()),
        ("rate_e10", pa.int64()),
        ("starts_on", pa.date32()),
        ("ends_on", pa.date32()),
    ]
)
CANCELLATIONS = pa.schema(
    [
        ("customer_id", pa.int64()),
        ("effective_on", pa.date32()),
        ("requested_at", pa.timestamp("us", tz="UTC")),
        ("recorded_at", pa.timestamp("us", tz="UTC")),
        ("involuntary", pa.bool_()),
    ]
)
CONTRACTS = pa.schema(
    [
        ("subscription_id", pa.int64()),
        ("contract_ends_on", pa.date32()),
        ("auto_renews", pa.bool_()),
        ("arr", pa.int64()),
        ("starts_on", pa.date32()),
        ("ends_on", pa.date32()),
    ]
)
EDGES = pa.schema([("customer_id", pa.int64()), ("parent_id", pa.int64())])
USED = pa.schema([("customer_id", pa.int64()), ("day", pa.date32())])

RATE_SCALE = 10**10
BATCH_BYTES = 4 * 2**20
SESSION = "-c default_transaction_isolation=repeatable\\ read -c work_mem=64MB -c jit=off"


class Source(Protocol):
    """Where facts come from. Every reader streams; each must be used up before the next."""

    def longest_grace(self) -> int: ...
    def owners(self) -> pa.RecordBatchReader: ...
    def terms(self) -> pa.RecordBatchReader: ...
    def foreign_terms(self) -> pa.RecordBatchReader: ...
    def cancellations(self) -> pa.RecordBatchReader: ...
    def contracts(self) -> pa.RecordBatchReader: ...
    def edges(self) -> pa.RecordBatchReader: ...
    def used(self, windows: Q) -> pa.RecordBatchReader: ...
    def first_used_on(self) -> date | None: ...
    def spending(self) -> Spending: ...


def terms_table(terms: Iterable[Term]) -> pa.Table:
    """Terms, saved or not, as an Arrow table of `TERM_SCHEMA`; each knows its subscription."""
    rows = [
        {
            "customer_id": term.subscription.customer_id,
            "subscription_id": term.subscription_id,
            "kind": term.kind,
            "currency": term.currency,
            "arr_native_minor": term.arr_native_minor,
            "rate_e10": int(term.fx_rate * RATE_SCALE),
            "arr_minor": term.arr_minor,
            "starts_on": term.starts_on,
            "ends_on": term.ends_on,
            "recorded_at": term.recorded_at,
            "grace_days": term.plan.lapse_grace_days if term.plan else None,
        }
        for term in terms
    ]
    return pa.Table.from_pylist(rows, schema=TERM_SCHEMA)


@contextmanager
def source(question: Question, terms: pa.Table | None = None) -> Iterator[Source]:
    """The database's facts, or only those terms that are given."""
    if terms is not None:
        yield Given(question, terms)
        return
    with dbapi.connect(conninfo()) as own:
        yield Database(question, own)


def conninfo() -> str:
    """How libpq reaches Django's database, with one snapshot for all that is read."""
    given = connection.get_connection_params()
    names = {"dbname", "user", "password", "host", "port", "service", "passfile"}
    chosen = {
        name: value for name, value in given.items() if name in names or name.startswith("ssl")
    }
    return make_conninfo(**chosen, options=SESSION, application_name="churnapp-metrics")


def literal_sql(queryset: QuerySet[Any, Any]) -> str:
    """The statement of a queryset with its values written into it."""
    text, values = queryset.query.sql_with_params()
    connection.ensure_connection()
    return psycopg.ClientCursor(connection.connection).mogrify(text, values)


def empty(schema: pa.Schema) -> pa.RecordBatchReader:
    return schema.empty_table().to_reader()


class Database:
    """The facts believed at `known_at`, of the customers asked about."""

    def __init__(self, question: Question, own: dbapi.Connection) -> None:
        self.question = question
        self.own = own

    def read(self, queryset: QuerySet[Any, Any], schema: pa.Schema) -> pa.RecordBatchReader:
        """Stream `queryset` (values by the names of `schema`); names it lacks are null."""
        return self.read_sql(literal_sql(queryset), schema)

    def read_sql(self, statement: str, schema: pa.Schema) -> pa.RecordBatchReader:
        cursor = self.own.cursor()
        cursor.adbc_statement.set_options(
            **{"adbc.postgresql.batch_size_hint_bytes": str(BATCH_BYTES)}
        )
        cursor.execute(statement)
        found = cursor.fetch_record_batch()
        shaped = (in_shape(batch, schema) for batch in found)
        return pa.RecordBatchReader.from_batches(schema, closing(shaped, cursor))

    def of_segment(self, path: str) -> Q:
        """The WHERE: rows whose `path` leads to one of the customers asked about."""
        customers = self.question.customers
        return Q() if customers is None else Q(**{f"{path}__in": customers.order_by().values("pk")})

    def paid_terms(self) -> QuerySet[Term]:
        believed = Term.objects.believed_at(self.question.known_at)
        return believed.filter(self.of_segment("subscription__customer"), kind=Term.Kind.PAID)

    def longest_grace(self) -> int:
        own = Plan.objects.aggregate(longest=Max("lapse_grace_days"))["longest"]
        return max(own or 0, self.question.basis.lapse_grace_days)

    def owners(self) -> pa.RecordBatchReader:
        chosen = Subscription.objects.filter(self.of_segment("customer"))
        return self.read(chosen.values("customer_id", subscription_id=F("pk")), OWNERS)

    def terms(self) -> pa.RecordBatchReader:
        believed = Term.objects.believed_at(self.question.known_at)
        chosen = believed.filter(
            self.of_segment("subscription__customer"), kind__in=[Term.Kind.PAID, Term.Kind.PAUSED]
        )
        columns: dict[str, Any] = {
            "arr": Case(When(kind=Term.Kind.PAID, then=F("arr_minor"))),
            "is_foreign": ~Q(currency=self.question.basis.currency),
        }
        names = ["subscription_id", "starts_on", "ends_on"]
        if self.question.wants("customers_under_notice", "mrr_under_notice"):
            names.append("recorded_at")
        if Plan.objects.filter(lapse_grace_days__isnull=False).exists():
            columns["grace_days"] = F("plan__lapse_grace_days")
        return self.read(chosen.values(*names, **columns), TERMS)

    def foreign_terms(self) -> pa.RecordBatchReader:
        chosen = self.paid_terms().exclude(currency=self.question.basis.currency)
        columns = {
            "arr_native": F("arr_native_minor"),
            "arr": F("arr_minor"),
            "rate_e10": Cast(F("fx_rate") * Value(RATE_SCALE), BigIntegerField()),
        }
        names = ["subscription_id", "currency", "starts_on", "ends_on"]
        return self.read(chosen.values(*names, **columns), FOREIGN_TERMS)

    def cancellations(self) -> pa.RecordBatchReader:
        known_at = self.question.known_at
        standing = Q(withdrawn_at=None) | Q(withdrawn_at__gt=known_at)
        chosen = Cancellation.objects.filter(
            standing, self.of_segment("customer"), recorded_at__lte=known_at
        )
        return self.read(chosen.order_by().values(*CANCELLATIONS.names), CANCELLATIONS)

    def contracts(self) -> pa.RecordBatchReader:
        chosen = self.paid_terms().filter(subscription__contract_ends_on__isnull=False)
        columns = {
            "contract_ends_on": F("subscription__contract_ends_on"),
            "auto_renews": Coalesce(F("subscription__auto_renews"), Value(value=False)),
            "arr": F("arr_minor"),
        }
        return self.read(
            chosen.values("subscription_id", "starts_on", "ends_on", **columns), CONTRACTS
        )

    def edges(self) -> pa.RecordBatchReader:
        chosen = Customer.objects.filter(parent__isnull=False)
        return self.read(chosen.values("parent_id", customer_id=F("pk")), EDGES)

    def used(self, windows: Q) -> pa.RecordBatchReader:
        chosen = Usage.objects.filter(windows, self.of_segment("customer"), count__gt=0)
        return self.read(chosen.order_by().values("customer_id", "day").distinct(), USED)

    def first_used_on(self) -> date | None:
        """The first day with any recorded use, by anyone, that has happened."""
        recorded = Usage.objects.filter(count__gt=0, day__lte=self.question.known_on)
        return recorded.order_by("day").values_list("day", flat=True).first()

    def spending(self) -> Spending:
        """The whole organisation's: spend belongs to no customer."""
        return costs.spending(self.question)


class Given:
    """Terms from memory, of `TERM_SCHEMA`; nothing else is known of these customers."""

    def __init__(self, question: Question, terms: pa.Table) -> None:
        self.question = question
        self.table = terms.cast(TERM_SCHEMA)

    def longest_grace(self) -> int:
        own = pc.max(self.table["grace_days"]).as_py()
        return max(own or 0, self.question.basis.lapse_grace_days)

    def owners(self) -> pa.RecordBatchReader:
        pairs = self.table.group_by(["subscription_id", "customer_id"]).aggregate([])
        return pairs.select(OWNERS.names).cast(OWNERS).to_reader()

    def terms(self) -> pa.RecordBatchReader:
        kind = self.table["kind"]
        chosen = self.table.filter(pc.is_in(kind, pa.array(["paid", "paused"])))
        arr = pc.if_else(pc.equal(chosen["kind"], "paid"), chosen["arr_minor"], None)
        is_foreign = pc.not_equal(chosen["currency"], self.question.basis.currency)
        shaped = chosen.append_column("arr", arr).append_column("is_foreign", is_foreign)
        return shaped.select(TERMS.names).cast(TERMS).to_reader()

    def foreign_terms(self) -> pa.RecordBatchReader:
        paid = self.table.filter(pc.equal(self.table["kind"], "paid"))
        paid = paid.filter(pc.not_equal(paid["currency"], self.question.basis.currency))
        shaped = paid.append_column("arr_native", paid["arr_native_minor"])
        shaped = shaped.append_column("arr", paid["arr_minor"])
        return shaped.select(FOREIGN_TERMS.names).cast(FOREIGN_TERMS).to_reader()

    def cancellations(self) -> pa.RecordBatchReader:
        return empty(CANCELLATIONS)

    def contracts(self) -> pa.RecordBatchReader:
        return empty(CONTRACTS)

    def edges(self) -> pa.RecordBatchReader:
        return empty(EDGES)

    def used(self, windows: Q) -> pa.RecordBatchReader:  # noqa: ARG002
        return empty(USED)

    def first_used_on(self) -> date | None:
        return None

    def spending(self) -> Spending:
        return Spending({})


def in_shape(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """`batch` with the columns of `schema`, nulls where it has none."""
    present = set(batch.schema.names)
    columns = [
        batch.column(field.name).cast(field.type)
        if field.name in present
        else pa.nulls(batch.num_rows, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def closing(batches: Iterator[pa.RecordBatch], cursor: dbapi.Cursor) -> Iterator[pa.RecordBatch]:
    """The batches, and the cursor closed after the last one: a connection holds one result."""
    with cursor:
        yield from batches
