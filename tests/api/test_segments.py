"""Segments over the API, and the customers' filters that came with them."""

import pytest

from customers.models import Segment
from tests.api.calls import Caller, found, ids
from tests.factories import (
    make_contact,
    make_customer,
    make_organisation,
    make_segment,
    make_subscription,
    make_user,
    stand,
)

pytestmark = pytest.mark.django_db
MARCH = {"from": "2025-03", "to": "2025-03"}


@pytest.fixture
def bobs(bob) -> Caller:
    return Caller(bob)


def test_a_segment_is_made_changed_and_put_away(bobs, bob):
    body = {"name": "Norway", "query": "country=NO&plan=", "contact_query": "contact_role=user"}
    made = found(bobs.post("segments/", body), 201)
    assert (made["query"], made["created_by_email"]) == ("country=NO", bob.email)
    one = f"segments/{made['id']}/"
    changed = found(bobs.patch(one, {"description": "All of it"}))
    assert (changed["description"], changed["query"]) == ("All of it", "country=NO")
    assert found(bobs.post(one + "archive/"))["archived_at"]
    assert ids(bobs.get("segments/", archived="false")) == []
    assert ids(bobs.get("segments/", name="norway")) == [made["id"]]
    assert found(bobs.post(one + "bring_back/"))["archived_at"] is None


@pytest.mark.parametrize(
    "body, field",
    [
        ({"name": "Taken", "query": "country=NO"}, "name"),
        ({"name": "New", "query": "colour=red"}, "query"),
        ({"name": "New", "query": "nps_to=11"}, "query"),
        ({"name": "New", "query": "plan="}, "query"),
        ({"name": "New", "query": "country=NO", "contact_query": "role=x"}, "contact_query"),
        ({"name": "New", "query": "country=NO", "frozen_at": None}, "frozen_at"),
    ],
)
def test_what_can_not_be_is_refused_at_its_field(bobs, body, field):
    make_segment("Taken")
    assert list(found(bobs.post("segments/", body), 400)) == [field]
    assert Segment.objects.count() == 1


def test_members_come_page_by_page_and_stay_when_frozen(bobs):
    made = [make_customer() for _number in range(3)]
    make_subscription(made[0], arr=1200)
    stand(*made)
    make_contact(made[0])
    one = f"segments/{make_segment(query='country=NO').pk}/"
    first = found(bobs.get(one + "members/", page_size=2))
    assert [row["id"] for row in first["results"]] == [made[2].pk, made[1].pk]
    assert first["next"]
    assert found(bobs.get(one + "size/")) == {"customers": 3, "arr_minor": 120_000, "contacts": 1}
    frozen = found(bobs.post(one + "freeze/"))["frozen_at"]
    make_customer()
    assert found(bobs.post(one + "freeze/"))["frozen_at"] == frozen
    assert len(ids(bobs.get(one + "members/"))) == 3
    assert list(found(bobs.patch(one, {"query": "country=SE"}), 400)) == ["non_field_errors"]
    found(bobs.post(one + "thaw/"))
    assert len(ids(bobs.get(one + "members/"))) == 4
    assert list(found(bobs.get(one + "members/", country="NO"), 400)) == ["country"]


def test_members_are_those_that_the_caller_may_see(alice):
    mine = make_customer(owner=alice)
    make_customer()
    make_organisation(csm_sees_own_only=True)
    one = f"segments/{make_segment(query='country=NO').pk}/"
    alices = Caller(alice)
    assert ids(alices.get(one + "members/")) == [mine.pk]
    assert found(alices.get(one + "size/"))["customers"] == 1


def test_customers_and_figures_are_asked_of_a_segment():
    north, _south = make_customer(), make_customer(country="SE")
    segment = make_segment(query="country=NO")
    caller = Caller(make_user("viewer"))
    assert ids(caller.get("customers/", segment=segment.pk)) == [north.pk]
    assert list(found(caller.get("customers/", segment=999_999), 400)) == ["segment"]
    assert list(found(caller.get("customers/", lost_in_days="soon"), 400)) == ["lost_in_days"]
    found(caller.get("metrics/", segment=f"segment={segment.pk}", **MARCH))
    found(caller.get("metrics/", segment="segment=999999", **MARCH), 400)


def test_the_schema_describes_every_filter_of_customers(client):
    schema = client.get("/api/schema/?format=json").json()
    asked = schema["paths"]["/api/v1/customers/"]["get"]["parameters"]
    by_name = {one["name"]: one for one in asked}
    assert by_name["lost_in_days"]["schema"]["type"] == "integer"
    assert by_name["involuntary"]["schema"]["type"] == "boolean"
    assert by_name["reason"]["schema"]["type"] == "array"
    assert by_name["reason_category"]["schema"]["type"] == "array"
    assert {"nps_to", "theme", "segment", "open_complaint"} <= set(by_name)
