"""The page of early-warning rules: what they ask, whether they can judge, their record."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from churnapp.models import AuditEvent
from customers.models import RiskRule
from customers.risk.sentences import question
from tests.factories import make_flag, make_rule

pytestmark = pytest.mark.django_db
RULES = reverse("customers:risk_rules")


def test_rules_say_what_they_ask_and_their_record(alices_client):
    rule = make_rule("payment_failed")
    for state, dismissal in (
        ("open", ""),
        ("resolved", ""),
        ("resolved", "wrong"),
        ("churned", ""),
    ):
        make_flag(rule=rule, state=state, dismissal=dismissal)
    RiskRule.objects.filter(pk=rule.pk).update(
        readiness="no_data", readiness_facts={"missing": "payments"}
    )

    response = alices_client.get(RULES)

    line = next(line for line in response.context["lines"] if line.rule == rule)
    record = line.record
    assert (record.raised, record.standing, record.resolved) == (4, 1, 1)
    assert (record.dismissed, record.churned) == (1, 1)
    assert "No data to judge by: no payments are recorded." in response.content.decode()
    assert "not recovered 1 day after it was due" in response.content.decode()


@pytest.mark.parametrize(
    "key, params, language, words",
    [
        ("open_complaint", {"days": 1}, "en", "after 1 day it is"),
        ("open_complaint", {"days": 2}, "en", "after 2 days it is"),
        ("open_complaint", {"days": 1}, "nb", "etter 1 dag er"),
        ("open_complaint", {"days": 1}, "da", "efter 1 dag er"),
        ("open_complaint", {"days": 1}, "sv", "efter 1 dag är"),
        ("slow_reply", {"window_days": 1}, "sv", "för upp till 1 dag sedan"),
        ("use_fell", {"recent_weeks": 1}, "en", "the last 1 week against the 8 weeks before"),
        ("use_fell", {"recent_weeks": 1}, "nb", "siste 1 uke mot 8 uker før"),
        ("use_fell", {"recent_weeks": 1}, "da", "seneste 1 uge mod 8 uger før"),
        ("use_fell", {"recent_weeks": 1}, "sv", "senaste 1 vecka jämfört med 8 veckor före"),
        ("use_fell", {"least_a_week": 1}, "en", "from a use of 1 a week on"),
    ],
)
def test_one_day_and_one_week_are_worded_as_one(key, params, language, words):
    with override(language):
        assert words in question(RiskRule(key=key, params=params))


def test_a_manager_changes_a_rule_and_the_trail_keeps_it(client, bob):
    rule = make_rule("payment_failed")
    client.force_login(bob)
    data = {"enabled": "on", "severity": "5", "days": "7"}

    client.post(reverse("customers:risk_rule", args=[rule.pk]), data)

    rule.refresh_from_db()
    assert (rule.severity, rule.params, rule.enabled) == (5, {"days": 7}, True)
    assert AuditEvent.objects.get().changes == {
        "severity": [3, 5],
        "params": [{"days": 1}, {"days": 7}],
    }


@pytest.mark.parametrize("days", ["-1", "1001", "", "many"])
def test_numbers_out_of_bounds_are_refused(client, bob, days):
    rule = make_rule("payment_failed")
    client.force_login(bob)

    response = client.post(
        reverse("customers:risk_rule", args=[rule.pk]), {"severity": "3", "days": days}
    )

    assert response.status_code == 422
    rule.refresh_from_db()
    assert rule.enabled


def test_csms_may_not_change_rules(alices_client):
    address = reverse("customers:risk_rule", args=[make_rule().pk])

    assert alices_client.post(address, {"severity": "1"}).status_code == 403
    assert address not in alices_client.get(RULES).content.decode()


def test_the_rules_cost_the_same_for_one_flag_and_for_many(
    alices_client, django_assert_num_queries
):
    for rule in RiskRule.objects.all():
        make_flag(rule=rule)

    with django_assert_num_queries(6):
        alices_client.get(RULES)
