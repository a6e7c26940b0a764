"""Facts as Arrow, read by a connection of its own in one snapshot.

The segment is a queryset of customers; it goes into each statement as the WHERE. The connection
is not Django's: it sees committed rows only, and literals are written into the SQL because the
driver takes no parameters.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from typing import Any

import psycopg
import pyarrow as pa
from adbc_driver_postgresql import dbapi
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, Case, F, Max, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce
from psycopg.conninfo import make_conninfo

from customers.metrics import costs
from customers.metrics.costs import Spending
from customers.metrics.given import Given
from customers.metrics.groups import label_of
from customers.metrics.question import Question
from customers.metrics.schemas import (
    CANCELLATIONS,
    CONTRACTS,
    EDGES,
    FOREIGN_TERMS,
    MEMBERS,
    OWNERS,
    RATE_SCALE,
    RECORDINGS,
    TERMS,
    USED,
    empty,
)
from customers.metrics.source import Source
from customers.models import Cancellation, Customer, Plan, Subscription, Term, Usage

# What a plan or billing change cut up is one; a pause has no amount.
CHAIN = Coalesce(F("subscription__continues"), F("subscription"))
ARR = Case(When(kind=Term.Kind.PAID, then=F("arr_minor")))
STRETCHES = """
    WITH days AS ({days}),
    marked AS (
        SELECT customer_id, day,
               coalesce(day - lag(day) OVER by_day > {silent_days}, true) AS begins
        FROM days
        WINDOW by_day AS (PARTITION BY customer_id ORDER BY day)
    ),
    numbered AS (
        SELECT customer_id, day, count(*) FILTER (WHERE begins) OVER by_day AS stretch
        FROM marked
        WINDOW by_day AS (PARTITION BY customer_id ORDER BY day)
    )
    SELECT customer_id, min(day) AS first_on, max(day) AS last_on
    FROM numbered
    GROUP BY customer_id, stretch
