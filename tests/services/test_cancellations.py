"""Recording a cancellation ends the terms; amending moves the end; withdrawing lets them run on."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from customers.models import Cancellation, RiskFlag
from customers.services.cancellations import (
    CancellationDetails,
    amend_cancellation,
    record_cancellation,
    record_cancellation_once,
    withdraw_cancellation,
)
from customers.services.subscriptions import Price, TermChanges, correct_term
from tests.factories import (
    make_cancellation,
    make_customer,
    make_flag,
    make_reason,
    make_subscription,
    make_term,
)
from tests.services.threads import at_once, refused

pytestmark = pytest.mark.django_db

JAN, FEB, MAR, APR, MAY = (date(2025, month, 1) for month in (1, 2, 3, 4, 5))


def believed(subscription):
    terms = subscription.terms.standing().order_by("starts_on")
    return [(t.arr_minor // 100, t.starts_on, t.ends_on) for t in terms]


def cancel(customer, effective_on, **details):
    return record_cancellation(customer, CancellationDetails(effective_on, **details), by=None)


def amend(cancellation, effective_on, **details):
    return amend_cancellation(cancellation, CancellationDetails(effective_on, **details), by=None)


def test_recording_ends_every_term_and_says_why(alice):
    customer = make_customer()
    first = make_subscription(customer, arr=100, starts_on=JAN, ends_on=APR)
    make_term(first, arr=200, starts_on=APR)
    second = make_subscription(customer, arr=300, starts_on=FEB)
    reason = make_reason("price")
    details = CancellationDetails(
        MAR,
        requested_at=datetime(2025, 2, 1, 9, tzinfo=UTC),
        reason=reason,
        comment="Too dear for us",
        competitor="Rival",
    )

    cancellation = record_cancellation(customer, details, by=alice)

    assert believed(first) == [(100, JAN, MAR)]
    assert believed(second) == [(300, FEB, MAR)]
    assert cancellation.ended_terms
    assert cancellation.reason_version == reason.versions.get()
    assert first.terms.exclude(superseded_at=None).count() == 2
    assert {t.superseded_at for t in first.terms.exclude(superseded_at=None)} == {
        cancellation.recorded_at
    }
    line = customer.interactions.get()
    assert (line.verb, line.author) == ("cancellation_recorded", alice)
    assert (line.facts["effective_on"], line.facts["reason"]) == ("2025-03-01", "price")
    event = AuditEvent.objects.get()
    assert (event.actor, event.verb, event.object_kind) == (
        alice,
        "cancellation_recorded",
        "cancellation",
    )


def test_one_subscription_of_two_can_be_cancelled():
    customer = make_customer()
    leaving, staying = make_subscription(customer), make_subscription(customer)
    make_flag(customer)

    cancel(customer, MAR, subscription=leaving)

    assert [t[2] for t in believed(leaving) + believed(staying)] == [MAR, None]
    assert RiskFlag.objects.get().state == "open"


def test_an_end_known_already_is_explained_and_nothing_ended():
    customer = make_customer()
    subscription = make_subscription(customer, starts_on=JAN, ends_on=MAR)

    cancellation = cancel(customer, MAR, reason=make_reason())

    assert not cancellation.ended_terms
    assert subscription.terms.count() == 1


@pytest.mark.parametrize("effective_on", [JAN, date(2024, 1, 1), APR])
def test_where_nothing_runs_nothing_can_end(effective_on):
    customer = make_customer()
    make_subscription(customer, starts_on=JAN, ends_on=MAR)

    with pytest.raises(RuleError) as refusal:
        cancel(customer, effective_on)

    assert refusal.value.field == "effective_on"
    assert not Cancellation.objects.exists()


@pytest.mark.parametrize("second", [FEB, MAR])
def test_cancelling_what_is_cancelled_is_refused(second):
    customer = make_customer()
    make_subscription(customer)
    cancel(customer, MAR)

    with pytest.raises(RuleError) as refusal:
        cancel(customer, second)

    assert refusal.value.field == "effective_on"


def test_who_came_back_can_leave_again():
    customer = make_customer()
    make_subscription(customer, starts_on=JAN)
    cancel(customer, FEB)
    make_subscription(customer, starts_on=APR)

    cancel(customer, MAY)

    assert customer.cancellations.count() == 2


@pytest.mark.parametrize(
    "details, field",
    [
        ({"requested_at": datetime(2100, 1, 1, tzinfo=UTC)}, "requested_at"),
        ({"competitor": "x" * 201}, "competitor"),
    ],
)
def test_details_that_can_not_be_are_refused(details, field):
    customer = make_customer()
    make_subscription(customer)

    with pytest.raises(RuleError) as refusal:
        cancel(customer, MAR, **details)

    assert refusal.value.field == field


def test_a_retired_reason_can_not_be_chosen_but_stays_where_it_is():
    customer = make_customer()
    make_subscription(customer)
    reason = make_reason()
    cancellation = cancel(customer, MAR, reason=reason)
    reason.retired_at = timezone.now()
    reason.save(update_fields=["retired_at"])

    assert amend(cancellation, MAR, reason=reason, comment="Called").comment == "Called"
    with pytest.raises(RuleError) as refusal:
        cancel(customer, FEB, reason=reason)
    assert refusal.value.field == "reason"


@pytest.mark.parametrize("to", [FEB, APR])
def test_amending_the_day_moves_the_end(to):
    customer = make_customer()
    subscription = make_subscription(customer, starts_on=JAN)
    cancellation = cancel(customer, MAR)

    amend(cancellation, to)

    assert believed(subscription) == [(1200, JAN, to)]
    event = AuditEvent.objects.order_by("pk").last()
    assert event.changes == {"effective_on": ["2025-03-01", to.isoformat()]}


def test_amending_to_a_later_day_brings_back_what_was_planned():
    customer = make_customer()
    subscription = make_subscription(customer, arr=100, starts_on=JAN, ends_on=MAR)
    make_term(subscription, arr=200, starts_on=MAR)
    cancellation = cancel(customer, FEB)

    amend(cancellation, APR)

    assert believed(subscription) == [(100, JAN, MAR), (200, MAR, APR)]


def test_amending_words_leaves_the_terms():
    customer = make_customer()
    subscription = make_subscription(customer, starts_on=JAN)
    cancellation = cancel(customer, MAR)
    terms = list(subscription.terms.values_list("pk", "superseded_at"))

    amended = amend(cancellation, MAR, comment="Needs a bigger plan", involuntary=True)

    assert amended.involuntary
    assert list(subscription.terms.values_list("pk", "superseded_at")) == terms


def test_amending_to_a_day_when_nothing_ran_is_refused():
    customer = make_customer()
    subscription = make_subscription(customer, starts_on=JAN)
    cancellation = cancel(customer, MAR)

    with pytest.raises(RuleError):
        amend(cancellation, JAN)
    with pytest.raises(RuleError):
        amend(cancellation, MAR, subscription=subscription)

    assert believed(subscription) == [(1200, JAN, MAR)]


def test_withdrawing_lets_everything_run_on_as_planned():
    customer = make_customer()
    changing = make_subscription(customer, arr=100, starts_on=JAN, ends_on=APR)
    make_term(changing, arr=200, starts_on=APR)
    ending = make_subscription(customer, arr=300, starts_on=JAN, ends_on=MAY)
    ended = make_subscription(customer, arr=400, starts_on=JAN, ends_on=FEB)
    planned = make_subscription(customer, arr=500, starts_on=MAY)
    cancellation = cancel(customer, MAR)
    assert believed(planned) == []

    withdraw_cancellation(cancellation, by=None)

    assert believed(changing) == [(100, JAN, APR), (200, APR, None)]
    assert believed(ending) == [(300, JAN, MAY)]
    assert believed(ended) == [(400, JAN, FEB)]
    assert believed(planned) == [(500, MAY, None)]
    assert Cancellation.objects.get().withdrawn_at is not None
    assert not Cancellation.objects.in_force().exists()


def test_withdrawing_after_amending_reaches_back_to_before_both():
    customer = make_customer()
    long = make_subscription(customer, starts_on=JAN)
    short = make_subscription(customer, starts_on=JAN, ends_on=APR)
    cancellation = cancel(customer, MAY)
    amend(cancellation, FEB)
    assert [t[2] for t in believed(short)] == [FEB]

    withdraw_cancellation(cancellation, by=None)

    assert [t[2] for t in believed(long) + believed(short)] == [None, APR]


def test_what_was_corrected_since_stays_corrected():
    customer = make_customer()
    subscription = make_subscription(customer, arr=100, starts_on=JAN)
    cancellation = cancel(customer, MAR)
    price = Price(Decimal(150), "year", "EUR")
    correct_term(subscription.terms.standing().get(), changes=TermChanges(price=price), by=None)

    withdraw_cancellation(cancellation, by=None)

    assert believed(subscription) == [(150, JAN, None)]


def test_what_was_started_since_is_left_alone():
    customer = make_customer()
    make_subscription(customer, starts_on=JAN)
    cancellation = cancel(customer, MAR)
    back = make_subscription(customer, starts_on=FEB, recorded_at=timezone.now())

    amend(cancellation, APR)
    assert believed(back) == [(1200, FEB, None)]
    withdraw_cancellation(cancellation, by=None)
    assert believed(back) == [(1200, FEB, None)]


def test_a_later_cancellation_still_stands_when_an_earlier_is_withdrawn():
    customer = make_customer()
    one = make_subscription(customer, starts_on=JAN)
    other = make_subscription(customer, starts_on=JAN)
    first = cancel(customer, FEB, subscription=one)
    cancel(customer, APR)

    withdraw_cancellation(first, by=None)

    assert [t[2] for t in believed(one) + believed(other)] == [APR, APR]


def test_withdrawing_twice_is_refused():
    customer = make_customer()
    make_subscription(customer)
    cancellation = cancel(customer, MAR)
    withdraw_cancellation(cancellation, by=None)

    with pytest.raises(RuleError):
        withdraw_cancellation(cancellation, by=None)
    with pytest.raises(RuleError):
        amend(cancellation, FEB)


def test_withdrawing_an_imported_one_touches_no_term():
    customer = make_customer()
    subscription = make_subscription(customer, starts_on=JAN, ends_on=MAR)

    withdraw_cancellation(make_cancellation(customer, effective_on=MAR), by=None)

    assert believed(subscription) == [(1200, JAN, MAR)]


@pytest.mark.parametrize("subscriptions", [2, 12])
def test_recording_asks_in_sets(subscriptions, django_assert_max_num_queries):
    customer = make_customer()
    for _ in range(subscriptions):
        make_subscription(customer)

    with django_assert_max_num_queries(28):
        cancel(customer, MAR)


@pytest.mark.django_db(transaction=True)
def test_two_people_cancelling_at_once_record_one():
    for _ in range(5):
        customer = make_customer()
        make_subscription(customer)
        results = at_once(
            lambda c=customer: cancel(c, MAR),
            lambda c=customer: cancel(c, MAR),
        )
        assert len(refused(results)) == 1
        assert customer.cancellations.count() == 1


@pytest.mark.django_db(transaction=True)
def test_withdrawing_and_amending_at_once_leave_one_truth():
    for _ in range(5):
        customer = make_customer()
        subscription = make_subscription(customer, starts_on=JAN)
        cancellation = cancel(customer, MAR)
        results = at_once(
            lambda c=cancellation: withdraw_cancellation(c, by=None),
            lambda c=cancellation: amend(c, APR),
        )
        assert len(refused(results)) <= 1
        assert believed(subscription) == [(1200, JAN, None)]


@pytest.mark.django_db(transaction=True)
def test_an_id_of_ones_own_makes_it_one_also_at_once():
    customer = make_customer()
    make_subscription(customer)
    details = CancellationDetails(effective_on=MAR)

    told = at_once(*[lambda: record_cancellation_once(customer, details, "shop-1", by=None)] * 4)

    assert sorted(is_new for _gone, is_new in told) == [False, False, False, True]
    assert customer.cancellations.get().external_id == "shop-1"
