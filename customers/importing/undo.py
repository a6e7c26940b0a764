"""Take an import back: its terms are no longer believed, its other rows go or stand as before.

What somebody changed since, and what other things hang on, stays and is reported by name: also the
customers and plans of its own terms, which are kept though nobody believes them any more, so that
figures can be asked for as they were known before. All in one transaction; undone twice gives the
same.
"""

from typing import Any

from django.db import connection, models, transaction
from psycopg import sql
from psycopg.sql import SQL, Composable, Identifier

from churnapp.models import Job
from customers.importing import hanging, limits, locks, reporting, staging
from customers.importing.progress import Progress
from customers.models import (
    Cancellation,
    CancellationReason,
    Contact,
    Customer,
    Feature,
    FxRate,
    Import,
    Interaction,
    Mention,
    Payment,
    Plan,
    Spend,
    Subscription,
    Usage,
)
from customers.standings import refresh_standings

# Rows go before those that they hang on.
ORDER: tuple[type[models.Model], ...] = (
    Cancellation,
    Mention,
    Interaction,
    Contact,
    Payment,
    Spend,
    FxRate,
    Usage,
    Feature.plans.through,
    Feature,
    Subscription,
    Customer,
    Plan,
    CancellationReason,
)
# Tables whose rows name the import that wrote them, instead of a note for each new row.
SOURCED = (Payment, Spend, FxRate, Usage)
# Facts beside the terms that a customer's standing is made from: those of an import.
STANDING_BEHIND = {
    Usage: "customers_usage WHERE source_id = %(import_id)s",
    Subscription: (
        "customers_subscription WHERE id IN (SELECT row_id FROM customers_rowbefore"
        " WHERE file_import_id = %(import_id)s AND \"table\" = 'customers_subscription')"
    ),
}

# Rows that others of their table point at: they stay with those others.
STAYING_WITH_OTHERS = """
WITH RECURSIVE staying AS (
    SELECT o.{link} AS id
    FROM {table} o
    WHERE o.{link} IN (SELECT id FROM free)
      AND NOT EXISTS (SELECT FROM free f WHERE f.id = o.id AND f.things = '{{}}')
    UNION
    SELECT o.{link} FROM staying JOIN {table} o USING (id) WHERE o.{link} IN (SELECT id FROM free)
)
UPDATE free SET things = array_append(things, {name}) WHERE id IN (SELECT id FROM staying)
"""


@transaction.atomic
def undo(file_import: Import) -> None:
    """Undo a published import and write into its report what became of its rows."""
    progress = Progress(file_import.job_id)
    locks.wait_for_other_imports()
    staging.make_notes()
    params = {"import_id": file_import.pk, "published_at": file_import.published_at}
    _execute(SQL('CREATE TEMP TABLE staying ("table" text, row_id bigint)'))
    if file_import.kind == Import.Kind.CUSTOMERS:
        locks.hold_parents()
        staging.run_file("circles.sql")
        staging.run_file("undo/parents.sql", params)
    if file_import.kind == Import.Kind.INTERACTIONS:
        staging.run_file("undo/complaints.sql", params)
    if file_import.kind == Import.Kind.RESPONSES:
        staging.run_file("undo/stated.sql", params)
    staging.run_file("undo/terms.sql", params)
    progress.check()
    for model in (*hanging.HIGHER, *ORDER):
        _note_customers(model, params)
        if model in SOURCED:
            _delete_sourced(model, params)
        _restore(model, params)
        _delete_created(model, params)
        _bring_back_deleted(model, params)
        progress.check()
    if file_import.kind == Import.Kind.MENTIONS:
        staging.run_file("undo/mentions.sql", params)
    close(file_import)


