"""What hangs on a row that an import made, and how people call the row: SQL over the row `t`."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from psycopg.sql import SQL, Composable, Identifier, Literal

from churnapp.common.describing import options
from customers.importing.kinds import Rows
from customers.models import (
    Cancellation,
    CancellationReason,
    Contact,
    Customer,
    Feature,
    FxRate,
    Interaction,
    Mention,
    Payment,
    Plan,
    ReasonVersion,
    ReasonView,
    Spend,
    Standing,
    Subscription,
    Term,
    Usage,
)

# What was made together with a row and goes with it.
PARTS: dict[type[models.Model], type[models.Model]] = {
    Customer: Standing,
    CancellationReason: ReasonVersion,
    Cancellation: ReasonView,
}
# Of the parts, those that somebody added since: they hold the row.
ADDED_SINCE: dict[type[models.Model], str] = {
    ReasonVersion: "o.version > 1",
    ReasonView: "NOT o.suggested",
}
# Columns that a night fills by itself: a row is as the import left it whatever they hold.
FILLED_BY_NIGHT: dict[type[models.Model], str] = {Cancellation: "read_at"}
# Stands for terms that are no longer believed, and for subscriptions that have no others: nobody
# counts on them today, but what was known when can still be asked.
HISTORY = "history"
BELIEVED = "o.superseded_at IS NULL"
LIVES = (
    "(EXISTS (SELECT FROM customers_term k WHERE k.subscription_id = o.id AND k.superseded_at IS"
    " NULL) OR NOT EXISTS (SELECT FROM customers_term k WHERE k.subscription_id = o.id))"
)
ALIVE: dict[tuple[type[models.Model], type[models.Model]], str] = {
    (Plan, Term): BELIEVED,
    (Customer, Subscription): LIVES,
}
# Made from what stands elsewhere: no reason of its own.
DERIVED = (HISTORY, Standing._meta.db_table)  # noqa: SLF001

OF_CUSTOMER = "(SELECT c.name FROM customers_customer c WHERE c.id = t.customer_id)"
FEATURE = "(SELECT f.code FROM customers_feature f WHERE f.id = t.feature_id)"
PLAN = "(SELECT p.code FROM customers_plan p WHERE p.id = t.plan_id)"
CALLED: dict[type[models.Model], str] = {
    Cancellation: OF_CUSTOMER + " || ' ' || t.effective_on",
    Interaction: OF_CUSTOMER + " || ' ' || pg_temp.our_day(t.occurred_at)",
    Contact: "t.email",
    Mention: "coalesce(nullif(t.author, ''), nullif(t.company, ''), t.site)"
    " || ' ' || pg_temp.our_day(t.occurred_at)",
    Payment: OF_CUSTOMER + " || ' ' || t.due_on",
    Spend: "to_char(t.month_on, 'YYYY-MM') || ' ' || t.channel",
    FxRate: "t.currency || ' ' || t.\"on\"",
    Usage: f"{OF_CUSTOMER} || ' ' || t.day || ' ' || {FEATURE}",
    Feature.plans.through: f"{FEATURE} || ' – ' || {PLAN}",
    Feature: "coalesce(nullif(t.name, ''), t.code)",
    Subscription: "t.external_id",
    Customer: "t.name || CASE WHEN t.name = t.external_id THEN ''"
    " ELSE ' (' || t.external_id || ')' END",
    Plan: "coalesce(nullif(t.name, ''), t.code)",
    CancellationReason: "coalesce((SELECT v.labels ->> 'en' FROM customers_reasonversion v"
    " WHERE v.reason_id = t.id ORDER BY v.version DESC LIMIT 1), t.key)",
}
# Tables of higher apps, in the order in which an undo goes through them, before our own.
HIGHER: list[type[models.Model]] = []


def know(rows: Rows) -> None:
    """Take a table of a higher app among those that an undo clears."""
    HIGHER.append(rows.model)
    CALLED[rows.model] = rows.called
    if rows.part is not None:
        PARTS[rows.model] = rows.part
        if rows.added_since:
            ADDED_SINCE[rows.part] = rows.added_since


def as_left(model: type[models.Model]) -> Composable:
    """Row `t` as JSON, with what a night fills in as it was when the import wrote it (row `b`)."""
    row, column = SQL("to_jsonb(t.*)"), FILLED_BY_NIGHT.get(model)
    if column is None:
        return row
    was = SQL(" || jsonb_build_object({0}, b.before -> {0})").format(Literal(column))
    return SQL("({})").format(row + was)


def called(model: type[models.Model]) -> Composable:
    """How people call row `t` of the model."""
    return SQL("({})").format(SQL(CALLED[model]))


def things(model: type[models.Model]) -> Composable:
    """The tables of which a row points at row `t`, its own left out, as an array."""
    found = [
        SQL("CASE WHEN {} THEN {} END").format(condition, Literal(name))
        for name, condition in _pointing(model)
    ]
    return SQL("array_remove(ARRAY[{}]::text[], NULL)").format(SQL(", ").join(found))


def own_links(model: type[models.Model]) -> list[str]:
    """The columns by which rows of the model point at others of it."""
    return [str(f.column) for f in options(model).local_fields if f.related_model is model]


def _pointing(model: type[models.Model]) -> Iterator[tuple[str, Composable]]:
    for other in apps.get_models(include_auto_created=True):
        if other is model or (PARTS.get(model) is other and other not in ADDED_SINCE):
            continue
        for field in options(other).local_fields:
            if field.related_model is model:
                yield from _checks(model, other, str(field.column))


def _checks(
    model: type[models.Model], other: type[models.Model], column: str
) -> Iterator[tuple[str, Composable]]:
    """One check a table; two where its rows may be no more than history."""
    table, alive = options(other).db_table, ALIVE.get((model, other))
    if PARTS.get(model) is other:
        yield table, _exists(table, column, f" AND {ADDED_SINCE[other]}")
        return
    if alive is None:
        yield table, _exists(table, column)
        return
    yield table, _exists(table, column, f" AND {alive}")
    yield HISTORY, _exists(table, column, f" AND NOT {alive}")


def _exists(table: str, column: str, condition: str = "") -> Composable:
    start = SQL("EXISTS (SELECT FROM {} o WHERE o.{} = t.id").format(
        Identifier(table), Identifier(column)
    )
    return start + SQL(f"{condition})")
