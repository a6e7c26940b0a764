"""What people do about flags: acknowledge, snooze, resolve, dismiss with a reason, take it back.

Each takes flags of one customer, as the person saw them: where somebody was quicker, nothing
changes and RuleError says what happened. Each is one transaction with a line on the timeline, an
audit event and the customer's standing. Flags need their `rule` loaded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common import formats
from churnapp.common.errors import RuleError
from churnapp.models import Organisation, User
from customers.models import RiskFlag
from customers.services.traces import Deed, leave_trace

State = RiskFlag.State
LONGEST_SNOOZE = timedelta(days=366)
REOPENABLE = (State.ACKNOWLEDGED, State.SNOOZED, State.RESOLVED)


@dataclass(frozen=True)
class Step:
    """What becomes of flags: allowed from `possible` states; `fields` are set, `facts` told."""

    verb: str
    possible: Sequence[str]
    fields: dict[str, Any]
    facts: dict[str, Any] = field(default_factory=dict)


def acknowledge_flag(flag: RiskFlag, *, by: User | None, now: datetime, note: str = "") -> RiskFlag:
    """Somebody works on it."""
    return acknowledge_flags([flag], by=by, now=now, note=note)[0]


def acknowledge_flags(
    flags: Sequence[RiskFlag], *, by: User | None, now: datetime, note: str = ""
) -> list[RiskFlag]:
    fields = {"state": State.ACKNOWLEDGED, "snoozed_until": None, "note": note}
    step = Step("flag_acknowledged", (State.OPEN, State.SNOOZED), fields, told(note=note))
    return take(flags, step, by, now)


def snooze_flag(
    flag: RiskFlag, *, until: date, by: User | None, now: datetime, note: str = ""
) -> RiskFlag:
    """Leave it alone until a day, on which it is open again; it doesn't count as risk till then."""
    return snooze_flags([flag], until=until, by=by, now=now, note=note)[0]


def snooze_flags(
    flags: Sequence[RiskFlag], *, until: date, by: User | None, now: datetime, note: str = ""
) -> list[RiskFlag]:
    today = day_of(now)
    if not today < until <= today + LONGEST_SNOOZE:
        raise RuleError(_("Choose a day after today, within a year."), field="until")
    fields = {"state": State.SNOOZED, "snoozed_until": until, "note": note}
    facts = told(note=note) | {"until": until.isoformat()}
    return take(flags, Step("flag_snoozed", RiskFlag.STANDING, fields, facts), by, now)


def resolve_flag(flag: RiskFlag, *, by: User | None, now: datetime, note: str = "") -> RiskFlag:
    """It is dealt with: not raised again until its rule was silent once, or it gets worse."""
    return resolve_flags([flag], by=by, now=now, note=note)[0]


def resolve_flags(
    flags: Sequence[RiskFlag], *, by: User | None, now: datetime, note: str = ""
) -> list[RiskFlag]:
    step = Step("flag_resolved", RiskFlag.STANDING, closed(now, note=note), told(note=note))
    return take(flags, step, by, now)


def dismiss_flag(
    flag: RiskFlag, *, because: str, by: User | None, now: datetime, note: str = ""
) -> RiskFlag:
    """It was no warning: `because`, of RiskFlag.Dismissal, counts in the rule's record."""
    return dismiss_flags([flag], because=because, by=by, now=now, note=note)[0]


def dismiss_flags(
    flags: Sequence[RiskFlag], *, because: str, by: User | None, now: datetime, note: str = ""
) -> list[RiskFlag]:
    if not because or because not in RiskFlag.Dismissal.values:
        raise RuleError(_("Say why this is no warning."), field="because")
    fields = closed(now, note=note, dismissal=because)
    facts = told(note=note) | {"because": because}
    return take(flags, Step("flag_dismissed", RiskFlag.STANDING, fields, facts), by, now)


def reopen_flag(
    flag: RiskFlag, *, by: User | None, now: datetime, to: str = State.OPEN
) -> RiskFlag:
    """Take back what a person did; `to` is open or acknowledged."""
    return reopen_flags([flag], by=by, now=now, to=to)[0]


def reopen_flags(
    flags: Sequence[RiskFlag], *, by: User | None, now: datetime, to: str = State.OPEN
) -> list[RiskFlag]:
    if to not in {State.OPEN, State.ACKNOWLEDGED}:
        raise RuleError(_("A warning can only go back to open or acknowledged."))
    fields = {
        "state": to,
        "snoozed_until": None,
        "closed_on": None,
        "dismissal": RiskFlag.Dismissal.NONE,
    }
    return take(flags, Step("flag_reopened", REOPENABLE, fields), by, now)


@transaction.atomic
def take(flags: Sequence[RiskFlag], step: Step, by: User | None, now: datetime) -> list[RiskFlag]:
    """Lock the flags, see that they are as they were shown, change them, and leave the trace."""
    held = list(
        RiskFlag.objects.select_for_update(of=("self",))
        .filter(pk__in=[flag.pk for flag in flags])
        .select_related("rule", "changed_by", "customer")
        .order_by("pk")
    )
    shown = {flag.pk: (flag.state, flag.changed_at) for flag in flags}
    for flag in held:
        check(flag, shown[flag.pk], step)
    check_none_stands([flag for flag in held if flag.state not in RiskFlag.STANDING])
    before = sorted({flag.state for flag in held})
    RiskFlag.objects.filter(pk__in=shown).update(**step.fields, changed_by=by, changed_at=now)
    facts = step.facts | {"rules": sorted({flag.rule.key for flag in held}), "count": len(held)}
    target = held[0] if len(held) == 1 else held[0].customer
    changes = {"state": [", ".join(before), step.fields["state"]]}
    leave_trace(Deed(step.verb, by, now, facts), held[0].customer_id, target, changes)
    return [become(flag, step, by, now) for flag in held]


def check(flag: RiskFlag, shown: tuple[str, datetime], step: Step) -> None:
    """Raise RuleError where the flag is no longer as it was shown, or can't take the step."""
    if (flag.state, flag.changed_at) != shown or flag.state not in step.possible:
        words = {
            "who": flag.changed_by or _("The nightly run"),
            "when": formats.moment(flag.changed_at),
            "state": flag.get_state_display(),
        }
        raise RuleError(
            _("%(who)s changed this on %(when)s: it is %(state)s now. Nothing was changed.") % words
        )
    if flag.cleared_on:
        raise RuleError(_("It is no longer true: the rule raises it again if it becomes so."))


def check_none_stands(closed: Sequence[RiskFlag]) -> None:
    """Raise RuleError where another flag says the same as one of these and stands."""
    if not closed:
        return
    others = RiskFlag.objects.filter(
        customer=closed[0].customer_id, state__in=RiskFlag.STANDING
    ).values_list("rule_id", "subject")
    if set(others) & {(flag.rule_id, flag.subject) for flag in closed}:
        raise RuleError(_("It was raised again since: work on the new one."))


def become(flag: RiskFlag, step: Step, by: User | None, now: datetime) -> RiskFlag:
    for name, value in {**step.fields, "changed_by": by, "changed_at": now}.items():
        setattr(flag, name, value)
    return flag


def closed(now: datetime, **fields: str) -> dict[str, Any]:
    """Fields of a flag that a person closes; `cleared_on` stays empty: the episode goes on."""
    day = {"closed_on": day_of(now), "cleared_on": None, "snoozed_until": None}
    return {"state": State.RESOLVED} | day | fields


def told(*, note: str) -> dict[str, str]:
    return {"note": note} if note else {}


def day_of(now: datetime) -> date:
    return now.astimezone(Organisation.current().zone).date()