"""
BATCH_BYTES = 4 * 2**20
NOTICE = ("customers_under_notice", "mrr_under_notice", "arr_under_notice_minor")
SESSION = "-c default_transaction_isolation=repeatable\\ read -c work_mem=64MB -c jit=off"


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


class Database:
    """The facts believed at `known_at`, of the customers asked about."""

    def __init__(self, question: Question, own: dbapi.Connection) -> None:
        self.question = question
        self.own = own

    def read(self, queryset: QuerySet[Any, Any], schema: pa.Schema) -> pa.RecordBatchReader:
        """Stream `queryset` (values by the names of `schema`); names it lacks are null.

        A queryset that Django knows to be empty, such as one of a segment that nobody can be in,
        has no statement.
        """
        try:
            statement = literal_sql(queryset)
        except EmptyResultSet:
            return empty(schema)
        return self.read_sql(statement, schema)

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

    def running_terms(self) -> QuerySet[Term]:
        """Terms that pay or pause."""
        believed = Term.objects.believed_at(self.question.known_at)
        return believed.filter(
            self.of_segment("subscription__customer"), kind__in=[Term.Kind.PAID, Term.Kind.PAUSED]
        )

    @cached_property
    def longest_grace_of_plans(self) -> int | None:
        """None where no plan has a grace of its own."""
        return Plan.objects.aggregate(longest=Max("lapse_grace_days"))["longest"]

    def longest_grace(self) -> int:
        return max(self.longest_grace_of_plans or 0, self.question.basis.lapse_grace_days)

    def owners(self) -> pa.RecordBatchReader:
        chosen = Subscription.objects.filter(self.of_segment("customer"))
        return self.read(chosen.values("customer_id", subscription_id=F("pk")), OWNERS)

    def terms(self) -> pa.RecordBatchReader:
        columns: dict[str, Any] = {
            "arr": ARR,
            "is_foreign": ~Q(currency=self.question.basis.currency),
            "starts": F("starts_on"),
            "ends": F("ends_on"),
        }
        names = ["subscription_id"]
        if self.question.wants(*NOTICE):
            names.append("recorded_at")
        if self.longest_grace_of_plans is not None:
            columns["grace_days"] = F("plan__lapse_grace_days")
        return self.read(self.running_terms().values(*names, **columns), TERMS)

    def recordings(self) -> pa.RecordBatchReader:
        """What was recorded of known ends and is superseded by `known_at`: since when, until when.

        Only what asks since when an end has been known needs it.
        """
        if not self.question.wants(*NOTICE):
            return empty(RECORDINGS)
        known_at = self.question.known_at
        superseded = Term.objects.filter(
            self.of_segment("subscription__customer"),
            kind=Term.Kind.PAID,
            ends_on__isnull=False,
            recorded_at__lte=known_at,
            superseded_at__lte=known_at,
        )
        columns = {"ends": F("ends_on")}
        chosen = superseded.values("subscription_id", "recorded_at", "superseded_at", **columns)
        return self.read(chosen, RECORDINGS)

    def foreign_terms(self) -> pa.RecordBatchReader:
        paid = self.running_terms().filter(kind=Term.Kind.PAID)
        chosen = paid.exclude(currency=self.question.basis.currency)
        columns: dict[str, Any] = {
            "chain_id": CHAIN,
            "arr_native": F("arr_native_minor"),
            "arr": F("arr_minor"),
            "rate_e10": Cast(F("fx_rate") * Value(RATE_SCALE), BigIntegerField()),
        }
        names = ["currency", "starts_on", "ends_on"]
        return self.read(chosen.values(*names, **columns), FOREIGN_TERMS)

    def cancellations(self) -> pa.RecordBatchReader:
        known_at = self.question.known_at
        standing = Q(withdrawn_at=None) | Q(withdrawn_at__gt=known_at)
        chosen = Cancellation.objects.filter(
            standing, self.of_segment("customer"), recorded_at__lte=known_at
        )
        return self.read(chosen.order_by().values(*CANCELLATIONS.names), CANCELLATIONS)

    def contracts(self) -> pa.RecordBatchReader:
        """Terms that pay or pause, of subscriptions with a contract or in a chain."""
        bound = Subscription.objects.filter(contract_ends_on__isnull=False)
        chained = Subscription.objects.filter(continues__isnull=False)
        concerned = bound.values("pk").union(chained.values("pk"), chained.values("continues"))
        columns = {
            "chain_id": CHAIN,
            "contract_ends_on": F("subscription__contract_ends_on"),
            "auto_renews": Coalesce(F("subscription__auto_renews"), Value(value=False)),
            "arr": ARR,
        }
        chosen = self.running_terms().filter(subscription__in=concerned)
        return self.read(
            chosen.values("subscription_id", "starts_on", "ends_on", **columns), CONTRACTS
        )

    def edges(self) -> pa.RecordBatchReader:
        chosen = Customer.objects.filter(parent__isnull=False)
        return self.read(chosen.values("parent_id", customer_id=F("pk")), EDGES)

    def used(self, windows: Q) -> pa.RecordBatchReader:
        """Stretches of days on which customers used something, without a break that is silence.

        Gathered there: daily use of years is hundreds of rows a customer, its stretches are few.
        """
        chosen = Usage.objects.filter(windows, self.of_segment("customer"), count__gt=0)
        try:
            days = literal_sql(chosen.order_by().values("customer_id", "day").distinct())
        except EmptyResultSet:
            return empty(USED)
        silent_days = self.question.basis.silent_days
        return self.read_sql(STRETCHES.format(days=days, silent_days=silent_days), USED)

    def members(self, group: str | None) -> pa.RecordBatchReader:
        """When customers signed up, and what they are by `group`."""
        chosen = Customer.objects.filter(self.of_segment("pk"))
        if group == "plan":
            return self.read(self.members_by_plan(chosen), MEMBERS)
        columns = {"customer_id": F("pk"), "label": label_of(group)}
        return self.read(chosen.values("signed_up_on", **columns), MEMBERS)

    def members_by_plan(self, customers: QuerySet[Customer]) -> QuerySet[Any, Any]:
        terms = Term.objects.filter(subscription__customer__in=customers)
        on_plans = terms.with_current_plan(self.question.known_at, self.question.known_on)
        columns = {
            "customer_id": F("subscription__customer"),
            "signed_up_on": F("subscription__customer__signed_up_on"),
            "label": F("current_plan"),
        }
        return on_plans.order_by().values(**columns).distinct()

    def first_used_on(self) -> date | None:
        """The first day with any recorded use, by anyone, that has happened."""
        recorded = Usage.objects.filter(count__gt=0, day__lte=self.question.known_on)
        return recorded.order_by("day").values_list("day", flat=True).first()

    def spending(self) -> Spending:
        """The whole organisation's: spend belongs to no customer."""
        return costs.spending(self.question)


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
