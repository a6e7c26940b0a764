"""How the organisation counts: set with care, since every figure follows from it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.common.money import is_currency
from churnapp.models import Organisation, User
from customers.models import Term
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit


@transaction.atomic
def set_up_organisation(changes: Mapping[str, Any], *, by: User | None) -> Organisation:
    """Change these fields of the organisation. Raises RuleError, which names the field.

    The reporting currency is fixed once terms exist: their amounts are kept in it.
    """
    organisation = Organisation.objects.select_for_update().get(pk=1)
    differing = {
        name: value for name, value in changes.items() if value != getattr(organisation, name)
    }
    if not differing:
        return organisation
    if "currency" in differing:
        check_currency(differing["currency"])
    before = {name: str(getattr(organisation, name)) for name in differing}
    for name, value in differing.items():
        setattr(organisation, name, value)
    check_fields(organisation)
    organisation.save(update_fields=list(differing))
    audit(
        Deed("organisation_changed", by, database_clock()),
        organisation,
        {name: [before[name], str(value)] for name, value in differing.items()},
    )
    return organisation


def check_currency(code: str) -> None:
    if not is_currency(code):
        raise RuleError(
            _("%(code)s is no currency. Use an ISO 4217 code such as EUR.") % {"code": code},
            field="currency",
        )
    if Term.objects.exists():
        raise RuleError(
            _("The reporting currency is fixed once terms exist: their amounts are kept in it."),
            field="currency",
        )


def check_fields(organisation: Organisation) -> None:
    try:
        organisation.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise RuleError(messages[0], field=field) from error
