"""What similar customers that stayed use: the method, and the night that writes it down."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import Recommendation
from campaigns.recommending.method import (
    EVERY_BAND,
    LEAST_PEERS,
    FeatureRule,
    Group,
    Holding,
    PlanRule,
    Tally,
    feature_rules,
    plan_rules,
    sure_share,
)
from campaigns.recommending.renewing import renew, renew_if_due
from churnapp.common.intervals import wilson
from churnapp.models import ScheduledRun
from customers.models import Standing, Usage
from tests.factories import make_customer, make_feature, make_plan, stand, today_here

PRO, REPORTS, AUDIT = 1, 10, 11


def test_too_few_peers_say_nothing():
    assert sure_share(LEAST_PEERS - 1, LEAST_PEERS - 1) is None
    assert sure_share(LEAST_PEERS, LEAST_PEERS) is not None


def test_the_share_is_the_one_that_is_sure():
    assert sure_share(60, 100) == pytest.approx(wilson(60, 100)[0])
    assert sure_share(55, 100) is None  # 55 of 100 may be fewer than half of all
    assert sure_share(550, 1_000) is not None


def test_a_band_is_asked_itself_or_of_too_few_the_plan():
    groups = [Group(PRO, 5, 40), Group(PRO, 6, 3), Group(PRO, EVERY_BAND, 43)]
    tallies = [
        Tally(PRO, 5, REPORTS, 38, 20.0),
        Tally(PRO, 6, AUDIT, 3, 9.0),
        Tally(PRO, EVERY_BAND, REPORTS, 40, 21.0),
        Tally(PRO, EVERY_BAND, AUDIT, 3, 9.0),
    ]
    assert feature_rules(groups, tallies) == [
        FeatureRule(PRO, 5, REPORTS, 40, 38, wilson(38, 40)[0], 20.0),
        FeatureRule(PRO, 6, REPORTS, 43, 40, wilson(40, 43)[0], 21.0),
    ]


def test_a_plan_is_recommended_to_those_on_smaller_ones_only():
    small, team, large = 1, 2, 3
    held = [Holding(5, small, 5, 100.0), Holding(5, team, 90, 500.0), Holding(6, large, 9, 900.0)]
    assert plan_rules(held) == [PlanRule(5, small, team, 95, 90, wilson(90, 95)[0])]


def test_no_plan_without_a_sure_majority():
    assert plan_rules([Holding(5, 1, 48, 100.0), Holding(5, 2, 52, 500.0)]) == []
    assert plan_rules([Holding(5, 1, 1, 100.0), Holding(5, 2, 9, 500.0)]) == []


def people(number, plan="pro", *, days=400, uses=(), arr=1_000, state="active"):
    """Customers on a plan, paying since so many days, who used features on so many days each."""
    today, plan = today_here(), make_plan(plan)
    customers = [make_customer() for _n in range(number)]
    stand(*customers)
    Standing.objects.filter(customer__in=customers).update(
        state=state, plan=plan, arr_minor=arr, first_paid_on=today - timedelta(days=days)
    )
    Usage.objects.bulk_create(
        Usage(customer=one, feature=make_feature(code), day=today - timedelta(days=n), count=1)
        for one in customers
        for code, on in uses
        for n in range(on)
    )
    return customers


def renewed():
    """Who was recommended what, by name."""
    renew(as_of=today_here(), now=timezone.now())
    rows = Recommendation.objects.order_by("customer", "-strength")
    return [(row.customer, str(row.thing)) for row in rows.select_related("feature", "plan")]


BOTH = (("reports", 20), ("audit", 20))


@pytest.mark.django_db
def test_a_customer_is_recommended_what_similar_ones_that_stayed_use():
    people(40, uses=BOTH)
    (lacking,) = people(1, days=30, uses=[("reports", 30)])
    (hardly,) = people(1, days=30, uses=[("reports", 30), ("audit", 4)])
    (well,) = people(1, days=30, uses=[("reports", 30), ("audit", 5)])
    assert renewed() == [(lacking, "Audit"), (hardly, "Audit")]
    row = Recommendation.objects.get(customer=hardly)
    assert (row.peers, row.users, row.days_here, row.days_there) == (40, 40, 4, 20.0)
    assert row.lower == pytest.approx(wilson(40, 40)[0])
    assert row.strength == pytest.approx(row.lower * (1 - 4 / 20))
    assert not Recommendation.objects.filter(customer=well).exists()


@pytest.mark.django_db
def test_who_left_who_is_new_and_who_is_on_another_plan_is_no_peer():
    people(40, days=100, uses=BOTH)
    people(40, state="lost", uses=BOTH)
    people(40, plan="team", uses=BOTH)
    people(29, uses=BOTH)
    people(1, days=30, uses=[("reports", 30)])
    assert [thing for _who, thing in renewed() if thing == "Audit"] == []


@pytest.mark.django_db
def test_of_who_uses_nothing_nothing_is_said():
    people(40, uses=BOTH)
    people(1)
    assert renewed() == []


@pytest.mark.django_db
def test_the_next_plan_is_the_one_that_most_who_use_it_as_much_have():
    people(40, plan="team", arr=9_000, uses=BOTH)
    (small,) = people(1, plan="start", arr=900, uses=BOTH)
    people(1, plan="start", arr=900, days=500, uses=[("reports", 1)])  # uses far less
    assert renewed() == [(small, "Team")]


@pytest.mark.django_db
def test_repeated_it_is_the_same_and_what_holds_no_more_goes():
    people(40, uses=BOTH)
    (lacking,) = people(1, days=30, uses=[("reports", 30)])
    assert renewed() == renewed()
    Usage.objects.bulk_create(
        Usage(
            customer=lacking,
            feature=make_feature("audit"),
            day=today_here() - timedelta(days=n),
            count=1,
        )
        for n in range(20)
    )
    assert renewed() == []


@pytest.mark.django_db
def test_what_was_dismissed_stays_dismissed():
    people(40, uses=BOTH)
    (lacking,) = people(1, days=30, uses=[("reports", 30)])
    renewed()
    Recommendation.objects.update(dismissed_at=timezone.now())
    renewed()
    assert Recommendation.objects.get(customer=lacking).dismissed_at


@pytest.mark.django_db
def test_once_a_night():
    people(40, uses=BOTH)
    people(1, days=30, uses=[("reports", 30)])
    now = timezone.now()
    assert renew_if_due(now) == 1
    assert renew_if_due(now) is None
    assert renew_if_due(now + timedelta(days=1)) == 1
    assert ScheduledRun.objects.filter(job="recommendations").count() == 2
