"""Early-warning rules: what each asks, whether it can judge, and its record."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from customers.forms.risk import RuleForm
from customers.models import RiskFlag, RiskRule
from customers.risk.rules import BY_KEY
from customers.risk.sentences import question, readiness, rule_name
from customers.services.rules import RuleSetting, change_rule
from customers.views.access import allowed, person
from customers.views.dialogs import Dialog, Done, asks, converse, dialog_view

State = RiskFlag.State


@dataclass(frozen=True)
class Record:
    """What became of the flags that a rule has raised."""

    raised: int = 0
    standing: int = 0
    resolved: int = 0
    dismissed: int = 0
    churned: int = 0


@dataclass(frozen=True)
class RuleLine:
    """A rule in words, whether it can judge, and its record."""

    rule: RiskRule
    name: str
    question: str
    readiness: str
    record: Record

    @property
    def has_no_data(self) -> bool:
        return self.rule.readiness == RiskRule.Readiness.NO_DATA


@require_GET
@allowed("customers.view_riskrule")
def rules(request: HttpRequest) -> HttpResponse:
    """All rules, the gravest first."""
    records = records_by_rule()
    lines = [line_of(rule, records[rule.pk]) for rule in RiskRule.objects.all()]
    may_change = person(request).has_perm("customers.change_riskrule")
    return render(request, "customers/risk_rules.html", {"lines": lines, "may_change": may_change})


def line_of(rule: RiskRule, record: Record) -> RuleLine:
    return RuleLine(rule, rule_name(rule), question(rule), readiness(rule), record)


def records_by_rule() -> dict[int, Record]:
    """The record of each rule, by one pass over an index."""
    dismissed = Q(state=State.RESOLVED) & ~Q(dismissal="")
    counted = (
        RiskFlag.objects.order_by()
        .values("rule")
        .annotate(
            raised=Count("pk"),
            standing=Count("pk", filter=Q(state__in=RiskFlag.STANDING)),
            resolved=Count("pk", filter=Q(state=State.RESOLVED, dismissal="")),
            dismissed=Count("pk", filter=dismissed),
            churned=Count("pk", filter=Q(state=State.CHURNED)),
        )
    )
    records: dict[int, Record] = defaultdict(Record)
    for row in counted:
        told: dict[str, Any] = dict(row)
        rule = told.pop("rule")
        records[rule] = Record(**told)
    return records


@asks
@dialog_view
@allowed("customers.change_riskrule")
def edit_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a rule on or off and set its numbers."""
    rule = get_object_or_404(RiskRule, pk=pk)
    if rule.key not in BY_KEY:
        raise Http404
    form = RuleForm(request.POST or None, rule=rule)

    def act() -> Done:
        given = form.cleaned_data
        setting = RuleSetting(given["severity"], given["enabled"], form.params)
        change_rule(rule, setting, by=person(request))
        return Done(_("%(rule)s is changed. Flags follow tonight.") % {"rule": rule_name(rule)})

    dialog = Dialog(rule_name(rule), _("Save"), reverse("customers:risk_rules"), question(rule))
    return converse(request, dialog, form, act)
