"""The API of offers and of those made."""

from typing import Any

import pytest

from campaigns.models import Grant, Offer
from tests.api.calls import Caller, found, ids
from tests.campaign_factories import NEEDED, TEXTS, make_grant, make_sales_offer
from tests.factories import make_contact, make_customer, make_plan, make_subscription, make_user

pytestmark = pytest.mark.django_db
OFFER = {"name": "Stay", "kind": "percent", "percent": 20, "months": 3, "texts": TEXTS}


@pytest.fixture
def managers() -> Caller:
    return Caller(make_user("manager"))


@pytest.fixture
def csms() -> Caller:
    return Caller(make_user("csm"))


def payer() -> Any:
    customer = make_customer()
    make_subscription(customer)
    return customer


@pytest.mark.parametrize("kind", Offer._meta.get_field("kind").choices)
def test_every_kind_is_made_by_its_own_fields(managers: Caller, kind: tuple[str, str]) -> None:
    body = NEEDED.get(kind[0], {}) | {"name": "X", "kind": kind[0], "texts": TEXTS}
    if kind[0] in {"plan", "downgrade"}:
        body["plan"] = make_plan("large").code

    row = found(managers.post("offers/", body), 201)

    assert row["kind"] == kind[0]
    assert {name: row[name] for name in NEEDED.get(kind[0], {})} == NEEDED.get(kind[0], {})
    assert (row["made"], row["accepted"], row["cost_minor"]) == (0, 0, 0)


@pytest.mark.parametrize(
    "changed, field",
    [
        ({"percent": 101}, "percent"),
        ({"percent": None}, "percent"),
        ({"kind": "gift"}, "kind"),
        ({"texts": {}}, "title_en"),
        ({"texts": {"fi": {"title": "x"}}}, "texts"),
        ({"eligible": "colour=red"}, "eligible"),
        ({"approved_at": "2025-01-01T00:00:00Z"}, "approved_at"),
        ({"colour": "red"}, "colour"),
        ({"budget_minor": -1}, "budget_minor"),
    ],
)
def test_what_it_can_not_be_is_a_400_with_its_field(
    managers: Caller, changed: dict[str, Any], field: str
) -> None:
    assert field in found(managers.post("offers/", OFFER | changed), 400)
    assert not Offer.objects.exists()


def test_it_is_changed_stopped_resumed_archived_and_brought_back(managers: Caller) -> None:
    pk = found(managers.post("offers/", OFFER), 201)["id"]

    assert found(managers.patch(f"offers/{pk}/", {"percent": 30}))["percent"] == 30
    for deed, field, is_set in (
        ("stop", "stopped_at", True), ("resume", "stopped_at", False),
        ("archive", "archived_at", True), ("bring_back", "archived_at", False),
    ):  # fmt: skip
        row = found(managers.post(f"offers/{pk}/{deed}/"))
        assert (row[field] is not None) == is_set


def test_a_second_person_approves(managers: Caller) -> None:
    pk = found(managers.post("offers/", OFFER), 201)["id"]
    other = make_user("manager")

    assert managers.post(f"offers/{pk}/approve/").status_code == 400
    row = found(Caller(other).post(f"offers/{pk}/approve/"))

    assert row["approved_by"] == other.email


@pytest.mark.parametrize("rows", [1, 20])
def test_lists_cost_the_same_for_many(
    managers: Caller, rows: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(rows):
        make_grant(make_sales_offer("plan"), contact=make_contact(), state="accepted")
    for path, most in (("offers/", 9), ("grants/", 8)):
        with django_assert_max_num_queries(most):
            assert len(found(managers.get(path))["results"]) == rows


def make(csms: Caller, customer: Any, status: int = 201, key: str = "k", **changed: Any) -> Any:
    body = {"customer_id": customer.external_id} | changed
    return found(csms.post("grants/", body, Idempotency_Key=key), status)


def test_one_is_made_to_a_customer_once_and_its_link_opens_it(csms: Caller) -> None:
    customer, offer = payer(), make_sales_offer()
    contact = make_contact(customer)

    row = make(csms, customer, offer_id=offer.pk, contact_email=contact.email.upper())
    again = make(csms, customer, offer_id=offer.pk, contact_email=contact.email.upper())

    assert row == again
    assert (row["state"], row["contact_email"], row["offer"]) == (
        "open", contact.email, offer.name,
    )  # fmt: skip
    path = row["link"].partition("/o/")[2]
    assert csms.client.get(f"/o/{path}").status_code == 200
    assert "link" not in found(csms.get(f"grants/{row['id']}/"))


def test_why_it_is_not_made_is_told(csms: Caller) -> None:
    offer, customer = make_sales_offer(), make_customer()

    assert "offer" in make(csms, customer, 400, offer_id=offer.pk)
    told = make(csms, customer, 400, offer_id=offer.pk, contact_email="x@example.com")
    assert "contact_email" in told
    assert make(csms, customer, 400, offer_id=offer.pk, colour="red")
    assert not Grant.objects.exists()


def test_it_is_accepted_undone_declined_and_taken_back(csms: Caller) -> None:
    offer, (one, two, three) = make_sales_offer(), (payer() for _ in range(3))
    rows = [make(csms, each, offer_id=offer.pk, key=each.external_id) for each in (one, two, three)]
    first, second, third = (row["id"] for row in rows)

    accepted = found(csms.post(f"grants/{first}/accept/"))

    assert (accepted["state"], accepted["cost_minor"]) == ("accepted", 6_000)
    assert [step["arr_minor"] for step in accepted["agreed"]["after"]] == [96_000, 120_000]
    assert accepted["subscription_id"] == one.subscriptions.get().external_id
    assert found(csms.post(f"grants/{first}/undo/"))["undone_at"]
    assert found(csms.post(f"grants/{second}/decline/"))["state"] == "declined"
    assert found(csms.post(f"grants/{third}/take_back/"))["state"] == "taken_back"
    assert csms.post(f"grants/{third}/accept/").status_code == 400
    assert ids(csms.get("grants/", state="accepted")) == [first]
    assert ids(csms.get("grants/", customer_id=two.external_id)) == [second]
