"""Each minute: what rules have found is asked about, and what became void is stopped."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import batched

import structlog

from churnapp.common.errors import RuleError
from customers.filters import segment
from customers.models import Customer
from feedback.inviting.addressees import Asking
from feedback.inviting.invitations import Invited, Round, call_back_void, invite
from feedback.inviting.occasions import Occasion, occasions
from feedback.inviting.personally import ask_their_owners
from feedback.inviting.reminders import call_back_void_reminders
from feedback.models import SendingRule

log = structlog.get_logger(__name__)

LOOKED_AT = 5_000  # customers in one question


def run_rules(now: datetime) -> int:
    """Invitations made. Safe to repeat, and to run twice at once."""
    call_back_void(now)
    call_back_void_reminders(now)
    rules = SendingRule.objects.to_look_at(now).select_related("survey", "batch").order_by("pk")
    return sum(made_by(rule, now) for rule in rules)


def made_by(rule: SendingRule, now: datetime) -> int:
    """How many one rule has asked; one that fails is told of, and holds up no other."""
    try:
        return run_rule(rule, now).made
    except Exception:
        log.exception("rule_failed", rule=rule.pk)
        return 0


def run_rule(rule: SendingRule, now: datetime) -> Invited:
    """Ask about what one rule has found; a rule that runs once is off when it is done."""
    around = Round(Asking.by_rule(rule), f"rule:{rule.pk}", now, rule=rule, batch=rule.batch)
    done = invite(in_segment(rule, occasions(rule, now=now)), around)
    if rule.trigger == SendingRule.Trigger.CANCELLATION:
        ask_their_owners(in_segment(rule, occasions(rule, now=now)))
    SendingRule.objects.filter(pk=rule.pk, looked_at=rule.looked_at).update(looked_at=now)
    if rule.trigger == SendingRule.Trigger.BY_HAND:
        SendingRule.objects.filter(pk=rule.pk, on_since=rule.on_since).update(on_since=None)
    if done.made:
        log.info("invited", rule=rule.pk, made=done.made)
    return done


def in_segment(rule: SendingRule, found: Iterable[Occasion]) -> Iterator[Occasion]:
    """Those of the rule's segment; a segment that can't be read any more asks nobody."""
    if not rule.segment:
        yield from found
        return
    try:
        chosen = segment(rule.segment, Customer.objects.all())
    except RuleError as error:
        log.warning("segment_unreadable", rule=rule.pk, why=str(error))
        return
    for chunk in batched(found, LOOKED_AT):
        ids = [occasion.customer_id for occasion in chunk]
        inside = set(chosen.filter(pk__in=ids).values_list("pk", flat=True))
        yield from (occasion for occasion in chunk if occasion.customer_id in inside)
