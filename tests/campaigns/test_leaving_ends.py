"""On which day everything ends, whatever bound it, and the evidence of how it came to that."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from campaigns.leaving.endings import Rules, end_of
from campaigns.leaving.evidence import canonical, evidence_of
from campaigns.models import VisitStep
from campaigns.services.leaving import Told, answer, leave
from customers.models import Cancellation, Subscription
from customers.services.cancellations import CancellationDetails, record_cancellation
from tests.campaign_factories import make_answer, make_flow
from tests.campaigns.leavers import NOTHING, fresh, left_by, subscriber, visit_of
from tests.campaigns.payers import NOW, believed, march
from tests.factories import make_reason, make_subscription

__all__ = ["march"]
pytestmark = pytest.mark.django_db
APRIL = date(2025, 4, 1)


@pytest.mark.parametrize(
    "contract, at_month_end, ends_on",
    [
        ({}, True, date(2025, 4, 1)),
        ({}, False, date(2025, 3, 11)),
        ({"contract_ends_on": date(2025, 3, 10)}, False, date(2025, 3, 11)),
        ({"contract_ends_on": date(2025, 9, 1)}, True, date(2025, 9, 1)),
        (
            {"contract_ends_on": date(2025, 9, 1), "notice_by": date(2025, 3, 10)},
            True,
            date(2025, 9, 1),
        ),
        (
            {"contract_ends_on": date(2025, 9, 1), "notice_by": date(2025, 3, 9)},
            True,
            date(2025, 12, 1),
        ),
        (
            {
                "contract_ends_on": date(2025, 9, 1),
                "notice_by": date(2025, 3, 9),
                "auto_renews": False,
            },
            True,
            date(2025, 9, 1),
        ),
    ],
)
def test_contract_and_notice_decide_the_day(contract, at_month_end, ends_on):
    subscription = Subscription(**contract)

    assert end_of(subscription, date(2025, 3, 10), Rules(at_month_end, 3))[0] == ends_on


def test_one_subscription_ends_and_the_other_runs_on():
    customer = subscriber()
    other = make_subscription(customer)
    make_flow()
    one = customer.subscriptions.exclude(pk=other.pk).get()

    left_by(visit_of(customer, now=NOW, subscription=one))

    assert Cancellation.objects.get().subscription == one
    assert believed(one)[-1][3] == APRIL
    assert believed(other)[-1][3] is None


def test_of_several_each_ends_on_its_day_and_the_customer_with_the_last():
    customer = subscriber()
    bound = make_subscription(customer, contract_ends_on=date(2025, 9, 1))
    make_flow()
    free = customer.subscriptions.exclude(pk=bound.pk).get()

    left = left_by(visit_of(customer, now=NOW))

    assert left.ends_on == date(2025, 9, 1)
    assert believed(free)[-1][3] == APRIL
    assert believed(bound)[-1][3] == date(2025, 9, 1)
    days = Cancellation.objects.order_by("effective_on").values_list("subscription", "effective_on")
    assert list(days) == [(free.pk, APRIL), (None, date(2025, 9, 1))]


def test_what_was_cancelled_before_for_later_is_not_cut_short():
    customer = subscriber()
    later = make_subscription(customer)
    make_flow()
    record_cancellation(
        customer, CancellationDetails(date(2025, 12, 1), subscription=later), by=None
    )

    left_by(visit_of(customer, now=NOW))

    assert believed(later)[-1][3] == date(2025, 12, 1)
    assert {gone.subscription_id for gone in Cancellation.objects.all()} == set(
        customer.subscriptions.values_list("pk", flat=True)
    )


def test_german_law_shortens_a_renewal_to_a_month():
    contract = {"contract_ends_on": date(2025, 4, 1), "notice_by": date(2025, 3, 1)}
    make_flow(renewal_months=12)

    german = left_by(visit_of(subscriber("DE", **contract), now=NOW))
    norwegian = left_by(visit_of(subscriber("NO", **contract), now=NOW, key="n"))

    assert german.ends_on == date(2025, 5, 1)
    assert norwegian.ends_on == date(2026, 4, 1)


def test_evidence_holds_every_step_and_its_sum():
    reason = make_reason("price")
    make_answer(make_flow(), "offer")
    visit = answer(visit_of(subscriber(), now=NOW), Told(reason, "Dear me"), NOTHING, now=NOW)
    left = leave(visit, NOTHING, now=NOW)

    found = evidence_of(fresh(left))
    evidence = found["evidence"]

    assert [step["what"] for step in evidence["steps"]] == [
        "made",
        "answered",
        "offered",
        "left",
        "confirmed",
    ]
    assert evidence["steps_are_whole"]
    assert evidence["law"] == {
        "profile": "eu",
        "law": "Directive (EU) 2023/2673: withdrawal function, article 11a of Directive 2011/83/EU",
        "most_clicks": 2,
        "clicks": 2,
    }
    assert evidence["said"]["comment"] == "Dear me"
    assert evidence["said"]["reason_version"] == 1
    assert evidence["outcome"]["first_day_not_paid_for"] == "2025-04-01"
    assert evidence["outcome"]["confirmation"]["mail"] == left.mail_id
    assert "Dear me" not in canonical(evidence["steps"]).decode()
    assert len(found["sha256"]) == 64


def test_a_step_is_never_changed_and_a_missing_one_is_seen():
    make_flow()
    visit = left_by(visit_of(subscriber(), now=NOW), Told())
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        VisitStep.objects.filter(visit=visit).update(verb="other")

    visit.steps.filter(verb="answered").delete()

    assert not evidence_of(visit)["evidence"]["steps_are_whole"]
