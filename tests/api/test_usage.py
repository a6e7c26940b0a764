"""Counts of use in bulk, once for each Idempotency-Key."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from churnapp.models import Organisation, RememberedAnswer, User
from customers.models import Standing, Usage
from tests.api.calls import Caller, Json, found, ids
from tests.factories import (
    make_customer,
    make_feature,
    make_organisation,
    make_subscription,
    make_usage,
    make_user,
    stand,
)

pytestmark = pytest.mark.django_db


def make_row(**changes: object) -> dict[str, object]:
    return {"customer_id": "C-1", "feature": "reports", "day": "2026-03-01", "count": 5} | changes


def make_body(*rows: dict[str, object]) -> dict[str, object]:
    return {"rows": list(rows) or [make_row()]}


@pytest.fixture
def known(db: None) -> None:
    make_subscription(make_customer(external_id="C-1"), external_id="S-1")
    make_feature("reports")


@pytest.mark.usefixtures("known")
def test_counts_are_added_up_and_replace_what_was_there(alices: Caller) -> None:
    body = make_body(make_row(), make_row(count=2), make_row(day="2026-03-02"))
    first = found(alices.post("usage/", body, Idempotency_Key="one"))
    assert first == {"rows": 3, "created": 2, "changed": 0, "unchanged": 0}
    second = found(alices.post("usage/", make_body(make_row(count=9)), Idempotency_Key="two"))
    assert second == {"rows": 1, "created": 0, "changed": 1, "unchanged": 0}
    assert list(Usage.objects.order_by("day").values_list("count", flat=True)) == [9, 5]


@pytest.mark.usefixtures("known")
def test_a_subscription_may_stand_in_for_its_customer(alices: Caller) -> None:
    row = make_row(subscription_id="S-1")
    del row["customer_id"]
    found(alices.post("usage/", make_body(row), Idempotency_Key="one"))
    assert Usage.objects.get().customer.external_id == "C-1"


@pytest.mark.usefixtures("known")
def test_the_standing_knows_of_it(alices: Caller) -> None:
    stand()
    found(alices.post("usage/", make_body(), Idempotency_Key="one"))
    assert Standing.objects.get().last_used_on == date(2026, 3, 1)


@pytest.mark.usefixtures("known")
def test_the_same_key_gets_the_same_answer_and_does_nothing(alices: Caller) -> None:
    first = found(alices.post("usage/", make_body(), Idempotency_Key="one"))
    Usage.objects.update(count=77)
    assert found(alices.post("usage/", make_body(), Idempotency_Key="one")) == first
    assert Usage.objects.get().count == 77


@pytest.mark.usefixtures("known")
def test_the_same_key_with_another_body_is_a_conflict(alices: Caller) -> None:
    alices.post("usage/", make_body(), Idempotency_Key="one")
    other = alices.post("usage/", make_body(make_row(count=6)), Idempotency_Key="one")
    assert "Idempotency-Key" in found(other, 409)["detail"]
    assert Usage.objects.get().count == 5


@pytest.mark.usefixtures("known")
def test_keys_of_two_people_have_nothing_to_do_with_each_other(alices: Caller) -> None:
    alices.post("usage/", make_body(), Idempotency_Key="one")
    other = Caller(make_user("csm")).post(
        "usage/", make_body(make_row(count=6)), Idempotency_Key="one"
    )
    assert found(other)["changed"] == 1


@pytest.mark.usefixtures("known")
def test_a_refused_request_leaves_its_key_free(alices: Caller) -> None:
    wrong = make_body(make_row(), make_row(feature="none"))
    answer = found(alices.post("usage/", wrong, Idempotency_Key="one"), 400)
    assert answer == {"rows": {"1": {"feature": ["There is no feature with this code."]}}}
    assert not Usage.objects.exists()
    assert found(alices.post("usage/", make_body(), Idempotency_Key="one"))["created"] == 1


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "tab\there"])
def test_a_key_is_needed(alices: Caller, key: str) -> None:
    assert "Idempotency-Key" in found(alices.post("usage/", make_body(), Idempotency_Key=key), 400)


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    "row",
    [
        make_row(count=-1),
        make_row(count=1.5),
        make_row(count=2**70),
        make_row(day="yesterday"),
        make_row(customer_id="C-2"),
        make_row(subscription_id="S-1"),
        {"feature": "reports", "day": "2026-03-01", "count": 1},
        make_row(colour="red"),
    ],
)
def test_a_wrong_row_refuses_all(alices: Caller, row: dict[str, object]) -> None:
    answer = alices.post("usage/", make_body(make_row(), row), Idempotency_Key="one")
    assert "rows" in found(answer, 400)
    assert not Usage.objects.exists()


def test_customers_of_others_do_not_exist(alices: Caller) -> None:
    make_organisation(csm_sees_own_only=True)
    make_customer(external_id="C-1", owner=make_user("csm"))
    make_feature("reports")
    answer = alices.post("usage/", make_body(), Idempotency_Key="one")
    assert "customer_id" in found(answer, 400)["rows"]["0"]


def test_old_answers_are_forgotten(alices: Caller, alice: User) -> None:
    old = RememberedAnswer.objects.create(owner=alice, key="old", request_sha256="x")
    RememberedAnswer.objects.update(created_at=datetime.now(UTC) - timedelta(days=31))
    make_customer(external_id="C-1")
    make_feature("reports")
    alices.post("usage/", make_body(), Idempotency_Key="new")
    assert not RememberedAnswer.objects.filter(pk=old.pk).exists()


def test_list_filters(alices: Caller) -> None:
    customer = make_customer(external_id="C-1")
    wanted = make_usage(customer, date(2026, 3, 2))
    make_usage(customer, date(2026, 2, 2))
    make_usage(make_customer(), date(2026, 3, 2))
    assert ids(alices.get("usage/", customer_id="C-1", day_from="2026-03-01")) == [wanted.pk]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_the_work_once() -> None:
    make_customer(external_id="C-1")
    make_feature("reports")
    user = make_user("csm")
    callers = [Caller(user) for _ in range(4)]
    assert Organisation.current()

    def call(caller: Caller) -> Json:
        try:
            answer = caller.post("usage/", make_body(), Idempotency_Key="one")
            return found(answer)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(callers)) as pool:
        answers = list(pool.map(call, callers))
    assert answers == [{"rows": 1, "created": 1, "changed": 0, "unchanged": 0}] * 4
