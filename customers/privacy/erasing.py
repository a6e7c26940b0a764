"""Take a person out of every row about them, and leave the figures as they were.

Rows stay: who was asked, how they scored, that somebody talked to the customer. What says who it
was goes, also from copies: what an import keeps to be undone, what it refused, the audit trail.
"""

from typing import Any

from django.db import connection, models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Lower

from churnapp.common.describing import options
from churnapp.common.personal import Erase, Personal, Whose, pseudonym, registry
from churnapp.models import AuditEvent
from customers.models import (
    Complaint,
    Contact,
    Interaction,
    Mention,
    OutgoingEmail,
    RefusedRow,
    RowBefore,
)
from customers.privacy.people import Person

# Whose changes the audit trail keeps word by word.
QUOTED = {Interaction, Mention, Complaint}
LEFT: dict[Erase, Any] = {Erase.BLANK: "", Erase.NOTHING: None, Erase.EMPTY: {}}


def erase(person: Person) -> dict[str, int]:
    """Erase a person everywhere, inside the caller's transaction; rows changed, by kind."""
    call_back_mail(person)
    changed = {
        "audit": erase_in_audit(person),
        "timeline": erase_in_events(person),
        "imports": erase_in_imports(person),
    }
    for forget in registry.copies:
        changed[forget.__name__] = forget(person.contacts)
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
    about = declared.rows_of(person.contacts)
    return about.update(**new) if new else 0


def call_back_mail(person: Person) -> None:
    """What has not gone out yet never will."""
    waiting = OutgoingEmail.objects.filter(
        contact__in=person.contacts, state__in=OutgoingEmail.WAITING
    )
    waiting.update(state=OutgoingEmail.State.CANCELLED, error_code="erased")


def erase_in_audit(person: Person) -> int:
    """What changed of the person and of what they said, and where another change names them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('churnapp.erasing', 'on', true)")
        about = Q(object_kind="contact", object_id__in=person.contacts)
        for declared in registry.about(Whose.CONTACT):
            if declared.model in QUOTED:
                theirs = declared.rows_of(person.contacts).values("pk")
                about |= Q(object_kind=options(declared.model).model_name, object_id__in=theirs)
        found = AuditEvent.objects.annotate(told=Cast("changes", models.TextField()))
        erased = found.filter(about | Q(told__iregex=person.pattern)).update(changes={})
        cursor.execute("SELECT set_config('churnapp.erasing', 'off', true)")
    return erased


def erase_in_events(person: Person) -> int:
    """The name in the sentences of the customers' timelines, such as "added Ann as a contact".

    However it was written, and the names they went by before.
    """
    events = Interaction.objects.annotate(called=Lower(KT("facts__name"))).filter(
        customer__in=person.customers,
        kind=Interaction.Kind.EVENT,
        called__in={name.lower() for name in person.mentions},
        verb__startswith="contact_",
    )
    return events.update(facts={"name": "", "role": "", "left_on": None})


def erase_in_imports(person: Person) -> int:
    """What an import keeps of the person's rows to be undone, and rows that it refused."""
    about = Q(table=options(Contact).db_table, row_id__in=person.contacts)
    for declared in registry.about(Whose.CONTACT):
        theirs = declared.rows_of(person.contacts).values("pk")
        about |= Q(table=options(declared.model).db_table, row_id__in=theirs)
    kept = RowBefore.objects.filter(about).delete()
    refused = RefusedRow.objects.filter(value__iregex=person.pattern).update(value="")
    return kept[0] + refused


def left_to_read(person: Person) -> list[dict[str, Any]]:
    """Entries of the customers' timelines that may name the person in words of ours."""
    named = Q()
    for mention in person.mentions:
        named |= Q(summary__icontains=mention)
    entries = Interaction.objects.filter(named, customer__in=person.customers)
    return [dict(entry) for entry in entries.order_by("pk").values("id", "customer_id")[:100]]
