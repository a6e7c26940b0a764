"""The questions of this package: one a file, with prose on top."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import QuerySet

_FOLDER = Path(__file__).parent.parent / "sql"


def read(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def run(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows that a statement gives; none for one that gives no rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def literal(rows: QuerySet[Any, Any]) -> str:
    """A queryset as SQL with its values in it, to stand in a statement with names for values."""
    return composed(*rows.query.sql_with_params())


def quoted_literal(text: str) -> str:
    """Text as an SQL literal, to stand in a statement with names for values."""
    return composed("%s::text", [text])


def composed(statement: str, values: Mapping[str, Any] | Sequence[Any]) -> str:
    """A statement with its values in it, to stand in another one that has places for values."""
    written: str = connection.ops.compose_sql(statement, values)  # type: ignore[attr-defined]
    return written.replace("%", "%%")
