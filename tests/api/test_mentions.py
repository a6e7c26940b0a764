"""Mentions over the API."""

import pytest

from churnapp.models import User
from tests.api.calls import Caller, found, ids
from tests.factories import make_customer, make_mention, make_organisation, make_user

pytestmark = pytest.mark.django_db
REVIEW = {"kind": "review", "site": "G2", "text": "Slow", "rating": "1.5", "external_id": "R-1"}
REVIEW |= {"occurred_at": "2026-03-01T08:00:00Z", "author": "Ola"}


def test_a_mention_is_taken_once_matched_and_answered(alices: Caller, alice: User) -> None:
    make_customer("Fjord AS", external_id="C-1")
    taken = found(alices.post("mentions/", REVIEW), 201)
    assert (taken["matched_by"], taken["sentiment"], taken["customer_id"]) == ("", -1, None)
    assert list(found(alices.post("mentions/", REVIEW), 400)) == ["external_id"]
    one = f"mentions/{taken['id']}/"
    matched = found(alices.post(one + "match/", {"customer_id": "C-1"}))
    assert (matched["matched_by"], matched["customer_id"]) == ("person", "C-1")
    given = {"owner_email": alice.email, "reply_by": "2099-01-01"}
    assert found(alices.post(one + "arrange/", given))["owner_email"] == alice.email
    assert found(alices.post(one + "replied/"))["replied_at"]
    assert found(alices.post(one + "unmatch/"))["matched_by"] == ""
    assert found(alices.post(one + "apart/"))["matched_by"] == "nobody"


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"rating": 6}, "rating"),
        ({"occurred_at": "2999-01-01T00:00:00Z"}, "occurred_at"),
        ({"kind": "letter"}, "kind"),
        ({"customer_id": "nobody"}, "customer_id"),
        ({"matched_by": "person"}, "matched_by"),
    ],
)
def test_what_is_wrong_is_named(alices: Caller, changes: dict[str, object], field: str) -> None:
    assert list(found(alices.post("mentions/", REVIEW | changes), 400)) == [field]


def test_those_of_others_customers_are_not_seen(alices: Caller) -> None:
    make_organisation(csm_sees_own_only=True)
    unmatched = make_mention()
    make_mention(customer=make_customer(owner=make_user()))
    assert ids(alices.get("mentions/")) == [unmatched.pk]
    assert ids(alices.get("mentions/", matched="false")) == [unmatched.pk]
