"""Subscriptions, plans and what is done to them over the API."""

from datetime import date, timedelta

import pytest

from customers.models import Plan, Subscription
from tests.api.calls import Caller, found, ids
from tests.factories import (
    make_customer,
    make_feature,
    make_plan,
    make_rate,
    make_subscription,
    today_here,
)

pytestmark = pytest.mark.django_db

START = {"customer_id": "C-1", "plan": "pro", "amount": "100.00", "currency": "EUR"}


def make_start(**changes: object) -> dict[str, object]:
    make_customer(external_id="C-1")
    make_plan("pro")
    return START | {"starts_on": "2026-01-01"} | changes


def test_starting_one_records_a_year_of_its_price(alices: Caller) -> None:
    started = found(alices.post("subscriptions/", make_start(quantity="3")), 201)
    term = started["terms"][0]
    assert (started["customer_id"], term["plan"]) == ("C-1", "pro")
    assert (term["arr_minor"], term["kind"], term["ends_on"]) == (360_000, "paid", None)
    assert found(alices.get(f"subscriptions/{started['id']}/")) == started


def test_a_contract_can_be_part_of_it(alices: Caller) -> None:
    contract = {
        "contract_ends_on": "2027-01-01", "notice_by": "2026-10-01", "auto_renews": True
    }  # fmt: skip
    started = found(alices.post("subscriptions/", make_start(**contract)), 201)
    assert contract.items() <= started.items()


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"plan": "none"}, "plan"),
        ({"customer_id": "C-2"}, "customer_id"),
        ({"currency": "XXY"}, "currency"),
        ({"currency": "USD"}, "currency"),
        ({"amount": "-1"}, "amount"),
        ({"quantity": "0"}, "quantity"),
        ({"interval": "moon"}, "interval"),
        ({"kind": "paused"}, "kind"),
        ({"starts_on": "2026-13-01"}, "starts_on"),
        ({"notice_by": "2026-10-01"}, "notice_by"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_named(alices: Caller, changes: dict[str, object], field: str) -> None:
    answer = found(alices.post("subscriptions/", make_start(**changes)), 400)
    assert list(answer) == [field]
    assert not Subscription.objects.exists()


def test_change_pause_resume_end(alices: Caller) -> None:
    make_rate("SEK", "0.1")
    make_plan("team")
    pk = make_subscription(arr=1200, starts_on=date(2026, 1, 1), plan="pro").pk
    price = {"amount": "200", "currency": "EUR"}
    steps = [
        ("change", {"on": "2026-02-01", "plan": "team", "price": price}),
        ("pause", {"on": "2026-03-01"}),
        ("resume", {"on": "2026-04-01"}),
        ("end", {"on": "2026-05-01"}),
    ]
    for verb, body in steps:
        answer = found(alices.post(f"subscriptions/{pk}/{verb}/", body))
    terms = [
        (term["kind"], term["plan"], term["arr_minor"], term["ends_on"]) for term in answer["terms"]
    ]
    assert terms == [
        ("paid", "pro", 120_000, "2026-02-01"),
        ("paid", "team", 240_000, "2026-03-01"),
        ("paused", "team", 0, "2026-04-01"),
        ("paid", "team", 240_000, "2026-05-01"),
    ]


def test_a_rule_that_says_no_is_a_400_with_its_field(alices: Caller) -> None:
    subscription = make_subscription(starts_on=date(2026, 1, 1))
    answer = found(
        alices.post(f"subscriptions/{subscription.pk}/resume/", {"on": "2026-02-01"}), 400
    )
    assert list(answer) == ["on"]


def test_list_filters_by_customer_and_notice_day(alices: Caller) -> None:
    contract = {"contract_ends_on": date(2026, 6, 1), "notice_by": date(2026, 3, 1)}
    wanted = make_subscription(**contract)
    make_subscription()
    assert ids(alices.get("subscriptions/", notice_from="2026-02-01")) == [wanted.pk]
    external_id = wanted.customer.external_id
    assert ids(alices.get("subscriptions/", customer_id=external_id)) == [wanted.pk]


def test_superseded_terms_are_not_shown(alices: Caller) -> None:
    subscription = make_subscription(starts_on=date(2026, 1, 1))
    soon, later = (str(today_here() + timedelta(days=days)) for days in (30, 60))
    found(alices.post(f"subscriptions/{subscription.pk}/end/", {"on": soon}))
    found(alices.post(f"subscriptions/{subscription.pk}/end/", {"on": later}))
    shown = found(alices.get(f"subscriptions/{subscription.pk}/"))["terms"]
    assert [term["ends_on"] for term in shown] == [later]


def test_managers_keep_plans_and_features(bobs: Caller, alices: Caller) -> None:
    make_feature("reports")
    body = {"code": "team", "name": "Team", "features": ["reports"], "lapse_grace_days": 5}
    plan = found(bobs.post("plans/", body), 201)
    assert body.items() <= plan.items()
    assert found(bobs.patch(f"plans/{plan['id']}/", {"features": []}))["features"] == []
    assert "code" in found(bobs.patch(f"plans/{plan['id']}/", {"code": "other"}), 400)
    assert alices.post("plans/", {"code": "mine"}).status_code == 403
    assert [p.code for p in Plan.objects.all()] == ["team"]
    feature = found(bobs.post("features/", {"code": "forecast", "released_on": "2026-05-01"}), 201)
    named = found(bobs.patch(f"features/{feature['id']}/", {"name": "Forecast"}))
    assert named["name"] == "Forecast"
    assert "code" in found(bobs.post("plans/", {"code": "team"}), 400)


def test_a_contract_is_said_without_a_word_about_terms(alices: Caller) -> None:
    subscription = make_subscription()
    address = f"subscriptions/{subscription.pk}/contract/"
    body = {"contract_ends_on": "2030-01-01", "notice_by": "2029-10-01"}
    answer = found(alices.post(address, body))
    assert (answer["contract_ends_on"], answer["auto_renews"]) == ("2030-01-01", None)
    assert found(alices.post(address, {"notice_by": "2029-10-01"}), 400).keys() == {"notice_by"}


def test_a_term_is_corrected_and_a_belief_of_the_past_is_none_to_correct(alices: Caller) -> None:
    subscription = make_subscription(arr=1200)
    term = subscription.terms.get()
    address = f"subscriptions/{subscription.pk}/correct/"
    price = {"amount": "50", "interval": "month", "currency": "EUR"}
    body = {"term": term.pk, "ends_on": "2025-01-01", "price": price}
    corrected = found(alices.post(address, body))["terms"]
    assert [(row["arr_minor"], row["ends_on"]) for row in corrected] == [(60_000, "2025-01-01")]
    opened = found(alices.post(address, {"term": corrected[0]["id"], "ends_on": None}))["terms"]
    assert [row["ends_on"] for row in opened] == [None]
    assert found(alices.post(address, body), 400).keys() == {"term"}


def test_one_continues_another_and_one_is_withdrawn(alices: Caller) -> None:
    customer = make_customer()
    earlier = make_subscription(customer, ends_on=date(2025, 1, 1), external_id="S-OLD")
    later = make_subscription(customer, starts_on=date(2025, 2, 1))
    answer = found(alices.post(f"subscriptions/{later.pk}/connect/", {"continues": "S-OLD"}))
    assert (answer["id"], answer["continues"]) == (later.pk, "S-OLD")
    assert found(alices.get(f"subscriptions/{earlier.pk}/"))["continues"] is None
    assert earlier.terms.get(superseded_at=None).ends_on == date(2025, 2, 1)
    address = f"subscriptions/{earlier.pk}/connect/"
    assert alices.post(address, {"continues": "S-OLD"}).status_code == 400
    assert found(alices.post(f"subscriptions/{later.pk}/withdraw/"))["terms"] == []


def test_the_last_change_is_taken_back_once(alices: Caller) -> None:
    subscription = make_subscription(arr=1200, starts_on=date(2026, 1, 1))
    address = f"subscriptions/{subscription.pk}/"
    price = {"amount": "200", "currency": "EUR"}
    found(alices.post(f"{address}change/", {"on": "2026-02-01", "price": price}))
    changed = found(alices.get(address))["terms"][-1]
    found(alices.post(f"{address}end/", {"on": "2026-05-01"}))
    late = alices.post(f"{address}take_back/", {"recorded_at": changed["recorded_at"]})
    assert list(found(late, 400)) == ["non_field_errors"]
    answer = found(alices.post(f"{address}take_back/"))
    assert [row["arr_minor"] for row in answer["terms"]] == [120_000, 240_000]
    assert answer["terms"][-1]["ends_on"] is None
    assert found(alices.post(f"{address}take_back/"), 400)


def test_a_term_ahead_is_taken_back_by_its_id(alices: Caller) -> None:
    subscription = make_subscription(arr=1200, starts_on=date(2026, 1, 1))
    address = f"subscriptions/{subscription.pk}/"
    soon = str(today_here() + timedelta(days=30))
    price = {"amount": "200", "currency": "EUR"}
    found(alices.post(f"{address}change/", {"on": soon, "price": price}))
    first, planned = (row["id"] for row in found(alices.get(address))["terms"])
    assert list(found(alices.post(f"{address}take_back/", {"term": first}), 400)) == ["term"]
    both = {"term": planned, "recorded_at": "2026-01-01T00:00:00Z"}
    assert list(found(alices.post(f"{address}take_back/", both), 400)) == ["recorded_at"]
    left = found(alices.post(f"{address}take_back/", {"term": planned}))["terms"]
    assert [(row["arr_minor"], row["ends_on"]) for row in left] == [(120_000, None)]
    assert list(found(alices.post(f"{address}take_back/", {"term": planned}), 400)) == ["term"]
