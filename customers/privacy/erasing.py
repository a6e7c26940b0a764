"""Take a person out of every row about them, and leave the figures as they were.

Rows stay: who was asked, how they scored, that somebody talked to the customer. What says who it
was goes, also from copies: what an import keeps to be undone, what it refused, the audit trail.
"""

from typing import Any

from django.db import connection
from django.db.models import Q

from churnapp.common.describing import options
from churnapp.common.personal import Erase, Personal, Whose, pseudonym, registry
from customers.models import Interaction, OutgoingEmail
from customers.privacy.naming import (
    changes_about,
    events_naming,
    kept_to_undo,
    refused_naming,
)
from customers.privacy.people import Person

LEFT: dict[Erase, Any] = {Erase.BLANK: "", Erase.NOTHING: None, Erase.EMPTY: {}}


def erase(person: Person) -> dict[str, int]:
    """Erase a person everywhere, inside the caller's transaction; rows changed, by kind."""
    call_back_mail(person)
    changed = {
        "audit": erase_in_audit(person),
        "timeline": erase_in_events(person),
        "imports": erase_in_imports(person),
    }
    for copy in registry.copies:
        changed[copy.forget.__name__] = copy.forget(person)
    for declared in registry.about(Whose.CONTACT):
        changed[options(declared.model).model_name or ""] = erase_rows(declared, person)
    return {kind: count for kind, count in changed.items() if count}


def erase_rows(declared: Personal, person: Person) -> int:
    """What a model declares of a person, put out; the number of rows."""
    new = {
        name: pseudonym() if how is Erase.PSEUDONYM else LEFT[how]
        for name, how in declared.fields.items()
        if how is not Erase.KEEP
    }
    about = declared.rows_of(person)
    return about.update(**new) if new else 0


def call_back_mail(person: Person) -> None:
    """What has not gone out yet never will."""
    for declared in registry.about(Whose.CONTACT):
        if declared.model is OutgoingEmail:
            theirs = declared.rows_of(person).values("pk")
            OutgoingEmail.objects.filter(pk__in=theirs).call_back("erased")


def erase_in_audit(person: Person) -> int:
    """What changed of the person, and where another change names them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('churnapp.erasing', 'on', true)")
        erased = changes_about(person).update(changes={})
        cursor.execute("SELECT set_config('churnapp.erasing', 'off', true)")
    return erased


def erase_in_events(person: Person) -> int:
    return events_naming(person).update(facts={"name": "", "role": "", "left_on": None})


def erase_in_imports(person: Person) -> int:
    """What an import keeps of the person's rows to be undone, and rows that it refused."""
    return kept_to_undo(person).delete()[0] + refused_naming(person).update(value="")


def left_to_read(person: Person) -> list[dict[str, Any]]:
    """Entries of the customers' timelines that may name the person in words of ours."""
    named = Q()
    for mention in person.mentions:
        named |= Q(summary__icontains=mention)
    entries = Interaction.objects.filter(named, customer__in=person.customers)
    return [dict(entry) for entry in entries.order_by("pk").values("id", "customer_id")[:100]]
