"""Two people, one customer, the same moment: real threads on real connections."""

from datetime import date

import pytest

from customers.models import Standing, Term
from customers.services.subscriptions import (
    TermChanges,
    change_subscription,
    correct_term,
    end_subscription,
    pause_subscription,
)
from tests.factories import make_customer, make_plan, make_subscription
from tests.services.threads import at_once, refused

pytestmark = pytest.mark.django_db(transaction=True)

FEB, MAR = date(2025, 2, 1), date(2025, 3, 1)
RUNS = 5


def test_two_people_ending_at_once_end_it_once():
    for _ in range(RUNS):
        subscription = make_subscription()
        results = at_once(
            lambda s=subscription: end_subscription(s, on=FEB, by=None),
            lambda s=subscription: end_subscription(s, on=FEB, by=None),
        )
        assert len(refused(results)) == 1
        assert [t.ends_on for t in subscription.terms.standing()] == [FEB]


def test_a_pause_and_a_change_at_once_leave_one_history():
    plan = make_plan("max")
    for _ in range(RUNS):
        subscription = make_subscription()
        at_once(
            lambda s=subscription: pause_subscription(s, on=MAR, by=None),
            lambda s=subscription: change_subscription(s, on=FEB, plan=plan, by=None),
        )
        days = [
            (t.starts_on, t.ends_on) for t in subscription.terms.standing().order_by("starts_on")
        ]
        assert days == [(date(2024, 1, 1), FEB), (FEB, MAR), (MAR, None)]


def test_correcting_what_somebody_ends_is_refused_or_seen():
    for _ in range(RUNS):
        subscription = make_subscription()
        term = subscription.terms.get()
        changes = TermChanges(starts_on=date(2024, 6, 1))
        at_once(
            lambda s=subscription: end_subscription(s, on=FEB, by=None),
            lambda t=term, c=changes: correct_term(t, changes=c, by=None),
        )
        assert [t.ends_on for t in subscription.terms.standing()] == [FEB]
        for old in Term.objects.filter(subscription=subscription).exclude(superseded_at=None):
            assert old.superseded_at >= old.recorded_at


def test_the_standing_counts_both_of_two_subscriptions_ended_at_once():
    for _ in range(RUNS):
        customer = make_customer()
        first, second = make_subscription(customer), make_subscription(customer)
        at_once(
            lambda s=first: end_subscription(s, on=FEB, by=None),
            lambda s=second: end_subscription(s, on=MAR, by=None),
        )
        assert Standing.objects.get(pk=customer.pk).lost_on == MAR
