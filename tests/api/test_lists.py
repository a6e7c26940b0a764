"""What all lists share: cursors, strictness, and a price that does not grow."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from churnapp.models import User
from tests.api.calls import ROOT, Caller, found, ids
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_feature,
    make_flag,
    make_interaction,
    make_organisation,
    make_plan,
    make_reason,
    make_subscription,
    make_task,
    make_usage,
    make_user,
    stand,
)

pytestmark = pytest.mark.django_db


def fill(number: int, owner: User) -> None:
    """One row of everything."""
    customer = make_customer(owner=owner, parent=make_customer(owner=owner))
    contact = make_contact(customer)
    subscription = make_subscription(customer, plan=f"plan-{number}")
    make_feature(f"feature-{number}", plans=(f"plan-{number}",))
    reason = make_reason(f"reason-{number}")
    make_cancellation(customer, subscription=subscription, reason=reason, recorded_by=owner)
    make_interaction(customer, contact=contact, author=owner)
    make_usage(customer, date(2026, 1, 1))
    make_flag(customer, changed_by=owner)
    make_task(customer, assignee=owner, created_by=owner)
    stand(customer)


LISTS = (
    "customers", "contacts", "plans", "features", "subscriptions", "cancellations", "reasons",
    "usage", "interactions", "risk-flags", "tasks",
)  # fmt: skip


def queries_of(caller: Caller, name: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        found(caller.get(f"{name}/"))
    return len(captured)


@pytest.mark.parametrize("own_only", [False, True])
def test_lists_cost_the_same_for_one_row_and_for_thirty(
    alices: Caller, alice: User, own_only: bool
) -> None:
    make_organisation(csm_sees_own_only=own_only)
    fill(0, alice)
    before = {name: queries_of(alices, name) for name in LISTS}
    for number in range(1, 30):
        fill(number, alice)
    assert {name: queries_of(alices, name) for name in LISTS} == before
    assert max(before.values()) <= 12


@pytest.mark.parametrize("name", LISTS)
def test_a_name_that_is_no_filter_is_refused(bobs: Caller, name: str) -> None:
    assert "colour" in found(bobs.get(f"{name}/", colour="red"), 400)


@pytest.mark.parametrize("name", LISTS)
def test_text_that_no_database_can_hold_is_refused(bobs: Caller, name: str) -> None:
    assert found(bobs.get(f"{name}/", customer_id="a\0b"), 400)


def test_cursors_lead_through_everything_once(alices: Caller) -> None:
    customers = [make_customer().pk for _ in range(7)]
    seen: list[int] = []
    address: str | None = f"{ROOT}customers/?page_size=3"
    while address:
        page = found(alices.client.get(address, headers=alices.headers))
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    assert seen == sorted(customers, reverse=True)


def test_a_cursor_stays_in_place_when_rows_come(alices: Caller) -> None:
    old = [make_customer().pk for _ in range(4)]
    first = found(alices.get("customers/", page_size=2))
    make_customer()
    second = found(alices.client.get(first["next"], headers=alices.headers))
    shown = [row["id"] for page in (first, second) for row in page["results"]]
    assert shown == sorted(old, reverse=True)


@pytest.mark.parametrize(
    "cursor", ["x", "cD1hYmM=", "cD0wMDAw", "cj0xJnA9LTE=", "bz0xMDAwMDAwMDAw"]
)
def test_a_cursor_of_ones_own_making_is_no_failure(alices: Caller, cursor: str) -> None:
    assert alices.get("customers/", cursor=cursor).status_code in {200, 404}


def test_a_page_has_at_most_a_thousand_rows(alices: Caller) -> None:
    make_customer()
    assert ids(alices.get("customers/", page_size=10_000_000))


def test_answers_are_kept_by_no_cache(alices: Caller) -> None:
    assert alices.get("customers/")["Cache-Control"] == "no-store"


BODIES: list[tuple[str, dict[str, Any]]] = [
    ("customers/", {"customer_id": "C-9", "name": "Nine"}),
    ("contacts/", {"customer_id": "C-1", "email": "a@example.com"}),
    ("plans/", {"code": "nine"}),
    ("features/", {"code": "nine"}),
    ("cancellations/", {"customer_id": "C-1", "effective_on": "2026-01-01"}),
    ("tasks/", {"what": "Nine"}),
]


@pytest.mark.parametrize("path, body", BODIES)
def test_unknown_and_read_only_fields_are_refused(
    bobs: Caller, path: str, body: dict[str, Any]
) -> None:
    make_subscription(make_customer(external_id="C-1"), starts_on=date(2025, 1, 1))
    answer = found(bobs.post(path, body | {"colour": "red", "id": 7}), 400)
    assert set(answer) == {"colour", "id"}
    assert found(bobs.post(path, body), 201)


@pytest.mark.parametrize(
    "text", ['{"what": "a\\u0000b"}', '{"what": "\\ud800"}', '{"what": NaN}', "{", "[" * 3000, "7"]
)
def test_bodies_that_cannot_be_kept_are_refused(alices: Caller, text: str) -> None:
    answer = alices.client.post(
        ROOT + "tasks/", text, content_type="application/json", headers=alices.headers
    )
    assert answer.status_code == 400


def test_a_manager_limited_to_their_own_sees_their_tasks(alice: User) -> None:
    make_organisation(csm_sees_own_only=True)
    own, nobodys = make_task(make_customer(owner=alice)), make_task(created_by=alice)
    make_task(make_customer(owner=make_user("csm")))
    assert ids(Caller(alice).get("tasks/")) == [nobodys.pk, own.pk]


@pytest.mark.parametrize("role", ["csm", "admin"])
def test_a_task_about_no_customer_is_its_own_peoples(role: str, alice: User) -> None:
    task = make_task(assignee=alice, created_by=alice)
    others = Caller(make_user(role))
    assert ids(others.get("tasks/")) == []
    found(others.post(f"tasks/{task.pk}/finish/"), 404)
    found(Caller(alice).post(f"tasks/{task.pk}/finish/"))


def test_plans_do_not_repeat_features_by_plan(alices: Caller) -> None:
    feature = make_feature("reports", plans=("a", "b"))
    make_plan("c")
    assert ids(alices.get("features/", plan="a")) == [feature.pk]
