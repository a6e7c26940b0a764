"""Departures and reasons over the API."""

from datetime import date

import pytest

from customers.services.reasons import install_reason_list
from tests.api.calls import Caller, found, ids
from tests.factories import make_cancellation, make_customer, make_reason, make_subscription

pytestmark = pytest.mark.django_db


def test_recording_one_ends_the_terms(alices: Caller) -> None:
    customer = make_customer(external_id="C-1")
    subscription = make_subscription(customer, arr=1200, starts_on=date(2026, 1, 1))
    make_reason("price")
    body = {
        "customer_id": "C-1",
        "effective_on": "2026-06-01",
        "requested_at": "2026-04-20T12:00:00Z",
        "reason": "price",
        "comment": "For dyrt",
    }
    recorded = found(alices.post("cancellations/", body), 201)
    assert recorded["ended_terms"] is True
    assert recorded["lost_arr_minor"] == 120_000
    assert recorded["reason"] == "price"
    assert [t.ends_on for t in subscription.terms.standing()] == [date(2026, 6, 1)]
    assert found(alices.get(f"cancellations/{recorded['id']}/")) == recorded


def test_one_subscription_can_leave_alone(alices: Caller) -> None:
    customer = make_customer(external_id="C-1")
    leaves = make_subscription(customer, external_id="S-1", starts_on=date(2026, 1, 1))
    stays = make_subscription(customer, external_id="S-2", starts_on=date(2026, 1, 1))
    body = {"customer_id": "C-1", "subscription_id": "S-1", "effective_on": "2026-06-01"}
    found(alices.post("cancellations/", body), 201)
    assert leaves.terms.standing().get().ends_on == date(2026, 6, 1)
    assert stays.terms.standing().get().ends_on is None


def test_a_subscription_of_another_customer_is_refused(alices: Caller) -> None:
    make_customer(external_id="C-1")
    make_subscription(external_id="S-2")
    body = {"customer_id": "C-1", "subscription_id": "S-2", "effective_on": "2026-06-01"}
    assert found(alices.post("cancellations/", body), 400)


def test_amending_moves_the_end_and_keeps_the_rest(alices: Caller) -> None:
    subscription = make_subscription(starts_on=date(2026, 1, 1))
    make_reason("price")
    body = {
        "customer_id": subscription.customer.external_id,
        "effective_on": "2026-06-01",
        "reason": "price",
    }
    recorded = found(alices.post("cancellations/", body), 201)
    amended = found(
        alices.patch(f"cancellations/{recorded['id']}/", {"effective_on": "2026-07-01"})
    )
    assert (amended["effective_on"], amended["reason"]) == ("2026-07-01", "price")
    assert subscription.terms.standing().get().ends_on == date(2026, 7, 1)


def test_withdrawing_lets_the_terms_run_on(alices: Caller) -> None:
    subscription = make_subscription(starts_on=date(2026, 1, 1))
    body = {"customer_id": subscription.customer.external_id, "effective_on": "2026-06-01"}
    recorded = found(alices.post("cancellations/", body), 201)
    withdrawn = found(alices.post(f"cancellations/{recorded['id']}/withdraw/"))
    assert withdrawn["withdrawn_at"]
    assert subscription.terms.standing().get().ends_on is None
    again = alices.post(f"cancellations/{recorded['id']}/withdraw/")
    assert found(again, 400)


def test_nothing_to_end_is_refused(alices: Caller) -> None:
    make_customer(external_id="C-1")
    answer = alices.post("cancellations/", {"customer_id": "C-1", "effective_on": "2026-06-01"})
    assert list(found(answer, 400)) == ["effective_on"]


def test_list_filters(alices: Caller) -> None:
    price, gone = make_reason("price"), make_reason("need-gone")
    wanted = make_cancellation(reason=price, effective_on=date(2026, 3, 5))
    make_cancellation(reason=gone, effective_on=date(2026, 3, 5))
    make_cancellation(reason=price, effective_on=date(2026, 2, 5))
    answer = alices.get("cancellations/", reason="price", effective_from="2026-03-01")
    assert ids(answer) == [wanted.pk]


def test_reasons_are_listed_with_their_wording(alices: Caller) -> None:
    install_reason_list("subscription")
    listed = found(alices.get("reasons/"))["results"]
    price = next(reason for reason in listed if reason["key"] == "price")
    assert price["category"] == "price"
    assert price["labels"]["nb"] == "For høy pris"
    assert (price["version"], price["retired_at"]) == (1, None)
    assert found(alices.get(f"reasons/{price['id']}/")) == price


def test_what_is_stated_and_our_own_view_are_told_apart(alices: Caller) -> None:
    subscription = make_subscription(starts_on=date(2026, 1, 1))
    make_reason("price")
    make_reason("onboarding")
    body = {
        "customer_id": subscription.customer.external_id,
        "effective_on": "2026-06-01",
        "stated_reason": "price",
        "csm_reason": "onboarding",
    }
    recorded = found(alices.post("cancellations/", body), 201)
    assert (recorded["reason"], recorded["stated_reason"]) == ("price", "price")
    address = f"cancellations/{recorded['id']}/"
    amended = found(alices.patch(address, {"stated_reason": None}))
    assert amended["reason"] == amended["csm_reason"] == "onboarding"
    assert amended["stated_reason"] is None


def test_an_id_of_ones_own_makes_it_one(alices: Caller) -> None:
    customer = make_customer(external_id="C-1")
    make_subscription(customer, arr=1200, starts_on=date(2026, 1, 1))
    body = {"customer_id": "C-1", "effective_on": "2026-06-01", "external_id": "shop-1"}
    recorded = found(alices.post("cancellations/", body), 201)
    assert recorded["external_id"] == "shop-1"
    assert found(alices.post("cancellations/", body)) == recorded
    assert ids(alices.get("cancellations/", external_id="shop-1")) == [recorded["id"]]
    other = body | {"effective_on": "2026-07-01"}
    assert list(found(alices.post("cancellations/", other), 400)) == ["external_id"]
    assert customer.cancellations.count() == 1
    address = f"cancellations/{recorded['id']}/"
    assert list(found(alices.patch(address, {"external_id": "shop-2"}), 400)) == ["external_id"]


def test_an_id_of_another_customers_departure_is_refused(alices: Caller) -> None:
    make_cancellation(external_id="shop-1", effective_on=date(2026, 6, 1))
    make_subscription(make_customer(external_id="C-1"), starts_on=date(2026, 1, 1))
    body = {"customer_id": "C-1", "effective_on": "2026-06-01", "external_id": "shop-1"}
    assert list(found(alices.post("cancellations/", body), 400)) == ["external_id"]
