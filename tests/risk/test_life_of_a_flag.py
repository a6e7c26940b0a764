"""From raised to resolved: what the night does to flags, and what it leaves alone."""

from datetime import date, timedelta

import pytest
from django.db import connection

from customers.models import RiskFlag, RiskRule, Standing
from customers.services.flags import dismiss_flag, resolve_flag
from tests.factories import make_cancellation, make_flag, make_payment, make_rule, make_term
from tests.risk.facts import (
    NOW,
    TODAY,
    days_ago,
    keys,
    night,
    only,
    payer,
    standing_flags,
    talk,
    use,
)

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


def late_payer(name="Late"):
    """A customer with a failed payment, the plainest of flags."""
    only("payment_failed")
    customer = payer(name)
    make_payment(customer, due_on=days_ago(5), status="failed")
    return customer


def physical_rows() -> list[tuple]:
    """Where each flag lies and who wrote it last: any write changes this."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, ctid::text, xmin::text FROM customers_riskflag ORDER BY id")
        return cursor.fetchall()


def test_a_flag_is_raised_with_its_day_severity_and_facts():
    customer = late_payer()

    changes = night()

    [flag] = standing_flags(customer)
    assert changes.raised == 1
    assert (flag.state, flag.raised_on, flag.seen_on) == ("open", TODAY, TODAY)
    assert (flag.severity, flag.changed_by, flag.changed_at) == (3, None, NOW)


def test_a_second_run_writes_no_row():
    only("payment_failed", "use_fell", "no_contact", "open_complaint", "no_use")
    for number in range(3):
        customer = late_payer(f"Late {number}")
        use(customer, 100, weeks=range(2, 10))
        use(customer, 20 + number, weeks=range(2))
        talk(customer, 140, complaint=True, status="open")
    RiskRule.objects.update(enabled=True)
    talk(payer("Fine"), 1)
    night()
    before = physical_rows()
    assert len(before) >= 9

    changes = night()

    assert changes.total == 0
    assert physical_rows() == before


def test_a_new_day_with_the_same_facts_writes_no_row():
    customer = late_payer()
    night()
    before = physical_rows()

    changes = night(TOMORROW)

    assert changes.total == 0
    assert physical_rows() == before
    assert RiskRule.objects.get(key="payment_failed").ran_at.date() == TOMORROW
    assert keys(customer) == ["payment_failed"]


def test_changed_numbers_are_refreshed_where_they_stand():
    only("use_fell")
    customer = payer()
    use(customer, 100, weeks=range(2, 10))
    use(customer, 50, weeks=range(2))
    night()
    customer.usage.filter(day__gte=days_ago(14)).update(count=55)

    changes = night(TODAY)

    [flag] = standing_flags(customer)
    assert (changes.refreshed, changes.total) == (1, 1)
    assert flag.facts["percent"] == 45


def test_what_is_no_longer_true_is_resolved_by_nobody():
    customer = late_payer()
    night()
    customer.payments.update(status="recovered")

    changes = night(TOMORROW)

    flag = RiskFlag.objects.get(customer=customer)
    assert changes.closed == 1
    assert (flag.state, flag.closed_on, flag.changed_by) == ("resolved", TOMORROW, None)


def test_a_customer_that_left_takes_its_flags_along():
    customer = late_payer()
    night()
    customer.subscriptions.get().terms.update(ends_on=TOMORROW)

    changes = night(TOMORROW)

    flag = RiskFlag.objects.get(customer=customer)
    assert changes.churned == 1
    assert (flag.state, flag.closed_on) == ("churned", TOMORROW)
    assert Standing.objects.get(customer=customer).risk == 0


def test_a_paused_customer_keeps_its_flags():
    customer = late_payer()
    night()
    subscription = customer.subscriptions.get()
    subscription.terms.update(ends_on=TOMORROW)
    make_term(subscription, kind="paused", starts_on=TOMORROW)

    changes = night(TOMORROW)

    assert changes.total == 0
    assert keys(customer) == ["payment_failed"]


def test_customers_who_do_not_pay_are_not_judged():
    only("payment_failed")
    for term in ({"kind": "trial"}, {"ends_on": TODAY}, {"starts_on": TOMORROW}):
        make_payment(payer(**term), due_on=days_ago(5), status="failed")

    night()

    assert not RiskFlag.objects.exists()


def test_terms_count_as_they_are_believed():
    customer = late_payer()
    term = customer.subscriptions.get().terms.get()
    term.superseded_at = NOW - timedelta(days=1)
    term.save(update_fields=["superseded_at"])

    night()

    assert keys(customer) == []


def test_facts_that_came_in_later_count_for_an_earlier_day():
    """An import of today tells of the past: a night asked for then judges by it."""
    customer = late_payer()
    customer.subscriptions.get().terms.update(recorded_at=NOW + timedelta(days=100))

    night()

    assert keys(customer) == ["payment_failed"]


def test_a_snoozed_flag_wakes_on_its_day():
    customer = late_payer()
    night()
    flag = standing_flags(customer)[0]
    RiskFlag.objects.filter(pk=flag.pk).update(state="snoozed", snoozed_until=TOMORROW)

    assert night(TODAY).woken == 0
    assert night(TOMORROW).woken == 1

    flag.refresh_from_db()
    assert (flag.state, flag.snoozed_until) == ("open", None)


@pytest.mark.parametrize("state", ["acknowledged", "snoozed"])
def test_a_flag_that_gets_worse_is_open_again(state):
    only("open_complaint", days=7)
    customer = payer()
    talk(customer, 6, kind="email", complaint=True, status="open")
    night()
    flag = standing_flags(customer)[0]
    until = TODAY + timedelta(days=30) if state == "snoozed" else None
    RiskFlag.objects.filter(pk=flag.pk).update(state=state, snoozed_until=until)

    night(TOMORROW)

    flag.refresh_from_db()
    assert (flag.state, flag.level, flag.severity) == ("open", 1, 4)


def test_an_acknowledged_flag_stays_so_while_its_numbers_change():
    only("use_fell")
    customer = payer()
    use(customer, 100, weeks=range(2, 10))
    use(customer, 50, weeks=range(2))
    night()
    RiskFlag.objects.update(state="acknowledged")
    customer.usage.filter(day__gte=days_ago(14)).update(count=48)

    night()

    [flag] = standing_flags(customer)
    assert (flag.state, flag.facts["percent"]) == ("acknowledged", 52)


def test_what_a_person_resolved_is_not_raised_again_in_the_same_episode(alice):
    customer = late_payer()
    night()
    resolve_flag(standing_flags(customer)[0], by=alice, now=NOW)

    changes = night(TOMORROW)

    assert changes.total == 0
    assert keys(customer) == []


def test_what_a_person_dismissed_is_not_raised_again_either(alice):
    customer = late_payer()
    night()
    dismiss_flag(standing_flags(customer)[0], because="expected", by=alice, now=NOW)

    night(TOMORROW)

    assert keys(customer) == []


def test_a_new_episode_is_raised_after_the_rule_was_silent_once(alice):
    customer = late_payer()
    night()
    resolve_flag(standing_flags(customer)[0], by=alice, now=NOW)
    customer.payments.update(status="recovered")
    night(TOMORROW)
    customer.payments.update(status="failed")

    changes = night(TOMORROW + timedelta(days=1))

    assert changes.raised == 1
    assert keys(customer) == ["payment_failed"]


def test_what_a_person_resolved_is_raised_again_when_it_gets_worse(alice):
    only("open_complaint", days=7)
    customer = payer()
    talk(customer, 6, kind="email", complaint=True, status="open")
    night()
    resolve_flag(standing_flags(customer)[0], by=alice, now=NOW)

    assert night(TODAY).raised == 0
    assert night(TOMORROW).raised == 1
    resolve_flag(standing_flags(customer)[0], by=alice, now=NOW)
    assert night(TOMORROW).raised == 0


def test_a_rule_switched_off_takes_its_flags_back():
    customer = late_payer()
    night()
    RiskRule.objects.filter(key="payment_failed").update(enabled=False)

    changes = night(TOMORROW)

    assert changes.closed == 1
    assert keys(customer) == []


def test_a_new_severity_reaches_the_flags_and_the_risk():
    customer = late_payer()
    night()
    RiskRule.objects.filter(key="payment_failed").update(severity=5)

    night()

    assert standing_flags(customer)[0].severity == 5
    assert Standing.objects.get(customer=customer).risk == 5


def test_severity_never_passes_five():
    only("open_complaint")
    RiskRule.objects.update(severity=5)
    customer = payer()
    talk(customer, 60, kind="email", complaint=True, status="open")

    night()

    assert standing_flags(customer)[0].severity == 5


def test_risk_is_the_sum_over_open_and_acknowledged_flags():
    only()
    customer = payer()
    rules = [make_rule(f"own-{state}", severity=2) for state in RiskFlag.State.values]
    for rule, state in zip(rules, RiskFlag.State.values, strict=True):
        snoozed_until = date(2026, 1, 1) if state == "snoozed" else None
        make_flag(customer, rule=rule, state=state, severity=2, snoozed_until=snoozed_until)

    night()

    assert Standing.objects.get(customer=customer).risk == 4


def test_two_rules_of_one_kind_raise_a_flag_each():
    only("payment_failed")
    RiskRule.objects.create(key="payment_failed", params={"days": 4}, severity=5)
    customer = payer()
    make_payment(customer, due_on=days_ago(5), status="failed")

    night()

    assert sorted(flag.severity for flag in standing_flags(customer)) == [3, 5]


def test_numbers_out_of_bounds_fall_back_to_the_rule_s_own():
    customer = late_payer()
    RiskRule.objects.filter(key="payment_failed").update(params={"days": "0); DROP TABLE"})

    night()

    assert keys(customer) == ["payment_failed"]


@pytest.mark.parametrize(
    "said, state",
    [
        ({"recorded_at": NOW}, "churned"),
        ({"recorded_at": NOW, "withdrawn_at": NOW}, "open"),
        ({"recorded_at": NOW + timedelta(days=1)}, "open"),
        ({"recorded_at": NOW, "ended_terms": True}, "open"),
    ],
    ids=["of a file", "withdrawn", "not known yet", "another subscription goes on"],
)
def test_who_is_known_to_leave_takes_the_flags_along_and_is_not_flagged_again(said, state):
    customer = late_payer()
    night()
    make_cancellation(customer, effective_on=TODAY + timedelta(days=30), **said)

    night()
    night(TOMORROW) if state == "churned" else None

    assert RiskFlag.objects.get(customer=customer).state == state
