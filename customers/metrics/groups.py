"""What may divide customers into groups: a field by its bare name, or an attribute."""

from django.db.models import CharField, F, Value
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from customers.filters import attribute_names
from customers.models import Customer

PLAN = "plan"
FIELDS = {
    "country": "country",
    "currency": "currency",
    "language": "language",
    "owner": "owner__email",
}


def label_of(group: str | None) -> Combinable:
    """The value of `group` of a Customer, as text. Not for `plan`, which terms say."""
    if group is None:
        return Value(None, output_field=CharField())
    if group in FIELDS:
        return F(FIELDS[group])
    return KeyTextTransform(group, "attributes")


def check_group(group: str | None) -> None:
    """Raise RuleError for what is neither a field nor any customer's attribute."""
    if group is None or group == PLAN or group in FIELDS:
        return
    if not Customer.objects.filter(attributes__has_key=group).exists():
        known = ", ".join([*sorted([*FIELDS, PLAN]), *attribute_names()])
        raise RuleError(
            _("“%(name)s” divides no customers. Known are: %(known)s.")
            % {"name": group, "known": known}
        )
