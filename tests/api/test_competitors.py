"""The register of competitors over the API."""

import pytest

from tests.api.calls import Caller, found, ids
from tests.factories import make_cancellation, make_competitor, make_offer

pytestmark = pytest.mark.django_db
OFFER = {"name": "Team", "seen_on": "2026-03-01", "amount_minor": 9900, "currency": "NOK"}
OFFER |= {"per": "seat_month", "url": "https://planvind.example/prices"}


def test_a_competitor_is_added_named_and_retired(alices: Caller) -> None:
    made = found(alices.post("competitors/", {"name": "Planvind", "notes": "Strong in DK"}), 201)
    one = f"competitors/{made['id']}/"
    assert (made["names"], made["retired_at"]) == (["Planvind"], None)
    assert list(found(alices.post("competitors/", {"name": " planVIND"}), 400)) == ["name"]
    named = found(alices.post(one + "add_name/", {"name": "PV"}))
    assert named["names"] == ["Planvind", "PV"]
    renamed = found(alices.patch(one, {"name": "Windplan"}))
    assert (renamed["name"], renamed["notes"]) == ("Windplan", "Strong in DK")
    assert sorted(renamed["names"]) == ["PV", "Planvind", "Windplan"]
    assert ids(alices.get("competitors/", name="pv")) == [made["id"]]
    assert found(alices.post(one + "remove_name/", {"name": "pv"}))["names"] == [
        "Planvind",
        "Windplan",
    ]
    assert list(found(alices.post(one + "remove_name/", {"name": "pv"}), 400)) == ["name"]
    assert found(alices.post(one + "retire/"))["retired_at"]
    assert ids(alices.get("competitors/", retired="false")) == []
    assert found(alices.post(one + "bring_back/"))["retired_at"] is None


def test_departures_are_found_by_any_name_of_their_competitor(alices: Caller) -> None:
    said = [make_cancellation(competitor=name).pk for name in ("Planvind", " pv", "Windplan")]
    make_cancellation(competitor="Skiftly")
    planvind, windplan = make_competitor("Planvind", "PV"), make_competitor("Windplan")
    assert sorted(ids(alices.get("cancellations/", competitor="PLANVIND"))) == said[:2]
    merged = found(alices.post(f"competitors/{windplan.pk}/merge/", {"into_id": planvind.pk}))
    assert merged["merged_into_id"] == planvind.pk
    assert sorted(ids(alices.get("cancellations/", competitor="windplan"))) == said
    refused = found(alices.post(f"competitors/{planvind.pk}/merge/", {"into_id": planvind.pk}), 400)
    assert refused
    found(alices.post(f"competitors/{windplan.pk}/separate/"))
    assert sorted(ids(alices.get("cancellations/", competitor="windplan"))) == said[2:]


def test_an_offer_is_written_down_corrected_and_ended(alices: Caller) -> None:
    planvind = make_competitor("Planvind")
    make_offer()
    made = found(alices.post("competitor-offers/", OFFER | {"competitor_id": planvind.pk}), 201)
    one = f"competitor-offers/{made['id']}/"
    assert (made["amount_minor"], made["ends_on"]) == (9900, None)
    assert ids(alices.get("competitor-offers/", competitor_id=planvind.pk)) == [made["id"]]
    assert found(alices.patch(one, {"amount_minor": 10900}))["amount_minor"] == 10900
    assert list(found(alices.patch(one, {"amount_minor": None}), 400)) == ["amount_minor"]
    assert found(alices.post(one + "end/", {"ends_on": "2026-04-01"}))["ends_on"] == "2026-04-01"
    assert ids(alices.get("competitor-offers/", ended="true")) == [made["id"]]
    assert found(alices.post(one + "runs_on/"))["ends_on"] is None


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"competitor_id": 0}, "competitor_id"),
        ({"seen_on": "2999-01-01"}, "seen_on"),
        ({"per": "decade"}, "per"),
        ({"currency": "ABC"}, "currency"),
        ({"amount_minor": -1}, "amount_minor"),
        ({"recorded_at": "2026-01-01"}, "recorded_at"),
    ],
)
def test_what_is_wrong_is_named(alices: Caller, changes: dict[str, object], field: str) -> None:
    body = OFFER | {"competitor_id": make_competitor().pk} | changes
    assert list(found(alices.post("competitor-offers/", body), 400)) == [field]
