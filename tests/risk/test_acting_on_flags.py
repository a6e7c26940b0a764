"""Acknowledge, snooze, resolve, dismiss and take back, by people who may collide."""

from datetime import timedelta

import pytest

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from customers.models import Interaction, RiskFlag, Standing
from customers.services.flags import (
    acknowledge_flag,
    acknowledge_flags,
    dismiss_flag,
    reopen_flag,
    resolve_flag,
    snooze_flag,
)
from tests.factories import make_customer, make_flag, make_rule, stand
from tests.risk.facts import NOW, TODAY

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def flag():
    raised = make_flag(
        rule=make_rule("payment_failed"), severity=3, raised_on=TODAY, changed_at=NOW
    )
    stand(raised.customer, now=NOW)
    return RiskFlag.objects.select_related("rule").get(pk=raised.pk)


def risk_of(flag):
    return Standing.objects.get(customer=flag.customer_id).risk


def test_acknowledging_says_who_and_keeps_the_risk(flag, alice):
    acknowledge_flag(flag, by=alice, now=LATER, note="Called them")

    flag.refresh_from_db()
    assert (flag.state, flag.changed_by, flag.changed_at) == ("acknowledged", alice, LATER)
    assert flag.note == "Called them"
    assert risk_of(flag) == 3


def test_snoozing_takes_the_risk_away_until_the_day(flag, alice):
    snooze_flag(flag, until=TODAY + timedelta(days=14), by=alice, now=LATER)

    flag.refresh_from_db()
    assert (flag.state, flag.snoozed_until) == ("snoozed", TODAY + timedelta(days=14))
    assert risk_of(flag) == 0


@pytest.mark.parametrize("days", [0, -1, 367])
def test_snoozing_to_a_day_past_or_far_away_is_refused(flag, alice, days):
    with pytest.raises(RuleError) as refused:
        snooze_flag(flag, until=TODAY + timedelta(days=days), by=alice, now=LATER)

    assert refused.value.field == "until"
    flag.refresh_from_db()
    assert flag.state == "open"


def test_resolving_closes_with_the_day_and_the_episode_goes_on(flag, alice):
    resolve_flag(flag, by=alice, now=LATER)

    flag.refresh_from_db()
    assert (flag.state, flag.closed_on, flag.cleared_on) == ("resolved", TODAY, None)
    assert risk_of(flag) == 0


def test_dismissing_keeps_the_reason(flag, alice):
    dismiss_flag(flag, because="wrong", by=alice, now=LATER, note="They pay by invoice")

    flag.refresh_from_db()
    assert (flag.state, flag.dismissal, flag.note) == ("resolved", "wrong", "They pay by invoice")


@pytest.mark.parametrize("because", ["", "no such reason"])
def test_dismissing_without_a_reason_is_refused(flag, alice, because):
    with pytest.raises(RuleError, match="no warning"):
        dismiss_flag(flag, because=because, by=alice, now=LATER)


@pytest.mark.parametrize("act", [acknowledge_flag, resolve_flag])
def test_every_step_can_be_taken_back(flag, alice, act):
    done = act(flag, by=alice, now=LATER)

    reopen_flag(done, by=alice, now=LATER + timedelta(minutes=1))

    flag.refresh_from_db()
    assert (flag.state, flag.closed_on, flag.dismissal) == ("open", None, "")
    assert risk_of(flag) == 3


def test_what_the_rule_closed_can_not_be_reopened(flag, alice):
    RiskFlag.objects.update(state="resolved", closed_on=TODAY, cleared_on=TODAY)
    flag.refresh_from_db()

    with pytest.raises(RuleError, match="no longer true"):
        reopen_flag(flag, by=alice, now=LATER)


def test_what_was_raised_again_can_not_be_reopened(flag, alice):
    done = resolve_flag(flag, by=alice, now=LATER)
    make_flag(flag.customer, rule=flag.rule)

    with pytest.raises(RuleError, match="raised again"):
        reopen_flag(done, by=alice, now=LATER)


def test_the_second_person_learns_what_the_first_did(flag, alice, bob):
    seen_by_bob = RiskFlag.objects.select_related("rule").get(pk=flag.pk)
    acknowledge_flag(flag, by=alice, now=LATER)

    with pytest.raises(RuleError, match=r"Alice Berg changed this on .*: it is acknowledged now"):
        resolve_flag(seen_by_bob, by=bob, now=LATER + timedelta(minutes=1))

    flag.refresh_from_db()
    assert (flag.state, flag.changed_by) == ("acknowledged", alice)


def test_acknowledging_twice_is_refused(flag, alice):
    done = acknowledge_flag(flag, by=alice, now=LATER)

    with pytest.raises(RuleError):
        acknowledge_flag(done, by=alice, now=LATER)


def test_a_step_stands_on_the_timeline_and_in_the_audit_trail(flag, alice):
    dismiss_flag(flag, because="minor", by=alice, now=LATER)

    line = Interaction.objects.get(customer=flag.customer)
    event = AuditEvent.objects.get()
    assert (line.verb, line.author, line.occurred_at) == ("flag_dismissed", alice, LATER)
    assert line.facts == {"because": "minor", "rules": ["payment_failed"], "count": 1}
    assert (event.object_kind, event.object_id) == ("riskflag", flag.pk)
    assert event.changes == {"state": ["open", "resolved"]}


def test_all_flags_of_a_customer_change_together_or_not_at_all(alice, bob):
    customer = make_customer()
    flags = [make_flag(customer, rule=make_rule(key)) for key in ("no_use", "bad_answer")]
    acknowledge_flag(flags[0], by=alice, now=LATER)

    with pytest.raises(RuleError):
        acknowledge_flags(flags, by=bob, now=LATER)

    states = RiskFlag.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["acknowledged", "open"]
    assert Interaction.objects.count() == 1
