"""Ids of merged records keep meaning the customer; parent companies never run in a circle."""

import pytest

from churnapp.common.errors import RuleError
from customers.filters import segment
from customers.models import Customer, Standing
from customers.services.connections import connect_subscriptions, merge_customers
from customers.services.customers import add_customer, change_customer
from tests.api.calls import Caller, found
from tests.factories import (
    make_customer,
    make_feature,
    make_organisation,
    make_subscription,
    make_user,
    stand,
    today_here,
)

pytestmark = pytest.mark.django_db

NOTE = {
    "customer_id": "OLD",
    "kind": "call",
    "occurred_at": "2025-03-01T12:00:00Z",
    "summary": "They called",
}


@pytest.fixture
def merged() -> Customer:
    """NEW, with OLD merged into it."""
    new, old = make_customer("New", external_id="NEW"), make_customer("Old", external_id="OLD")
    return merge_customers(new, old, by=None)


def test_a_former_id_is_not_given_again(merged: Customer) -> None:
    with pytest.raises(RuleError, match="belonged to Old, which is now part of New") as refused:
        add_customer("OLD", {"name": "Another"}, owner=None, by=None)
    assert refused.value.field == "external_id"
    assert list(Customer.objects.all()) == [merged]


@pytest.mark.usefixtures("merged")
@pytest.mark.parametrize("query", ["q=OLD", "q=OL", "customer_id=OLD"])
def test_a_former_id_finds_the_customer(query: str) -> None:
    make_customer(external_id="X")
    chosen = segment(query, Customer.objects.all())
    assert [one.external_id for one in chosen] == ["NEW"]


@pytest.mark.usefixtures("merged")
def test_the_api_takes_a_former_id() -> None:
    make_feature("reports")
    caller = Caller(make_user("manager"))
    row = {"customer_id": "OLD", "feature": "reports", "day": "2025-03-01", "count": 3}
    answer = caller.post("usage/", {"rows": [row]}, Idempotency_Key="1")
    assert found(answer)["created"] == 1
    assert found(caller.post("interactions/", NOTE), 201)["customer_id"] == "NEW"


@pytest.mark.usefixtures("merged")
def test_the_api_shows_no_former_id_of_a_customer_out_of_sight() -> None:
    make_organisation(csm_sees_own_only=True)
    with_own_only = Caller(make_user("csm"))
    assert list(found(with_own_only.post("interactions/", NOTE), 400)) == ["customer_id"]


def test_a_parent_company_below_the_customer_is_refused() -> None:
    top, middle, bottom = make_customer("Top"), make_customer("Middle"), make_customer("Bottom")
    change_customer(middle, {"parent": top}, seen={}, by=None)
    change_customer(bottom, {"parent": middle}, seen={}, by=None)
    with pytest.raises(RuleError, match="Bottom belongs to Top already") as refused:
        change_customer(top, {"parent": bottom}, seen={}, by=None)
    assert refused.value.field == "parent"
    with pytest.raises(RuleError, match="its own parent"):
        change_customer(top, {"parent": top}, seen={}, by=None)


def test_a_merge_leaves_no_circle() -> None:
    """The merged record's parent hangs, two steps up, below the one that is kept."""
    kept = make_customer("Kept")
    between = make_customer("Between", parent=kept)
    above = make_customer("Above", parent=between)
    merged = make_customer("Merged", parent=above)
    assert merge_customers(kept, merged, by=None).parent is None


def test_what_is_kept_moves_up_when_it_hung_below_the_other() -> None:
    merged = make_customer("Merged")
    between = make_customer("Between", parent=merged)
    kept = make_customer("Kept", parent=between)
    assert merge_customers(kept, merged, by=None).parent is None
    between.refresh_from_db()
    assert between.parent == kept


def test_a_connected_subscription_has_no_known_end() -> None:
    customer = make_customer()
    soon = today_here().replace(year=today_here().year + 1, day=1)
    earlier = make_subscription(customer, ends_on=soon)
    later = make_subscription(customer, starts_on=soon)
    stand(customer)
    assert Standing.objects.get(customer=customer).next_end_on == soon
    connect_subscriptions(earlier, later, by=None)
    assert Standing.objects.get(customer=customer).next_end_on is None
