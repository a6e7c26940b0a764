"""Change an early-warning rule: its severity, its numbers, on or off."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import RiskRule
from customers.risk.rules import BY_KEY, Rule
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit

FIELDS = ("severity", "enabled", "params")


@dataclass(frozen=True)
class RuleSetting:
    """What a manager may set; `params` are whole numbers by their names."""

    severity: int
    enabled: bool
    params: dict[str, int]


@transaction.atomic
def change_rule(rule: RiskRule, setting: RuleSetting, *, by: User | None) -> RiskRule:
    """Set a rule as of its next run; flags follow that night.

    Raises RuleError for numbers out of bounds, and where somebody else changed the rule since
    `rule` was read.
    """
    held = RiskRule.objects.select_for_update().get(pk=rule.pk)
    if any(getattr(held, name) != getattr(rule, name) for name in FIELDS):
        raise RuleError(_("Somebody else changed this rule meanwhile. Look at it and try again."))
    check(BY_KEY.get(held.key), setting)
    params = held.params | setting.params
    after = {"severity": setting.severity, "enabled": setting.enabled, "params": params}
    changes = {
        name: [getattr(held, name), value]
        for name, value in after.items()
        if getattr(held, name) != value
    }
    if changes:
        RiskRule.objects.filter(pk=held.pk).update(**after)
        audit(Deed("risk_rule_changed", by, database_clock()), held, changes)
    return become(held, after)


def check(known: Rule | None, setting: RuleSetting) -> None:
    """Raise RuleError for the first number that its rule does not know, or out of bounds."""
    numbers = {number.name: number for number in known.numbers} if known else {}
    if not 1 <= setting.severity <= 5:
        raise RuleError(_("The severity is a number from 1 to 5."), field="severity")
    for name, value in setting.params.items():
        number = numbers.get(name)
        if number is None:
            raise RuleError(_("This rule has no number called %(name)s.") % {"name": name})
        if not number.least <= value <= number.most:
            bounds = {"least": number.least, "most": number.most}
            raise RuleError(_("Use a number from %(least)s to %(most)s.") % bounds, field=name)


def become(rule: RiskRule, after: dict[str, Any]) -> RiskRule:
    for name, value in after.items():
        setattr(rule, name, value)
    return rule
