"""The API of recommendations: one that fits nobody is dismissed, and that is taken back."""

import pytest
from django.db.models import Model

from churnapp.models import AuditEvent, User
from tests.api.calls import Caller, found, ids
from tests.campaign_factories import make_recommendation
from tests.factories import make_customer, make_organisation, make_user

pytestmark = pytest.mark.django_db


def again(row: Model) -> Model:
    row.refresh_from_db()
    return row


def test_one_is_dismissed_and_brought_back_once_each() -> None:
    csm, hint = Caller(make_user("csm")), make_recommendation(make_customer())
    address = f"recommendations/{hint.pk}/"

    first, second = (found(csm.post(f"{address}dismiss/")) for _time in range(2))
    assert first["dismissed_at"] is not None
    assert first == second
    assert again(hint).dismissed_by == User.objects.get()
    assert ids(csm.get("recommendations/?dismissed=true")) == [hint.pk]

    for _time in range(2):
        assert found(csm.post(f"{address}bring_back/"))["dismissed_at"] is None
    assert again(hint).dismissed_by is None
    assert set(AuditEvent.objects.values_list("verb", flat=True)) == {
        "recommendation_dismissed", "recommendation_brought_back",
    }  # fmt: skip
    assert AuditEvent.objects.count() == 2


def test_another_manager_s_customers_stay_unseen() -> None:
    make_organisation(csm_sees_own_only=True)
    hint = make_recommendation(make_customer(owner=make_user("csm")))
    csm = Caller(make_user("csm"))
    for deed in ("dismiss", "bring_back"):
        assert csm.post(f"recommendations/{hint.pk}/{deed}/").status_code == 404
    assert again(hint).dismissed_at is None


def test_who_only_reads_dismisses_nothing() -> None:
    hint = make_recommendation(make_customer())
    viewer = Caller(make_user("viewer"))
    assert viewer.get(f"recommendations/{hint.pk}/").status_code == 200
    for deed in ("dismiss", "bring_back"):
        assert viewer.post(f"recommendations/{hint.pk}/{deed}/").status_code == 403
    assert again(hint).dismissed_at is None
