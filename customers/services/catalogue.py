"""Add and change plans and features; each is one transaction with an audit event."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import Feature, Plan
from customers.services.customers import plain
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit

Sold = TypeVar("Sold", Plan, Feature)


@transaction.atomic
def add_plan(values: Mapping[str, Any], *, by: User | None) -> Plan:
    """Add a plan; `features` are those that belong to it. Raises RuleError for a code taken."""
    own = dict(values)
    features = own.pop("features", [])
    plan = _add(Plan(**own), "plan_added", by)
    plan.features.set(features)
    return plan


@transaction.atomic
def change_plan(plan: Plan, values: Mapping[str, Any], *, by: User | None) -> Plan:
    """Change a plan's name, grace days or features."""
    held = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    own = dict(values)
    told: dict[str, list[Any]] = {}
    if "features" in own:
        wanted = sorted(feature.code for feature in own["features"])
        before = sorted(held.features.values_list("code", flat=True))
        held.features.set(own.pop("features"))
        told = {"features": [before, wanted]} if before != wanted else {}
    return _change(held, own, Deed("plan_changed", by, database_clock(), told))


@transaction.atomic
def add_feature(values: Mapping[str, Any], *, by: User | None) -> Feature:
    """Add a feature. Raises RuleError for a code that is taken."""
    return _add(Feature(**values), "feature_added", by)


@transaction.atomic
def change_feature(feature: Feature, values: Mapping[str, Any], *, by: User | None) -> Feature:
    """Change a feature's name or the day of its release."""
    held = Feature.objects.select_for_update(no_key=True).get(pk=feature.pk)
    return _change(held, values, Deed("feature_changed", by, database_clock()))


def _add(sold: Sold, verb: str, by: User | None) -> Sold:
    try:
        with transaction.atomic():
            sold.save(force_insert=True)
    except IntegrityError as error:
        raise RuleError(_("This code is taken."), field="code") from error
    audit(Deed(verb, by, database_clock()), sold, {"code": [None, sold.code]})
    return sold


def _change(held: Sold, values: Mapping[str, Any], deed: Deed) -> Sold:
    """`deed.facts` are changes that have been made already."""
    changed = {name: value for name, value in values.items() if getattr(held, name) != value}
    told = {name: [plain(getattr(held, name)), plain(value)] for name, value in changed.items()}
    for name, value in changed.items():
        setattr(held, name, value)
    if changed:
        held.save(update_fields=list(changed))
    if changed or deed.facts:
        audit(deed, held, told | deed.facts)
    return held