def close(file_import: Import) -> None:
    """Renew the standings and write the outcome down."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT at FROM undoing")
        moment = cursor.fetchone()[0]
        cursor.execute(
            "SELECT DISTINCT t.customer_id FROM touched t"
            " JOIN customers_customer c ON c.id = t.customer_id"
        )
        touched = [row[0] for row in cursor.fetchall()]
    refresh_standings(touched, now=moment)
    report = file_import.report | {"undo": reporting.notes(limits.EXAMPLES_KEPT)}
    Import.objects.filter(pk=file_import.pk).update(report=report, undone_at=moment)
    Job.objects.filter(pk=file_import.job_id).update(
        state=Job.State.DONE, phase="", finished_at=moment
    )


def _note_customers(model: type[models.Model], params: dict[str, Any]) -> None:
    """Customers whose use or whose contracts go back stand differently afterwards."""
    if model in STANDING_BEHIND:
        _execute(
            SQL("INSERT INTO touched (customer_id) SELECT DISTINCT customer_id FROM ")
            + SQL(STANDING_BEHIND[model]),
            params,
        )


def _delete_sourced(model: type[models.Model], params: dict[str, Any]) -> None:
    """Delete the rows that the import made and that nobody wrote since."""
    statement = SQL(
        "WITH gone AS (DELETE FROM {table} t WHERE t.source_id = %(import_id)s AND NOT EXISTS ("
        'SELECT FROM customers_rowbefore b WHERE b.file_import_id = %(import_id)s AND b."table" ='
        " {name} AND b.row_id = t.id) RETURNING {called} AS called)"
        " INSERT INTO noted (code, value) SELECT 'row_deleted ' || {name}, called FROM gone"
    )
    _execute(statement.format(**_names(model)), params)


def _restore(model: type[models.Model], params: dict[str, Any]) -> None:
    """Put changed rows back as they were, where they still are as the import left them."""
    fields = [field for field in hanging.options(model).local_fields if not field.primary_key]
    columns = [Identifier(str(field.column)) for field in fields]
    sets = SQL(", ").join(columns)
    values = SQL(", ").join([_former(field) for field in fields])
    statement = SQL(
        "WITH back AS (UPDATE {table} t SET ({sets}) = ROW({values})"
        " FROM customers_rowbefore b, jsonb_populate_record(NULL::{table}, b.before) w"
        ' WHERE b.file_import_id = %(import_id)s AND b."table" = {name} AND b.row_id = t.id'
        " AND b.before IS NOT NULL AND b.after_digest = {digest} AND NOT {stays}"
        " RETURNING {called} AS called)"
        " INSERT INTO noted (code, value) SELECT 'row_restored ' || {name}, called FROM back"
    )
    edited = SQL(
        "INSERT INTO noted (code, value) SELECT 'changed_since ' || {name}, {called}"
        " FROM customers_rowbefore b JOIN {table} t ON t.id = b.row_id"
        ' WHERE b.file_import_id = %(import_id)s AND b."table" = {name}'
        " AND (b.after_digest <> {digest} OR {stays})"
    )
    names = _names(model)
    _execute(edited.format(**names), params)
    _execute(statement.format(sets=sets, values=values, **names), params)


def _former(field: models.Field) -> Composable:
    """The column as it was in `w`; empty, where it may be, if it pointed at a row that is gone."""
    was = SQL("w.{}").format(Identifier(str(field.column)))
    if field.related_model is None or not field.null:
        return was
    there = Identifier(hanging.options(field.related_model).db_table)
    return SQL("CASE WHEN EXISTS (SELECT FROM {} x WHERE x.id = {}) THEN {} END").format(
        there, was, was
    )


def _delete_created(model: type[models.Model], params: dict[str, Any]) -> None:
    """Delete rows that the import made, unless they changed since or other things hang on them."""
    names = _names(model)
    _execute(
        SQL(
            "CREATE TEMP TABLE free AS SELECT t.id, {called} AS called, {things} AS things"
            " FROM {table} t JOIN customers_rowbefore b ON b.row_id = t.id"
            ' WHERE b.file_import_id = %(import_id)s AND b."table" = {name}'
            " AND b.before IS NULL AND b.after_digest = {digest}"
        ).format(things=hanging.things(model), **names),
        params,
    )
    _execute(SQL("ANALYZE free"))
    for column in hanging.own_links(model):
        _execute(SQL(STAYING_WITH_OTHERS).format(link=Identifier(column), **names))
    if model in hanging.PARTS:
        part = hanging.PARTS[model]
        link = next(f for f in hanging.options(part).local_fields if f.related_model is model)
        _execute(
            SQL("DELETE FROM {} p USING free f WHERE p.{} = f.id AND f.things = '{{}}'").format(
                Identifier(hanging.options(part).db_table), Identifier(str(link.column))
            )
        )
    _execute(
        SQL(
            "INSERT INTO noted (code, value) SELECT CASE WHEN things = '{{}}' THEN 'row_deleted '"
            " WHEN things <@ {derived} THEN 'kept_for_history ' ELSE 'in_use_by ' END || {name} ||"
            " coalesce(' ' || (SELECT string_agg(thing, ',' ORDER BY thing) FROM unnest(things)"
            " thing WHERE thing <> ALL ({derived}) HAVING count(*) > 0), ''), called FROM free;"
            " DELETE FROM {table} t USING free WHERE t.id = free.id AND free.things = '{{}}';"
            " DROP TABLE free"
        ).format(derived=sql.Literal(list(hanging.DERIVED)), **names)
    )


def _bring_back_deleted(model: type[models.Model], params: dict[str, Any]) -> None:
    """Insert again what the import had to delete."""
    statement = SQL(
        "WITH back AS (INSERT INTO {table} AS t SELECT w.* FROM customers_rowbefore b,"
        " jsonb_populate_record(NULL::{table}, b.before) w"
        ' WHERE b.file_import_id = %(import_id)s AND b."table" = {name}'
        " AND b.before IS NOT NULL AND b.after_digest IS NULL"
        " ON CONFLICT DO NOTHING RETURNING {called} AS called)"
        " INSERT INTO noted (code, value) SELECT 'row_restored ' || {name}, called FROM back"
    )
    _execute(statement.format(**_names(model)), params)


def _names(model: type[models.Model]) -> dict[str, Composable]:
    table = hanging.options(model).db_table
    return {
        "table": Identifier(table),
        "name": sql.Literal(table),
        "called": hanging.called(model),
        "digest": SQL("md5({}::text)::uuid").format(hanging.as_left(model)),
        "stays": SQL(
            'EXISTS (SELECT FROM staying s WHERE s."table" = {} AND s.row_id = t.id)'
        ).format(sql.Literal(table)),
    }


def _execute(statement: Composable, params: dict[str, Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
