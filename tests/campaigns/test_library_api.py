"""The API of the library and of recommendations."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.models import Content, Recommendation
from tests.api.calls import Caller, found, ids
from tests.campaign_factories import make_content, make_recommendation
from tests.factories import make_customer, make_feature, make_plan, make_user, today_here

pytestmark = pytest.mark.django_db
ENGLISH = {"title": "First steps", "summary": "Begin.", "address": "https://example.com/a"}
BODY = {"key": "first_steps", "kind": "guide", "texts": {"en": ENGLISH}}


@pytest.fixture
def managers() -> Caller:
    return Caller(make_user("manager"))


def test_one_is_made_changed_archived_and_brought_back(managers: Caller) -> None:
    make_feature("reports")
    make_plan("pro")
    body = BODY | {"features": ["reports"], "plans": ["pro"]}
    row = found(managers.post("contents/", body), 201)
    assert (row["state"], row["features"], row["plans"]) == ("draft", ["reports"], ["pro"])
    at = f"contents/{row['id']}/"
    row = found(managers.patch(at, {"published_on": today_here().isoformat()}))
    assert (row["state"], row["features"]) == ("published", ["reports"])
    assert found(managers.patch(at, {"features": []}))["features"] == []
    assert found(managers.post(f"{at}archive/"))["state"] == "archived"
    assert found(managers.post(f"{at}bring_back/"))["state"] == "published"


@pytest.mark.parametrize(
    "changed, field",
    [
        ({"key": "Not one"}, "key"),
        ({"kind": "film"}, "kind"),
        ({"texts": {"en": ENGLISH | {"address": "http://example.com"}}}, "address_en"),
        ({"texts": {"fr": ENGLISH}}, "texts"),
        ({"features": ["nothing"]}, "features"),
        ({"archived_at": "2026-01-01"}, "archived_at"),
        ({"body": "x"}, "body"),
    ],
)
def test_what_can_not_be_is_refused(managers: Caller, changed: Any, field: str) -> None:
    assert list(found(managers.post("contents/", BODY | changed), 400)) == [field]
    assert not Content.objects.exists()


def test_they_are_found_by_key_kind_feature_and_plan(managers: Caller) -> None:
    one = make_content("one", features=[make_feature("reports")], plans=[make_plan("pro")])
    make_content("two", kind="news")
    for query in ("key=one", "kind=guide", "feature=reports", "plan=pro"):
        assert ids(managers.get(f"contents/?{query}")) == [one.pk]


def test_recommendations_are_read_of_visible_customers(managers: Caller) -> None:
    customer = make_customer()
    hint = make_recommendation(customer, feature=make_feature("audit"))
    other = make_recommendation(make_customer(), plan=make_plan("team"))
    rows = found(managers.get(f"recommendations/?customer_id={customer.external_id}"))["results"]
    assert [(row["id"], row["feature"], row["plan"]) for row in rows] == [(hint.pk, "audit", None)]
    assert ids(managers.get("recommendations/?plan=team")) == [other.pk]
    assert managers.post("recommendations/", {}).status_code == 405


def test_those_dismissed_are_found_by_their_index(managers: Caller) -> None:
    make_recommendation(make_customer())
    gone = make_recommendation(make_customer(), dismissed_at=timezone.now())
    with CaptureQueriesContext(connection) as queries:
        answer = managers.get("recommendations/?dismissed=true")
    assert ids(answer) == [gone.pk]
    table = Recommendation._meta.db_table
    (asked,) = (query["sql"] for query in queries if f'FROM "{table}"' in query["sql"])
    assert f'NOT ("{table}"."dismissed_at" IS NULL)' in asked
    assert f'ORDER BY "{table}"."id" DESC' in asked
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef('recommendation_dismissed'::regclass)")
        assert cursor.fetchone()[0].endswith("(id) WHERE (dismissed_at IS NOT NULL)")
