"""A company's rows into PostgreSQL by COPY, in one transaction."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.db import connection, models
from psycopg.types.json import Jsonb

from churnapp.models import User
from customers.demo.company import Company
from customers.models import (
    Cancellation,
    CancellationReason,
    Contact,
    Customer,
    Feature,
    FxRate,
    Interaction,
    Payment,
    Plan,
    ReasonVersion,
    Spend,
    Subscription,
    Task,
    Term,
    Usage,
)

Translate = Callable[[Any], Any]
Translations = dict[str, Translate]
# Columns that no row gives and that the database has no default for.
LEFT_OUT: dict[type[models.Model], dict[str, Any]] = {
    Customer: {"never_automatic": False},
}


def load(company: Company) -> None:
    """Write all rows; plans, features, reasons and people are there already."""
    names = _names(company)
    now = company.world.now
    _copy(Customer, company.customers, names, created_at=now)
    _copy(Contact, company.contacts, names)
    _copy(Subscription, company.subscriptions, names)
    _copy(Term, company.terms, names)
    _copy(Cancellation, company.cancellations, names)
    _copy(Interaction, company.interactions, names)
    _copy(Payment, company.payments, names)
    _copy(Task, company.tasks, names)
    _add_missing(FxRate, company.rate_rows())
    _add_missing(Spend, company.spend())
    _copy_usage(company, names)
    with connection.cursor() as cursor:
        for model in (Term, Usage, Customer, Interaction, Payment):
            cursor.execute(f"ANALYZE {_table(model)}")


def _names(company: Company) -> Translations:
    """From the company's own ids, addresses, codes and keys to the database's ids, by column."""
    customer, contact = _reserve(Customer, company.customers), _reserve(Contact, company.contacts)
    subscription = _reserve(Subscription, company.subscriptions)
    by_name = {row.external_id: row.id for row in company.subscriptions}
    users = dict(User.objects.values_list("email", "pk"))
    reasons = CancellationReason.objects.values_list("key", "pk")
    versions = ReasonVersion.objects.order_by("version").values_list("reason__key", "pk")
    return {
        "customer": customer,
        "contact": contact,
        "subscription": subscription,
        "customer_id": customer,
        "parent_id": customer,
        "contact_id": contact,
        "subscription_id": lambda one: subscription(by_name.get(one, one)),
        "plan_id": dict(Plan.objects.values_list("code", "pk")).__getitem__,
        "feature_id": dict(Feature.objects.values_list("code", "pk")).__getitem__,
        "owner_id": users.get,
        "author_id": users.get,
        "assignee_id": users.get,
        "created_by_id": users.get,
        "recorded_by_id": users.get,
        "reason_id": dict(reasons).__getitem__,
        "reason_version_id": dict(versions).__getitem__,
        "attributes": Jsonb,
        "facts": Jsonb,
    }


def _reserve(model: type[models.Model], rows: list[Any]) -> Translate:
    """Keep a run of ids free of other writers until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {_table(model)} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(
            "SELECT setval(ids, nextval(ids) + %s) FROM pg_get_serial_sequence(%s, 'id') ids",
            [len(rows), _name(model)],
        )
        last = cursor.fetchone()[0]
    before = last - len(rows) - 1
    return lambda number: None if number is None else before + number


def _copy(model: type[models.Model], rows: list[Any], names: Translations, **fixed: object) -> None:
    fixed = fixed | LEFT_OUT.get(model, {})
    if not rows:
        return
    own = rows[0]._fields
    translate = [_translation(model, column, names) for column in own]
    tail = tuple(fixed.values())
    _copy_rows(
        model,
        (*own, *fixed),
        (
            tuple(t(v) if t else v for t, v in zip(translate, row, strict=True)) + tail
            for row in rows
        ),
    )


def _translation(model: type[models.Model], column: str, names: Translations) -> Translate | None:
    return names.get(model.__name__.lower() if column == "id" else column)


def _copy_rows(
    model: type[models.Model], columns: Iterable[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    listed = ", ".join(columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {_table(model)} ({listed}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _copy_usage(company: Company, names: Translations) -> None:
    """The bulk: written as text, which is several times as fast as value by value."""
    customer, feature = names["customer_id"], names["feature_id"]
    with (
        connection.cursor() as cursor,
        cursor.copy(
            f"COPY {_table(Usage)} (customer_id, feature_id, day, count) FROM STDIN"
        ) as copy,
    ):
        lines: list[str] = []
        for number, code, day, count in company.usage():
            lines.append(f"{customer(number)}\t{feature(code)}\t{day}\t{count}\n")
            if len(lines) == 20_000:
                copy.write("".join(lines))
                lines.clear()
        copy.write("".join(lines))


def _add_missing(model: type[models.Model], rows: Iterable[NamedTuple]) -> None:
    """What an installation has already stays as it is."""
    model.objects.bulk_create(  # type: ignore[attr-defined]
        (model(**row._asdict()) for row in rows), ignore_conflicts=True, batch_size=2_000
    )


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(_name(model))


def _name(model: type[models.Model]) -> str:
    return model._meta.db_table  # noqa: SLF001  Django's public way in
