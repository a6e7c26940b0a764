"""Make one customer of two records of it: facts move, and the old id still leads there.

Terms don't change; they belong to the customer that is kept, so that a migration from one record to
the other makes no movement. Nothing else is deleted with the record either: what the database
finds still pointing at it refuses the merger.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Case, F, QuerySet, Value, When
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.importing.locks import hold_parents
from customers.models import (
    Consent,
    Contact,
    Customer,
    CustomerAlias,
    Interaction,
    MailWishes,
    Mention,
    OutgoingEmail,
    RiskFlag,
    SegmentMember,
    Standing,
    Subscription,
    TopicWish,
)
from customers.services.customers import is_below
from customers.services.ledger import Ledger, changed_meanwhile
from customers.services.previews import Preview, preview
from customers.services.traces import Deed, leave_trace

MOVE_COUNTED = (Path(__file__).parent.parent / "sql" / "merge_counted.sql").read_text("utf-8")
FILLED_IN = ("organisation_number", "country", "language", "currency", "owner")


@dataclass(frozen=True)
class Merger:
    """That `merged` becomes one with `kept`.

    `contacts` names, by the id of each contact that both have, the one of `kept`, who stays.
    """

    kept: Customer
    merged: Customer
    contacts: Mapping[int, int]

    def hand_over(self, *kinds: QuerySet[Any]) -> None:
        """Let what is about a contact that goes be about the one who stays."""
        if not self.contacts:
            return
        one = [When(contact=goes, then=Value(stays)) for goes, stays in self.contacts.items()]
        for rows in kinds:
            rows.filter(contact__in=self.contacts).update(contact=Case(*one))


# What higher apps do with their rows about a customer that is merged, in its transaction and before
# the record goes; their module `listening` adds to it.
movers: list[Callable[[Merger], None]] = []


@transaction.atomic
def merge_customers(kept: Customer, merged: Customer, *, by: User | None) -> Customer:
    """Move all that is known of `merged` to `kept`, and remove the record.

    What `kept` says of itself stays; what it does not say is filled in. The id of `merged` stays
    known as an alias. Raises RuleError for one customer twice.
    """
    hold_parents()
    ledger, kept, merged = _hold(kept, merged)
    was = _told(merged)
    kept_was_below = is_below(kept, merged)
    subscriptions = Subscription.objects.filter(customer=merged).update(customer=kept)
    merger = Merger(kept, merged, _move_contacts(kept, merged))
    _move_flags(kept, merged, ledger)
    said = (merged.interactions, merged.mentions, merged.mails)
    for rows in (*said, merged.cancellations, merged.tasks, merged.handovers):
        rows.update(customer=kept)
    _move_words(merger)
    with connection.cursor() as cursor:
        cursor.execute(MOVE_COUNTED, {"kept": kept.pk, "merged": merged.pk})
    _move_memberships(kept, merged)
    merged.aliases.update(customer=kept)
    merged.subsidiaries.exclude(pk=kept.pk).update(parent=kept)
    CustomerAlias.objects.create(
        external_id=merged.external_id,
        name=merged.name,
        customer=kept,
        merged_at=ledger.at,
        merged_by=by,
    )
    _fill_in(kept, merged, kept_was_below=kept_was_below)
    kept.save(update_fields=[*FILLED_IN, "parent", "signed_up_on", "attributes", "never_automatic"])
    for move in movers:
        move(merger)
    _remove(merger)
    facts = {"name": merged.name, "external_id": merged.external_id, "subscriptions": subscriptions}
    deed = Deed("customer_merged", by, ledger.at, facts)
    contacts = [list(merger.contacts), list(merger.contacts.values())]
    leave_trace(deed, kept.pk, kept, {"merged": [was, None], "contacts": contacts})
    return kept


@transaction.atomic
def preview_merge(kept: Customer, merged: Customer) -> Preview:
    """The figures of both by month, now and as they would be; changes nothing."""
    ledger, kept, _merged = _hold(kept, merged)
    schedules = {pk: ledger.schedule(pk) for pk in ledger.subscriptions}
    return preview(ledger, schedules, customer_id=kept.pk)


def _hold(kept: Customer, merged: Customer) -> tuple[Ledger, Customer, Customer]:
    if kept.pk == merged.pk:
        raise RuleError(_("Choose two different customers."))
    ledger = Ledger([kept.pk, merged.pk])
    held = Customer.objects.in_bulk([kept.pk, merged.pk])
    return ledger, held[kept.pk], held[merged.pk]


def _move_contacts(kept: Customer, merged: Customer) -> dict[int, int]:
    """Contacts with an address that `kept` has too become one; gives who stays, by who goes.

    What is not said of the one who stays is filled in.
    """
    there = {contact.email.lower(): contact for contact in kept.contacts.all()}
    doubles = {c: there[c.email.lower()] for c in merged.contacts.all() if c.email.lower() in there}
    for double, same in doubles.items():
        same.name, same.language = same.name or double.name, same.language or double.language
        same.role = double.role if same.role == Contact.Role.OTHER else same.role
    Contact.objects.bulk_update(doubles.values(), ["name", "language", "role"])
    merged.contacts.exclude(pk__in=[double.pk for double in doubles]).update(customer=kept)
    return {double.pk: same.pk for double, same in doubles.items()}


def _move_words(merger: Merger) -> None:
    """What was said by and to contacts who become one."""
    people = (Interaction.objects, Mention.objects, OutgoingEmail.objects, Consent.objects)
    merger.hand_over(*(rows.all() for rows in people))
    _move_wishes(merger)


def _move_wishes(merger: Merger) -> None:
    """Of what somebody wished for at both, what they said last holds."""
    for wishes in (TopicWish.objects.all(), MailWishes.objects.all()):
        theirs = wishes.filter(contact__in={*merger.contacts, *merger.contacts.values()})
        last: dict[tuple[int, int | None], TopicWish | MailWishes] = {}
        older = []
        for wish in theirs.order_by("at", "pk"):
            stays = merger.contacts.get(wish.contact_id, wish.contact_id)
            about = (stays, getattr(wish, "topic_id", None))
            older += [last[about].pk] if about in last else []
            last[about] = wish
        wishes.filter(pk__in=older).delete()
        merger.hand_over(wishes)


def _move_flags(kept: Customer, merged: Customer, ledger: Ledger) -> None:
    """Of two flags that say the same, the one of `kept` stands."""
    standing = set(kept.flags.filter(state__in=RiskFlag.STANDING).values_list("rule", "subject"))
    doubles = [
        flag.pk
        for flag in merged.flags.filter(state__in=RiskFlag.STANDING)
        if (flag.rule_id, flag.subject) in standing
    ]
    RiskFlag.objects.filter(pk__in=doubles).update(
        state=RiskFlag.State.RESOLVED,
        snoozed_until=None,
        closed_on=ledger.today,
        cleared_on=ledger.today,
        changed_at=ledger.at,
    )
    merged.flags.update(customer=kept)


def _move_memberships(kept: Customer, merged: Customer) -> None:
    """A frozen segment that held either of the two holds the one that is kept, once."""
    there = SegmentMember.objects.filter(customer=kept).values("segment")
    SegmentMember.objects.filter(customer=merged, segment__in=there).delete()
    merged.frozen_in.update(customer=kept)


def _remove(merger: Merger) -> None:
    """Delete the record and the contacts that go, by the database: Django would delete along, or
    cut loose, what points at them. RuleError where something does, as it came in meanwhile.
    """
    Standing.objects.filter(customer=merger.merged).delete()  # made anew from the terms
    try:
        with connection.cursor() as cursor:
            goes = list(merger.contacts)
            cursor.execute("DELETE FROM customers_contact WHERE id = ANY(%s)", [goes])
            cursor.execute("DELETE FROM customers_customer WHERE id = %s", [merger.merged.pk])
        connection.check_constraints()
    except IntegrityError as error:
        raise changed_meanwhile() from error


def _fill_in(kept: Customer, merged: Customer, *, kept_was_below: bool) -> None:
    for name in FILLED_IN:
        setattr(kept, name, getattr(kept, name) or getattr(merged, name))
    if kept.parent_id is None or kept_was_below:
        above = merged.parent
        kept.parent = None if above is None or is_below(above, kept) else above
    days = [day for day in (kept.signed_up_on, merged.signed_up_on) if day]
    kept.signed_up_on = min(days, default=None)
    kept.attributes = merged.attributes | kept.attributes
    kept.never_automatic = kept.never_automatic or merged.never_automatic


def _told(customer: Customer) -> dict[str, Any]:
    """All that the record says, for the audit trail."""
    fields = Customer.objects.filter(pk=customer.pk).annotate(owner_email=F("owner__email"))
    row = fields.values(
        "id",
        "external_id",
        "name",
        "organisation_number",
        "owner_email",
        "parent_id",
        "signed_up_on",
        "country",
        "language",
        "currency",
        "attributes",
        "never_automatic",
    ).get()
    signed_up_on = row["signed_up_on"]
    return {**row, "signed_up_on": signed_up_on.isoformat() if signed_up_on else None}
