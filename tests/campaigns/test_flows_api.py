"""The API of cancel flows: made and changed with their answers, by the checks of the form."""

from typing import Any

import pytest
from django.utils import timezone

from campaigns.models import CancelFlow, FlowAnswer
from churnapp.models import User
from tests.api.calls import Caller, found
from tests.campaign_factories import make_answer, make_flow, make_sales_offer
from tests.factories import make_reason, make_user

pytestmark = pytest.mark.django_db
WORDS = {"en": {"title": "Before you go", "text": "This may help."}}
HELP: dict[str, Any] = {"kind": "help", "texts": WORDS}


@pytest.fixture
def manager() -> Caller:
    return Caller(make_user("manager"))


def test_one_is_made_with_an_answer_to_each_reason_and_is_off(manager: Caller) -> None:
    make_reason("price")
    offer = make_sales_offer()
    body = {
        "name": "Everybody",
        "profile": "eu",
        "texts": {"nb": {"title": "Før du går"}},
        "answers": [{"reason": "price", "kind": "offer", "offer": offer.pk}, HELP],
    }

    row = found(manager.post("cancel-flows/", body), 201)

    assert (row["on_since"], row["version"], row["holdout_percent"]) == (None, 1, 10)
    assert row["texts"] == body["texts"]
    assert [(each["reason"], each["kind"], each["offer"]) for each in row["answers"]] == [
        ("price", "offer", offer.pk),
        (None, "help", None),
    ]
    assert row["answers"][1]["texts"] == WORDS
    assert CancelFlow.objects.get().created_by == User.objects.get()


def test_a_change_leaves_what_it_does_not_name(manager: Caller) -> None:
    flow = make_flow()
    make_answer(flow, "help")
    address = f"cancel-flows/{flow.pk}/"

    row = found(manager.patch(address, {"days_open": 30}))
    assert (row["days_open"], row["version"], len(row["answers"])) == (30, 2, 1)
    assert found(manager.patch(address, {"days_open": 30}))["version"] == 2
    row = found(manager.patch(address, {"answers": []}))
    assert (row["answers"], row["days_open"], row["version"]) == ([], 30, 3)
    assert not FlowAnswer.objects.exists()


@pytest.mark.parametrize(
    "changed, field",
    [
        ({"name": " "}, "name"),
        ({"name": "Taken"}, "name"),
        ({"query": "colour=red"}, "query"),
        ({"profile": "mars"}, "profile"),
        ({"ending": "never"}, "ending"),
        ({"holdout_percent": 91}, "holdout_percent"),
        ({"version": 7}, "version"),
        ({"colour": "red"}, "colour"),
        ({"texts": {"fi": {"title": "x"}}}, "texts"),
        ({"answers": [{"kind": "offer"}]}, "any_offer"),
        ({"answers": [{"kind": "help", "texts": {"nb": WORDS["en"]}}]}, "any_title_en"),
        ({"answers": [{"reason": "price", "kind": "call"}]}, "r-price_title_en"),
        ({"answers": [{"reason": "mood", **HELP}]}, "answers"),
        ({"answers": [HELP | {"kind": "none"}]}, "answers"),
        ({"answers": [HELP | {"address": "javascript:alert(1)"}]}, "answers"),
        ({"answers": [HELP | {"offer": 1_000_000}]}, "answers"),
        ({"profile": "eu", "answers": [HELP | {"apart": True}]}, "any_apart"),
    ],
)
def test_what_it_can_not_be_is_a_400_with_its_field(
    manager: Caller, changed: dict[str, Any], field: str
) -> None:
    make_reason("price")
    taken = make_flow(name="Taken")

    assert field in found(manager.post("cancel-flows/", {"name": "New"} | changed), 400)
    assert CancelFlow.objects.get() == taken


def test_there_is_an_answer_to_each_reason_once(manager: Caller) -> None:
    assert found(manager.post("cancel-flows/", {"name": "New", "answers": [HELP, HELP]}), 400)
    assert not CancelFlow.objects.exists()


def test_an_offer_that_is_stopped_stays_where_it_stands_and_comes_to_no_other(
    manager: Caller,
) -> None:
    flow, other = make_flow(), make_flow()
    offer = make_sales_offer(stopped_at=timezone.now())
    make_answer(flow, "offer", offer=offer)
    answers = {"answers": [{"kind": "offer", "offer": offer.pk}]}

    assert found(manager.patch(f"cancel-flows/{flow.pk}/", answers))["version"] == 1
    assert "answers" in found(manager.patch(f"cancel-flows/{other.pk}/", answers), 400)


def test_it_is_switched_on_and_off_archived_and_brought_back(manager: Caller) -> None:
    address = f"cancel-flows/{make_flow(on_since=None).pk}/"
    for deed, is_on, is_archived in (
        ("switch_on", True, False), ("switch_on", True, False), ("switch_off", False, False),
        ("switch_on", True, False), ("archive", False, True), ("bring_back", False, False),
    ):  # fmt: skip
        row = found(manager.post(f"{address}{deed}/"))
        assert (row["on_since"] is not None, row["archived_at"] is not None) == (is_on, is_archived)
    found(manager.post(f"{address}archive/"))
    found(manager.post(f"{address}switch_on/"), 400)


def test_the_list_costs_the_same_for_many(
    manager: Caller, django_assert_max_num_queries: Any
) -> None:
    for _number in range(20):
        make_answer(flow := make_flow(), "offer")
        make_answer(flow, reason=make_reason(flow.name))

    with django_assert_max_num_queries(8):
        assert len(found(manager.get("cancel-flows/"))["results"]) == 20
