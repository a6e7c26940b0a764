"""Say when a survey goes out by itself, switch it on and off, send a round by hand."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import Organisation, User
from customers.filters import segment
from customers.models import Customer, MailBatch
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit
from feedback.inviting.stopping import stop_rule
from feedback.models import SendingRule, Survey
from feedback.tasks import invite_due

EDITABLE = (
    "trigger", "delay_minutes", "days", "segment", "sample_percent", "not_again_days", "roles",
    "reminder_days", "reminders",
)  # fmt: skip


@transaction.atomic
def add_rule(survey: Survey, values: Mapping[str, Any], *, by: User | None) -> SendingRule:
    """A rule that is off yet. Raises RuleError for a segment that can't be read."""
    rule = SendingRule(survey=survey, changed_by=by)
    write(rule, values)
    rule.save()
    told = {name: [None, getattr(rule, name)] for name in EDITABLE}
    audit(Deed("sending_rule_added", by, database_clock()), rule, told)
    return rule


@transaction.atomic
def change_rule(rule: SendingRule, values: Mapping[str, Any], *, by: User | None) -> SendingRule:
    """Change a rule; what it has asked already stays asked."""
    held = SendingRule.objects.select_for_update(no_key=True).get(pk=rule.pk)
    was = {name: getattr(held, name) for name in EDITABLE}
    write(held, values)
    changed = {
        name: [was[name], getattr(held, name)]
        for name in EDITABLE
        if was[name] != getattr(held, name)
    }
    held.changed_by, held.looked_at = by, None
    held.save()
    if changed:
        audit(Deed("sending_rule_changed", by, database_clock()), held, changed)
    return held


@transaction.atomic
def switch_on(rule: SendingRule, *, by: User | None) -> SendingRule:
    """From now on the rule asks; what happened before makes no invitation.

    Raises RuleError for a survey that is archived, or has nothing published.
    """
    survey = Survey.objects.select_for_update(no_key=True).get(pk=rule.survey_id)
    if survey.archived_at is not None:
        raise RuleError(_("The survey is archived: bring it back before you send it."))
    held = SendingRule.objects.select_for_update(no_key=True).get(pk=rule.pk)
    if held.on_since is not None:
        return held
    if not held.survey.versions.exclude(published_at=None).exists():
        raise RuleError(_("Publish the survey first: there is no version to send yet."))
    now = database_clock()
    if held.trigger == SendingRule.Trigger.BY_HAND:
        begun = now.astimezone(Organisation.current().zone)
        name = f"{held.survey.name[:180]} {begun:%Y-%m-%d %H:%M}"
        held.batch = MailBatch.objects.create(name=name, created_by=by)
    held.on_since, held.looked_at, held.changed_by = now, None, by
    held.save(update_fields=["on_since", "looked_at", "changed_by", "changed_at", "batch"])
    audit(Deed("sending_rule_switched_on", by, now), held, {})
    wake: Callable[[], object] = invite_due.delay
    transaction.on_commit(wake, robust=True)  # a broker that is away is no error
    return held


@transaction.atomic
def switch_off(rule: SendingRule, *, by: User | None) -> SendingRule:
    """The rule asks nobody any more, a round that runs no further one.

    Mails that wait already go out, unless `call_back_rule` stops them.
    """
    held = SendingRule.objects.select_for_update(no_key=True).get(pk=rule.pk)
    if held.on_since is not None:
        held.on_since, held.changed_by = None, by
        held.save(update_fields=["on_since", "changed_by", "changed_at"])
        audit(Deed("sending_rule_switched_off", by, database_clock()), held, {})
    return held


@transaction.atomic
def call_back_rule(rule: SendingRule, *, by: User | None) -> int:
    """Stop what a rule that is off has waiting, reminders too; how many mails that were.

    Raises RuleError for one that is on, which would only go on asking.
    """
    held = SendingRule.objects.select_for_update(no_key=True).get(pk=rule.pk)
    if held.on_since is not None:
        raise RuleError(_("This rule is on. Switch it off first, then call its mails back."))
    now = database_clock()
    stopped = stop_rule(held, now)
    audit(Deed("sending_rule_called_back", by, now), held, {"mails": [None, stopped]})
    return stopped


def write(rule: SendingRule, values: Mapping[str, Any]) -> None:
    """Take over what may be edited, once the segment has been understood."""
    wanted = values.get("segment", rule.segment)
    if wanted:
        try:
            segment(wanted, Customer.objects.all())
        except RuleError as error:
            raise RuleError(error.message, field="segment") from error
    for name in EDITABLE:
        if name in values:
            setattr(rule, name, values[name])
