"""Rows of `resolved` compared with a table and written to it; what stood there is kept."""

from typing import Any

from django.db import connection
from psycopg.sql import SQL, Composable, Identifier

from customers.importing.arranging import Arrangement
from customers.importing.kinds import Kind, Target

ALWAYS = "*"
DIGEST = SQL("md5(to_jsonb({})::text)::uuid")


def changing(target: Target, arrangement: Arrangement) -> list[str]:
    """Columns of the table that this file may change in rows that exist."""
    return [
        name for name, ours in target.columns.items() if ours == ALWAYS or arrangement.has(ours)
    ]


def compare(kind: Kind, arrangement: Arrangement) -> None:
    """Leave `decided`: every row of `resolved` with its outcome; and whose work it would undo."""
    target = _target(kind)
    names = changing(target, arrangement)
    differs: Composable = SQL("(false)")
    if names:
        differs = SQL("(ROW({}) IS DISTINCT FROM ROW({}))").format(
            _columns("t", names), _columns("r", names)
        )
    if target.also_changed:
        differs = SQL("({} OR coalesce(r.also_changed, false))").format(differs)
    _execute(
        SQL(
            "CREATE TEMP TABLE decided AS SELECT r.*, CASE WHEN r.id IS NULL THEN 'created'"
            " WHEN {} THEN 'changed' ELSE 'unchanged' END AS outcome"
            " FROM resolved r LEFT JOIN {} t ON t.id = r.id"
        ).format(differs, Identifier(target.table))
    )
    _execute(SQL("ANALYZE decided"))
    if target.digested and names:
        _list_overwritten(target, names)


def _list_overwritten(target: Target, names: list[str]) -> None:
    """Rows that no longer are as an import left them: somebody worked on them here."""
    _execute(
        SQL(
            "INSERT INTO overwritten (line, called, field, before, after)"
            " SELECT d.line, {called}, field, {before}, {after}"
            " FROM decided d JOIN {table} t ON t.id = d.id,"
            " LATERAL (SELECT to_jsonb(t.*), to_jsonb(d.*)) j(was, becomes),"
            " unnest(%(names)s::text[]) AS field"
            " WHERE d.outcome = 'changed' AND was -> field IS DISTINCT FROM becomes -> field"
            ' AND NOT EXISTS (SELECT FROM customers_rowbefore b WHERE b."table" = %(table)s'
            " AND b.row_id = t.id AND b.after_digest = {digest})"
        ).format(
            called=SQL("(SELECT {} FROM (SELECT d.*) x)").format(SQL(target.called)),
            table=Identifier(target.table),
            digest=DIGEST.format(SQL("t.*")),
            before=_as_read("was"),
            after=_as_read("becomes"),
        ),
        {"names": names, "table": target.table},
    )


def _as_read(row: str) -> Composable:
    """The value of `field` in a row as JSON; of moments (`…_at`) the day and time of our zone."""
    return SQL(
        "CASE WHEN right(field, 3) = '_at' THEN pg_temp.our_time(({0} ->> field)::timestamptz)"
        " ELSE {0} ->> field END"
    ).format(Identifier(row))


def write(kind: Kind, arrangement: Arrangement, import_id: int) -> None:
    """Insert the created rows and update the changed ones."""
    target = _target(kind)
    params = {"import_id": import_id, "table": target.table}
    _execute(_insertion(target), params)
    names = changing(target, arrangement)
    if names:
        _execute(_update(target, names), params)


def renew_digests(kind: Kind, import_id: int) -> None:
    """Take the digests again once all of the import is written."""
    table = _target(kind).table
    _execute(
        SQL(
            "UPDATE customers_rowbefore b SET after_digest = {digest} FROM {table} t"
            ' WHERE b.file_import_id = %(import_id)s AND b."table" = %(table)s AND t.id = b.row_id'
        ).format(digest=DIGEST.format(SQL("t.*")), table=Identifier(table)),
        {"import_id": import_id, "table": table},
    )


def _insertion(target: Target) -> Composable:
    names = list(target.columns)
    columns = _columns("", names)
    values = _columns("d", names)
    if target.sourced:
        columns, values = (
            SQL("{}, source_id").format(columns),
            SQL("{}, %(import_id)s").format(values),
        )
    insert = SQL(
        "INSERT INTO {table} ({columns}) SELECT {values} FROM decided d"
        " WHERE d.outcome = 'created' ORDER BY d.line"
    ).format(table=Identifier(target.table), columns=columns, values=values)
    if not target.digested:
        return insert
    return SQL(
        "WITH made AS ({insert} RETURNING id, {digest} AS digest)"
        ' INSERT INTO customers_rowbefore (file_import_id, "table", row_id, after_digest)'
        " SELECT %(import_id)s, %(table)s, id, digest FROM made"
    ).format(insert=insert, digest=DIGEST.format(SQL("{}.*").format(Identifier(target.table))))


def _update(target: Target, names: list[str]) -> Composable:
    sets: list[Composable] = [SQL("{0} = d.{0}").format(Identifier(name)) for name in names]
    if target.sourced:
        sets.append(SQL("source_id = %(import_id)s"))
    return SQL(
        "WITH before AS (SELECT t.id, to_jsonb(t.*) AS was FROM {table} t JOIN decided d USING (id)"
        " WHERE d.outcome = 'changed' FOR NO KEY UPDATE OF t),"
        " changed AS (UPDATE {table} t SET {sets} FROM decided d JOIN before USING (id)"
        " WHERE t.id = d.id AND d.outcome = 'changed' RETURNING t.id, {digest} AS digest)"
        ' INSERT INTO customers_rowbefore (file_import_id, "table", row_id, before, after_digest)'
        " SELECT %(import_id)s, %(table)s, id, was, digest FROM before JOIN changed USING (id)"
    ).format(
        table=Identifier(target.table), sets=SQL(", ").join(sets), digest=DIGEST.format(SQL("t.*"))
    )


def _columns(alias: str, names: list[str]) -> Composable:
    prefix = SQL(alias + ".") if alias else SQL("")
    return SQL(", ").join(prefix + Identifier(name) for name in names)


def _target(kind: Kind) -> Target:
    if kind.target is None:
        raise ValueError(f"{kind.name} has no table of its own")
    return kind.target


def _execute(statement: Composable, params: dict[str, Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
