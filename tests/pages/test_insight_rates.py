"""Churn rates of groups: of their customers at the start of a period, those who left in it."""

from datetime import date, timedelta

import pytest

from churnapp.common.intervals import wilson
from tests.factories import (
    make_cancellation,
    make_customer,
    make_reason,
    make_subscription,
    make_term,
    make_user,
    stand,
    today,
    today_here,
)

pytestmark = pytest.mark.django_db
PAGE = "/cancellations/insights/"


@pytest.fixture
def viewer(client):
    client.force_login(make_user("viewer"))
    return client


def leaver(reason=None, *, plan="pro", tenure=400, **fields):
    """A customer who left ten days ago."""
    day = today() - timedelta(days=10)
    customer = make_customer()
    make_subscription(customer, plan=plan, starts_on=day - timedelta(days=tenure), ends_on=day)
    return make_cancellation(customer, effective_on=day, reason=reason, **fields)


def by_plan(client, **query):
    groups = dict(client.get(PAGE, query).context["insight"].groups())
    return {line.label: line.rate for line in groups["Plan"]}


def test_the_churn_rate_of_a_plan_is_of_its_customers_at_the_start(viewer):
    for _number in range(3):
        make_subscription(make_customer(), plan="pro", starts_on=date(2020, 1, 1))
    leaver(make_reason("price"), plan="pro")
    leaver(plan="basic", involuntary=True)
    leaver(plan="basic", tenure=5)  # joined and left within the period
    never_paid = make_customer()
    make_subscription(never_paid, plan="basic", kind="paused", starts_on=date(2020, 1, 1))
    start = today_here() - timedelta(days=364)
    pauses = make_customer()
    paused = make_subscription(
        pauses, plan="basic", starts_on=date(2020, 1, 1), ends_on=start - timedelta(days=30)
    )
    make_term(paused, plan="basic", kind="paused", starts_on=start - timedelta(days=30))
    stand()

    rates = by_plan(viewer)
    assert (rates["Pro"].left, rates["Pro"].at_risk) == (1, 4)
    assert (rates["Basic"].left, rates["Basic"].at_risk) == (1, 2)
    assert rates["Pro"].interval == wilson(1, 4)
    assert "1 of 4 customers at the start" in viewer.get(PAGE).content.decode()

    narrowed = by_plan(viewer, kind="voluntary")
    assert (narrowed["Basic"].left, narrowed["Basic"].at_risk) == (0, 2)


def test_who_only_ended_one_of_two_subscriptions_is_not_lost(viewer):
    gone = leaver()
    make_subscription(gone.customer, plan="pro", starts_on=date(2020, 1, 1))
    stand()
    assert (by_plan(viewer)["Pro"].left, by_plan(viewer)["Pro"].at_risk) == (0, 1)


@pytest.mark.parametrize("period", ["all", "ahead"])
def test_without_a_beginning_no_rate_is_claimed(viewer, period):
    leaver()
    stand()
    assert viewer.get(PAGE, {"period": period}).context["insight"].rates == {}
