"""The API of loyalty levels: made and changed by the services of their form."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from campaigns.api.loyalty import LoyaltyLevels
from campaigns.models import LoyaltyLevel
from churnapp.models import AuditEvent, User
from tests.api.calls import Caller, found
from tests.campaign_factories import make_level, make_sales_offer
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Caller:
    return Caller(make_user("manager"))


def test_one_is_made_with_its_reward(manager: Caller) -> None:
    reward = make_sales_offer()
    body = {
        "name": "Gold", "position": 3, "least_months": 24, "least_year_minor": 5_000_000,
        "reward_id": reward.pk, "given": "yearly",
    }  # fmt: skip

    row = found(manager.post("loyalty-levels/", body), 201)

    assert {name: row[name] for name in body} == body
    assert (row["reward"], row["archived_at"]) == (reward.name, None)
    assert LoyaltyLevel.objects.get().created_by == User.objects.get()
    assert AuditEvent.objects.get(verb="loyalty_level_made").actor == User.objects.get()


def test_what_is_not_said_is_as_on_the_form(manager: Caller) -> None:
    row = found(manager.post("loyalty-levels/", {"name": "Silver", "least_months": 12}), 201)
    assert (row["position"], row["given"], row["reward_id"]) == (1, "reached", None)


def test_a_change_leaves_what_it_does_not_name(manager: Caller) -> None:
    level = make_level(least_months=12, reward=make_sales_offer())
    address = f"loyalty-levels/{level.pk}/"
    was = found(manager.get(address))

    row = found(manager.patch(address, {"least_year_minor": 100, "least_months": None}))
    assert row | {"changed_at": ""} == was | {
        "least_year_minor": 100, "least_months": None, "changed_at": "",
    }  # fmt: skip
    assert row["changed_at"] > was["changed_at"]
    assert found(manager.patch(address, {"least_year_minor": 100})) == row
    assert AuditEvent.objects.get(verb="loyalty_level_changed").changes == {
        "least_year_minor": [None, 100], "least_months": [12, None],
    }  # fmt: skip
    assert found(manager.patch(address, {"reward_id": None}))["reward"] is None


@pytest.mark.parametrize(
    "changed, field",
    [
        ({"name": " "}, "name"),
        ({"name": "Taken"}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"position": 0}, "position"),
        ({"position": None}, "position"),
        ({"least_months": None}, "least_months"),
        ({"least_months": 601}, "least_months"),
        ({"least_year_minor": -1}, "least_year_minor"),
        ({"given": "daily"}, "given"),
        ({"reward_id": 1_000_000}, "reward_id"),
        ({"reward": "Offer"}, "reward"),
        ({"archived_at": "2026-01-01T00:00:00Z"}, "archived_at"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_it_can_not_be_is_a_400_with_its_field(
    manager: Caller, changed: dict[str, Any], field: str
) -> None:
    taken = make_level(name="Taken")
    body = {"name": "New", "least_months": 12}

    assert list(found(manager.post("loyalty-levels/", body | changed), 400)) == [field]
    assert LoyaltyLevel.objects.get() == taken
    other = make_level(name="Other")
    assert list(found(manager.patch(f"loyalty-levels/{other.pk}/", changed), 400)) == [field]
    other.refresh_from_db()
    assert other.name == "Other"


def test_a_reward_that_is_made_no_more_is_named_as_it_was_sent(manager: Caller) -> None:
    stopped = make_sales_offer(stopped_at=timezone.now())
    answer = manager.patch(f"loyalty-levels/{make_level().pk}/", {"reward_id": stopped.pk})
    assert list(found(answer, 400)) == ["reward_id"]


def test_it_is_archived_and_brought_back(manager: Caller) -> None:
    address = f"loyalty-levels/{make_level().pk}/"
    for deed, is_archived in (
        ("archive", True), ("archive", True), ("bring_back", False), ("bring_back", False),
    ):  # fmt: skip
        row = found(manager.post(f"{address}{deed}/"))
        assert (row["archived_at"] is not None) == is_archived
    assert AuditEvent.objects.count() == 2


def test_what_somebody_else_changed_meanwhile_is_not_lost(
    manager: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    level = make_level(name="Mine")
    asked = LoyaltyLevels.asked

    def meanwhile(view: LoyaltyLevels, *args: Any, **options: Any) -> dict[str, Any]:
        later = level.changed_at + timedelta(seconds=1)
        LoyaltyLevel.objects.filter(pk=level.pk).update(least_months=36, changed_at=later)
        return asked(view, *args, **options)

    monkeypatch.setattr(LoyaltyLevels, "asked", meanwhile)
    answer = manager.patch(f"loyalty-levels/{level.pk}/", {"name": "Yours"})

    assert list(found(answer, 400)) == ["non_field_errors"]
    level.refresh_from_db()
    assert (level.name, level.least_months) == ("Mine", 36)


def test_only_managers_write_them() -> None:
    level, csm = make_level(name="Gold"), Caller(make_user("csm"))
    address = f"loyalty-levels/{level.pk}/"
    assert csm.get(address).status_code == 200
    assert csm.post("loyalty-levels/", {}).status_code == 403
    assert csm.patch(address, {"name": "Mine"}).status_code == 403
    assert csm.post(f"{address}archive/").status_code == 403
    level.refresh_from_db()
    assert (level.name, level.archived_at) == ("Gold", None)


def test_the_list_costs_the_same_for_many(
    manager: Caller, django_assert_max_num_queries: Any
) -> None:
    for _number in range(20):
        make_level(reward=make_sales_offer())

    with django_assert_max_num_queries(6):
        assert len(found(manager.get("loyalty-levels/"))["results"]) == 20
