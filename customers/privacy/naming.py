"""Rows that name a person without being theirs: changes, timelines, and what files said."""

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Lower

from churnapp.common.describing import options
from churnapp.common.personal import Whose, registry
from churnapp.models import AuditEvent
from customers.models import Complaint, Contact, Interaction, Mention, RefusedRow, RowBefore
from customers.privacy.people import Person

# Whose changes the audit trail keeps word by word.
QUOTED = {Interaction, Mention, Complaint}


def changes_about(person: Person) -> QuerySet[AuditEvent]:
    """What changed of the person and of what they said, and other changes that hold the address.

    Also what colleagues changed in entries of their customers that called them by name.
    """
    about = Q(object_kind="contact", object_id__in=person.contacts)
    for declared in registry.about(Whose.CONTACT):
        if declared.model in QUOTED:
            theirs = declared.rows_of(person).values("pk")
            about |= Q(object_kind=options(declared.model).model_name, object_id__in=theirs)
    if person.pattern:
        about |= Q(told__iregex=person.pattern)
    if person.names_pattern:
        entries = Interaction.objects.filter(customer__in=person.customers).values("pk")
        named = Q(told__iregex=person.names_pattern)
        about |= named & Q(object_kind="interaction", object_id__in=entries)
    return AuditEvent.objects.annotate(told=Cast("changes", models.TextField())).filter(about)


def events_naming(person: Person) -> QuerySet[Interaction]:
    """Sentences of the customers' timelines, such as "added Ann as a contact".

    However the name was written, and the names they went by before.
    """
    return Interaction.objects.annotate(called=Lower(KT("facts__name"))).filter(
        customer__in=person.customers,
        kind=Interaction.Kind.EVENT,
        called__in={name.lower() for name in person.mentions},
        verb__startswith="contact_",
    )


def kept_to_undo(person: Person) -> QuerySet[RowBefore]:
    """The person's rows as they were before an import."""
    about = Q(table=options(Contact).db_table, row_id__in=person.contacts)
    for declared in registry.about(Whose.CONTACT):
        theirs = declared.rows_of(person).values("pk")
        about |= Q(table=options(declared.model).db_table, row_id__in=theirs)
    return RowBefore.objects.filter(about)


def refused_naming(person: Person) -> QuerySet[RefusedRow]:
    """Values that an import refused and that hold the address."""
    if not person.pattern:
        return RefusedRow.objects.none()
    return RefusedRow.objects.filter(value__iregex=person.pattern)
