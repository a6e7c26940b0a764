"""Everything about a person, as one document that they can be given."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db import models

from churnapp.common.describing import options
from churnapp.common.personal import Personal, Whose, registry
from customers.mail.suppression import address_hmac
from customers.models import Suppression
from customers.privacy.naming import (
    changes_about,
    events_naming,
    kept_to_undo,
    refused_naming,
)
from customers.privacy.people import Person

SECRETS = {"nonce", "token", "token_hash", "token_sha256"}
MOMENTS = (models.DateField, models.DateTimeField)


def all_about(person: Person) -> dict[str, Any]:
    """What is kept of a person, by kind of row: what names them and the moments beside it.

    All that an erasure looks for stands in it, words that others repeat too.
    """
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for declared in registry.about(Whose.CONTACT):
        found[kind_of(declared.model)] += rows_of(declared, person)
    for rows in (*repeated(person), *beside(person)):
        found[kind_of(rows.model)] += list(rows)
    kept = {kind: without_secrets(rows) for kind, rows in found.items() if rows}
    return {"address": person.address, "kept": kept}


def without_secrets(value: Any) -> Any:
    """The same without what opens a private link: it says nothing of anybody."""
    if isinstance(value, Mapping):
        return {k: without_secrets(held) for k, held in value.items() if k not in SECRETS}
    return [without_secrets(held) for held in value] if isinstance(value, list) else value


def kind_of(model: type[models.Model]) -> str:
    return str(options(model).verbose_name_plural)


def rows_of(declared: Personal, person: Person) -> list[dict[str, Any]]:
    """The rows of one model about a person, oldest first."""
    moments = [f.name for f in options(declared.model).local_fields if isinstance(f, MOMENTS)]
    about = declared.rows_of(person)
    rows = list(about.order_by("pk").values("id", *declared.fields, *moments))
    for name in declared.fields:
        name_related(declared, name, rows)
    return rows


def name_related(declared: Personal, name: str, rows: list[dict[str, Any]]) -> None:
    """Say what a row belongs to: a survey by its name; what the document holds too, by its id."""
    target = options(declared.model).get_field(name).related_model
    held = {other.model for other in registry.about(Whose.CONTACT)}
    if not rows or not isinstance(target, type) or target in held:
        return
    called = target._default_manager.in_bulk({row[name] for row in rows} - {None})  # noqa: SLF001
    for row in rows:
        row[name] = str(called[row[name]]) if row[name] in called else None


def repeated(person: Person) -> list[models.QuerySet[Any, Any]]:
    """Where others repeat the person's words."""
    return [rows for copy in registry.copies if copy.read for rows in copy.read(person)]


def beside(person: Person) -> list[models.QuerySet[Any, Any]]:
    """Mail that does not go to the address, changes, timelines and what files said of it."""
    stopped = Suppression.objects.filter(address_hmac=address_hmac(person.address))
    changes = changes_about(person).exclude(changes={})
    return [
        stopped.order_by("pk").values("id", "purpose", "reason", "created_at", "lifted_at"),
        changes.order_by("pk").values("id", "at", "verb", "object_kind", "object_id", "changes"),
        events_naming(person).order_by("pk").values("id", "verb", "facts", "occurred_at"),
        kept_to_undo(person).order_by("pk").values("id", "table", "row_id", "before"),
        refused_naming(person).order_by("pk").values("id", "value"),
    ]
