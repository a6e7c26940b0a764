"""A plan or billing migration makes no movement: connect its subscriptions, or merge its customers.

The engine reads with a connection of its own, so that these tests commit.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent, Organisation
from customers.metrics.question import ask
from customers.metrics.reports import metrics_report
from customers.models import Cancellation, Subscription, Term
from customers.services.connections import (
    connect_subscriptions,
    merge_customers,
    preview_connection,
    preview_merge,
)
from customers.services.previews import KEYS
from tests.factories import (
    make_cancellation,
    make_customer,
    make_organisation,
    make_subscription,
    make_term,
)

pytestmark = pytest.mark.django_db(transaction=True)

JAN, FEB, MAR, APR, MAY = (date(2025, month, 1) for month in (1, 2, 3, 4, 5))


def believed(subscription):
    terms = subscription.terms.standing().order_by("starts_on")
    return [(t.kind, t.arr_minor // 100, t.starts_on, t.ends_on) for t in terms]


def figures(month, **chosen):
    """The figures of a month, as every page reads them."""
    question = ask(Organisation.current(), month, month, known_at=timezone.now(), **chosen)
    return metrics_report(question).periods[0].values


def movements(month):
    values = figures(month)
    names = ("new", "reactivation", "expansion", "contraction", "fx", "churn")
    return {name: values[f"arr_{name}_minor"] for name in names if values[f"arr_{name}_minor"]}


def pair(earlier_ends=MAR, later_starts=APR, **later):
    customer = make_customer()
    earlier = make_subscription(customer, starts_on=JAN, ends_on=earlier_ends)
    return earlier, make_subscription(customer, starts_on=later_starts, **later)


@pytest.mark.parametrize("ends_on, starts_on", [(MAR, APR), (MAY, APR), (None, APR), (APR, APR)])
def test_gap_and_overlap_are_closed_where_the_later_begins(ends_on, starts_on):
    earlier, later = pair(ends_on, starts_on)

    connect_subscriptions(earlier, later, by=None)

    assert believed(earlier) == [("paid", 1200, JAN, APR)]
    assert believed(later) == [("paid", 1200, APR, None)]
    later.refresh_from_db()
    assert later.continues == earlier
    assert [movements(month) for month in (MAR, APR, MAY)] == [{}, {}, {}]


def test_without_connecting_there_were_movements():
    pair()

    assert movements(MAR) == {"churn": -120_000}
    assert movements(APR) == {"reactivation": 120_000}


def test_a_trial_at_the_new_place_is_no_gap():
    customer = make_customer()
    earlier = make_subscription(customer, starts_on=JAN, ends_on=MAR)
    later = make_subscription(customer, kind="trial", starts_on=MAR, ends_on=APR)
    make_term(later, starts_on=APR)

    connect_subscriptions(earlier, later, by=None)

    assert believed(earlier) == [("paid", 1200, JAN, APR)]
    assert believed(later) == [("paid", 1200, APR, None)]


def test_another_price_stays_an_expansion_and_another_rate_stays_fx():
    make_organisation(currency="EUR")
    customer = make_customer()
    dollars = {"currency": "USD", "starts_on": JAN, "ends_on": MAR, "fx_rate": Decimal("1.10")}
    earlier = make_subscription(customer, arr=100, **dollars)
    later = make_subscription(
        customer, arr=120, currency="USD", starts_on=APR, fx_rate=Decimal("1.05")
    )

    connect_subscriptions(earlier, later, by=None)

    assert movements(APR) == {"fx": -500, "expansion": 2_100}


def test_a_chain_of_three_is_one():
    customer = make_customer()
    first = make_subscription(customer, starts_on=JAN, ends_on=FEB)
    second = make_subscription(customer, starts_on=FEB, ends_on=MAR)
    third = make_subscription(customer, starts_on=MAR)

    connect_subscriptions(second, third, by=None)
    connect_subscriptions(first, second, by=None)

    roots = Subscription.objects.exclude(pk=first.pk).values_list("continues", flat=True)
    assert set(roots) == {first.pk}


def test_the_past_as_we_knew_it_still_shows_the_gap():
    earlier, later = pair()
    before = timezone.now()

    connect_subscriptions(earlier, later, by=None)

    question = ask(Organisation.current(), MAR, MAR, known_at=before)
    assert metrics_report(question).periods[0].values["churned_customers"] == 1
    assert figures(MAR)["churned_customers"] == 0


def test_a_cancellation_that_explained_the_gap_is_withdrawn(alice):
    earlier, later = pair()
    explained = make_cancellation(earlier.customer, effective_on=MAR, subscription=earlier)
    other = make_cancellation(earlier.customer, effective_on=FEB)

    connect_subscriptions(earlier, later, by=alice)

    assert list(Cancellation.objects.in_force()) == [other]
    explained.refresh_from_db()
    assert explained.withdrawn_at is not None
    line = earlier.customer.interactions.get()
    assert (line.verb, line.facts["cancellations"]) == ("subscriptions_connected", 1)
    event = AuditEvent.objects.get()
    assert (event.actor, event.object_id) == (alice, later.pk)


def test_what_does_not_fit_is_refused():
    earlier, later = pair()
    elsewhere = make_subscription(starts_on=MAY)
    unpaid = make_subscription(earlier.customer, kind="free", starts_on=MAY)
    for one, other in (
        (earlier, elsewhere),
        (later, earlier),
        (earlier, earlier),
        (earlier, unpaid),
    ):
        with pytest.raises(RuleError):
            connect_subscriptions(one, other, by=None)

    connect_subscriptions(earlier, later, by=None)
    with pytest.raises(RuleError):
        connect_subscriptions(earlier, later, by=None)


def test_a_preview_shows_the_months_that_would_read_otherwise_and_changes_nothing():
    earlier, later = pair()
    terms = list(Term.objects.order_by("pk").values())

    found = preview_connection(earlier, later)

    assert [change.month for change in found.months] == [MAR, APR]
    assert found.months[0].before["arr_churn_minor"] == -120_000
    assert found.months[0].after["arr_churn_minor"] == 0
    assert "arr_reactivation_minor" in found.keys
    assert "arr_expansion_minor" not in found.keys
    assert list(Term.objects.order_by("pk").values()) == terms


def test_what_is_previewed_is_what_happens():
    make_organisation(currency="EUR")
    customer = make_customer()
    dollars = {"currency": "USD", "starts_on": JAN, "ends_on": MAY, "fx_rate": Decimal("1.10")}
    earlier = make_subscription(customer, arr=100, **dollars)
    later = make_subscription(
        customer, arr=120, currency="USD", starts_on=APR, fx_rate=Decimal("1.05")
    )
    expected = preview_connection(earlier, later)

    connect_subscriptions(earlier, later, by=None)

    assert [change.month for change in expected.months] == [APR, MAY]
    for change in expected.months:
        values = figures(change.month)
        assert {key: values[key] for key in KEYS} == dict(change.after)


def test_merging_customers_makes_no_movement_of_a_migration():
    kept, merged = make_customer(), make_customer()
    make_subscription(merged, starts_on=JAN, ends_on=MAR)
    make_subscription(kept, starts_on=MAR)
    expected = preview_merge(kept, merged)
    assert movements(MAR) == {"new": 120_000, "churn": -120_000}

    merge_customers(kept, merged, by=None)

    assert movements(MAR) == {}
    assert [change.month for change in expected.months] == [MAR]
    assert expected.months[0].after["arr_new_minor"] == 0
    assert figures(JAN)["new_customers"] == 1


def test_a_preview_works_inside_a_request_that_is_one_transaction():
    earlier, later = pair()
    with transaction.atomic():
        found = preview_connection(earlier, later)

    assert found.currency == "EUR"
    assert found.months[0].month == datetime(2025, 3, 1, tzinfo=UTC).date()
