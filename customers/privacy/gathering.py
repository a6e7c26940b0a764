"""Everything about a person, as one document that they can be given."""

from typing import Any

from django.db import models

from churnapp.common.describing import options
from churnapp.common.personal import Personal, Whose, registry
from customers.privacy.people import Person

MOMENTS = (models.DateField, models.DateTimeField)


def all_about(person: Person) -> dict[str, Any]:
    """What is kept of a person, by kind of row: their own fields and the moments beside them."""
    found = {
        str(options(declared.model).verbose_name_plural): rows_of(declared, person)
        for declared in registry.about(Whose.CONTACT)
    }
    return {"address": person.address, "kept": {kind: rows for kind, rows in found.items() if rows}}


def rows_of(declared: Personal, person: Person) -> list[dict[str, Any]]:
    """The rows of one model about a person, oldest first."""
    moments = [f.name for f in options(declared.model).local_fields if isinstance(f, MOMENTS)]
    about = declared.rows_of(person.contacts)
    return list(about.order_by("pk").values("id", *declared.fields, *moments))
