"""Add a customer by hand, and change what is known about one.

Each is one transaction with a line on the timeline and an audit event. What somebody else changed
since the person looked is never overwritten in silence: `EditedMeanwhileError` says what it is now.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.importing.locks import hold_parents
from customers.models import Customer, CustomerAlias
from customers.services.ledger import database_clock
from customers.services.staff import check_at_work
from customers.services.traces import Deed, leave_trace

# What a person may change here; an owner changes by handing over.
EDITABLE = (
    "name",
    "organisation_number",
    "parent",
    "signed_up_on",
    "country",
    "language",
    "currency",
    "attributes",
    "never_automatic",
)


IS_BELOW = """
    WITH RECURSIVE above AS (
        SELECT id, parent_id FROM customers_customer WHERE id = %(customer)s
        UNION
        SELECT c.id, c.parent_id FROM customers_customer c JOIN above ON c.id = above.parent_id
    )
    SELECT EXISTS (SELECT FROM above WHERE id = %(other)s)
"""


class EditedMeanwhileError(RuleError):
    """Somebody else was quicker: `now` holds the fields that differ from what was seen."""

    def __init__(self, now: dict[str, Any]) -> None:
        super().__init__(
            _("Somebody else changed this while you were writing. Nothing was saved yet.")
        )
        self.now = now


@transaction.atomic
def add_customer(
    external_id: str, values: Mapping[str, Any], *, owner: User | None, by: User | None
) -> Customer:
    """Add a customer that pays nothing yet.

    Raises RuleError for an id that is taken, and for an owner who may only read.
    """
    if not external_id.strip():
        raise RuleError(
            _("Give an id; other systems know the customer by it."), field="external_id"
        )
    refuse_former_id(external_id.strip())
    check_at_work(owner, field="owner")
    customer = Customer(external_id=external_id.strip(), owner=owner, **checked(values))
    try:
        with transaction.atomic():
            customer.save(force_insert=True)
    except IntegrityError as error:
        raise RuleError(_("Another customer has this id."), field="external_id") from error
    deed = Deed("customer_added", by, database_clock(), {"name": customer.name})
    leave_trace(deed, customer.pk, customer, {"external_id": [None, customer.external_id]})
    return customer


@transaction.atomic
def change_customer(
    customer: Customer, values: Mapping[str, Any], *, seen: Mapping[str, Any], by: User | None
) -> Customer:
    """Change fields of a customer; `seen` is what they were when the person looked, plain.

    Raises EditedMeanwhileError where one of them has another value by now.
    """
    parent = values.get("parent")
    if parent is not None and parent.pk != customer.parent_id:
        hold_parents()
    held = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    refuse_overwriting(held, seen)
    wanted = checked(values)
    changed = {name: value for name, value in wanted.items() if getattr(held, name) != value}
    if not changed:
        return held
    refuse_circle(held, changed.get("parent"))
    traced = {name: [plain(getattr(held, name)), plain(value)] for name, value in changed.items()}
    for name, value in changed.items():
        setattr(held, name, value)
    held.save(update_fields=list(changed))
    deed = Deed("customer_changed", by, database_clock(), {"fields": sorted(changed)})
    leave_trace(deed, held.pk, held, traced)
    return held


def refuse_former_id(external_id: str) -> None:
    """Raise RuleError for an id that files still use for a customer that was merged."""
    alias = CustomerAlias.objects.filter(external_id=external_id).select_related("customer").first()
    if alias is not None:
        raise RuleError(
            _("This id belonged to %(former)s, which is now part of %(customer)s. Use another.")
            % {"former": alias.name, "customer": alias.customer.name},
            field="external_id",
        )


def refuse_circle(customer: Customer, parent: Customer | None) -> None:
    """Raise RuleError for a parent company that is the customer itself or below it.

    Until the transaction ends nobody else changes parents, so that what is told here stays true.
    """
    if parent is None:
        return
    hold_parents()
    if parent.pk == customer.pk:
        raise RuleError(_("A customer can't be its own parent company."), field="parent")
    if is_below(parent, customer):
        raise RuleError(
            _("%(parent)s belongs to %(customer)s already, so it can't be its parent company.")
            % {"parent": parent.name, "customer": customer.name},
            field="parent",
        )


def is_below(customer: Customer, other: Customer) -> bool:
    """Whether `other` is `customer`, its parent company, or one further up."""
    with connection.cursor() as cursor:
        cursor.execute(IS_BELOW, {"customer": customer.pk, "other": other.pk})
        return bool(cursor.fetchone()[0])


def refuse_overwriting(held: models.Model, seen: Mapping[str, Any]) -> None:
    """Raise EditedMeanwhileError where `held` is no longer what the person saw, as JSON has it."""
    now = {
        name: getattr(held, name)
        for name, value in seen.items()
        if plain(getattr(held, name)) != plain(value)
    }
    if now:
        raise EditedMeanwhileError(now)


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The editable ones among `values`; RuleError for a customer without a name."""
    kept = {name: value for name, value in values.items() if name in EDITABLE}
    if not str(kept.get("name", "-")).strip():
        raise RuleError(_("A customer needs a name."), field="name")
    return kept


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, models.Model):
        return value.pk
    return value.isoformat() if isinstance(value, date) else value
